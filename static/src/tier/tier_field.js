import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { CustomerTierExplanation } from "./tier_explanation";
import { tierClass, tierIcon } from "./tier_look";

const MEMBERSHIP = "customer.tier.membership";

/**
 * The tier of a customer: badge, progress and what it takes to keep it; “why?” tells
 * the rest. The option `full` shows everything on the page, as a form does.
 */
export class CustomerTierField extends Component {
    static template = "customer_retention.TierField";
    static props = {
        ...standardFieldProps,
        full: { type: Boolean, optional: true },
        open: { type: Boolean, optional: true },
    };
    static defaultProps = { full: false, open: false };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.popover = usePopover(CustomerTierExplanation, {
            position: "bottom-start",
            popoverClass: "o_customer_tier_popover",
        });
    }

    get card() {
        return this.props.record.data[this.props.name];
    }

    get progress() {
        return this.card.progress;
    }

    get classes() {
        return tierClass(this.card.color);
    }

    get icon() {
        return tierIcon(this.card.icon);
    }

    get barStyle() {
        return `width: ${(100 * this.progress.fraction).toFixed(1)}%`;
    }

    get percent() {
        // 100 % is who is there: 99.9 % is not
        return Math.floor(100 * this.progress.fraction + 1e-9);
    }

    /** What the bar stands for, for those who do not see it. */
    get barLabel() {
        const next = this.progress.next;
        return next ? _t("On the way to %s", next) : _t("The highest tier");
    }

    /** How far it is and where to, unless a sentence beside it says where to. */
    get valueText() {
        const { keep_text, next, value_text } = this.progress;
        if (!value_text || !next || !keep_text || this.props.full) {
            return value_text;
        }
        return _t("%(value)s for %(tier)s", { value: value_text, tier: next });
    }

    /** Further sentences, shown in full only. */
    get details() {
        const { projection_text, keep_text, missing_text } = this.progress;
        return [missing_text, keep_text, projection_text].filter(Boolean);
    }

    async onExplain(ev) {
        const target = ev.currentTarget;
        const explanation = await this.orm.call(MEMBERSHIP, "get_explanation", [[this.card.id]]);
        if (target.isConnected) {
            this.popover.open(target, { explanation });
        }
    }

    onOpen() {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: MEMBERSHIP,
            res_id: this.card.id,
            views: [[false, "form"]],
        });
    }
}

export const customerTierField = {
    component: CustomerTierField,
    displayName: _t("Tier of a customer"),
    supportedTypes: ["json"],
    supportedOptions: [
        { label: _t("In full"), name: "full", type: "boolean" },
        { label: _t("Leads to the membership"), name: "open", type: "boolean" },
    ],
    extractProps: ({ options }) => ({
        full: Boolean(options.full),
        open: Boolean(options.open),
    }),
};

registry.category("fields").add("customer_tier", customerTierField);
