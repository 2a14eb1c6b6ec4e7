import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** A month given by one of its days, with its name: "June 2025". */
export class CustomerMonthField extends Component {
    static template = "customer_retention.MonthField";
    static props = { ...standardFieldProps };

    get text() {
        const day = this.props.record.data[this.props.name];
        return day ? day.toFormat("LLLL yyyy") : "";
    }
}

export const customerMonthField = {
    component: CustomerMonthField,
    displayName: _t("Month"),
    supportedTypes: ["date"],
};

registry.category("fields").add("customer_month", customerMonthField);
