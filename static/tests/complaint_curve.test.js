import { expect, test } from "@odoo/hoot";
import { queryAll, queryAllTexts } from "@odoo/hoot-dom";
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

const POINT = { key: "day", label: "Within a day", count: 40 };
const SHOWN = { ...POINT, bought: 0.9, low: 0.77, high: 0.96, matched: 0.7 };
const HIDDEN = {
    ...POINT,
    key: "week",
    label: "Within a week",
    count: 9,
    bought: null,
    low: null,
    high: null,
    matched: null,
};

defineMailModels();
onRpc("has_group", () => true);

async function openCurve(points) {
    onRpc("customer.complaint.repurchase", "get_curve", ({ kwargs }) => {
        expect.step(`${kwargs.by} ${kwargs.horizon}`);
        return { horizon: kwargs.horizon, fewest: 10, points };
    });
    await mountWithCleanup(WebClient);
    const action = getService("action");
    await action.doAction({
        type: "ir.actions.client",
        tag: "customer_retention.complaint_curve",
    });
    await animationFrame();
    patchWithCleanup(action, {
        doAction: ({ domain, views }) => expect.step([views[0][1], domain]),
    });
}

test("the share, its range and comparable customers stand in a row", async () => {
    await openCurve([SHOWN]);
    expect.verifySteps(["speed 90"]);
    expect(queryAllTexts(".o_customer_curve_points tbody td:not(.o_customer_curve_bar)")).toEqual([
        "90%",
        "77% to 96%",
        "70%",
        "40",
    ]);
    expect(".o_customer_curve_track .o_customer_curve_matched").toHaveCount(1);
});

test("a small group says nothing but its size", async () => {
    await openCurve([SHOWN, HIDDEN]);
    expect.verifySteps(["speed 90"]);
    const [, row] = queryAll(".o_customer_curve_points tbody tr");
    expect(queryAllTexts("td", { root: row })).toEqual(["Too few to tell", "–", "–", "–", "9"]);
});

test("without complaints the page says what will appear", async () => {
    await openCurve([{ ...HIDDEN, count: 0 }]);
    expect.verifySteps(["speed 90"]);
    expect(".o_customer_curve_points").toHaveCount(0);
    expect(".o_customer_curve").toHaveText(/Nothing measured yet/);
});

test("another horizon is counted anew", async () => {
    await openCurve([SHOWN]);
    await contains("#curve_horizon").select("180");
    await animationFrame();
    expect.verifySteps(["speed 90", "speed 180"]);
});

test("a number opens the complaints behind it", async () => {
    await openCurve([SHOWN]);
    await contains(".o_customer_curve_points button").click();
    expect.verifySteps([
        "speed 90",
        ["list", [["is_over_90", "=", true], ["speed", "=", "day"]]],
    ]);
});

test("another grouping is counted anew and opens its own complaints", async () => {
    await openCurve([{ ...SHOWN, key: 7, label: "Refund" }]);
    await contains("#curve_grouping").select("remedy_type_id");
    await animationFrame();
    await contains(".o_customer_curve_points button").click();
    expect.verifySteps([
        "speed 90",
        "remedy_type_id 90",
        ["list", [["is_over_90", "=", true], ["remedy_type_id", "=", 7]]],
    ]);
});
