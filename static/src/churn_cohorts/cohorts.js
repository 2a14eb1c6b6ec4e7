import { _t } from "@web/core/l10n/translation";

import { shortMonth, shortQuarter } from "../churn_dashboard/look";

const { DateTime } = luxon;
const MODEL = "customer.churn.cohort";

/** What a cell can show, the usual one first. */
export const MEASURES = {
    share: _t("Share of customers"),
    customers: _t("Customers"),
    purchases: _t("Purchases"),
    revenue: _t("Revenue"),
};

/** What a cell shows: of shares a number from 0 to 1. */
export function cellValue(cohort, age, measure) {
    const cell = cohort.cells[age];
    if (measure === "share") {
        return cohort.size ? cell.customers / cohort.size : 0;
    }
    return cell[measure];
}

/** The name of a cohort: "Q2 25" or "Jun 25". */
export function cohortName(cohort, by) {
    return by === "month" ? shortMonth(cohort.start) : shortQuarter(cohort.start);
}

/** The greatest value of a heat map; of shares without the first column, which is 1. */
export function greatest(cohorts, measure) {
    const first = measure === "share" ? 1 : 0;
    const values = cohorts.flatMap((cohort) =>
        cohort.cells.slice(first).map((cell, index) => cellValue(cohort, index + first, measure))
    );
    return Math.max(...values, 0);
}

/**
 * The customers who stand behind a cell, each once with its months below: those who
 * bought, or whoever the revenue comes from (or went back to).
 */
export function cellAction({ filters, domain }, cohort, age, measure) {
    const bought = measure === "revenue" ? [] : [["purchase_count", ">", 0]];
    return {
        type: "ir.actions.act_window",
        name: _t("%(cohort)s, age %(age)s", { cohort: cohortName(cohort, filters.by), age }),
        res_model: MODEL,
        domain: [
            ...domain,
            ["cohort_month", ">=", cohort.start],
            ["cohort_month", "<", cohort.until],
            [`age_${filters.by}s`, "=", age],
            ...bought,
        ],
        context: { search_default_group_partner: 1 },
        views: [
            [false, "list"],
            [false, "pivot"],
            [false, "graph"],
        ],
    };
}

/** All cohorts as a table for a spreadsheet: plain numbers, ISO dates. */
export function cohortsCsv({ filters, cohorts }, measure) {
    const most = Math.max(...cohorts.map(({ cells }) => cells.length), 0);
    const ages = Array.from({ length: most }, (_, age) => age);
    const rows = cohorts.map((cohort) => [
        DateTime.fromISO(cohort.start).toISODate(),
        cohort.size,
        ...cohort.cells.map((cell, age) => Number(cellValue(cohort, age, measure).toFixed(4))),
    ]);
    const head = [filters.by === "month" ? "month" : "quarter", "customers", ...ages];
    return [head, ...rows].map((row) => row.join(",")).join("\r\n") + "\r\n";
}
