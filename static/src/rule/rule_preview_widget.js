import { Component, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { KeepLast } from "@web/core/utils/concurrency";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

import { MoveMatrix } from "./move_matrix";

const PREVIEW_AFTER_MS = 600;
/** What a version of a rule is made of; a change of anything else moves nobody. */
const DEFINITION = [
    "rule",
    "manual_only",
    "minimum_days",
    "sequence",
    "direction",
    "kind",
    "active",
    "company_id",
];

/** Who would move from where to where if the edited rule were saved now. */
export class CustomerRulePreview extends Component {
    static template = "customer_retention.RulePreview";
    static components = { MoveMatrix };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.state = useState({ preview: null, waiting: false, values: {} });
        this.previewLater = useDebounced(() => this.load(), PREVIEW_AFTER_MS);
        useRecordObserver((record) => this.onRecord(record));
    }

    get preview() {
        return this.state.preview;
    }

    get hasChanges() {
        return Object.keys(this.state.values).length > 0;
    }

    /** An unfinished rule is not in the record: what was counted is about another one. */
    get isInvalid() {
        return this.props.record.isFieldInvalid("rule");
    }

    get sentence() {
        const { moved, total, company } = this.preview;
        const values = { moved: formatInteger(moved), total: formatInteger(total), company };
        return company
            ? _t(
                  "Would change %(moved)s of %(total)s customers of %(company)s. " +
                      "Other companies share this rule.",
                  values
              )
            : _t("Would change %(moved)s of %(total)s customers.", values);
    }

    /** Reading every field here makes the observer call again when one changes. */
    async onRecord(record) {
        DEFINITION.forEach((name) => record.data[name]);
        const changes = await record.getChanges();
        const values = Object.fromEntries(
            DEFINITION.filter((name) => name in changes).map((name) => [name, changes[name]])
        );
        if (JSON.stringify(values) === JSON.stringify(this.state.values)) {
            return;
        }
        this.state.values = values;
        this.state.waiting = this.hasChanges;
        this.state.preview = null;
        if (this.hasChanges) {
            this.previewLater();
        }
    }

    async load() {
        // A question that is overtaken never comes back: the latest one stops waiting.
        try {
            this.state.preview = await this.keepLast.add(
                this.orm.silent.call("customer.relationship", "preview_rule", this.question)
            );
        } finally {
            this.state.waiting = false;
        }
    }

    /** What is asked about: the step, and how it would be; a new one by its name. */
    get question() {
        const { resModel, resId, data } = this.props.record;
        const values = resId ? this.state.values : { ...this.state.values, name: data.name };
        return [resModel, resId || false, values];
    }

    /** In a dialog: the edited rule stays as it is, unsaved. */
    async onOpen(from, to) {
        const action = await this.orm.call("customer.relationship", "action_open_preview_moves", [
            ...this.question,
            from.id,
            to.id,
        ]);
        return this.action.doAction({ ...action, target: "new" });
    }
}

export const customerRulePreview = { component: CustomerRulePreview };

registry.category("view_widgets").add("customer_rule_preview", customerRulePreview);
