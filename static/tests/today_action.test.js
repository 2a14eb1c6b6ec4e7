import { expect, test } from "@odoo/hoot";
import { press } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    getService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

function row(id, name, values = {}) {
    return {
        id,
        partner_id: id * 10,
        name,
        detail: "",
        phone: "",
        email: "",
        danger: "extreme",
        danger_label: "Extreme",
        at_risk: "$ 1,200",
        reasons: ["2.1 × the usual 34 days since the last purchase"],
        user: "",
        is_own: true,
        last_contact: "",
        step: { code: "overdue", text: "Ask what keeps them from ordering." },
        ...values,
    };
}

function answer(rows, values = {}) {
    const list = { company_id: 1, company: "Ours", capacity: 9, done: 2, left: 7, total: "$ 2,400" };
    return {
        lists: [{ ...list, rows, ...values }],
        sees_all: true,
        channels: [
            { code: "call", label: "Call" },
            { code: "visit", label: "Visit" },
        ],
        results: [
            { code: "reached", label: "Reached" },
            { code: "unhappy", label: "Not Happy" },
        ],
    };
}

defineMailModels();
onRpc("has_group", () => true);

async function openToday() {
    await mountWithCleanup(WebClient);
    const action = getService("action");
    await action.doAction({ type: "ir.actions.client", tag: "customer_retention.today" });
    await animationFrame();
    return action;
}

test("j and k walk, Enter opens", async () => {
    onRpc("customer.churn.score", "get_today", () => answer([row(1, "Harbor"), row(2, "Quay")]));
    const action = await openToday();
    patchWithCleanup(action, { doActionButton: ({ resId: id }) => expect.step(`open ${id}`) });
    expect(".o_customer_today_row").toHaveCount(2);
    expect(".o_customer_today_done").toHaveText("2 of 9 this week");
    expect(".o_customer_today_row.o_active").toHaveText(/Harbor/);
    await press("j");
    await press("j");
    await animationFrame();
    expect(".o_customer_today_row.o_active").toHaveText(/Quay/);
    await press("Enter");
    await press("k");
    await animationFrame();
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["open 2", "open 1"]);
});

test("l and a number log, and the next customer is at hand", async () => {
    let rows = [row(1, "Harbor"), row(2, "Quay")];
    onRpc("customer.churn.score", "get_today", () => answer(rows));
    onRpc("customer.churn.score", "action_log_contact", ({ args }) => {
        expect.step(JSON.stringify(args));
        rows = [row(2, "Quay")];
        return { id: 7, back: "28 July" };
    });
    onRpc("customer.contact.log", "action_withdraw", ({ args }) => {
        expect.step(`withdraw ${args[0]}`);
        rows = [row(1, "Harbor"), row(2, "Quay")];
        return true;
    });
    await openToday();
    await press("l");
    await animationFrame();
    expect(".o_customer_today_result").toHaveCount(2);
    await contains(".o_customer_today_form select").select("visit");
    await contains(".o_customer_today_form input").edit("Prices", { confirm: false });
    await contains(".o_customer_today_result:eq(0)").focus();
    await press("2");
    await animationFrame();
    await animationFrame();
    expect.verifySteps(['[[1],"unhappy","visit","Prices"]']);
    expect(".o_customer_today_row").toHaveCount(1);
    expect(".o_notification").toHaveText(/Harbor is back on 28 July/);
    await contains(".o_notification button:contains(Undo)").click();
    expect.verifySteps(["withdraw 7"]);
    expect(".o_customer_today_row").toHaveCount(2);
});

