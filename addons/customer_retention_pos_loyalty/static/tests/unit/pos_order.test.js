import { expect, test } from "@odoo/hoot";
import { patchWithCleanup } from "@web/../tests/web_test_helpers";
import { PosOrder } from "@point_of_sale/app/models/pos_order";
import { getFilledOrder, setupPosEnv } from "@point_of_sale/../tests/unit/utils";
import { definePosModels } from "@point_of_sale/../tests/unit/data/generate_model_definitions";

definePosModels();

/** An order of a customer with a tier, as far as tiers look at it. */
function orderOf(tierId) {
    const order = Object.create(PosOrder.prototype);
    Object.defineProperty(order, "getPartner", {
        value: () => (tierId === undefined ? undefined : { customer_tier_pos_id: tierId }),
    });
    return order;
}

test("programs without tiers are for everybody", () => {
    for (const order of [orderOf(), orderOf(0), orderOf(3)]) {
        expect(order.isOpenToTier({ customer_tier_pos_ids: [] })).toBe(true);
        expect(order.isOpenToTier({})).toBe(true);
    }
});

test("programs of tiers are for their members alone", () => {
    const golden = { customer_tier_pos_ids: [3] };
    expect(orderOf(3).isOpenToTier(golden)).toBe(true);
    expect(orderOf(2).isOpenToTier(golden)).toBe(false);
    expect(orderOf(0).isOpenToTier(golden)).toBe(false);
    expect(orderOf().isOpenToTier(golden)).toBe(false);
});

test("points are multiplied by the tier of the customer", () => {
    const program = { customer_tier_pos_factors: { 3: 1.5 } };
    expect(orderOf(3).tierFactor(program)).toBe(1.5);
    expect(orderOf(2).tierFactor(program)).toBe(1);
    expect(orderOf().tierFactor(program)).toBe(1);
    expect(orderOf(3).tierFactor({})).toBe(1);
});

test("an order gives a member more points, and nothing of what is for others", async () => {
    patchWithCleanup(PosOrder.prototype, { getPartner: () => ({ customer_tier_pos_id: 3 }) });
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const { id, rule_ids } = store.models["loyalty.program"].get(1);
    const plain = {
        id,
        rule_ids,
        applies_on: "both",
        pricelist_ids: [],
        program_type: "loyalty",
        trigger: "auto",
    };
    const golden = { ...plain, customer_tier_pos_factors: { 3: 2 } };
    const [usual] = order.pointsForPrograms([plain])[id];
    const [twice] = order.pointsForPrograms([golden])[id];
    expect(usual.points).toBeGreaterThan(0);
    expect(twice.points).toBe(2 * usual.points);
    expect(order._programIsApplicable(plain)).toBe(true);
    const silver = { ...plain, customer_tier_pos_ids: [2] };
    expect(order._programIsApplicable(silver)).toBe(false);
});
