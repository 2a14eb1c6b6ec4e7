import { expect, test } from "@odoo/hoot";
import { click } from "@odoo/hoot-dom";
import { animationFrame, mockDate } from "@odoo/hoot-mock";
import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import {
    contains,
    defineModels,
    fields,
    models,
    mountView,
    onRpc,
} from "@web/../tests/web_test_helpers";

import { layOut } from "@customer_retention/complaint_clocks/clock_geometry";

const CLOCK = {
    id: 1,
    kind: "answer",
    label: "First Answer",
    state: "kept",
    is_breached: false,
    is_replaced: false,
    started: "2026-03-02 08:00:00",
    started_text: "Mon 08:00",
    deadline: "2026-03-02 16:00:00",
    deadline_text: "Mon 16:00",
    done: "2026-03-02 12:00:00",
    done_text: "Mon 12:00",
    elapsed_text: "4 h",
    remaining_text: "",
    segments: [
        { kind: "running", from: "2026-03-02 08:00:00", to: "2026-03-02 12:00:00", reason: "Started" },
    ],
    explanation: "8 h of the working hours “Standard” from Mon 08:00.",
    policy: "Standard",
    version: 2,
};
const PAUSED = {
    ...CLOCK,
    id: 2,
    kind: "decision",
    label: "Decision",
    state: "paused",
    deadline: false,
    deadline_text: "",
    done: false,
    done_text: "",
    remaining_text: "3 h left",
    segments: [
        { kind: "running", from: "2026-03-02 08:00:00", to: "2026-03-02 10:00:00", reason: "Started" },
        {
            kind: "paused",
            from: "2026-03-02 10:00:00",
            to: "2026-03-02 16:00:00",
            reason: "Waiting for the customer",
        },
    ],
};
const BROKEN = {
    ...CLOCK,
    id: 3,
    state: "running",
    is_breached: true,
    deadline: "2026-03-02 10:00:00",
    done: false,
    remaining_text: "overdue 6 h",
    segments: [
        { kind: "running", from: "2026-03-02 08:00:00", to: "2026-03-02 16:00:00", reason: "Started" },
    ],
};
const NOW = Date.UTC(2026, 2, 2, 16);

class Complaint extends models.Model {
    _name = "customer.complaint";

    name = fields.Char();
    next_deadline = fields.Datetime();
    clock_chip = fields.Json();
    clock_timeline = fields.Json();
    customer_card = fields.Json();

    _records = [
        {
            id: 7,
            name: "C/26/00007",
            next_deadline: "2026-03-02 18:10:00",
            clock_chip: {
                kind: "answer",
                text: "Answer in 2 h 10",
                state: "warning",
                deadline: "2026-03-02 18:10:00",
            },
            clock_timeline: [CLOCK, PAUSED, BROKEN],
            customer_card: {
                id: 3,
                name: "Harbor Bakery",
                place: "Ghent",
                account_manager: "Ada",
                standing: {
                    relationship_id: 9,
                    position: "Loyal",
                    condition: "At Risk",
                    condition_kind: "at_risk",
                    revenue: "18,400 €",
                    change: -0.22,
                    last_purchase: "Last purchase 47 days ago, usually every 21 days",
                },
                open_orders: 2,
                complaints: {
                    number: 1,
                    open: 0,
                    rows: [
                        {
                            id: 4,
                            name: "C/26/00004",
                            subject: "Wrong bread",
                            received: "01/02/2026",
                            result: "Accepted",
                            is_open: false,
                        },
                    ],
                },
                warnings: ["Three complaints in a month."],
            },
        },
        { id: 8, name: "C/26/00008", clock_chip: false, clock_timeline: false, customer_card: false },
    ];
}

defineMailModels();
defineModels([Complaint]);
onRpc("has_group", () => true);

const mountForm = (arch, resId = 7) =>
    mountView({ resModel: "customer.complaint", type: "form", resId, arch: `<form>${arch}</form>` });

