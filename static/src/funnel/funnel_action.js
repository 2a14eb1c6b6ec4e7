import { Component, onWillStart, useState } from "@odoo/owl";

import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { formatInteger } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { periodDomain, PERIODS } from "./funnel_period";

const REPORT = "customer.relationship.transition.report";
const ON_LADDER = ["axis", "=", "position"];

/**
 * How far customers come on the ladder, how long it takes them, and where they turn
 * back. Every number opens the transitions behind it.
 */
export class CustomerFunnel extends Component {
    static template = "customer_retention.Funnel";
    static components = { DateTimeInput, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.format = formatInteger;
        const filter = { period: "all", from: false, until: false, company: 0 };
        this.state = useState({ filter: { ...filter, ...this.props.state?.filter }, funnel: null });
        useSetupAction({ getLocalState: () => ({ filter: { ...this.state.filter } }) });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    get periods() {
        const labels = {
            all: _t("All the time"),
            year: _t("This year"),
            last_year: _t("Last year"),
            months_12: _t("Last 12 months"),
            custom: _t("From … until …"),
        };
        return PERIODS.map((key) => ({ key, label: labels[key] }));
    }

    /** Main companies to choose from; branches share the customers of theirs. */
    get companies() {
        const companies = user.activeCompanies.filter((company) => !company.parent_id);
        return companies.length > 1 ? companies : [];
    }

    get funnel() {
        return this.state.funnel;
    }

    get isEmpty() {
        return !this.funnel.steps.some((step) => step.reached);
    }

    get domain() {
        const { company } = this.state.filter;
        const inCompany = company ? [["company_id", "=", company]] : [];
        return [...periodDomain(this.state.filter), ...inCompany];
    }

    get context() {
        const { company } = this.state.filter;
        return company ? { allowed_company_ids: [company] } : {};
    }

    get largestMove() {
        return Math.max(...this.funnel.matrix.cells.flat(), ...this.funnel.matrix.started, 1);
    }

    barStyle(step) {
        const most = Math.max(...this.funnel.steps.map(({ reached }) => reached), 1);
        return `width: ${((100 * step.reached) / most).toFixed(1)}%`;
    }

    cellStyle(count) {
        const share = count / this.largestMove;
        return count ? `--customer-share: ${(share * 0.6 + 0.08).toFixed(3)}` : "";
    }

    days(count) {
        return typeof count === "number" ? _t("%s days", formatInteger(Math.round(count))) : "";
    }

    async load() {
        this.state.funnel = await this.keepLast.add(
            this.orm.call(REPORT, "get_funnel", [this.domain], { context: this.context })
        );
    }

    onFilter(changes) {
        Object.assign(this.state.filter, changes);
        return this.load();
    }

    // What each number stands for

    onReached(index) {
        const { steps } = this.funnel;
        const asFar = steps.slice(index).map(({ id }) => id);
        const title = _t("Reached %s", steps[index].name);
        return this.open(title, [ON_LADDER, ["to_stage_id", "in", asFar]], ["partner_id"]);
    }

    onMedian(step) {
        const left = [ON_LADDER, ["to_stage_id", "=", step.id], ["is_current", "=", false]];
        return this.open(_t("Days as %s", step.name), left);
    }

    onCurrent(step) {
        const still = [ON_LADDER, ["to_stage_id", "=", step.id], ["is_current", "=", true]];
        return this.open(_t("Now %s", step.name), still);
    }

    onMove(from, to) {
        const title = _t("%(from)s → %(to)s", { from: from.name, to: to.name });
        const moved = [["from_stage_id", "=", from.id], ["to_stage_id", "=", to.id]];
        return this.open(title, [ON_LADDER, ...moved]);
    }

    onStarted(to) {
        const started = [["from_stage_id", "=", false], ["to_stage_id", "=", to.id]];
        return this.open(_t("Started as %s", to.name), [ON_LADDER, ...started]);
    }

    onRegressions() {
        return this.open(_t("Steps back"), [["is_regression", "=", true]]);
    }

    onWinBacks() {
        return this.open(_t("Won back"), [["is_win_back", "=", true]]);
    }

    /**
     * @param {string} name
     * @param {Array} domain on top of the filter
     * @param {string[]} [groupBy]
     */
    open(name, domain, groupBy = []) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name,
            res_model: REPORT,
            domain: [...this.domain, ...domain],
            context: { ...this.context, group_by: groupBy },
            views: [
                [false, "list"],
                [false, "pivot"],
                [false, "graph"],
            ],
        });
    }
}

CustomerFunnel.displayName = _t("Funnel");
registry.category("actions").add("customer_retention.funnel", CustomerFunnel);
