import { Component } from "@odoo/owl";

import { useService } from "@web/core/utils/hooks";

/** Why a customer has its tier: rule, window, documents, conditions, what is missing. */
export class CustomerTierExplanation extends Component {
    static template = "customer_retention.TierExplanation";
    static props = {
        explanation: Object,
        close: { type: Function, optional: true },
    };

    setup() {
        this.action = useService("action");
    }

    get documents() {
        return this.props.explanation.documents || [];
    }

    get conditions() {
        return this.props.explanation.conditions || [];
    }

    onDocument({ model, id }) {
        return this.open(model, id);
    }

    onRule() {
        const { model, id } = this.props.explanation.rule;
        return this.open(model, id);
    }

    open(model, id) {
        this.props.close?.();
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }
}
