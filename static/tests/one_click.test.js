import { expect, test } from "@odoo/hoot";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { contains, defineModels, fields, models, mountView, onRpc } from "@web/../tests/web_test_helpers";

class Reason extends models.Model {
    _name = "customer.churn.reason";
    name = fields.Char();
    _records = [
        { id: 4, name: "Price" },
        { id: 7, name: "Competition" },
    ];
}

class Quotation extends models.Model {
    _name = "sale.order";
    reason_id = fields.Many2one({ relation: "customer.churn.reason" });
    _records = [{ id: 1 }];
}

defineMailModels();
defineModels([Reason, Quotation]);

test("one click stores the reason, another one takes it back", async () => {
    onRpc("sale.order", "web_save", ({ args }) => {
        expect.step(args[1]);
    });
    await mountView({
        resModel: "sale.order",
        type: "form",
        resId: 1,
        arch: `<form><field name="reason_id" widget="customer_one_click"/></form>`,
    });
    expect(".o_customer_one_click button").toHaveCount(2);
    await contains(".o_customer_one_click button:contains(Competition)").click();
    expect.verifySteps([{ reason_id: 7 }]);
    expect(".o_customer_one_click button:contains(Competition)").toHaveAttribute("aria-pressed", "true");
    await contains(".o_customer_one_click button:contains(Competition)").click();
    expect.verifySteps([{ reason_id: false }]);
    expect(".o_customer_one_click button.active").toHaveCount(0);
});
