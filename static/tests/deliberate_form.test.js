import { expect, test } from "@odoo/hoot";
import { unload } from "@odoo/hoot-dom";
import { animationFrame, mockSendBeacon } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    hideTab,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Loss extends models.Model {
    _name = "customer.churn.event";

    name = fields.Char({ default: "Harbor Bakery" });

    _records = [{ id: 1, name: "Quayside Hotel" }];
}

defineMailModels();
defineModels([Loss]);
onRpc("has_group", () => true);
onRpc("web_save", ({ args }) => expect.step(`save ${args[1].name}`));

/** What is saved while the tab closes goes to the server without waiting for it. */
const watchBeacons = () =>
    mockSendBeacon((_route, blob) => {
        expect.step("sent");
        blob.text().then((text) => expect.step(JSON.parse(text).params.args[1].name));
        return true;
    });

const mountForm = (resId) =>
    mountView({
        resModel: "customer.churn.event",
        type: "form",
        resId,
        arch: `<form js_class="customer_deliberate_form"><field name="name"/></form>`,
    });

test("whoever only looked at a new form has stored nothing", async () => {
    watchBeacons();
    await mountForm();
    await hideTab();
    await unload();
    await animationFrame();
    expect.verifySteps([]);
});

test("what was typed into a new form is kept when the tab is left", async () => {
    await mountForm();
    await contains(".o_field_widget[name=name] input").edit("Old Mill");
    await hideTab();
    await animationFrame();
    expect.verifySteps(["save Old Mill"]);
});

test("what was typed into a new form is kept when the tab is closed", async () => {
    watchBeacons();
    await mountForm();
    await contains(".o_field_widget[name=name] input").edit("Old Mill");
    await unload();
    await animationFrame();
    expect.verifySteps(["sent", "Old Mill"]);
});

test("a stored record is saved on the way out, as in other forms", async () => {
    watchBeacons();
    await mountForm(1);
    await contains(".o_field_widget[name=name] input").edit("Quayside Inn");
    await unload();
    await animationFrame();
    expect.verifySteps(["sent", "Quayside Inn"]);
});
