import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatPercentage } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Beyond this a percentage says no more than "many times as much". */
const SHOWN_UP_TO = 9.99;

/**
 * How much more or less than before, from a fraction: 0.22 is "▲ 22%".
 *
 * A change from nothing has no percentage: with the field of the value before, it is
 * "new", and nothing at all is shown when both are zero.
 */
export class CustomerTrendField extends Component {
    static template = "customer_retention.TrendField";
    static props = {
        ...standardFieldProps,
        valueField: { type: String, optional: true },
        previousField: { type: String, optional: true },
    };

    get trend() {
        const { data } = this.props.record;
        const change = data[this.props.name];
        if (this.props.previousField && !data[this.props.previousField]) {
            return data[this.props.valueField]
                ? { sign: "▲", text: _t("new"), class: "text-success", label: _t("New revenue") }
                : null;
        }
        return typeof change === "number" ? this.describe(change) : null;
    }

    /** @param {number} change fraction, 0 means unchanged */
    describe(change) {
        const size = formatPercentage(Math.min(Math.abs(change), SHOWN_UP_TO), { digits: [16, 0] });
        const text = Math.abs(change) > SHOWN_UP_TO ? `> ${size}` : size;
        if (Math.abs(change) < 0.005) {
            return { sign: "▸", text, class: "text-muted", label: _t("Unchanged") };
        }
        return change > 0
            ? { sign: "▲", text, class: "text-success", label: _t("%s more than before", text) }
            : { sign: "▼", text, class: "text-danger", label: _t("%s less than before", text) };
    }
}

export const customerTrendField = {
    component: CustomerTrendField,
    displayName: _t("Trend"),
    supportedTypes: ["float"],
    supportedOptions: [
        {
            label: _t("Field of the value now"),
            name: "value_field",
            type: "field",
            availableTypes: ["monetary", "float", "integer"],
        },
        {
            label: _t("Field of the value before"),
            name: "previous_field",
            type: "field",
            availableTypes: ["monetary", "float", "integer"],
        },
    ],
    fieldDependencies: ({ options }) =>
        [options.value_field, options.previous_field]
            .filter(Boolean)
            .map((name) => ({ name, type: "float" })),
    extractProps: ({ options }) => ({
        valueField: options.value_field,
        previousField: options.previous_field,
    }),
    isEmpty: (record, fieldName) => record.data[fieldName] === false,
};

registry.category("fields").add("customer_trend", customerTrendField);
