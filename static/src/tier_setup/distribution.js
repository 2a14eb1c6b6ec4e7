/**
 * How a figure is distributed over customers, and where thresholds would lie.
 *
 * A bucket is [lowest figure, customers, revenue]; buckets are ascending and hold the
 * three leading digits of a figure, so that thresholds of as many digits are exact.
 */

const STEPS = [1, 1.5, 2, 2.5, 3, 4, 5, 7.5];
// Part of the customers that reach a tier, from the lowest to the highest.
export const SHARES = [1, 0.4, 0.15, 0.05];
// Between two thresholds where customers are too few to tell, and the first of them.
const APART = 1.6;
const FIRST = 1000;
// Part of the line that a number written along it takes on a telephone.
const TICK_ROOM = 0.16;
// Figures further apart than this are drawn on a logarithmic scale.
const WIDE = 60;

/**
 * @param {number[][]} buckets
 * @param {number} [idle] customers without a figure, whom only a threshold of 0 takes
 */
export class Distribution {
    constructor(buckets, idle = 0) {
        this.idle = idle;
        this.values = buckets.map(([value]) => value);
        // what is at or above the bucket of the same index
        this.members = [];
        this.revenues = [];
        let members = 0;
        let revenue = 0;
        for (let i = buckets.length - 1; i >= 0; i--) {
            members += buckets[i][1];
            revenue += buckets[i][2];
            this.members[i] = members;
            this.revenues[i] = revenue;
        }
    }

    get total() {
        return this.members[0] || 0;
    }

    /** With those who have no figure. */
    get everybody() {
        return this.total + this.idle;
    }

    get lowest() {
        return this.values[0] || 0;
    }

    get highest() {
        return this.values.at(-1) || 0;
    }

