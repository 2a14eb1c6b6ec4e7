import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { formatInteger, formatPercentage } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "customer.complaint.repurchase";
const HORIZONS = [30, 90, 180];
const GROUPINGS = {
    speed: _t("speed of the resolution"),
    remedy_type_id: _t("remedy"),
    main_cause_id: _t("main cause"),
    category_id: _t("category"),
    severity: _t("severity"),
    outcome: _t("outcome"),
    team_id: _t("team"),
    tier_id: _t("tier"),
};

/**
 * Who bought again after a complaint, by how fast it was resolved, beside comparable
 * customers who had none. Every number opens the complaints behind it.
 */
export class CustomerComplaintCurve extends Component {
    static template = "customer_retention.ComplaintCurve";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.format = formatInteger;
        this.state = useState({ horizon: 90, by: "speed", ...this.props.state, curve: null });
        useSetupAction({
            getLocalState: () => ({ horizon: this.state.horizon, by: this.state.by }),
        });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    get horizons() {
        return HORIZONS.map((days) => ({ days, label: _t("%s days", days) }));
    }

    get groupings() {
        return Object.entries(GROUPINGS).map(([name, label]) => ({ name, label }));
    }

    get points() {
        return this.state.curve.points;
    }

    get isEmpty() {
        return !this.points.some(({ count }) => count);
    }

    /** What was counted, and what is left out. */
    get caption() {
        return _t(
            "Counted from the resolution, for complaints whose %(days)s days are over. Groups of fewer than %(fewest)s are not shown.",
            { days: this.state.horizon, fewest: this.state.curve.fewest }
        );
    }

    isShown(point) {
        return point.bought !== null;
    }

    percent(share) {
        return formatPercentage(share, { digits: [16, 0] });
    }

    left(share) {
        return `left: ${(100 * share).toFixed(1)}%`;
    }

    barStyle(point) {
        return `width: ${(100 * point.bought).toFixed(1)}%`;
    }

    rangeStyle({ low, high }) {
        return `left: ${(100 * low).toFixed(1)}%; width: ${(100 * (high - low)).toFixed(1)}%`;
    }

    /** The 95 % interval in words. */
    range({ low, high }) {
        return _t("%(low)s to %(high)s", { low: this.percent(low), high: this.percent(high) });
    }

    async load() {
        this.state.curve = await this.keepLast.add(
            this.orm.call(MODEL, "get_curve", [], {
                horizon: this.state.horizon,
                by: this.state.by,
            })
        );
    }

    onHorizon(days) {
        this.state.horizon = Number(days);
        return this.load();
    }

    onGrouping(name) {
        this.state.by = name;
        return this.load();
    }

    onCount(point) {
        const domain = [[this.state.by, "=", point.key]];
        return this.open(_t("Bought Again: %s", point.label), domain, "list");
    }

    onDetails() {
        return this.open(_t("Bought Again"), [], "pivot");
    }

    open(name, domain, first) {
        const views = [first, ...["list", "pivot", "graph"].filter((type) => type !== first)];
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: MODEL,
            domain: [[`is_over_${this.state.horizon}`, "=", true], ...domain],
            views: views.map((type) => [false, type]),
        });
    }
}

CustomerComplaintCurve.displayName = _t("Bought Again");
registry.category("actions").add("customer_retention.complaint_curve", CustomerComplaintCurve);
