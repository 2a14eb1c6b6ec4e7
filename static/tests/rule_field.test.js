import { expect, test } from "@odoo/hoot";
import { runAllTimers } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

const ORDER = [
    ["<", "is less than"],
    [">=", "is at least"],
];
const FACTS = [
    {
        key: "purchase_days",
        label: "Purchase days",
        kind: "integer",
        unit: "",
        operators: [["=", "is"], ...ORDER, ["in", "is one of"]],
        choices: [],
    },
    {
        key: "overdue_ratio",
        label: "Overdue ratio",
        kind: "ratio",
        unit: "×",
        operators: ORDER,
        choices: [],
    },
    {
        key: "fit_need",
        label: "Has the need",
        kind: "choice",
        unit: "",
        operators: [
            ["=", "is"],
            ["in", "is one of"],
        ],
        choices: [
            ["yes", "Yes"],
            ["no", "No"],
        ],
    },
];

class Stage extends models.Model {
    _name = "customer.relationship.stage";

    name = fields.Char();
    rule = fields.Text();
    minimum_days = fields.Integer();
    preview = fields.Json();

    _records = [
        {
            id: 1,
            name: "Loyal",
            rule: '[["purchase_days", ">=", 3]]',
            minimum_days: 0,
            preview: {
                total: 8201,
                moved: 1200,
                from: [{ id: 1, name: "Loyal" }],
                to: [{ id: -1, name: "Friend" }],
                cells: [[1200]],
                warnings: ["The whole history is judged again."],
            },
        },
    ];
}

defineMailModels();
defineModels([Stage]);
onRpc("has_group", () => true);
onRpc("customer.relationship", "get_fact_catalog", () => FACTS);
onRpc("customer.relationship", "describe_rule", ({ args }) => ({
    sentence: `said: ${args[0]}`,
    error: null,
}));

const mountForm = (arch = `<field name="rule" widget="customer_rule"/>`) =>
    mountView({
        resModel: "customer.relationship.stage",
        type: "form",
        resId: 1,
        arch: `<form>${arch}</form>`,
    });

test("a rule is shown as chips and as a sentence", async () => {
    await mountForm();
    expect(".o_customer_rule_chip").toHaveCount(1);
    expect(".o_customer_rule_fact input").toHaveValue("Purchase days");
    expect(".o_customer_rule_operator").toHaveValue(">=");
    expect(".o_customer_rule_value input").toHaveValue("3");
    expect(".o_customer_rule_sentence").toHaveText(
        'Said: [["purchase_days", ">=", 3]]'
    );
});

test("readonly, only the sentence is there", async () => {
    await mountForm(`<field name="rule" widget="customer_rule" readonly="1"/>`);
    expect(".o_customer_rule_chip").toHaveCount(0);
    expect(".o_customer_rule_sentence").toHaveCount(1);
});

test("what is edited is what is saved", async () => {
    onRpc("web_save", ({ args }) => expect.step(args[1].rule));
    await mountForm();
    await contains(".o_customer_rule_value input").edit("4");
    await contains(".o_customer_rule_group > div > select").select("any");
    await contains(".o_customer_rule_add").click();
    await contains(".o_customer_rule_chip:last .o_customer_rule_operator").select("<");
    await contains(".o_customer_rule_chip:last .o_customer_rule_value input").edit("9");
    await contains(".o_form_button_save").click();
    expect.verifySteps(['["|",["purchase_days",">=",4],["purchase_days","<",9]]']);
});

test("a choice is chosen, one or several", async () => {
    onRpc("web_save", ({ args }) => expect.step(args[1].rule));
    await mountForm();
    await contains(".o_customer_rule_fact input").click();
    await contains(".o_select_menu_item:contains(Has the need)").click();
    expect(".o_customer_rule_value select").toHaveCount(1);
    await contains(".o_customer_rule_operator").select("in");
    await contains(".o_customer_rule_value button:contains(Yes)").click();
    await contains(".o_customer_rule_value button:contains(No)").click();
    expect(".o_customer_rule_value button[aria-pressed=true]").toHaveCount(2);
    await contains(".o_form_button_save").click();
    expect.verifySteps(['[["fit_need","in",["yes","no"]]]']);
});

