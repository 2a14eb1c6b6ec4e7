import { Component } from "@odoo/owl";

import { user } from "@web/core/user";

import { PERIODS } from "./filters";

/** Company, team, salesperson, segment and period, each only where there is a choice. */
export class CustomerFilterBar extends Component {
    static template = "customer_retention.FilterBar";
    static props = {
        filters: Object,
        options: Object,
        onChange: Function,
        withPeriod: { type: Boolean, optional: true },
        slots: { type: Object, optional: true },
    };

    get periods() {
        return Object.entries(PERIODS).map(([key, label]) => ({ key, label }));
    }

    get companies() {
        const companies = user.activeCompanies.filter((company) => !company.parent_id);
        return companies.length > 1 ? companies : [];
    }

    onNumber(name, value) {
        this.props.onChange({ [name]: Number(value) || false });
    }
}
