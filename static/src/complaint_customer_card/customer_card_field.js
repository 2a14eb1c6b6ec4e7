import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatPercentage } from "@web/views/fields/formatters";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { kindClass, kindIcon } from "../common/kinds";
import { tierClass, tierIcon } from "../tier/tier_look";

/** Beside a complaint: who it is that complains, in a few facts. */
export class CustomerCardField extends Component {
    static template = "customer_retention.CustomerCardField";
    static props = { ...standardFieldProps };

    setup() {
        this.action = useService("action");
        this.orm = useService("orm");
        this.tierClass = tierClass;
        this.tierIcon = tierIcon;
    }

    get card() {
        return this.props.record.data[this.props.name];
    }

    get standing() {
        return this.card.standing;
    }

    get kindClass() {
        return kindClass(this.standing.condition_kind);
    }

    get kindIcon() {
        return kindIcon(this.standing.condition_kind);
    }

    get trend() {
        const { change } = this.standing;
        if (change === null || Math.abs(change) < 0.005) {
            return "";
        }
        return `${change > 0 ? "▲" : "▼"} ${formatPercentage(Math.abs(change), { digits: [16, 0] })}`;
    }

    get ordersText() {
        const count = this.card.open_orders;
        return count === 1
            ? _t("1 open order, not fully invoiced")
            : _t("%s open orders, not fully invoiced", count);
    }

    get ordersHelp() {
        return _t(
            "Valid quotations, and confirmed orders of which not everything has been invoiced, whatever their age"
        );
    }

    get complaintsText() {
        const { number, open } = this.card.complaints;
        if (!number) {
            return _t("First complaint");
        }
        return open ? _t("%(number)s more, %(open)s open", { number, open }) : _t("%s before", number);
    }

    openRecord(model, id) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: model,
            res_id: id,
            views: [[false, "form"]],
        });
    }

    /** @param {string} method of the complaint that returns an action */
    async openList(method) {
        const { resModel, resId } = this.props.record;
        return this.action.doAction(await this.orm.call(resModel, method, [[resId]]));
    }
}

export const customerCardField = {
    component: CustomerCardField,
    displayName: _t("Customer in a few facts"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_card", customerCardField);
