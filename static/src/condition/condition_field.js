import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { kindClass, kindIcon } from "../common/kinds";

/** The condition of a customer as a badge: the word, an icon and the color of its kind. */
export class CustomerConditionField extends Component {
    static template = "customer_retention.ConditionField";
    static props = { ...standardFieldProps, kindField: { type: String, optional: true } };
    static defaultProps = { kindField: "condition_kind" };

    get name() {
        return this.props.record.data[this.props.name]?.display_name;
    }

    get kind() {
        return this.props.record.data[this.props.kindField];
    }

    get classes() {
        return kindClass(this.kind);
    }

    get icon() {
        return kindIcon(this.kind);
    }
}

export const customerConditionField = {
    component: CustomerConditionField,
    displayName: _t("Customer condition"),
    supportedTypes: ["many2one"],
    supportedOptions: [
        {
            label: _t("Kind field"),
            name: "kind_field",
            type: "field",
            availableTypes: ["selection"],
            help: _t("Field with the technical kind of the condition."),
        },
    ],
    fieldDependencies: ({ options }) => [
        { name: options.kind_field || "condition_kind", type: "selection" },
    ],
    extractProps: ({ options }) => ({ kindField: options.kind_field }),
    listViewWidth: [110, 180],
};

registry.category("fields").add("customer_condition", customerConditionField);

/** The technical kind of a condition, as a badge in its color. */
export class CustomerKindField extends CustomerConditionField {
    get name() {
        const { record, name } = this.props;
        const choices = record.fields[name].selection;
        return choices.find(([kind]) => kind === record.data[name])?.[1];
    }

    get kind() {
        return this.props.record.data[this.props.name];
    }
}

export const customerKindField = {
    component: CustomerKindField,
    displayName: _t("Kind of condition"),
    supportedTypes: ["selection"],
    listViewWidth: [110, 180],
};

registry.category("fields").add("customer_kind", customerKindField);
