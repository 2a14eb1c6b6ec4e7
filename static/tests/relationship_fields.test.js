import { expect, test } from "@odoo/hoot";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    mockService,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { formatInterval } from "@customer_retention/trend/interval_field";

const VERDICT = {
    title: "At risk",
    kind: "at_risk",
    since_text: "since 12 Oct",
    rule: { model: "customer.relationship.condition", id: 4, version: 3, text: "rule “At risk” v3" },
    lines: ["47 days since the last purchase, 2.2 × the usual 21 days (rule: more than 2 ×)"],
    next: "would become Dormant on 24 Nov without a purchase",
    pin: null,
    as_of_text: "As of 28 Nov",
};

class Relationship extends models.Model {
    _name = "customer.relationship";

    name = fields.Char();
    change = fields.Float();
    now = fields.Float();
    before = fields.Float();
    days = fields.Integer();
    verdict = fields.Json();
    ladder = fields.Json();
    rhythm = fields.Json();
    months = fields.Json();

    _records = [
        {
            id: 7,
            name: "Harbor Bakery",
            change: -0.22,
            now: 78,
            before: 100,
            days: 47,
            verdict: VERDICT,
            ladder: [
                { id: 1, name: "Prospect", reached: true, current: false, highest: false },
                { id: 2, name: "Repeat", reached: true, current: true, highest: false },
                { id: 3, name: "Loyal", reached: true, current: false, highest: true },
            ],
            rhythm: {
                as_of: "2026-06-20",
                as_of_text: "today",
                expected_next: "2026-07-01",
                expected_next_text: "1 July",
                sentence: "Buys every 30 days.",
                purchases: [
                    { date: "2026-05-01", date_text: "1 May", amount: 10, amount_text: "10 €" },
                    { date: "2026-06-01", date_text: "1 June", amount: 40, amount_text: "40 €" },
                ],
            },
            months: {
                labels: [..."JFMAMJJASOND"],
                years: [{ year: 2026, values: [5, ...Array(11).fill(0)], texts: Array(12).fill("x") }],
                currency_id: 1,
            },
        },
        { id: 8, name: "Newcomer", change: 0, now: 50, before: 0, days: 0, verdict: false },
        {
            id: 9,
            name: "Secretive",
            verdict: {
                title: "Not profiled",
                kind: false,
                excluded: true,
                lines: ["This customer is excluded from profiling since 1 June."],
                rule: null,
            },
        },
    ];
}

defineMailModels();
defineModels([Relationship]);
onRpc("has_group", () => true);

const mountForm = (arch, resId = 7) =>
    mountView({ resModel: "customer.relationship", type: "form", resId, arch: `<form>${arch}</form>` });

const EXPLAIN = `<field name="verdict" widget="customer_explain" options="{'axis': 'condition'}"/>`;

test("a verdict is a badge with its word, and says why on request", async () => {
    await mountForm(EXPLAIN);
    expect(".o_customer_kind_at_risk:contains(At risk)").toHaveCount(1);
    expect(".o_customer_explain_popover").toHaveCount(0);

    await contains(".o_customer_why").click();
    expect(".o_customer_explain_popover").toHaveCount(1);
    for (const text of [VERDICT.since_text, VERDICT.rule.text, VERDICT.lines[0], VERDICT.next]) {
        expect(`.o_customer_explain_popover:contains(${text})`).toHaveCount(1);
    }
});

test("the popover leads to the decision about this axis, and to the rule", async () => {
    onRpc("action_open_pin_wizard", ({ args, kwargs }) => {
        expect.step(`pin ${args[0]} ${kwargs.context.default_axis}`);
        return { type: "ir.actions.act_window", res_model: "customer.pin.wizard" };
    });
    mockService("action", {
        doAction(action) {
            expect.step(`open ${action.res_model} ${action.res_id || "new"}`);
        },
    });
    await mountForm(EXPLAIN);
    await contains(".o_customer_why").click();
    await contains(".o_customer_explain_popover .o_customer_pin").click();
    await contains(".o_customer_why").click();
    await contains(".o_customer_explain_popover button:contains(Open rule)").click();
    expect.verifySteps([
        "pin 7 condition",
        "open customer.pin.wizard new",
        "open customer.relationship.condition 4",
    ]);
});

test("nothing is shown where there is no verdict", async () => {
    await mountForm(EXPLAIN, 8);
    expect(".o_customer_badge").toHaveCount(0);
    expect(".o_customer_why").toHaveCount(0);
});

test("in full, the explanation stands on the page", async () => {
    await mountForm(
        `<field name="verdict" widget="customer_explain" options="{'axis': 'condition', 'full': True}"/>`
    );
    expect(`.o_customer_explanation:contains(${VERDICT.next})`).toHaveCount(1);
});

test("the ladder tells the position and ticks the highest one", async () => {
    await mountForm(`<field name="ladder" widget="customer_ladder"/>`);
    expect(".o_customer_ladder_step").toHaveCount(3);
    expect("[aria-current=step]").toHaveText("Repeat");
    expect(".o_customer_ladder_step:has(.fa-check)").toHaveText("Loyal");
});

test("a trend has an arrow and a number, not only a color", async () => {
    const trend = `<field name="change" widget="customer_trend" options="{'value_field': 'now', 'previous_field': 'before'}"/>`;
    await mountForm(trend);
    expect(".o_customer_trend").toHaveText("▼ 22%");
    expect(".o_customer_trend").toHaveAttribute("aria-label", "22% less than before");
});

test("a trend from nothing is new", async () => {
    await mountForm(
        `<field name="change" widget="customer_trend" options="{'value_field': 'now', 'previous_field': 'before'}"/>`,
        8
    );
    expect(".o_customer_trend").toHaveText("▲ new");
});

test("nothing is decided about who must not be profiled", async () => {
    await mountForm(
        `<field name="verdict" widget="customer_explain" options="{'full': True}"/>`,
        9
    );
    expect(".o_customer_explanation").toHaveText(
        "This customer is excluded from profiling since 1 June."
    );
    expect(".o_customer_explanation button").toHaveCount(0);
});

test("an interval has no more decimals than it is worth", async () => {
    await mountForm(`<field name="name"/>`);
    for (const [days, text] of [
        [39.5, "40"],
        [7.25, "7.3"],
        [7, "7"],
        [0, ""],
    ]) {
        expect(formatInterval(days)).toBe(text);
    }
});

test("days are told in words", async () => {
    await mountForm(`<field name="days" widget="customer_days_ago"/>`);
    expect("[name=days]").toHaveText("47 days ago");
});

test("the rhythm has a dot for every purchase and one for the expected", async () => {
    await mountForm(`<field name="rhythm" widget="customer_rhythm"/>`);
    await animationFrame();
    expect(".o_customer_rhythm_dot").toHaveCount(2);
    expect(".o_customer_rhythm_expected circle").toHaveCount(1);
    expect(".o_customer_rhythm svg").toHaveAttribute("aria-label", "Buys every 30 days.");
});

test("without purchases, the rhythm says so", async () => {
    await mountForm(`<field name="rhythm" widget="customer_rhythm"/>`, 8);
    expect(".o_customer_rhythm svg").toHaveCount(0);
    expect(".o_customer_rhythm").toHaveText(/No purchase yet/);
});

test("the months show revenue where there is some", async () => {
    await mountForm(`<field name="months" widget="customer_months"/>`);
    expect(".o_customer_heat tbody tr").toHaveCount(1);
    expect(".o_customer_heat_cell:first").toHaveText("5");
    expect(".o_customer_heat_cell:last").toHaveText("");
});
