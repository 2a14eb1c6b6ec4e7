import { Component } from "@odoo/owl";

import { formatInteger } from "@web/views/fields/formatters";

/** Who would move from where to where, with what to beware of; opens lists if asked. */
export class MoveMatrix extends Component {
    static template = "customer_retention.MoveMatrix";
    static props = { preview: Object, onOpen: { type: Function, optional: true } };

    format(count) {
        return formatInteger(count);
    }
}
