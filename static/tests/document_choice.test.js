import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

class Order extends models.Model {
    _name = "sale.order";
    name = fields.Char();
    _records = [
        { id: 3, name: "S003" },
        { id: 9, name: "S009" },
    ];
}

class Invoice extends models.Model {
    _name = "account.move";
    name = fields.Char();
}

class Complaint extends models.Model {
    _name = "customer.complaint";
    order_id = fields.Many2one({ relation: "sale.order" });
    move_id = fields.Many2one({ relation: "account.move" });
    document_choices = fields.Json();
    _records = [
        {
            id: 1,
            order_id: 3,
            document_choices: [
                {
                    field: "order_id",
                    documents: [{ id: 9, name: "S009", text: "S009 · 06/01/2025 · $ 120.00" }],
                },
                { field: "move_id", documents: [] },
            ],
        },
    ];
}

defineMailModels();
defineModels([Order, Invoice, Complaint]);

test("a document is chosen among the offered ones, and what was chosen stays to be seen", async () => {
    onRpc("web_save", ({ args }) => expect.step(JSON.stringify(args[1])));
    await mountView({
        resModel: "customer.complaint",
        type: "form",
        resId: 1,
        arch: `
            <form>
                <field name="document_choices" widget="customer_document_choice" readonly="1"/>
                <field name="order_id" readonly="1" force_save="1" invisible="1"/>
            </form>`,
    });
    const select = ".o_customer_document_choice select";
    expect(select).toHaveCount(1);
    expect(`${select} option:checked`).toHaveText("S003");
    expect(`${select} option`).toHaveCount(3);
    await contains(select).select("9");
    expect(`${select} option:checked`).toHaveText("S009 · 06/01/2025 · $ 120.00");
    await contains(".o_form_button_save").click();
    expect.verifySteps(['{"order_id":9}']);
    await contains(select).select("");
    await contains(".o_form_button_save").click();
    expect.verifySteps(['{"order_id":false}']);
});
