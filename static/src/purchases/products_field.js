import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * What the three lists of the page show: columns are [key of the line, heading], the
 * first one is the name that opens the record.
 */
const LISTS = {
    top: {
        model: "product.product",
        id: "product_id",
        empty: _t("Nothing bought yet."),
        columns: [
            ["name", _t("Product")],
            ["times", _t("Bought")],
            ["quantity_text", _t("Quantity")],
            ["amount_text", _t("Revenue")],
            ["interval_text", _t("Usually")],
            ["last_text", _t("Last time")],
        ],
    },
    offered: {
        model: "product.product",
        id: "product_id",
        empty: _t("Everything that was offered has been bought."),
        columns: [
            ["name", _t("Product")],
            ["times", _t("Offered")],
            ["amount_text", _t("Value")],
            ["last_text", _t("Last time")],
        ],
    },
    categories: {
        model: "product.category",
        id: "categ_id",
        empty: _t("Nothing bought yet."),
        columns: [
            ["name", _t("Category")],
            ["amount_text", _t("Revenue")],
            ["last_text", _t("Last time")],
        ],
    },
};

/** Products or categories of a customer as a quiet table. */
export class CustomerProductsField extends Component {
    static template = "customer_retention.ProductsField";
    static props = { ...standardFieldProps, list: String };

    setup() {
        this.action = useService("action");
    }

    get info() {
        return LISTS[this.props.list];
    }

    get lines() {
        return this.props.record.data[this.props.name] || [];
    }

    onOpen(line) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: this.info.model,
            res_id: line[this.info.id],
            views: [[false, "form"]],
        });
    }
}

export const customerProductsField = {
    component: CustomerProductsField,
    displayName: _t("Products of a customer"),
    supportedTypes: ["json"],
    supportedOptions: [{ label: _t("List"), name: "list", type: "string" }],
    extractProps: ({ options }) => ({ list: options.list || "top" }),
};

registry.category("fields").add("customer_products", customerProductsField);
