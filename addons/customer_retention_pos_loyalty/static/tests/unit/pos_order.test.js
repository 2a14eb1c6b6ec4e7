import { expect, test } from "@odoo/hoot";
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
    const store = await setupPosEnv();
    const order = await getFilledOrder(store);
    const program = store.models["loyalty.program"].get(1);
    const [plain] = order.pointsForPrograms([program])[program.id];
    order.getPartner = () => ({ customer_tier_pos_id: 3 });
    program.customer_tier_pos_factors = { 3: 2 };
    const [golden] = order.pointsForPrograms([program])[program.id];
    expect(golden.points).toBe(2 * plain.points);
    expect(plain.points).toBeGreaterThan(0);
    program.customer_tier_pos_ids = [4];
    expect(order._programIsApplicable(program)).toBe(false);
});
