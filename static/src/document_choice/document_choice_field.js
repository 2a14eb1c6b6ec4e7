import { Component } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/**
 * Choose an order or an invoice among those the server offers, without reading any.
 *
 * The choice goes into the record's own fields, which only have to be in the view.
 */
export class DocumentChoiceField extends Component {
    static template = "customer_retention.DocumentChoice";
    static props = { ...standardFieldProps };

    get choices() {
        const choices = this.props.record.data[this.props.name] || [];
        return choices.filter(
            ({ field, documents }) => documents.length || this.chosen(field)
        );
    }

    get labels() {
        return { order_id: _t("Order"), move_id: _t("Invoice") };
    }

    chosen(field) {
        return this.props.record.data[field] || false;
    }

    /** What is chosen already stays to be seen, however old it is. */
    options({ field, documents }) {
        const chosen = this.chosen(field);
        const isOffered = !chosen || documents.some(({ id }) => id === chosen.id);
        return isOffered
            ? documents
            : [{ id: chosen.id, name: chosen.display_name, text: chosen.display_name }, ...documents];
    }

    onChoose(choice, event) {
        const chosen = this.options(choice).find(({ id }) => id === Number(event.target.value));
        const value = chosen ? { id: chosen.id, display_name: chosen.name } : false;
        return this.props.record.update({ [choice.field]: value });
    }
}

registry.category("fields").add("customer_document_choice", {
    component: DocumentChoiceField,
    displayName: _t("Order or Invoice"),
    supportedTypes: ["json"],
    fieldDependencies: [
        { name: "order_id", type: "many2one", relation: "sale.order" },
        { name: "move_id", type: "many2one", relation: "account.move" },
    ],
});
