import { expect, test } from "@odoo/hoot";
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

import { dangerStep } from "@customer_retention/danger/danger_field";
import { place, SIZE } from "@customer_retention/reliability/reliability_field";

const CARD = {
    score_id: 31,
    title: "Very high",
    kind: "very_high",
    money: "$ 4,200 at risk",
    reasons: ["2.1 × the usual 34 days", "a complaint open for 12 days"],
};
const HEALTH = {
    score: 61,
    costs: [{ code: "order", sentence: "Buys 40 % less", cost: 15, most: 30 }],
};
const FACTS = [
    { key: "days", label: "Days since the last purchase", value: "47", median: "21", help: "Today" },
    { key: "basket", label: "Average basket", value: "", median: "80" },
];
const HISTORY = [
    {
        title: "At risk",
        kind: "at_risk",
        date: "2026-10-12",
        date_text: "12 Oct",
        sentence: "More than twice the usual interval.",
        recorded_at: "2026-10-13 02:00:00",
        corrected: true,
    },
];
const TOP = [
    {
        product_id: 5,
        name: "Drill",
        times: 3,
        quantity_text: "7",
        amount_text: "$ 90",
        interval_text: "30 days",
        last_text: "2 June",
        overdue: true,
    },
];

class Tier extends models.Model {
    _name = "customer.tier";

    name = fields.Char();

    _records = [{ id: 3, name: "Gold" }];
}

class Verdict extends models.Model {
    _name = "customer.verdict";

    name = fields.Char();
    danger = fields.Json();
    health = fields.Float();
    health_reasons = fields.Json();
    reliability = fields.Json();
    facts = fields.Json();
    history = fields.Json();
    products = fields.Json();
    tier_id = fields.Many2one({ relation: "customer.tier" });
    tier_color = fields.Integer();
    tier_icon = fields.Char();

    _records = [
        {
            id: 1,
            name: "Harbor Bakery",
            danger: CARD,
            health: 61.4,
            health_reasons: HEALTH,
            reliability: [
                [100, 0.25, 0.5],
                [25, 1, 1],
            ],
            facts: FACTS,
            history: HISTORY,
            products: TOP,
            tier_id: 3,
            tier_color: 4,
            tier_icon: "fa fa-diamond",
        },
        { id: 2, name: "Newcomer", health: 90, health_reasons: { score: 90, costs: [] } },
        { id: 3, name: "Unweighed", health: 70.6 },
    ];
}

defineMailModels();
defineModels([Tier, Verdict]);
onRpc("has_group", () => true);

const mountForm = (arch, resId = 1) =>
    mountView({ resModel: "customer.verdict", type: "form", resId, arch: `<form>${arch}</form>` });

test("the danger tells its word, its money and two reasons", async () => {
    await mountForm(`<field name="danger" widget="customer_danger"/>`);
    expect(".o_customer_danger_band .o_customer_badge").toHaveText("Very high");
    expect(".o_customer_danger_band .o_customer_badge").toHaveAttribute("title", "Danger 4 of 5");
    expect(`.o_customer_danger_band:contains(${CARD.money})`).toHaveCount(1);
    expect(`.o_customer_danger_band:contains(${CARD.reasons.join("; ")})`).toHaveCount(1);
});

test("why there is danger is read when somebody asks", async () => {
    onRpc("customer.churn.score", "read", ({ args }) => {
        expect.step(`read ${args[0]}`);
        return [{ id: 31, explanation: { title: "Very high", reasons: ["Paid late"], lines: ["0.4 × $ 10,500"] } }];
    });
    await mountForm(`<field name="danger" widget="customer_danger"/>`);
    expect.verifySteps([]);
    await contains(".o_customer_why").click();
    expect.verifySteps(["read 31"]);
    expect(".o_customer_explain_popover li").toHaveText("Paid late");
    expect(".o_customer_explain_popover:contains(0.4 × $ 10,500)").toHaveCount(1);
});

test("no band stands where nothing is scored", async () => {
    await mountForm(`<field name="danger" widget="customer_danger"/>`, 2);
    expect(".o_customer_danger_band").toHaveCount(0);
    expect(["low", "extreme", "lost"].map(dangerStep)).toEqual([1, 5, 0]);
});

const HEALTH_FIELD = `<field name="health" widget="customer_health" options="{'explanation': 'health_reasons'}"/>`;

