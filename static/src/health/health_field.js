import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What took how many points away from 100, one line a signal, and the sum. */
export class CustomerHealthPopover extends Component {
    static template = "customer_retention.HealthPopover";
    static props = { health: Object, close: { type: Function, optional: true } };

    /** As the reader writes it, with one decimal where it has any. */
    number(value) {
        return formatFloat(value, { digits: [16, 1], trailingZeros: false });
    }

    /** Part of a signal's points that is lost, in percent. */
    width(line) {
        return line.most ? Math.round((100 * line.cost) / line.most) : 0;
    }
}

/** How healthy a relationship is: a figure that says, on request, what speaks against. */
export class CustomerHealthField extends Component {
    static template = "customer_retention.HealthField";
    static props = { ...standardFieldProps, explanation: { type: String, optional: true } };

    setup() {
        this.popover = usePopover(CustomerHealthPopover, { position: "bottom-start" });
    }

    get health() {
        return this.props.record.data[this.props.explanation] || null;
    }

    get score() {
        return Math.round(this.health ? this.health.score : this.props.record.data[this.props.name]);
    }

    /** @returns {string} what a screen reader says of the button */
    get label() {
        return _t("Health %(score)s of 100: why?", { score: this.score });
    }

    onExplain(ev) {
        this.popover.open(ev.currentTarget, { health: this.health });
    }
}

export const customerHealthField = {
    component: CustomerHealthField,
    displayName: _t("Health"),
    supportedTypes: ["float", "integer"],
    supportedOptions: [
        {
            label: _t("Explanation"),
            name: "explanation",
            type: "field",
            availableTypes: ["json"],
        },
    ],
    fieldDependencies: ({ options }) =>
        options.explanation ? [{ name: options.explanation, type: "json" }] : [],
    extractProps: ({ options }) => ({ explanation: options.explanation }),
};

registry.category("fields").add("customer_health", customerHealthField);
