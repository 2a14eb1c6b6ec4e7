import { Component, useState } from "@odoo/owl";

import { formatFloat } from "@web/core/utils/numbers";
import { parseFloat, parseInteger } from "@web/views/fields/parsers";

const WHOLE_KINDS = ["integer", "days"];
const LIST_OPERATORS = ["in", "not in"];

/** What a fact is compared with: a number, a choice, or several of them. */
export class RuleValue extends Component {
    static template = "customer_retention.RuleValue";
    static props = {
        fact: Object,
        operator: String,
        value: { optional: true },
        onChange: Function,
    };

    setup() {
        this.state = useState({ invalid: false });
    }

    get isChoice() {
        return this.props.fact.kind === "choice";
    }

    get isList() {
        return LIST_OPERATORS.includes(this.props.operator);
    }

    /** The entered values as a list, whatever the operator. */
    get values() {
        const { value } = this.props;
        if (value === null || value === undefined) {
            return [];
        }
        return Array.isArray(value) ? value : [value];
    }

    get text() {
        return this.values.map((value) => this.format(value)).join("; ");
    }

    format(value) {
        if (typeof value !== "number") {
            return String(value);
        }
        const decimals = String(value).split(".")[1]?.length || 0;
        return formatFloat(value, { digits: [16, decimals] });
    }

    isChosen(choice) {
        return this.values.includes(choice);
    }

    onChoose(choice) {
        if (!this.isList) {
            return this.props.onChange(choice);
        }
        const chosen = this.isChosen(choice)
            ? this.values.filter((value) => value !== choice)
            : [...this.values, choice];
        this.props.onChange(chosen);
    }

    onText(ev) {
        const parts = this.isList ? ev.target.value.split(";") : [ev.target.value];
        const numbers = parts.map((part) => this.parse(part.trim()));
        this.state.invalid = numbers.includes(null);
        if (this.state.invalid) {
            this.props.onChange(null);
        } else {
            this.props.onChange(this.isList ? numbers : numbers[0]);
        }
    }

    /** @returns {number | null} null when it is no number of this kind */
    parse(text) {
        if (!text) {
            return null;
        }
        try {
            return WHOLE_KINDS.includes(this.props.fact.kind) ? parseInteger(text) : parseFloat(text);
        } catch {
            return null;
        }
    }
}
