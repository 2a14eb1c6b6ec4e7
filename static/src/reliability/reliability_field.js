import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

export const SIZE = 320;
// Room for the longest label beside the axis.
const MARGIN = 48;
const PLOT = SIZE - 2 * MARGIN;

/** Where a share lies in the picture: 0 at the lower left, 1 at the upper right. */
export function place(foretold, happened) {
    return { x: MARGIN + foretold * PLOT, y: SIZE - MARGIN - happened * PLOT };
}

/** What was foretold for groups of customers against what happened. */
export class CustomerReliabilityField extends Component {
    static template = "customer_retention.ReliabilityField";
    static props = { ...standardFieldProps };

    setup() {
        this.size = SIZE;
        this.zero = place(0, 0);
        this.one = place(1, 1);
    }

    get groups() {
        const groups = this.props.record.data[this.props.name] || [];
        const most = Math.max(...groups.map(([customers]) => customers), 1);
        return groups.map(([customers, foretold, happened], index) => ({
            key: index,
            ...place(foretold, happened),
            radius: 3 + 5 * Math.sqrt(customers / most),
            label: _t("%(number)s customers: foretold %(foretold)s %, bought %(happened)s %", {
                number: customers,
                foretold: Math.round(100 * foretold),
                happened: Math.round(100 * happened),
            }),
        }));
    }

    get line() {
        return this.groups.map((group) => `${group.x},${group.y}`).join(" ");
    }
}

export const customerReliabilityField = {
    component: CustomerReliabilityField,
    displayName: _t("Foretold and happened"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_reliability", customerReliabilityField);
