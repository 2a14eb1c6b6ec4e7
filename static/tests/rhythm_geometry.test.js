import { describe, expect, test } from "@odoo/hoot";

import { layOut } from "@customer_retention/rhythm/rhythm_geometry";

const { DateTime, Settings } = luxon;

describe.current.tags("headless");

function makeRhythm(count, { every = 10, expected = "2026-07-01" } = {}) {
    const last = DateTime.fromISO("2026-06-01");
    const purchases = [...Array(count).keys()]
        .map((index) => ({
            date: last.minus({ days: index * every }).toISODate(),
            date_text: "",
            amount: 100 + index,
            amount_text: "",
        }))
        .reverse();
    return { as_of: "2026-06-20", expected_next: expected, purchases };
}

const inside = (x, width) => x >= 0 && x <= width;

test("one purchase has room to its left and right", () => {
    const picture = layOut(makeRhythm(1), 600);
    const [dot] = picture.dots;
    expect(picture.dots.length).toBe(1);
    expect(dot.x < picture.today && picture.today < picture.expected.x).toBe(true);
    expect(picture.expected.overdue).toBe(false);
    expect(picture.expected.from).toBe(dot.x);
});

test("one purchase today, and nothing expected", () => {
    const rhythm = makeRhythm(1, { expected: null });
    rhythm.as_of = rhythm.purchases[0].date;
    const picture = layOut(rhythm, 300);
    expect(picture.expected).toBe(null);
    expect(inside(picture.dots[0].x, 300)).toBe(true);
});

test("two purchases stand in their order, the larger area for the larger amount", () => {
    const rhythm = makeRhythm(2);
    rhythm.purchases[0].amount = 400;
    rhythm.purchases[1].amount = 100;
    const [first, second] = layOut(rhythm, 600).dots;
    expect(first.x < second.x).toBe(true);
    expect(Math.round((first.r / second.r) ** 2)).toBe(4);
});

test("an expectation that has passed is overdue", () => {
    const { expected, today } = layOut(makeRhythm(5, { expected: "2026-06-10" }), 600);
    expect(expected.overdue).toBe(true);
    expect(expected.x < today).toBe(true);
});

test("many purchases stay inside, small, and under few labels, also when narrow", () => {
    for (const width of [320, 600, 1200]) {
        const { dots, ticks } = layOut(makeRhythm(120), width);
        expect(dots.length).toBe(120);
        expect(dots.every(({ x, r }) => inside(x, width) && r < 16)).toBe(true);
        expect(ticks.length > 0 && ticks.length * 40 < width).toBe(true);
    }
});

test("a long silence does not multiply the labels", () => {
    const rhythm = makeRhythm(3);
    rhythm.as_of = "2041-01-01";
    expect(layOut(rhythm, 400).ticks.length < 9).toBe(true);
});

test("labels of months do not meet in languages with long ones", () => {
    const context = document.createElement("canvas").getContext("2d");
    context.font = "11px sans-serif";
    const before = Settings.defaultLocale;
    for (const locale of ["en", "vi", "zh-CN", "zh-TW", "es", "uk"]) {
        Settings.defaultLocale = locale;
        for (const [count, every] of [[4, 30], [12, 45], [40, 30], [120, 10]]) {
            for (const width of [320, 450, 700, 1200]) {
                const { ticks } = layOut(makeRhythm(count, { every }), width);
                let end = 0;
                for (const { label, labelX } of ticks) {
                    const half = context.measureText(label).width / 2;
                    expect(labelX - half >= end && labelX + half <= width).toBe(true);
                    end = labelX + half + 4;
                }
                expect(ticks.length > 0 || every * count < 366).toBe(true);
            }
        }
    }
    Settings.defaultLocale = before;
});
