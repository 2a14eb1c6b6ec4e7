import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatInteger } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { MoveMatrix } from "./move_matrix";

/** A dry-run that the server has worked out: who would move from where to where. */
export class CustomerMoveMatrixField extends Component {
    static template = "customer_retention.MoveMatrixField";
    static components = { MoveMatrix };
    static props = { ...standardFieldProps };

    get preview() {
        return this.props.record.data[this.props.name];
    }

    get sentence() {
        const { moved, total } = this.preview;
        return _t("Would move %(moved)s of %(total)s customers.", {
            moved: formatInteger(moved),
            total: formatInteger(total),
        });
    }
}

export const customerMoveMatrixField = {
    component: CustomerMoveMatrixField,
    displayName: _t("Who would move"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_move_matrix", customerMoveMatrixField);