test("parts lie on one common scale, and beyond the deadline they are broken", () => {
    const { rows, now } = layOut([CLOCK, PAUSED, BROKEN], NOW);
    expect(now).toBe(100);
    const [part] = rows[0].parts;
    expect([part.kind, part.left, part.width]).toEqual(["running", 0, 50]);
    expect(rows[0].deadline).toBe(100);
    expect(rows[1].parts.map((part) => part.kind)).toEqual(["running", "paused"]);
    expect(rows[1].parts.map((part) => part.width)).toEqual([25, 75]);
    expect(rows[1].deadline).toBe(null);
    expect(rows[2].parts.map((part) => part.kind)).toEqual(["running", "broken"]);
    expect(rows[2].parts.map((part) => part.left)).toEqual([0, 25]);
});

test("what began and ended at once can still be seen", () => {
    const moment = "2026-03-02 08:00:00";
    const segments = [{ kind: "running", from: moment, to: moment, reason: "Started" }];
    const { rows } = layOut([{ ...CLOCK, done: moment, segments }], NOW);
    expect(rows[0].parts.length).toBe(1);
    expect(rows[0].parts[0].width).toBeGreaterThan(0);
});

test("the chip says in words what is due next", async () => {
    await mountView({
        resModel: "customer.complaint",
        type: "list",
        arch: `<list><field name="name"/><field name="next_deadline" widget="customer_clock_chip"/></list>`,
    });
    expect(".o_customer_clock_chip").toHaveCount(1);
    expect(".o_customer_clock_chip.o_customer_clock_warning").toHaveText("Answer in 2 h 10");
    expect(".o_customer_clock_chip .fa-hourglass-half").toHaveCount(1);
});

test("the time line has a row for each clock and explains itself", async () => {
    mockDate("2026-03-02 16:00:00", 0);
    await mountForm(`<field name="clock_timeline" widget="customer_clock_timeline"/>`);
    expect(".o_customer_clocks_row").toHaveCount(3);
    expect(".o_customer_clocks_paused").toHaveCount(1);
    expect(".o_customer_clocks_bar:eq(0)").toHaveAttribute(
        "aria-label",
        "First Answer: kept Mon 12:00, due Mon 16:00"
    );
    expect(".o_customer_clocks_words:eq(1)").toHaveText("paused, 3 h left");
    expect(".o_customer_clocks_is_broken").toHaveText("overdue 6 h");
    await click(".o_customer_clocks_words:eq(0)");
    await animationFrame();
    expect(".o_customer_clock_popover").toHaveText(/8 h of the working hours/);
    expect(".o_customer_clock_popover").toHaveText(/version 2/);
});

test("without clocks there is no time line", async () => {
    await mountForm(`<field name="clock_timeline" widget="customer_clock_timeline"/>`, 8);
    expect(".o_customer_clocks").toHaveCount(0);
});

test("the card tells who complains", async () => {
    await mountForm(`<field name="customer_card" widget="customer_card"/>`);
    expect(".o_customer_card").toHaveText(/Harbor Bakery/);
    expect(".o_customer_card .o_customer_kind_at_risk").toHaveText("At Risk");
    expect(".o_customer_card").toHaveText(/▼ 22%/);
    expect(".o_customer_card").toHaveText(/2 open orders/);
    expect(".o_customer_card").toHaveText(/1 before/);
    expect(".o_customer_card_warning").toHaveText("Three complaints in a month.");
    await contains(".o_customer_card li button").hover();
});

test("what the reader may not see is not on the card", async () => {
    Complaint._records[0].customer_card = {
        ...Complaint._records[0].customer_card,
        standing: null,
        open_orders: null,
        complaints: { number: 0, open: 0, rows: [] },
        warnings: [],
    };
    await mountForm(`<field name="customer_card" widget="customer_card"/>`);
    expect(".o_customer_card").toHaveText(/First complaint/);
    expect(".o_customer_card").not.toHaveText(/open order/);
    expect(".o_customer_card .o_customer_badge").toHaveCount(0);
});
