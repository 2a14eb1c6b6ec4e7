import { describe, expect, test } from "@odoo/hoot";
import { click, edit, press, queryAllTexts, queryAllValues, queryOne } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { getService, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

import {
    Distribution,
    makeColumns,
    makeScale,
    makeTicks,
    niceAbove,
    niceBelow,
    significant,
    stepFrom,
    suggest,
} from "@customer_retention/tier_setup/distribution";

// A hundred customers: 1 bought for 10, 2 for 20 … up to 19 000 for the best.
const BUCKETS = [
    [10, 40, 400],
    [200, 30, 6000],
    [1000, 20, 20000],
    [5000, 8, 40000],
    [19000, 2, 38000],
];

describe("distribution", () => {
    test("members and revenue from a threshold, and between two", () => {
        const distribution = new Distribution(BUCKETS);
        expect(distribution.total).toBe(100);
        expect(distribution.from(0)).toEqual({ members: 100, revenue: 104400 });
        expect(distribution.from(200)).toEqual({ members: 60, revenue: 104000 });
        expect(distribution.from(200.01)).toEqual({ members: 30, revenue: 98000 });
        expect(distribution.between(200, 5000)).toEqual({ members: 50, revenue: 26000 });
        expect(distribution.between(5000, null)).toEqual({ members: 10, revenue: 78000 });
        expect(distribution.from(20000)).toEqual({ members: 0, revenue: 0 });
    });

    test("who has no figure is in a tier from 0, and in no other", () => {
        const distribution = new Distribution(BUCKETS, 7);
        expect(distribution.total).toBe(100);
        expect(distribution.everybody).toBe(107);
        expect(distribution.tier(0, 200)).toEqual({ members: 47, revenue: 400 });
        expect(distribution.tier(10, null)).toEqual({ members: 100, revenue: 104400 });
        const columns = makeColumns(distribution, makeScale(distribution), 7);
        expect(columns.reduce((sum, column) => sum + column.members, 0)).toBe(100);
    });

    test("columns hold every customer exactly once", () => {
        const distribution = new Distribution(BUCKETS);
        for (const count of [1, 7, 48]) {
            const columns = makeColumns(distribution, makeScale(distribution), count);
            const members = columns.reduce((sum, column) => sum + column.members, 0);
            expect(members).toBe(100);
        }
    });

    test("a scale leads there and back", () => {
        for (const buckets of [BUCKETS, [[3, 1, 1], [9, 4, 9]]]) {
            const scale = makeScale(new Distribution(buckets));
            for (const part of [0.1, 0.5, 0.9]) {
                expect(scale.place(scale.value(part))).toBeCloseTo(part, { margin: 1e-9 });
            }
            const ticks = makeTicks(scale);
            expect(ticks.length).toBeGreaterThan(1);
            expect(ticks.length).toBeLessThan(15);
        }
    });

    test("round numbers below and above", () => {
        expect(niceBelow(1234)).toBe(1000);
        expect(niceBelow(1999)).toBe(1500);
        expect(niceBelow(0.3)).toBe(0.3);
        expect(niceBelow(7, true)).toBe(5);
        expect(niceBelow(1.2, true)).toBe(1);
        expect(niceAbove(1000)).toBe(1500);
        expect(niceAbove(8000)).toBe(10000);
        expect(niceAbove(1, true)).toBe(2);
        expect(significant(12345)).toBe(12000);
    });

    test("thresholds are round, strictly ascending and keep their shares", () => {
        const distribution = new Distribution(BUCKETS);
        expect(suggest(distribution)).toEqual([0, 200, 1000, 5000]);
        // as rare as they are wanted: round numbers only let a few more in
        expect(distribution.from(5000).members).toBe(10);
    });

    test("one customer, or none, still makes a ladder", () => {
        for (const buckets of [[], [[500, 1, 500]], [[500, 30, 15000]]]) {
            for (const isCount of [true, false]) {
                const thresholds = suggest(new Distribution(buckets), isCount);
                expect(thresholds).toHaveLength(4);
                thresholds.slice(1).forEach((value, i) => expect(value).toBeGreaterThan(thresholds[i]));
            }
        }
    });

    test("steps of the keyboard", () => {
        expect(stepFrom(1200, 1)).toBe(1300);
        expect(stepFrom(1000, -1)).toBe(990);
        expect(stepFrom(9900, 1)).toBe(10000);
        expect(stepFrom(0, -1)).toBe(0);
        expect(stepFrom(3, 1, true)).toBe(4);
    });
});

describe("screen", () => {
    defineMailModels();
    onRpc("has_group", () => true);

    async function openSetup(buckets = BUCKETS) {
        onRpc("customer.tier.setup", "get_distribution", ({ kwargs }) => {
            expect.step(`${kwargs.metric} ${kwargs.window} ${kwargs.months}`);
            return { buckets, members: 100, revenue: 104400, currency_id: 1, window_text: "", ladders: [] };
        });
        onRpc("customer.tier.setup", "create_ladder", ({ args }) => {
            expect.step(args[0]);
            return 7;
        });
        await mountWithCleanup(WebClient);
        await getService("action").doAction({
            type: "ir.actions.client",
            tag: "customer_retention.tier_setup",
        });
        await animationFrame();
    }

    const members = () => queryAllTexts(".o_customer_tier_members strong");
    const thresholds = () => queryAllValues(".o_customer_tier_row input[type=number]").map(String);

    test("it opens with four tiers and what they mean", async () => {
        await openSetup();
        expect.verifySteps(["revenue rolling 12"]);
        expect(thresholds()).toEqual(["0", "200", "1000", "5000"]);
        expect(members()).toEqual(["40", "30", "20", "10"]);
        expect("[role=slider]").toHaveCount(4);
    });

    test("a threshold is moved by keyboard and stays between its neighbors", async () => {
        await openSetup();
        expect.verifySteps(["revenue rolling 12"]);
        queryOne("[role=slider][data-tier='2']").focus();
        await press("PageUp");
        await animationFrame();
        expect(thresholds()[2]).toBe("2000");
        expect(members()).toEqual(["40", "50", "0", "10"]);
        for (let i = 0; i < 10; i++) {
            await press("PageUp");
        }
        await animationFrame();
        expect(Number(thresholds()[2])).toBeLessThan(5000);
    });

    test("a typed threshold that does not ascend is refused", async () => {
        await openSetup();
        expect.verifySteps(["revenue rolling 12"]);
        await click(".o_customer_tier_row input[type=number]:eq(1)");
        await edit("1500", { confirm: "tab" });
        await animationFrame();
        expect(".o_customer_tier_create").toHaveAttribute("disabled");
        expect(".o_customer_tier_row .is-invalid").toHaveCount(1);
    });

    test("nobody bought anything: tiers can be set up all the same", async () => {
        await openSetup([]);
        expect.verifySteps(["revenue rolling 12"]);
        expect(".alert-warning").toHaveCount(1);
        expect(members()).toEqual(["0", "0", "0", "0"]);
    });
});
