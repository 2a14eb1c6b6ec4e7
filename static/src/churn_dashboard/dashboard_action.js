import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { formatMonetary } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { CustomerCohortTable } from "../churn_cohorts/cohort_table";
import { cellAction } from "../churn_cohorts/cohorts";
import { CustomerChart } from "./chart";
import * as configs from "./chart_configs";
import { CustomerFilterBar } from "./filter_bar";
import { addressOf, firstFilters } from "./filters";
import { changeText, days, figure, monthLabel, percent, shortMoney } from "./look";

const MODEL = "customer.churn.history";
const REPORT = "customer_retention.customer_churn_month";

/**
 * How well customers are kept: the main figures, what became of the revenue, what is at
 * risk, and how good the forecast is. Every figure opens what it counts.
 */
export class CustomerChurnDashboard extends Component {
    static template = "customer_retention.ChurnDashboard";
    static components = { CustomerChart, CustomerCohortTable, CustomerFilterBar, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({
            filters: firstFilters(this.props),
            data: null,
            cohorts: null,
        });
        useSetupAction({ getLocalState: () => ({ filters: { ...this.state.filters } }) });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    get data() {
        return this.state.data;
    }

    get currencyId() {
        return this.data.company.currency_id;
    }

    get isEmpty() {
        return !this.data.bridge.start && !this.data.bridge.end && !this.data.months.length;
    }

    get hasMargin() {
        return this.data.months.some(({ margin }) => margin);
    }

    async load() {
        const { filters } = this.state;
        const [data, cohorts] = await this.keepLast.add(
            Promise.all([
                this.orm.call(MODEL, "get_dashboard", [filters]),
                this.orm.call(MODEL, "get_cohorts", [{ ...filters, by: "quarter" }]),
            ])
        );
        Object.assign(this.state, { data, cohorts, filters: data.filters });
        this.drawn = this.prepareCharts(data);
        this.props.updateActionState?.(addressOf(data.filters));
    }

    onFilter(changes) {
        Object.assign(this.state.filters, changes);
        return this.load();
    }

    // --- figures ---

    figure(tile) {
        return figure(tile.value, tile.format, this.currencyId);
    }

    change(tile) {
        return changeText(tile.change, tile.format, this.currencyId);
    }

    changeClass({ change, lower_is_better: lower }) {
        if (!change) {
            return "text-muted";
        }
        return change > 0 !== Boolean(lower) ? "text-success" : "text-danger";
    }

    changeIcon({ change }) {
        return change > 0 ? "fa-caret-up" : change < 0 ? "fa-caret-down" : "fa-minus";
    }

    money(amount) {
        return formatMonetary(amount, { currencyId: this.currencyId });
    }

    percent(share) {
        return percent(share);
    }

    days([first, last]) {
        return days(first, last);
    }

    // --- charts ---

    prepareCharts(data) {
        const { bridge, months, grade } = data;
        const money = (amount) => shortMoney(amount, data.company.currency_id);
        this.bars = configs.waterfall(bridge, _t("Before"), _t("Now"));
        return {
            bridge: configs.bridgeConfig(this.bars, money),
            risk: configs.riskConfig(months, money),
            retention: configs.retentionConfig(months, percent),
            coming: configs.comingConfig(months),
            margin: configs.marginConfig(months, money),
            reasons: configs.reasonsConfig(data.reasons || [], money, percent),
            effect: data.effect && configs.effectConfig(data.effect.arms, percent),
            grade: grade && configs.gradeConfig(grade.reliability, percent),
        };
    }

    get bridgeRows() {
        return this.bars.map(({ label, from, to, kind }) => [
            label,
            this.money(kind === "total" ? to : to - from),
        ]);
    }

    monthRows(...names) {
        return this.data.months.map((one) => [monthLabel(one), ...names.map((n) => one[n])]);
    }

    get riskRows() {
        return this.data.months.map((one) => [
            monthLabel(one),
            this.money(one.value_at_risk),
        ]);
    }

    get retentionRows() {
        return this.data.months.map((one) => [
            monthLabel(one),
            percent(one.rates.retention),
            percent(one.rates.revenue_retention),
        ]);
    }

    get gradeRows() {
        return this.data.grade.reliability.map(([customers, foretold, happened]) => [
            customers,
            percent(foretold),
            percent(happened),
        ]);
    }

    // --- what each figure stands for ---

    open(action) {
        return this.action.doAction(action);
    }

    onBar(index) {
        const { step } = this.bars[index];
        const { bridge } = this.data;
        return this.open(step < 0 ? bridge.action : bridge.steps[step].action);
    }

    onMonth(index) {
        return this.open(this.data.months[index].action);
    }

    /** The last point is as it is scored now: it opens the customers, not the record. */
    onRisk(index) {
        const { months, tiles } = this.data;
        if (index < months.length - 1) {
            return this.onMonth(index);
        }
        return this.open(tiles.find(({ key }) => key === "value_at_risk").action);
    }

    get reasonRows() {
        return this.data.reasons.map(({ label, amount, customers }) => [
            label,
            this.money(amount),
            customers,
        ]);
    }

    onReason(index) {
        return this.open(this.data.reasons[index].action);
    }

    get hasCases() {
        return this.data.people.rows.some(({ cases }) => cases);
    }

    onGrade() {
        return this.open({
            type: "ir.actions.act_window",
            name: _t("Forecast"),
            res_model: "customer.churn.model",
            res_id: this.data.grade.id,
            views: [[false, "form"]],
        });
    }

    onCell(cohort, age) {
        return this.open(cellAction(this.state.cohorts, cohort, age));
    }

    onCohorts() {
        return this.open("customer_retention.customer_churn_heat_action");
    }

    onPrint() {
        const { company } = this.state.filters;
        return this.open({
            type: "ir.actions.report",
            report_type: "qweb-pdf",
            report_name: REPORT,
            report_file: REPORT,
            name: _t("Retention of the Month"),
            data: { company },
        });
    }
}

CustomerChurnDashboard.displayName = _t("Retention Dashboard");
registry.category("actions").add("customer_retention.churn_dashboard", CustomerChurnDashboard);
