import { describe, expect, test } from "@odoo/hoot";

import {
    cellAction,
    cellValue,
    cohortsCsv,
    greatest,
} from "@customer_retention/churn_cohorts/cohorts";
import { shortReason, waterfall } from "@customer_retention/churn_dashboard/chart_configs";
import { addressOf, filtersFrom } from "@customer_retention/churn_dashboard/filters";
import { changeText, figure } from "@customer_retention/churn_dashboard/look";
import { makeMockEnv } from "@web/../tests/web_test_helpers";

const COHORTS = {
    filters: { by: "quarter" },
    domain: [["company_id", "=", 1]],
    company: { id: 1, currency_id: 1 },
    cohorts: [
        {
            start: "2025-01-01",
            until: "2025-04-01",
            size: 4,
            cells: [
                { customers: 4, purchases: 6, revenue: 400, is_open: false },
                { customers: 1, purchases: 2, revenue: 90.5, is_open: true },
            ],
        },
        {
            start: "2025-04-01",
            until: "2025-07-01",
            size: 2,
            cells: [{ customers: 2, purchases: 2, revenue: 20, is_open: true }],
        },
    ],
};

describe.current.tags("headless");

describe("bridge", () => {
    const bridge = {
        start: 100,
        end: 90,
        steps: [
            { label: "New", amount: 20 },
            { label: "Lost", amount: -30 },
        ],
    };

    test("each bar starts where the last one ended", () => {
        const bars = waterfall(bridge, "Before", "Now");
        expect(bars.map(({ from, to }) => [from, to])).toEqual([
            [0, 100],
            [100, 120],
            [120, 90],
            [0, 90],
        ]);
        expect(bars.map(({ kind }) => kind)).toEqual(["total", "up", "down", "total"]);
        expect(bars.map(({ step }) => step)).toEqual([-1, 0, 1, -1]);
    });

    test("the last step reaches the end", () => {
        const bars = waterfall(bridge, "Before", "Now");
        expect(bars.at(-2).to).toBe(bars.at(-1).to);
    });
});

describe("filters", () => {
    test("the address is read and written back", () => {
        const filters = { company: 3, team: 2, user: 7, segment: 1, period: "quarter" };
        expect(filtersFrom(addressOf(filters))).toEqual(filters);
    });

    test("what makes no sense in the address is left out", () => {
        const state = { company: "x", team: -1, user: "7", segment: 1.5, period: "toString" };
        expect(filtersFrom(state)).toEqual({ user: 7 });
    });

    test("what is shown at first is not in the address", () => {
        const address = addressOf({ company: 1, team: false, period: "year" });
        expect(address.period).toBe(undefined);
        expect(address.team).toBe(undefined);
    });
});

describe("cohorts", () => {
    test("a share is of those who came", () => {
        const [cohort] = COHORTS.cohorts;
        expect(cellValue(cohort, 1, "share")).toBe(0.25);
        expect(cellValue(cohort, 1, "revenue")).toBe(90.5);
        expect(cellValue({ size: 0, cells: [{ customers: 0 }] }, 0, "share")).toBe(0);
    });

    test("the first column, which is everybody, gives shares no color scale", () => {
        expect(greatest(COHORTS.cohorts, "share")).toBe(0.25);
        expect(greatest(COHORTS.cohorts, "customers")).toBe(4);
        expect(greatest([], "share")).toBe(0);
    });

    test("a cell opens the customers who bought, each once", async () => {
        await makeMockEnv();
        const action = cellAction(COHORTS, COHORTS.cohorts[0], 1);
        expect(action.domain).toEqual([
            ["company_id", "=", 1],
            ["cohort_month", ">=", "2025-01-01"],
            ["cohort_month", "<", "2025-04-01"],
            ["age_quarters", "=", 1],
            ["purchase_count", ">", 0],
        ]);
        expect(action.context).toEqual({ search_default_group_partner: 1 });
    });

    test("a cell of revenue opens credit notes too", async () => {
        await makeMockEnv();
        const { domain } = cellAction(COHORTS, COHORTS.cohorts[0], 1, "revenue");
        expect(domain).toHaveLength(4);
    });

    test("all of it as CSV", () => {
        expect(cohortsCsv(COHORTS, "share")).toBe(
            "quarter,customers,0,1\r\n2025-01-01,4,1,0.25\r\n2025-04-01,2,1\r\n"
        );
    });
});

describe("figures", () => {
    test("what is unknown is a dash, its change nothing", async () => {
        await makeMockEnv();
        expect(figure(null, "percentage", 1)).toBe("–");
        expect(changeText(null, "percentage", 1)).toBe("");
    });

    test("shares change by points", async () => {
        await makeMockEnv();
        expect(String(changeText(0.031, "percentage", 1))).toBe("+3.1 points");
        expect(String(changeText(-2, "integer", 1))).toBe("−2");
    });
});

test("a reason stands beside its bar in short", () => {
    expect(shortReason("Pricing / Price increase")).toBe("Price increase");
    expect(shortReason("Response / Nobody called back for weeks", 12)).toBe("Nobody call…");
    expect(shortReason("Not known")).toBe("Not known");
});
