import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { downloadFile } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useSetupAction } from "@web/search/action_hook";
import { Layout } from "@web/search/layout";
import { router } from "@web/core/browser/router";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { CustomerFilterBar } from "../churn_dashboard/filter_bar";
import { addressOf, firstFilters } from "../churn_dashboard/filters";
import { CustomerCohortTable } from "./cohort_table";
import { cellAction, cohortsCsv, MEASURES } from "./cohorts";

/** What became of the customers who came in the same month or quarter. */
export class CustomerCohorts extends Component {
    static template = "customer_retention.Cohorts";
    static components = { CustomerCohortTable, CustomerFilterBar, Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        const filters = firstFilters(this.props);
        const { by, measure } = this.props.state?.filters || router.current;
        this.state = useState({
            filters: { ...filters, by: by === "month" ? "month" : "quarter" },
            measure: Object.hasOwn(MEASURES, measure) ? measure : "share",
            cohorts: null,
        });
        useSetupAction({
            getLocalState: () => ({
                filters: { ...this.state.filters, measure: this.state.measure },
            }),
        });
        onWillStart(() => this.load());
    }

    get display() {
        return { controlPanel: {} };
    }

    get measures() {
        return Object.entries(MEASURES).map(([key, label]) => ({ key, label }));
    }

    async load() {
        const cohorts = await this.keepLast.add(
            this.orm.call("customer.churn.history", "get_cohorts", [this.state.filters])
        );
        Object.assign(this.state, { cohorts, filters: cohorts.filters });
        this.remember();
    }

    /** Keep filters, steps and measure in the address. */
    remember() {
        const { filters, measure } = this.state;
        this.props.updateActionState?.({
            ...addressOf(filters),
            by: filters.by === "quarter" ? undefined : filters.by,
            measure: measure === "share" ? undefined : measure,
        });
    }

    onFilter(changes) {
        Object.assign(this.state.filters, changes);
        return this.load();
    }

    onMeasure(measure) {
        this.state.measure = measure;
        this.remember();
    }

    onCell(cohort, age) {
        return this.action.doAction(cellAction(this.state.cohorts, cohort, age, this.state.measure));
    }

    onCsv() {
        const { cohorts, measure, filters } = this.state;
        downloadFile(cohortsCsv(cohorts, measure), `cohorts-${filters.by}-${measure}.csv`, "text/csv");
    }
}

CustomerCohorts.displayName = _t("Cohorts");
registry.category("actions").add("customer_retention.churn_cohorts", CustomerCohorts);
