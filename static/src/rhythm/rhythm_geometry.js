/**
 * Where the dots of a rhythm line go. Pure: dates and a width in, pixels out.
 */
const { DateTime } = luxon;

export const HEIGHT = 96;
export const BASELINE = 58;
const PADDING = 18;
const LARGEST_DOT = 15;
const SMALLEST_DOT = 2.5;
const LABEL_WIDTH = 52;
/** A line with one purchase still needs a length, in days. */
const SHORTEST_SPAN = 30;

const TICKS = [
    { unit: "month", step: 1, format: "LLL yy" },
    { unit: "month", step: 3, format: "LLL yy" },
    { unit: "month", step: 6, format: "LLL yy" },
    { unit: "year", step: 1, format: "yyyy" },
    { unit: "year", step: 2, format: "yyyy" },
    { unit: "year", step: 5, format: "yyyy" },
];

const day = (iso) => DateTime.fromISO(iso);
const daysBetween = (from, to) => to.diff(from, "days").days;

/**
 * @param {Object} rhythm as computed on the relationship
 * @param {number} width in pixels
 * @returns {{dots: Object[], ticks: Object[], today: number, expected: Object | null}}
 */
export function layOut(rhythm, width) {
    const scale = makeScale(rhythm, width);
    const dots = layOutDots(rhythm.purchases, scale, width);
    return {
        dots,
        today: scale.x(day(rhythm.as_of)),
        expected: layOutExpected(rhythm, scale),
        ticks: layOutTicks(scale, width),
    };
}

function makeScale(rhythm, width) {
    const dates = rhythm.purchases.map((purchase) => purchase.date);
    const all = [...dates, rhythm.as_of, rhythm.expected_next].filter(Boolean).sort();
    let start = day(all[0]);
    const end = day(all.at(-1));
    const missing = SHORTEST_SPAN - daysBetween(start, end);
    if (missing > 0) {
        start = start.minus({ days: missing });
    }
    const perDay = Math.max(width - 2 * PADDING, 1) / daysBetween(start, end);
    return { start, end, x: (date) => PADDING + daysBetween(start, date) * perDay };
}

/** The area of a dot follows the amount; many purchases make smaller dots. */
function layOutDots(purchases, scale, width) {
    const largest = Math.max(...purchases.map(({ amount }) => Math.abs(amount)), 1);
    const room = (width / Math.max(purchases.length, 1)) * 1.5;
    const radius = Math.min(LARGEST_DOT, Math.max(room, 4));
    return purchases.map((purchase) => ({
        ...purchase,
        x: scale.x(day(purchase.date)),
        r: Math.max(SMALLEST_DOT, radius * Math.sqrt(Math.abs(purchase.amount) / largest)),
    }));
}

function layOutExpected(rhythm, scale) {
    if (!rhythm.expected_next || !rhythm.purchases.length) {
        return null;
    }
    const x = scale.x(day(rhythm.expected_next));
    const from = scale.x(day(rhythm.purchases.at(-1).date));
    return { x, from, overdue: rhythm.expected_next < rhythm.as_of };
}

/** Calendar ticks, as fine as their labels fit. */
function layOutTicks(scale, width) {
    const fits = Math.max(1, Math.floor((width - 2 * PADDING) / LABEL_WIDTH));
    const span = daysBetween(scale.start, scale.end);
    const daysOf = { month: 30.44, year: 365.25 };
    const choice =
        TICKS.find(({ unit, step }) => span / (daysOf[unit] * step) <= fits) || TICKS.at(-1);
    const ticks = [];
    let tick = scale.start.startOf("year");
    while (tick <= scale.end) {
        if (tick >= scale.start) {
            ticks.push({ x: scale.x(tick), label: tick.toFormat(choice.format) });
        }
        tick = tick.plus({ [choice.unit]: choice.step });
    }
    return ticks;
}
