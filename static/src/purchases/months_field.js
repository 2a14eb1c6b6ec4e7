import { Component } from "@odoo/owl";

import { formatCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Five years by month: a darker cell is a better month. */
export class CustomerMonthsField extends Component {
    static template = "customer_retention.MonthsField";
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data[this.props.name] || null;
    }

    get hasRevenue() {
        return Boolean(this.data?.years?.some((year) => year.values.some(Boolean)));
    }

    get rows() {
        const largest = Math.max(...this.data.years.flatMap((year) => year.values), 1);
        return this.data.years.map((year) => ({
            year: year.year,
            cells: year.values.map((value, month) => this.cell(year, value, month, largest)),
            total: this.short(year.values.reduce((sum, value) => sum + value, 0)),
        }));
    }

    cell(year, value, month, largest) {
        const share = Math.max(value, 0) / largest;
        return {
            text: value ? this.short(value) : "",
            hint: `${this.data.labels[month]} ${year.year}: ${year.texts[month]}`,
            negative: value < 0,
            style: share ? `--customer-share: ${(share * 0.6 + 0.08).toFixed(3)}` : "",
        };
    }

    /** @param {number} value amount in the currency of the row */
    short(value) {
        return formatCurrency(value, this.data.currency_id, { humanReadable: true, noSymbol: true });
    }
}

export const customerMonthsField = {
    component: CustomerMonthsField,
    displayName: _t("Revenue by month"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_months", customerMonthsField);
