import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { tierClass, tierIcon } from "./tier_look";

/** A tier as a badge: its name, its icon and its color. */
export class CustomerTierBadgeField extends Component {
    static template = "customer_retention.TierBadgeField";
    static props = {
        ...standardFieldProps,
        colorField: { type: String, optional: true },
        iconField: { type: String, optional: true },
        iconOnly: { type: Boolean, optional: true },
    };
    static defaultProps = {
        colorField: "tier_color",
        iconField: "tier_icon",
        iconOnly: false,
    };

    get name() {
        return this.props.record.data[this.props.name]?.display_name;
    }

    get classes() {
        return tierClass(this.props.record.data[this.props.colorField]);
    }

    get icon() {
        return tierIcon(this.props.record.data[this.props.iconField]);
    }
}

export const customerTierBadgeField = {
    component: CustomerTierBadgeField,
    displayName: _t("Tier"),
    supportedTypes: ["many2one"],
    supportedOptions: [
        { label: _t("Color field"), name: "color_field", type: "field", availableTypes: ["integer"] },
        { label: _t("Icon field"), name: "icon_field", type: "field", availableTypes: ["char"] },
        { label: _t("Icon only"), name: "icon_only", type: "boolean" },
    ],
    fieldDependencies: ({ options }) => [
        { name: options.color_field || "tier_color", type: "integer" },
        { name: options.icon_field || "tier_icon", type: "char" },
    ],
    extractProps: ({ options }) => ({
        colorField: options.color_field,
        iconField: options.icon_field,
        iconOnly: Boolean(options.icon_only),
    }),
    listViewWidth: [100, 160],
};

registry.category("fields").add("customer_tier_badge", customerTierBadgeField);