test("u takes back what was just decided, and only as long as it is told", async () => {
    let rows = [row(1, "Harbor"), row(2, "Quay")];
    onRpc("customer.churn.score", "get_today", () => answer(rows));
    onRpc("customer.churn.score", "action_log_contact", () => {
        rows = [row(2, "Quay")];
        return { id: 7, back: "28 July" };
    });
    onRpc("customer.contact.log", "action_withdraw", ({ args }) => {
        expect.step(`withdraw ${args[0]}`);
        rows = [row(1, "Harbor"), row(2, "Quay")];
        return true;
    });
    await openToday();
    await press("u");
    await press("l");
    await animationFrame();
    await press("1");
    await animationFrame();
    await animationFrame();
    expect(".o_customer_today_row").toHaveCount(1);
    await press("u");
    await animationFrame();
    await animationFrame();
    await press("u");
    await animationFrame();
    expect.verifySteps(["withdraw 7"]);
    expect(".o_customer_today_row").toHaveCount(2);
});

test("letters written in the note are no commands", async () => {
    onRpc("customer.churn.score", "get_today", () => answer([row(1, "Harbor"), row(2, "Quay")]));
    await openToday();
    await press("l");
    await animationFrame();
    await contains(".o_customer_today_form input").click();
    await press(["j"]);
    await press(["1"]);
    await animationFrame();
    expect(".o_customer_today_row.o_active").toHaveText(/Harbor/);
    await press("Escape");
    await animationFrame();
    expect(".o_customer_today_form").toHaveCount(0);
});

test("o offers and n puts off", async () => {
    onRpc("customer.churn.score", "get_today", () => answer([row(1, "Harbor"), row(2, "Quay")]));
    const action = await openToday();
    patchWithCleanup(action, { doAction: ({ res_model: model }) => expect.step(model) });
    await press("j");
    await animationFrame();
    await press("o");
    expect.verifySteps(["sale.order"]);
    await press("n");
    await animationFrame();
    expect(".o-dropdown-item:contains(For a week)").toHaveCount(1);
});

test("a quotation is made in the company of the list", async () => {
    const two = answer([row(1, "Harbor")]);
    two.lists.push({ ...two.lists[0], company_id: 2, company: "Theirs", rows: [row(2, "Quay")] });
    onRpc("customer.churn.score", "get_today", () => two);
    const action = await openToday();
    patchWithCleanup(action, { doAction: ({ context }) => expect.step(JSON.stringify(context)) });
    await press("j");
    await animationFrame();
    await press("o");
    expect.verifySteps(['{"default_partner_id":20,"default_company_id":2}']);
});

test("not now puts a customer off", async () => {
    onRpc("customer.churn.score", "get_today", () => answer([row(1, "Harbor")]));
    onRpc("customer.churn.score", "action_snooze", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { id: 3, back: "7 July" };
    });
    await openToday();
    await contains(".o_customer_today_snooze").click();
    await contains(".o-dropdown-item:contains(For a week)").click();
    expect.verifySteps(["[[1],7]"]);
});

test("the customer of the menu is put off, not another one", async () => {
    const rows = [row(1, "Harbor"), row(2, "Quay"), row(3, "Pier")];
    onRpc("customer.churn.score", "get_today", () => answer(rows));
    onRpc("customer.churn.score", "action_snooze", ({ args }) => {
        expect.step(JSON.stringify(args));
        return { id: 3, back: "7 July" };
    });
    await openToday();
    await contains(".o_customer_today_snooze:eq(0)").click();
    await contains(".o-dropdown-item:contains(For a week)").click();
    await contains(".o_customer_today_snooze:eq(1)").click();
    await contains(".o-dropdown-item:contains(Until tomorrow)").click();
    expect.verifySteps(["[[1],7]", "[[2],1]"]);
});

test("an empty list says why", async () => {
    onRpc("customer.churn.score", "get_today", () => answer([], { left: 0, done: 9 }));
    await openToday();
    expect(".o_customer_today_empty").toHaveText(/Done for this week/);
});

test("only my own customers", async () => {
    onRpc("customer.churn.score", "get_today", ({ args }) => {
        expect.step(`own ${args[0]}`);
        return answer([row(1, "Harbor", { user: "Ann", is_own: false })]);
    });
    await openToday();
    expect(".o_customer_today_row").toHaveText(/Ann/);
    await contains(".btn:contains(Mine)").click();
    expect.verifySteps(["own false", "own true"]);
});
