import { Component } from "@odoo/owl";

import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { kindClass, kindIcon } from "../common/kinds";

/** What happened to a relationship, newest first, on a vertical time line. */
export class CustomerHistoryField extends Component {
    static template = "customer_retention.HistoryField";
    static props = { ...standardFieldProps };

    get entries() {
        return (this.props.record.data[this.props.name] || []).map((entry) => ({
            ...entry,
            classes: kindClass(entry.kind),
            icon: entry.kind ? kindIcon(entry.kind) : entry.icon || "fa-circle-o",
            recorded: entry.recorded_at ? this.describeMoment(entry.recorded_at) : "",
        }));
    }

    /** @param {string} moment in UTC, as the server sends it */
    describeMoment(moment) {
        const text = toLocaleDateTimeString(deserializeDateTime(moment));
        return _t("recorded %s", text);
    }
}

export const customerHistoryField = {
    component: CustomerHistoryField,
    displayName: _t("History of a relationship"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_history", customerHistoryField);
