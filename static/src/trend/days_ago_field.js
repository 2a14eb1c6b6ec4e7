import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { daysAgo } from "../common/days";

/** A number of days in words: "47 days ago". */
export class CustomerDaysAgoField extends Component {
    static template = "customer_retention.DaysAgoField";
    static props = { ...standardFieldProps };

    get text() {
        const days = this.props.record.data[this.props.name];
        return typeof days === "number" && days >= 0 ? daysAgo(days) : "";
    }
}

export const customerDaysAgoField = {
    component: CustomerDaysAgoField,
    displayName: _t("Days ago"),
    supportedTypes: ["integer"],
};

registry.category("fields").add("customer_days_ago", customerDaysAgoField);