test("health says what took how many points", async () => {
    await mountForm(HEALTH_FIELD);
    await contains(".o_customer_health").click();
    expect(".o_customer_health_popover header").toHaveText("Health 61 of 100");
    expect(".o_customer_health_popover li").toHaveCount(1);
    expect(".o_customer_health_popover li:contains(Buys 40 % less)").toHaveCount(1);
    expect(".o_customer_health_popover .progress-bar").toHaveStyle({ width: "50%" }, { inline: true });
});

test("full health says that nothing warns", async () => {
    await mountForm(HEALTH_FIELD, 2);
    await contains(".o_customer_health").click();
    expect(".o_customer_health_popover:contains(No signal warns of anything.)").toHaveCount(1);
});

test("health without explanation is a plain number", async () => {
    await mountForm(HEALTH_FIELD, 3);
    expect(".o_customer_health").toHaveCount(0);
    expect("[name=health]").toHaveText("71");
});

test("what was foretold lies beside what happened", async () => {
    await mountForm(`<field name="reliability" widget="customer_reliability"/>`);
    expect(".o_customer_reliability .o_group").toHaveCount(2);
    expect(".o_group title:first").toHaveText("100 customers: foretold 25 %, bought 50 %");
    const [first, last] = [place(0.25, 0.5), place(1, 1)];
    expect(".o_group:first").toHaveAttribute("cx", String(first.x));
    expect(".o_group:first").toHaveAttribute("cy", String(first.y));
    expect(last.x + last.y).toBe(SIZE, { message: "the ideal runs from corner to corner" });
});

test("facts stand beside the segment's median", async () => {
    await mountForm(`<field name="facts" widget="customer_facts"/>`);
    expect(".o_customer_facts tbody tr").toHaveCount(2);
    expect(".o_customer_facts tbody tr:first td:eq(0)").toHaveText("47");
    expect(".o_customer_facts tbody tr:first td:eq(1)").toHaveText("21");
    expect(".o_customer_facts tbody tr:last td:eq(0)").toHaveText("—");
});

test("the history says what happened, and when it was recorded", async () => {
    await mountForm(`<field name="history" widget="customer_history"/>`);
    expect(".o_customer_history_entry strong").toHaveText("At risk");
    expect(".o_customer_history_entry time").toHaveAttribute("datetime", "2026-10-12");
    expect(`.o_customer_history_entry:contains(${HISTORY[0].sentence})`).toHaveCount(1);
    expect(".o_customer_history_entry .badge").toHaveText("corrected later");
});

test("an empty history says what will be there", async () => {
    await mountForm(`<field name="history" widget="customer_history"/>`, 2);
    expect(".o_customer_history").toHaveCount(0);
    expect("[name=history]").toHaveText(/^Nothing has happened yet/);
});

test("a product is opened by its name and may be overdue", async () => {
    mockService("action", {
        doAction(action) {
            expect.step(`open ${action.res_model} ${action.res_id}`);
        },
    });
    await mountForm(`<field name="products" widget="customer_products" options="{'list': 'top'}"/>`);
    expect(".o_customer_products th").toHaveCount(6);
    expect(".o_customer_products td:contains(3 ×)").toHaveCount(1);
    expect(".o_customer_products .text-danger").toHaveText("overdue");
    await contains(".o_customer_products button:contains(Drill)").click();
    expect.verifySteps(["open product.product 5"]);
});

test("without products, each list says so in its own words", async () => {
    await mountForm(`<field name="products" widget="customer_products" options="{'list': 'offered'}"/>`, 2);
    expect("[name=products]").toHaveText("Everything that was offered has been bought.");
});

test("a tier is a badge with its color and its icon", async () => {
    const badge = (options) => `<field name="tier_id" widget="customer_tier_badge" ${options}/>`;
    await mountForm(badge(""));
    expect(".o_customer_tier_color_4").toHaveText("Gold");
    expect(".o_customer_tier_color_4 .fa-diamond").toHaveCount(1);
});

test("where there is little room the tier's name is read aloud only", async () => {
    await mountForm(`<field name="tier_id" widget="customer_tier_badge" options="{'icon_only': true}"/>`);
    expect(".o_customer_tier_color_4 .visually-hidden").toHaveCount(1);
    expect(".o_customer_tier_color_4").toHaveAttribute("title", "Gold");
});

test("without tier there is no badge", async () => {
    await mountForm(`<field name="tier_id" widget="customer_tier_badge"/>`, 2);
    expect("[name=tier_id] .o_customer_badge").toHaveCount(0);
});
