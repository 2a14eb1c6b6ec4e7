import { describe, expect, test } from "@odoo/hoot";

import {
    isComplete,
    makeGroup,
    parseRule,
    RuleTextError,
    serializeRule,
} from "@customer_retention/rule/rule_tree";

describe.current.tags("headless");

const A = ["purchase_days", ">=", 3];
const B = ["overdue_ratio", "<=", 2.5];
const C = ["fit_need", "in", ["yes", "unknown"]];

const roundTrip = (rule) => JSON.parse(serializeRule(parseRule(JSON.stringify(rule))));

test("canonical rules come back as they were", () => {
    const rules = [
        [],
        [A],
        [A, B, C],
        ["|", A, B],
        ["|", "|", A, B, C],
        [A, "|", B, C],
        ["|", "&", A, B, C],
        ["!", A],
        ["!", "|", A, B],
        ["!", "&", A, B],
        [A, "!", "|", B, C],
        ["!", "!", A],
    ];
    for (const rule of rules) {
        expect(roundTrip(rule)).toEqual(rule, { message: JSON.stringify(rule) });
    }
});

test("brackets that mean the same become one group", () => {
    expect(roundTrip(["&", A, "&", B, C])).toEqual([A, B, C]);
    expect(roundTrip(["|", A, "|", B, C])).toEqual(["|", "|", A, B, C]);
});

test("a rule is shown as groups", () => {
    const root = parseRule(JSON.stringify([A, "!", "|", B, C]));
    expect(root.connector).toBe("all");
    expect(root.children.map((child) => child.connector || child.fact)).toEqual([
        "purchase_days",
        "none",
    ]);
    expect(root.children[1].children.map((child) => child.fact)).toEqual([
        "overdue_ratio",
        "fit_need",
    ]);
});

test("groups that were left empty are not saved", () => {
    const comparison = { type: "comparison", fact: A[0], operator: A[1], value: A[2] };
    const root = makeGroup("all", [makeGroup("any"), makeGroup("any", [comparison])]);
    expect(JSON.parse(serializeRule(root))).toEqual([A]);
    expect(serializeRule(makeGroup("any"))).toBe("[]");
});

test("a comparison without a value is incomplete", () => {
    const open = { type: "comparison", fact: "purchase_days", operator: "=", value: null };
    expect(isComplete(makeGroup("all", [open]))).toBe(false);
    expect(isComplete(makeGroup("all", [{ ...open, value: 0 }]))).toBe(true);
    expect(isComplete(makeGroup("all", [{ ...open, operator: "in", value: [] }]))).toBe(false);
});

test("what is no rule is refused", () => {
    for (const text of ["{", "{}", '["|", ["a", "=", 1]]', '[["a", "="]]', '["?"]']) {
        expect(() => parseRule(text)).toThrow(RuleTextError);
    }
});