    /** Index of the first bucket at or above a figure. */
    indexOf(value) {
        let low = 0;
        let high = this.values.length;
        while (low < high) {
            const middle = (low + high) >> 1;
            if (this.values[middle] >= value - 1e-9) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }

    /** @returns {{members: number, revenue: number}} of those at or above a figure */
    from(value) {
        const index = this.indexOf(value);
        return { members: this.members[index] || 0, revenue: this.revenues[index] || 0 };
    }

    /** @returns {{members: number, revenue: number}} from one figure to below another */
    between(low, high) {
        const [more, less] = [this.from(low), high === null ? EMPTY : this.from(high)];
        return { members: more.members - less.members, revenue: more.revenue - less.revenue };
    }

    /** Of a tier: from one figure to below another; from 0 also those without a figure. */
    tier(low, high) {
        const { members, revenue } = this.between(low, high);
        return { members: members + (low > 0 ? 0 : this.idle), revenue };
    }

    /** The figure that this part of the customers reaches, 0 to 1. */
    reachedBy(share) {
        const wanted = Math.max(1, Math.round(share * this.total));
        let index = this.values.length - 1;
        while (index > 0 && this.members[index] < wanted) {
            index--;
        }
        return this.values[index] || 0;
    }
}

const EMPTY = { members: 0, revenue: 0 };

/** A figure with at most so many leading digits that differ from zero. */
export function significant(value, digits = 2) {
    if (!(value > 0)) {
        return 0;
    }
    return Number(value.toPrecision(digits));
}

/** The round number at or below a figure: 1, 1.5, 2, 2.5, 3, 4, 5, 7.5, 10 … */
export function niceBelow(value, isCount = false) {
    if (!(value > 0)) {
        return 0;
    }
    const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
    const step = STEPS.findLast((one) => one * power <= value * (1 + 1e-12)) || 1;
    const nice = Number((step * power).toPrecision(3));
    return isCount ? Math.max(1, Math.floor(nice)) : nice;
}

/** The next round number above a figure. */
export function niceAbove(value, isCount = false) {
    if (!(value > 0)) {
        return 1;
    }
    const power = 10 ** Math.floor(Math.log10(value) + 1e-12);
    const step = [...STEPS, 10].find((one) => one * power > value * (1 + 1e-12));
    const nice = Number((step * power).toPrecision(3));
    return isCount ? Math.max(Math.floor(value) + 1, Math.round(nice)) : nice;
}

/**
 * Thresholds for a ladder: everybody, then those who reach ever rarer figures, as round
 * numbers and strictly ascending, also when there is only one customer.
 *
 * @param {Distribution} distribution
 * @param {boolean} [isCount] whether figures are whole numbers
 * @param {number[]} [shares]
 * @returns {number[]}
 */
export function suggest(distribution, isCount = false, shares = SHARES) {
    const thresholds = [];
    for (const share of shares) {
        const last = thresholds.at(-1);
        const reached = share === 1 ? 0 : niceBelow(distribution.reachedBy(share), isCount);
        if (last === undefined || reached > last) {
            thresholds.push(reached);
        } else {
            thresholds.push(last ? niceAbove(last * APART, isCount) : isCount ? 1 : FIRST);
        }
    }
    return thresholds;
}

/** Where figures lie on a line from 0 to 1: by their logarithm when they lie wide apart. */
export function makeScale(distribution, thresholds = []) {
    const positive = thresholds.filter((value) => value > 0);
    const high = Math.max(distribution.highest, ...positive, 1) * 1.1;
    const low = Math.min(distribution.lowest || 1, ...positive);
    const isWide = high / low > WIDE;
    const bottom = isWide ? Math.max(low, high / 1e6) / 1.1 : 0;
    const clamp = (part) => Math.min(1, Math.max(0, part));
    if (!isWide) {
        return {
            isWide,
            bottom,
            high,
            place: (value) => clamp(value / high),
            value: (part) => clamp(part) * high,
        };
    }
    const length = Math.log(high / bottom);
    return {
        isWide,
        bottom,
        high,
        place: (value) => (value > bottom ? clamp(Math.log(value / bottom) / length) : 0),
        value: (part) => bottom * Math.exp(clamp(part) * length),
    };
}

/** @returns {{low: number, high: number, members: number}[]} columns of equal width */
export function makeColumns(distribution, scale, count) {
    return Array.from({ length: count }, (_, i) => {
        const low = i ? scale.value(i / count) : 0;
        const high = i === count - 1 ? null : scale.value((i + 1) / count);
        return { low, high, members: distribution.between(low, high).members };
    });
}

/** @returns {number[]} round numbers to write along the line, as many as have room */
export function makeTicks(scale) {
    const ticks = [];
    for (const tick of roundNumbers(scale)) {
        const place = scale.place(tick);
        const last = ticks.length ? scale.place(ticks.at(-1)) : -1;
        if (place - last >= TICK_ROOM && place <= 1 - TICK_ROOM / 2) {
            ticks.push(tick);
        }
    }
    return ticks;
}

function roundNumbers(scale) {
    const ticks = [];
    if (scale.isWide) {
        const steps = scale.high / scale.bottom > 2000 ? [1] : [1, 2, 5];
        for (let power = Math.floor(Math.log10(scale.bottom)); 10 ** power < scale.high; power++) {
            ticks.push(...steps.map((step) => Number((step * 10 ** power).toPrecision(1))));
        }
        return ticks.filter((tick) => tick >= scale.bottom && tick <= scale.high);
    }
    const step = niceAbove(scale.high / 6);
    for (let tick = 0; tick < scale.high; tick += step) {
        ticks.push(Number(tick.toPrecision(6)));
    }
    return ticks;
}

/** The next figure up or down that has two leading digits. */
export function stepFrom(value, direction, isCount = false) {
    if (isCount && value < 100) {
        return Math.max(0, Math.round(value) + direction);
    }
    if (!(value > 0)) {
        return direction > 0 ? 1 : 0;
    }
    const power = Math.floor(Math.log10(value) + 1e-12);
    const isAtPower = direction < 0 && value <= 10 ** power * (1 + 1e-9);
    const size = 10 ** (power - (isAtPower ? 2 : 1));
    const stepped = Math.round(value / size + direction) * size;
    return Math.max(0, Number(stepped.toPrecision(3)));
}
