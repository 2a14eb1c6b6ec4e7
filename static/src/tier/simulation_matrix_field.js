import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { MoveMatrix } from "../rule/move_matrix";

/** Who would go from which tier to which; every number leads to its customers. */
export class TierSimulationMatrixField extends Component {
    static template = "customer_retention.TierSimulationMatrixField";
    static components = { MoveMatrix };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
    }

    get preview() {
        return this.props.record.data[this.props.name];
    }

    async onOpen(from, to) {
        const { resModel, resId } = this.props.record;
        const action = await this.orm.call(resModel, "action_open_cell", [[resId], from.id, to.id]);
        return this.action.doAction(action);
    }
}

registry.category("fields").add("customer_tier_simulation_matrix", {
    component: TierSimulationMatrixField,
    displayName: _t("Moves between tiers"),
    supportedTypes: ["json"],
});
