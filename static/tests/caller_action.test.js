import { expect, test } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
import { animationFrame, Deferred, runAllTimers } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

const CARDS = [
    {
        id: 5,
        partner_id: 50,
        name: "Harbor Bakery",
        detail: "Antwerp",
        match: "+32 3 555 1000",
        stage: "Loyal",
        condition: "At risk",
        condition_kind: "at_risk",
    },
    { id: null, partner_id: 60, name: "Somebody New", detail: "", match: "", stage: false },
];

defineMailModels();
onRpc("has_group", () => true);

async function openCaller(context = {}) {
    await mountWithCleanup(WebClient);
    const action = getService("action");
    await action.doAction({ type: "ir.actions.client", tag: "customer_retention.caller", context });
    await animationFrame();
    patchWithCleanup(action, {
        doAction: ({ res_model: model, res_id: id }) => expect.step(`${model} ${id}`),
    });
}

test("typing finds, arrows choose and Enter opens", async () => {
    onRpc("customer.relationship", "find_caller", ({ args }) => {
        expect.step(`find ${args[0]}`);
        return CARDS;
    });
    await openCaller();
    await contains(".o_customer_caller input").edit("555", { confirm: false });
    await runAllTimers();
    expect.verifySteps(["find 555"]);
    expect(".o_customer_caller_card").toHaveCount(2);
    expect(".o_customer_kind_at_risk").toHaveText("At risk");

    await press("Enter");
    await animationFrame();
    await press("ArrowDown");
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["customer.relationship 5", "res.partner 60"]);
});

test("somebody who must not be profiled is a customer all the same", async () => {
    onRpc("customer.relationship", "find_caller", () => [
        { ...CARDS[0], stage: null, condition: null, excluded: true },
    ]);
    await openCaller();
    await contains(".o_customer_caller input").edit("555", { confirm: false });
    await runAllTimers();
    expect(".o_customer_caller_card").toHaveText(/Harbor Bakery.*excluded from profiling/s);
});

test("a term that came along is searched at once", async () => {
    onRpc("customer.relationship", "find_caller", ({ args }) => {
        expect.step(`find ${args[0]}`);
        return [];
    });
    await openCaller({ term: "+32 3 555" });
    expect.verifySteps(["find +32 3 555"]);
    expect("[role=status]").toHaveText(/Nobody found/);
});

test("a late answer does not come back after Escape or a term too short", async () => {
    const answer = new Deferred();
    onRpc("customer.relationship", "find_caller", () => answer);
    await openCaller();
    await contains(".o_customer_caller input").edit("555", { confirm: false });
    await runAllTimers();
    await contains(".o_customer_caller input").edit("5", { confirm: false });
    await runAllTimers();
    await contains(".o_customer_caller input").edit("555", { confirm: false });
    await runAllTimers();
    await press("Escape");
    answer.resolve(CARDS);
    await animationFrame();
    expect(".o_customer_caller_card").toHaveCount(0);
    expect(".o_customer_caller input").toHaveValue("");
});
