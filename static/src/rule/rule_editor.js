import { Component } from "@odoo/owl";

import { SelectMenu } from "@web/core/select_menu/select_menu";
import { _t } from "@web/core/l10n/translation";

import { makeGroup } from "./rule_tree";
import { RuleValue } from "./rule_value";

const LIST_OPERATORS = ["in", "not in"];

/** One comparison: a fact, an operator and a value. */
export class RuleComparison extends Component {
    static template = "customer_retention.RuleComparison";
    static components = { RuleValue, SelectMenu };
    static props = { node: Object, facts: Array, onChange: Function, onRemove: Function };

    get fact() {
        return this.props.facts.find(({ key }) => key === this.props.node.fact);
    }

    /** Facts under their themes, in the order the server gives. */
    get groups() {
        const groups = new Map();
        for (const { key, label, theme } of this.props.facts) {
            const choices = groups.get(theme || "") || [];
            choices.push({ value: key, label });
            groups.set(theme || "", choices);
        }
        return [...groups].map(([label, choices]) => ({ label, choices }));
    }

    /** Another fact keeps operator and value as far as they mean something for it. */
    onFact(key) {
        const { node, facts } = this.props;
        const fact = facts.find((candidate) => candidate.key === key);
        const operators = fact.operators.map(([operator]) => operator);
        const sameKind = this.fact?.kind === fact.kind && fact.kind !== "choice";
        const operator = operators.includes(node.operator) ? node.operator : operators[0];
        const value = sameKind && operator === node.operator ? node.value : null;
        this.props.onChange({ ...node, fact: key, operator, value });
    }

    onOperator(operator) {
        const { node } = this.props;
        const wantsList = LIST_OPERATORS.includes(operator);
        let value = node.value;
        if (wantsList !== Array.isArray(value)) {
            value = wantsList ? [value].filter((item) => item !== null) : value?.[0] ?? null;
        }
        this.props.onChange({ ...node, operator, value });
    }

    onValue(value) {
        this.props.onChange({ ...this.props.node, value });
    }
}

/** Comparisons and further groups, of which all, any or none must hold. */
export class RuleGroup extends Component {
    static template = "customer_retention.RuleGroup";
    static components = { RuleComparison };
    static props = {
        node: Object,
        facts: Array,
        onChange: Function,
        onRemove: { type: Function, optional: true },
        depth: { type: Number, optional: true },
    };
    static defaultProps = { depth: 0 };

    get connectors() {
        const all = [
            ["all", _t("all of")],
            ["any", _t("any of")],
            ["none", _t("none of")],
        ];
        return all;
    }

    get canNest() {
        return this.props.depth < 3;
    }

    onConnector(connector) {
        this.props.onChange({ ...this.props.node, connector });
    }

    onChild(index, child) {
        const children = [...this.props.node.children];
        children[index] = child;
        this.props.onChange({ ...this.props.node, children });
    }

    onRemoveChild(index) {
        const children = this.props.node.children.filter((_, position) => position !== index);
        this.props.onChange({ ...this.props.node, children });
    }

    onAddComparison() {
        this.addChild(this.makeComparison());
    }

    onAddGroup() {
        const connector = this.props.node.connector === "all" ? "any" : "all";
        this.addChild(makeGroup(connector, [this.makeComparison()]));
    }

    addChild(child) {
        this.props.onChange({ ...this.props.node, children: [...this.props.node.children, child] });
    }

    makeComparison() {
        const [fact] = this.props.facts;
        return { type: "comparison", fact: fact.key, operator: fact.operators[0][0], value: null };
    }
}
RuleGroup.components.RuleGroup = RuleGroup;
