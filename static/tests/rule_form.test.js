import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineActions,
    defineModels,
    fields,
    getService,
    models,
    mountWithCleanup,
    onRpc,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";

class Condition extends models.Model {
    _name = "customer.relationship.condition";

    name = fields.Char();

    _records = [
        { id: 1, name: "Dormant" },
        { id: 2, name: "Lost" },
    ];
    _views = {
        list: `<list><field name="name"/></list>`,
        form: `
            <form js_class="customer_rule_form">
                <button type="object" name="action_open_customers" string="Customers"/>
                <field name="name"/>
            </form>`,
        search: `<search/>`,
    };
}

defineMailModels();
defineModels([Condition]);
defineActions([
    {
        id: 1,
        name: "Conditions",
        res_model: "customer.relationship.condition",
        views: [
            [false, "list"],
            [false, "form"],
        ],
    },
]);
onRpc("has_group", () => true);
onRpc("web_save", ({ args }) => expect.step(`save ${args[1].name}`));
onRpc("action_open_customers", () => {
    expect.step("customers");
    return false;
});

/** Open the first condition and change it, without saving. */
async function tryOut() {
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1);
    await contains(".o_data_row:first .o_data_cell").click();
    await contains(".o_field_widget[name=name] input").edit("Tried out");
}

test("what was tried out is forgotten when one leaves without wanting it", async () => {
    await tryOut();
    await contains(".o_back_button, .breadcrumb-item a").click();
    expect(".modal").toHaveCount(1);
    expect.verifySteps([]);
    await contains(".modal button:contains(Discard)").click();
    expect(".o_list_view").toHaveCount(1);
    expect(".o_data_row:first").toHaveText("Dormant");
    expect.verifySteps([]);
});

test("what was tried out counts when one wants it to", async () => {
    await tryOut();
    await contains(".o_back_button, .breadcrumb-item a").click();
    await contains(".modal button:contains(Save)").click();
    expect(".o_list_view").toHaveCount(1);
    expect.verifySteps(["save Tried out"]);
});

test("one can stay with what was tried out", async () => {
    await tryOut();
    await contains(".o_back_button, .breadcrumb-item a").click();
    await contains(".modal button:contains(Stay Here)").click();
    expect(".o_form_view").toHaveCount(1);
    expect(".o_field_widget[name=name] input").toHaveValue("Tried out");
    await contains(".o_back_button, .breadcrumb-item a").click();
    await contains(".modal .btn-close").click();
    expect(".o_form_view").toHaveCount(1);
    expect.verifySteps([]);
});

test("the next condition, a new one and a button ask, too", async () => {
    await tryOut();
    for (const selector of [".o_pager_next", ".o_form_button_create"]) {
        await contains(selector).click();
        await contains(".modal button:contains(Stay Here)").click();
        expect(".o_field_widget[name=name] input").toHaveValue("Tried out");
    }
    await contains("button[name=action_open_customers]").click();
    await contains(".modal button:contains(Stay Here)").click();
    expect.verifySteps([]);
    await contains(".o_pager_next").click();
    await contains(".modal button:contains(Discard)").click();
    expect(".o_field_widget[name=name] input").toHaveValue("Lost");
    expect.verifySteps([]);
});

test("looking at another window saves nothing, and going away warns", async () => {
    await tryOut();
    Object.defineProperty(document, "visibilityState", {
        value: "hidden",
        configurable: true,
    });
    try {
        document.dispatchEvent(new Event("visibilitychange"));
    } finally {
        delete document.visibilityState;
    }
    const event = new Event("beforeunload", { cancelable: true });
    window.dispatchEvent(event);
    expect(event.defaultPrevented).toBe(true);
    expect.verifySteps([]);
});

test("whoever has changed nothing is not asked", async () => {
    await mountWithCleanup(WebClient);
    await getService("action").doAction(1);
    await contains(".o_data_row:first .o_data_cell").click();
    await contains("button[name=action_open_customers]").click();
    expect.verifySteps(["customers"]);
    await contains(".o_pager_next").click();
    expect(".o_field_widget[name=name] input").toHaveValue("Lost");
    await contains(".o_back_button, .breadcrumb-item a").click();
    expect(".modal").toHaveCount(0);
    expect(".o_list_view").toHaveCount(1);
});
