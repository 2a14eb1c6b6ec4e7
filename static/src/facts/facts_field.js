import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** The facts of a customer, each beside the median of its segment. */
export class CustomerFactsField extends Component {
    static template = "customer_retention.FactsField";
    static props = { ...standardFieldProps };

    get facts() {
        return this.props.record.data[this.props.name] || [];
    }

    get hasMedian() {
        return this.facts.some((fact) => fact.median);
    }
}

export const customerFactsField = {
    component: CustomerFactsField,
    displayName: _t("Facts beside the segment"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_facts", customerFactsField);
