import { Component, onWillStart, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { KeepLast } from "@web/core/utils/concurrency";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { RuleGroup } from "./rule_editor";
import { isComplete, makeGroup, parseRule, RuleTextError, serializeRule } from "./rule_tree";

const DESCRIBE_AFTER_MS = 300;

/**
 * Edit a rule over the facts of a customer, and read it as a sentence.
 *
 * Only facts that the server offers can be chosen. An unfinished rule is kept in the
 * editor and makes the field invalid, so that it cannot be saved by accident.
 */
export class CustomerRuleField extends Component {
    static template = "customer_retention.RuleField";
    static components = { RuleGroup };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.describeLater = useDebounced((text) => this.describe(text), DESCRIBE_AFTER_MS);
        this.state = useState({ facts: [], root: makeGroup("all"), sentence: "", error: null });
        onWillStart(async () => {
            this.state.facts = await this.orm.cache().call("customer.relationship", "get_fact_catalog", []);
        });
        useRecordObserver((record) => this.onRecord(record.data[this.props.name]));
    }

    get text() {
        return this.props.record.data[this.props.name] || "[]";
    }

    /** The record got another text than the editor wrote: loaded, or discarded. */
    onRecord(text) {
        if (text === this.written) {
            return;
        }
        this.written = text;
        this.state.root = this.read(text);
        return this.describe(text || "[]");
    }

    /** @returns {Object | null} null for a text the editor cannot show */
    read(text) {
        try {
            return parseRule(text);
        } catch (error) {
            if (error instanceof RuleTextError) {
                return null;
            }
            throw error;
        }
    }

    async describe(text) {
        const { sentence, error } = await this.keepLast.add(
            this.orm.silent.call("customer.relationship", "describe_rule", [text])
        );
        Object.assign(this.state, { sentence, error });
    }

    async onChange(root) {
        this.state.root = root;
        const { record, name } = this.props;
        if (!isComplete(root)) {
            this.state.error = _t("Something is missing: enter a value, or remove the comparison.");
            return record.setInvalidField(name);
        }
        this.state.error = null;
        this.written = serializeRule(root);
        record.resetFieldValidity(name);
        this.describeLater(this.written);
        return record.update({ [name]: this.written });
    }

    onStartOver() {
        return this.onChange(makeGroup("all"));
    }
}

export const customerRuleField = {
    component: CustomerRuleField,
    displayName: _t("Rule over facts"),
    supportedTypes: ["text", "char"],
    isEmpty: () => false,
};

registry.category("fields").add("customer_rule", customerRuleField);
