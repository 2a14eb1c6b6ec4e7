/**
 * Where the dots of a rhythm line go. Pure: dates and a width in, pixels out.
 */
const { DateTime } = luxon;

export const HEIGHT = 96;
export const BASELINE = 58;
const PADDING = 18;
const LARGEST_DOT = 15;
const SMALLEST_DOT = 2.5;
/** Generous width of a letter in a label, in pixels; Chinese ones take two. */
const LETTER_WIDTH = 6.5;
const LABEL_GAP = 8;
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

/** Calendar ticks, as fine as their labels fit in the reader's language. */
function layOutTicks(scale, width) {
    const span = daysBetween(scale.start, scale.end);
    const daysOf = { month: 30.44, year: 365.25 };
    let ticks = [];
    for (const choice of TICKS) {
        const number = span / (daysOf[choice.unit] * choice.step);
        if (number * LABEL_GAP < width) {
            ticks = makeTicks(scale, width, choice);
            if (ticks.every(hasRoom)) {
                return ticks;
            }
        }
    }
    return ticks.filter(hasRoom);
}

/** Labels stand in the middle below their tick, but inside the picture. */
function makeTicks(scale, width, { unit, step, format }) {
    const ticks = [];
    for (let at = scale.start.startOf("year"); at <= scale.end; at = at.plus({ [unit]: step })) {
        if (at >= scale.start) {
            const [x, label] = [scale.x(at), at.toFormat(format)];
            const half = labelWidth(label) / 2;
            ticks.push({ x, label, labelX: Math.max(half, Math.min(x, width - half)), half });
        }
    }
    return ticks;
}

function labelWidth(label) {
    const letters = [...label].map((letter) => (letter >= "\u2e80" ? 2 : 1));
    return LETTER_WIDTH * letters.reduce((sum, size) => sum + size, 0);
}

/** Whether a label ends before the next one begins. */
function hasRoom({ labelX, half }, index, ticks) {
    const next = ticks[index + 1];
    return !next || labelX + half + LABEL_GAP <= next.labelX - next.half;
}
