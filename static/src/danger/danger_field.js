import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { kindClass } from "../common/kinds";
import { listed } from "../common/sentences";
import { dangerIcon, dangerKind } from "../today/danger_look";

const STEPS = ["low", "moderate", "high", "very_high", "extreme"];

/**
 * @param {string} kind
 * @returns {number} 1 for low to 5 for extreme, 0 for anything else
 */
export function dangerStep(kind) {
    return STEPS.indexOf(kind) + 1;
}

/** Why a customer is in danger: the sum, the chances and what speaks for a loss. */
export class CustomerDangerPopover extends Component {
    static template = "customer_retention.DangerPopover";
    static props = {
        explanation: Object,
        classes: String,
        icon: String,
        close: { type: Function, optional: true },
    };

    /** As whole as it is everywhere else. */
    get health() {
        return Math.round(this.props.explanation.health.score);
    }
}

/** The danger to lose a customer: how great, how much money, two reasons, and why. */
export class CustomerDangerField extends Component {
    static template = "customer_retention.DangerField";
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.popover = usePopover(CustomerDangerPopover, { position: "bottom-start" });
    }

    get card() {
        return this.props.record.data[this.props.name];
    }

    get classes() {
        return kindClass(dangerKind(this.card.kind));
    }

    get icon() {
        return dangerIcon(this.card.kind);
    }

    get scale() {
        return this.card.kind && _t("Danger %(step)s of 5", { step: dangerStep(this.card.kind) });
    }

    get reasons() {
        return listed(this.card.reasons);
    }

    /** The whole explanation is read when somebody asks for it. */
    async onExplain({ currentTarget }) {
        const { classes, icon } = this;
        const ids = [this.card.score_id];
        const [score] = await this.orm.read("customer.churn.score", ids, ["explanation"]);
        if (score?.explanation) {
            this.popover.open(currentTarget, { explanation: score.explanation, classes, icon });
        }
    }
}

export const customerDangerField = {
    component: CustomerDangerField,
    displayName: _t("Danger to lose a customer"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_danger", customerDangerField);