test("an unfinished rule cannot be saved", async () => {
    onRpc("web_save", () => expect.step("save"));
    await mountForm();
    await contains(".o_customer_rule_add").click();
    expect(".o_customer_rule_error").toHaveCount(1);
    await contains(".o_form_button_save").click();
    expect.verifySteps([]);
    await contains(".o_customer_rule_chip:last button[title=Remove]").click();
    expect(".o_customer_rule_error").toHaveCount(0);
});

test("the dry-run asks for what has changed, and shows who would move", async () => {
    onRpc("customer.relationship", "preview_rule", ({ args }) => {
        expect.step(JSON.stringify(args));
        return {
            total: 8201,
            moved: 412,
            axis: "position",
            from: [{ id: 1, name: "Repeat" }],
            to: [{ id: 2, name: "Loyal" }],
            cells: [[412]],
            warnings: ["Nobody would get to “Repeat”."],
            error: null,
        };
    });
    await mountForm(
        `<field name="rule" widget="customer_rule"/><field name="minimum_days"/><widget name="customer_rule_preview"/>`
    );
    expect(".o_customer_rule_preview table").toHaveCount(0);
    await contains("[name=minimum_days] input").edit("30");
    await runAllTimers();
    expect.verifySteps(['["customer.relationship.stage",1,{"minimum_days":30}]']);
    expect(".o_customer_rule_preview_sentence").toHaveText(/412 of 8,201/);
    expect(".o_customer_rule_preview td button").toHaveText("412");
    expect(".o_customer_rule_preview_warning").toHaveText("Nobody would get to “Repeat”.");
});

test("an unfinished rule shows no result of the one before", async () => {
    onRpc("customer.relationship", "preview_rule", () => ({
        total: 9,
        moved: 0,
        from: [],
        to: [],
        cells: [],
        warnings: [],
        error: null,
    }));
    await mountForm(
        `<field name="rule" widget="customer_rule"/><widget name="customer_rule_preview"/>`
    );
    await contains(".o_customer_rule_value input").edit("4");
    await runAllTimers();
    expect(".o_customer_rule_preview_sentence").toHaveCount(1);
    await contains(".o_customer_rule_value input").edit("many");
    expect(".o_customer_rule_preview_sentence").toHaveCount(0);
    expect(".o_customer_rule_preview").toHaveText(/Complete the rule/);
    await contains(".o_customer_rule_value input").edit("5");
    await runAllTimers();
    expect(".o_customer_rule_preview_sentence").toHaveCount(1);
});

test("a dry-run that fails does not go on counting", async () => {
    expect.errors(1);
    onRpc("customer.relationship", "preview_rule", () => {
        throw new Error("No connection");
    });
    await mountForm(
        `<field name="rule" widget="customer_rule"/><field name="minimum_days"/><widget name="customer_rule_preview"/>`
    );
    await contains("[name=minimum_days] input").edit("30");
    await runAllTimers();
    expect(".o_customer_rule_preview .fa-spin").toHaveCount(0);
    expect.verifyErrors([/No connection/]);
});

test("a dry-run that the server has worked out is a matrix without lists", async () => {
    await mountForm(`<field name="preview" widget="customer_move_matrix"/>`);
    expect(".o_customer_move_matrix p:first").toHaveText("Would move 1,200 of 8,201 customers.");
    expect(".o_customer_rule_preview_warning").toHaveText("The whole history is judged again.");
    expect(".o_customer_move_matrix thead th:last").toHaveText("Friend");
    expect(".o_customer_move_matrix tbody th").toHaveText("Loyal");
    expect(".o_customer_move_matrix tbody td").toHaveText("1,200");
    expect(".o_customer_move_matrix button").toHaveCount(0);
});
