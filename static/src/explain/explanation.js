import { Component } from "@odoo/owl";

import { useService } from "@web/core/utils/hooks";

import { kindClass, kindIcon } from "../common/kinds";

/**
 * Why a customer stands where it stands: the sentences of one verdict, and what a
 * person can do about it. Used in a popover and, in full, on a page.
 */
export class CustomerExplanation extends Component {
    static template = "customer_retention.Explanation";
    static props = {
        explanation: Object,
        axis: String,
        relationshipId: { type: [Number, { value: false }], optional: true },
        onChanged: { type: Function, optional: true },
        close: { type: Function, optional: true },
    };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
    }

    get classes() {
        return kindClass(this.props.explanation.kind);
    }

    get icon() {
        const { icon, kind } = this.props.explanation;
        return kind ? kindIcon(kind) : icon || "fa-circle-o";
    }

    /** Nothing is decided about a customer who must not be profiled. */
    get canDecide() {
        return Boolean(this.props.relationshipId) && !this.props.explanation.excluded;
    }

    get hasActions() {
        return this.canDecide || Boolean(this.props.explanation.rule?.id);
    }

    onPin() {
        return this.open("action_open_pin_wizard");
    }

    onSeePurchases() {
        return this.open("action_open_purchases");
    }

    onOpenRule() {
        const { model, id } = this.props.explanation.rule;
        this.props.close?.();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** @param {string} method of the relationship that returns an action */
    async open(method) {
        const { axis, relationshipId, onChanged, close } = this.props;
        const action = await this.orm.call("customer.relationship", method, [[relationshipId]], {
            context: { default_axis: axis },
        });
        close?.();
        return this.action.doAction(action, { onClose: onChanged });
    }
}
