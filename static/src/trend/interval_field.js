import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** From here on a fraction of a day tells nothing; the server does the same. */
const WHOLE_DAYS_FROM = 10;

/** A number of days between purchases: "40", "7.5", and nothing when not known. */
export class CustomerIntervalField extends Component {
    static template = "customer_retention.DaysAgoField";
    static props = { ...standardFieldProps };

    get text() {
        return formatInterval(this.props.record.data[this.props.name]);
    }
}

/**
 * @param {number | false} days
 * @returns {string}
 */
export function formatInterval(days) {
    if (!days) {
        return "";
    }
    const rounded = days < WHOLE_DAYS_FROM ? Math.round(days * 10) / 10 : Math.round(days);
    return formatFloat(rounded, { digits: [16, Number.isInteger(rounded) ? 0 : 1] });
}

export const customerIntervalField = {
    component: CustomerIntervalField,
    displayName: _t("Days between purchases"),
    supportedTypes: ["float"],
};

registry.category("fields").add("customer_interval", customerIntervalField);
registry
    .category("formatters")
    .add("customer_interval", (value) => formatInterval(value));
