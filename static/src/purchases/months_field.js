import { Component } from "@odoo/owl";

import { getCurrency } from "@web/core/currency";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { humanNumber } from "@web/core/utils/numbers";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Five years by month: a darker cell is a better month. */
export class CustomerMonthsField extends Component {
    static template = "customer_retention.MonthsField";
    static props = { ...standardFieldProps };

    get data() {
        return this.props.record.data[this.props.name] || null;
    }

    /** The years from the first one with revenue on. */
    get years() {
        const years = this.data?.years || [];
        const first = years.findIndex((year) => year.values.some(Boolean));
        return first < 0 ? [] : years.slice(first);
    }

    get currency() {
        return getCurrency(this.data.currency_id)?.symbol || "";
    }

    get rows() {
        const largest = Math.max(...this.years.flatMap((year) => year.values), 1);
        return this.years.map((year) => ({
            year: year.year,
            cells: year.values.map((value, month) => this.cell(year, value, month, largest)),
            total: this.short(year.values.reduce((sum, value) => sum + value, 0)),
        }));
    }

    cell(year, value, month, largest) {
        const share = Math.max(value, 0) / largest;
        return {
            text: this.short(value),
            hint: `${this.data.labels[month]} ${year.year}: ${year.texts[month]}`,
            negative: value < 0,
            style: share ? `--customer-share: ${(share * 0.6 + 0.08).toFixed(3)}` : "",
        };
    }

    /** @param {number} value an amount, of which only the size matters here */
    short(value) {
        return value ? humanNumber(value, { decimals: Math.abs(value) < 1000 ? 0 : 1 }) : "";
    }
}

export const customerMonthsField = {
    component: CustomerMonthsField,
    displayName: _t("Revenue by month"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_months", customerMonthsField);
