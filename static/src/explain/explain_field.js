import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { kindClass, kindIcon } from "../common/kinds";
import { CustomerExplanation } from "./explanation";

/** The popover around an explanation. */
export class CustomerExplainPopover extends Component {
    static template = "customer_retention.ExplainPopover";
    static components = { CustomerExplanation };
    static props = { ...CustomerExplanation.props };
}

/**
 * One verdict of a customer as a badge that says why, on request; or, with the option
 * `full`, the whole explanation on the page.
 *
 * Works on any model: the option `relationship_field` names the many2one that leads to
 * the relationship, without it the record itself is the relationship.
 */
export class CustomerExplainField extends Component {
    static template = "customer_retention.ExplainField";
    static components = { CustomerExplanation };
    static props = {
        ...standardFieldProps,
        axis: { type: String, optional: true },
        full: { type: Boolean, optional: true },
        relationshipField: { type: String, optional: true },
    };
    static defaultProps = { axis: "position", full: false };

    setup() {
        this.popover = usePopover(CustomerExplainPopover, { position: "bottom-start" });
    }

    get explanation() {
        return this.props.record.data[this.props.name];
    }

    get classes() {
        return kindClass(this.explanation.kind);
    }

    get icon() {
        const { icon, kind } = this.explanation;
        return kind ? kindIcon(kind) : icon || "fa-circle-o";
    }

    get explanationProps() {
        return {
            explanation: this.explanation,
            axis: this.props.axis,
            relationshipId: this.relationshipId,
            onChanged: () => this.props.record.load(),
        };
    }

    get relationshipId() {
        const { record, relationshipField } = this.props;
        if (!relationshipField) {
            return record.resId;
        }
        const value = record.data[relationshipField];
        return (typeof value === "object" ? value?.id : value) || false;
    }

    onExplain(ev) {
        this.popover.open(ev.currentTarget, this.explanationProps);
    }
}

export const customerExplainField = {
    component: CustomerExplainField,
    displayName: _t("Explained verdict"),
    supportedTypes: ["json"],
    supportedOptions: [
        { label: _t("Axis"), name: "axis", type: "string" },
        { label: _t("In full"), name: "full", type: "boolean" },
        {
            label: _t("Relationship field"),
            name: "relationship_field",
            type: "field",
            availableTypes: ["many2one", "integer"],
        },
    ],
    extractProps: ({ options }) => ({
        axis: options.axis,
        full: Boolean(options.full),
        relationshipField: options.relationship_field,
    }),
};

registry.category("fields").add("customer_explain", customerExplainField);
