import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The ladder of positions: where the customer stands, and how far it once came. */
export class CustomerLadderField extends Component {
    static template = "customer_retention.LadderField";
    static props = { ...standardFieldProps };

    get steps() {
        return this.props.record.data[this.props.name] || [];
    }

    /** @param {{current: boolean, highest: boolean, reached: boolean}} step */
    hint(step) {
        if (step.current) {
            return step.highest ? _t("Position now, the highest so far") : _t("Position now");
        }
        if (step.highest) {
            return _t("Highest position so far");
        }
        return step.reached ? _t("Reached before") : _t("Not reached yet");
    }
}

export const customerLadderField = {
    component: CustomerLadderField,
    displayName: _t("Ladder of positions"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_ladder", customerLadderField);
