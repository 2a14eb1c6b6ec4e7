import { shortMonth } from "./look";

const LIST_FIRST = [
    [false, "list"],
    [false, "pivot"],
    [false, "graph"],
];

/**
 * What was recorded of a month, of the customers whom the filters choose.
 *
 * @param {{months: object[], months_domain: Array}} data answer of the server
 * @param {number} index of the month in the chart
 */
export function monthAction({ months, months_domain: chosen }, index) {
    const { month } = months[index];
    return {
        type: "ir.actions.act_window",
        name: shortMonth(month),
        res_model: "customer.churn.history",
        domain: [["month", "=", month], ...chosen],
        views: LIST_FIRST,
    };
}

/**
 * The value at risk of a month: the last point is today's, which is that of the
 * customers as they are scored now and not what was recorded.
 *
 * @param {{months: object[], tiles: object[]}} data answer of the server
 * @param {number} index of the month in the chart
 */
export function riskAction(data, index) {
    if (index < data.months.length - 1) {
        return monthAction(data, index);
    }
    return data.tiles.find(({ key }) => key === "value_at_risk").action;
}
