const { DateTime } = luxon;

/** Ways to choose which transitions count, in the order they are offered. */
export const PERIODS = ["all", "year", "last_year", "months_12", "custom"];

/**
 * @param {{period: string, from: luxon.DateTime | false, until: luxon.DateTime | false}} choice
 * @param {luxon.DateTime} [today]
 * @returns {Array} domain over the date of a transition
 */
export function periodDomain(choice, today = DateTime.local()) {
    const [from, until] = bounds(choice, today);
    return [
        ...(from ? [["date", ">=", from.toISODate()]] : []),
        ...(until ? [["date", "<=", until.toISODate()]] : []),
    ];
}

function bounds({ period, from, until }, today) {
    const lastYear = today.minus({ years: 1 });
    return {
        all: [false, false],
        year: [today.startOf("year"), today],
        last_year: [lastYear.startOf("year"), lastYear.endOf("year")],
        months_12: [today.minus({ days: 364 }), today],
        custom: [from, until],
    }[period];
}
