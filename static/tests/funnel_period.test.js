import { describe, expect, test } from "@odoo/hoot";

import { periodDomain } from "@customer_retention/funnel/funnel_period";

const { DateTime } = luxon;
const TODAY = DateTime.fromISO("2026-03-10");

describe.current.tags("headless");

test("periods end where they say", () => {
    expect(periodDomain({ period: "all" }, TODAY)).toEqual([]);
    expect(periodDomain({ period: "year" }, TODAY)).toEqual([
        ["date", ">=", "2026-01-01"],
        ["date", "<=", "2026-03-10"],
    ]);
    expect(periodDomain({ period: "last_year" }, TODAY)).toEqual([
        ["date", ">=", "2025-01-01"],
        ["date", "<=", "2025-12-31"],
    ]);
    expect(periodDomain({ period: "months_12" }, TODAY)).toEqual([
        ["date", ">=", "2025-03-11"],
        ["date", "<=", "2026-03-10"],
    ]);
});

test("an open end stays open", () => {
    const from = DateTime.fromISO("2026-02-01");
    expect(periodDomain({ period: "custom", from, until: false }, TODAY)).toEqual([
        ["date", ">=", "2026-02-01"],
    ]);
});
