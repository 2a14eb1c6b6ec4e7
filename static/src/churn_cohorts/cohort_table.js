import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";

import { percent, shortMoney } from "../churn_dashboard/look";
import { cellValue, cohortName, greatest } from "./cohorts";

/** Cohorts below each other, their age from left to right; the deeper, the more. */
export class CustomerCohortTable extends Component {
    static template = "customer_retention.CohortTable";
    static props = { cohorts: Object, measure: String, onCell: Function };

    get rows() {
        return this.props.cohorts.cohorts;
    }

    get ages() {
        const most = Math.max(...this.rows.map(({ cells }) => cells.length), 0);
        return Array.from({ length: most }, (_, age) => age);
    }

    get most() {
        return greatest(this.rows, this.props.measure);
    }

    name(cohort) {
        return cohortName(cohort, this.props.cohorts.filters.by);
    }

    format(value) {
        const { measure, cohorts } = this.props;
        if (measure === "share") {
            return percent(value);
        }
        return measure === "revenue"
            ? shortMoney(value, cohorts.company.currency_id)
            : formatInteger(value);
    }

    integer(number) {
        return formatInteger(number);
    }

    text(cohort, age) {
        return this.format(cellValue(cohort, age, this.props.measure));
    }

    isNothing(cohort, age) {
        const { customers, revenue } = cohort.cells[age];
        return !customers && !revenue;
    }

    style(cohort, age) {
        const share = cellValue(cohort, age, this.props.measure) / (this.most || 1);
        const depth = Math.min(Math.max(share, 0), 1);
        return depth ? `--customer-share: ${(depth * 0.6 + 0.05).toFixed(3)}` : "";
    }

    tip(cohort, age) {
        const cell = cohort.cells[age];
        const figures = {
            customers: formatInteger(cell.customers),
            size: formatInteger(cohort.size),
            purchases: formatInteger(cell.purchases),
            revenue: shortMoney(cell.revenue, this.props.cohorts.company.currency_id),
        };
        return cell.is_open
            ? _t("%(customers)s of %(size)s customers bought %(purchases)s times for %(revenue)s so far", figures)
            : _t("%(customers)s of %(size)s customers bought %(purchases)s times for %(revenue)s", figures);
    }
}
