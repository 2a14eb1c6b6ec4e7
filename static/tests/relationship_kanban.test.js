import { expect, test } from "@odoo/hoot";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
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

class Stage extends models.Model {
    _name = "customer.relationship.stage";

    name = fields.Char();

    _records = [
        { id: 1, name: "Repeat" },
        { id: 2, name: "Loyal" },
    ];
}

class Relationship extends models.Model {
    _name = "customer.relationship";

    name = fields.Char();
    stage_id = fields.Many2one({ relation: "customer.relationship.stage" });

    _records = [
        { id: 7, name: "Harbor Bakery", stage_id: 1 },
        { id: 8, name: "Quay Garage", stage_id: 2 },
    ];
}

defineMailModels();
defineModels([Stage, Relationship]);
onRpc("has_group", () => true);

const QUIET = { waiting: 0, run: null, last_evaluated: null, evaluation_date: null, stalled: null };

async function mountKanban() {
    await mountView({
        resModel: "customer.relationship",
        type: "kanban",
        groupBy: ["stage_id"],
        arch: `
            <kanban js_class="customer_relationship_kanban">
                <templates><t t-name="card"><field name="name"/></t></templates>
            </kanban>`,
    });
    await animationFrame();
}

test("dragging a card asks why, and leaves it where it was", async () => {
    onRpc("get_evaluation_status", () => QUIET);
    onRpc("action_open_pin_wizard", ({ args, kwargs }) => {
        const { default_axis: axis, default_stage_id: stage } = kwargs.context;
        expect.step(`ask ${args[0]} ${axis} ${stage}`);
        return { type: "ir.actions.act_window", res_model: "customer.pin.wizard" };
    });
    onRpc("web_save", () => expect.step("write"));
    mockService("action", {
        doAction(action, { onClose }) {
            expect.step(`open ${action.res_model}`);
            onClose();
        },
    });
    await mountKanban();
    const columns = ".o_kanban_group";
    await contains(`${columns}:first .o_kanban_record`).dragAndDrop(`${columns}:last`);
    await animationFrame();
    expect.verifySteps(["ask 7 position 2", "open customer.pin.wizard"]);
    expect(`${columns}:first .o_kanban_record`).toHaveText("Harbor Bakery");
    expect(`${columns}:last .o_kanban_record`).toHaveCount(1);
});

test("the banner is silent while all is well", async () => {
    onRpc("get_evaluation_status", () => QUIET);
    await mountKanban();
    expect(".o_customer_banner").toHaveCount(0);
});

test("the banner follows a running evaluation, and then asks no more", async () => {
    const run = { kind: "First evaluation", phase: "", progress: 40, done: 4, total: 10 };
    let answer = { ...QUIET, run };
    onRpc("get_evaluation_status", () => {
        expect.step("status");
        return answer;
    });
    await mountKanban();
    expect(".o_customer_banner [role=progressbar]").toHaveAttribute("aria-valuenow", "40");
    expect.verifySteps(["status"]);

    answer = QUIET;
    await advanceTime(10_000);
    await animationFrame();
    expect(".o_customer_banner").toHaveCount(0);
    await advanceTime(60_000);
    expect.verifySteps(["status"]);
});

test("the banner warns when nothing moves", async () => {
    onRpc("get_evaluation_status", () => ({ ...QUIET, stalled: "Nothing moves." }));
    await mountKanban();
    expect(".o_customer_banner.text-bg-warning").toHaveText(/Nothing moves/);
});
