import { Component } from "@odoo/owl";

import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const ICONS = {
    running: "fa-clock-o",
    warning: "fa-hourglass-half",
    overdue: "fa-exclamation-circle",
    paused: "fa-pause",
};

/**
 * What is due next in a complaint as a chip: words, an icon and a color.
 *
 * On the field of the chip itself, or on the date that lists are sorted by: the words
 * come from the option `chip_field` then.
 */
export class CustomerClockChipField extends Component {
    static template = "customer_retention.ClockChipField";
    static props = { ...standardFieldProps, chipField: { type: String, optional: true } };
    static defaultProps = { chipField: "clock_chip" };

    get chip() {
        return this.props.record.data[this.props.chipField];
    }

    get icon() {
        return ICONS[this.chip.state] || ICONS.running;
    }

    get classes() {
        return `o_customer_clock_${this.chip.state}`;
    }

    /** The moment in full: the words are short. */
    get title() {
        const { deadline, text } = this.chip;
        if (!deadline) {
            return text;
        }
        return _t("%(what)s — due %(moment)s", {
            what: text,
            moment: formatDateTime(deserializeDateTime(deadline)),
        });
    }
}

export const customerClockChipField = {
    component: CustomerClockChipField,
    displayName: _t("Next clock"),
    supportedTypes: ["json", "datetime"],
    supportedOptions: [
        {
            label: _t("Chip field"),
            name: "chip_field",
            type: "field",
            availableTypes: ["json"],
            help: _t("Field with the words of the chip."),
        },
    ],
    fieldDependencies: ({ options }) => [
        { name: options.chip_field || "clock_chip", type: "json", readonly: true },
    ],
    extractProps: ({ options }) => ({ chipField: options.chip_field }),
    listViewWidth: 215,
};

registry.category("fields").add("customer_clock_chip", customerClockChipField);
