// What is extended here has to be there before: the order of a bundle does not see to it.
import "@pos_loyalty/app/services/pos_store";
import { PosStore } from "@point_of_sale/app/services/pos_store";
import { patch } from "@web/core/utils/patch";

patch(PosStore.prototype, {
    /**
     * Tell the server by what points were multiplied here, so that it can multiply by
     * what the customer's tier says by now.
     *
     * @override
     */
    async postProcessLoyalty(order) {
        for (const change of Object.values(order.uiState.couponPointChanges)) {
            const program = this.models["loyalty.program"].get(change.program_id);
            change.tier_factor = order.tierFactor(program);
        }
        return super.postProcessLoyalty(...arguments);
    },
});
