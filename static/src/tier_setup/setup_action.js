import { Component, onWillStart, useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { formatFloat, formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { tierClass } from "../tier/tier_look";
import {
    Distribution,
    makeColumns,
    makeScale,
    makeTicks,
    niceAbove,
    significant,
    stepFrom,
    suggest,
} from "./distribution";

const MODEL = "customer.tier.setup";
const COLUMNS = 48;
// Of the tiers, the lowest first; the server gives them the same.
const COLORS = [2, 0, 3, 8];

/**
 * Set up a ladder of tiers on top of what one's own customers bought: thresholds are
 * dragged, or typed, and say at once how many customers and how much revenue they mean.
 */
export class CustomerTierSetup extends Component {
    static template = "customer_retention.TierSetup";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.chart = useRef("chart");
        this.state = useState({
            metric: "revenue",
            window: "rolling",
            months: 12,
            keepPercent: 80,
            name: "",
            tiers: [],
            answer: null,
            isSaving: false,
        });
        onWillStart(async () => {
            await this.load();
            this.onSuggest();
        });
    }

    // What can be chosen

    get display() {
        return { controlPanel: {} };
    }

    get metrics() {
        return [
            { key: "revenue", label: _t("Net revenue") },
            { key: "purchases", label: _t("Number of purchases") },
            { key: "purchase_days", label: _t("Days with a purchase") },
        ];
    }

    get windows() {
        return [
            { key: "rolling", label: _t("The last months") },
            { key: "calendar", label: _t("The calendar year") },
            { key: "lifetime", label: _t("All the time") },
        ];
    }

    get names() {
        return [_t("Bronze"), _t("Silver"), _t("Gold"), _t("Platinum")];
    }

    get isCount() {
        return this.state.metric !== "revenue";
    }

    // What is drawn

    get thresholds() {
        return this.state.tiers.map(({ threshold }) => threshold);
    }

    get distribution() {
        return this.index;
    }

    get isEmpty() {
        return !this.distribution.total;
    }

    get columns() {
        const columns = makeColumns(this.distribution, this.scale, COLUMNS);
        const most = Math.max(...columns.map(({ members }) => members), 1);
        return columns.map((column, index) => ({
            ...column,
            index,
            classes: this.classesOf(column.low, column.high),
            style: `height: ${((100 * column.members) / most).toFixed(1)}%`,
            title: _t("%(members)s customers from %(low)s", {
                members: formatInteger(column.members),
                low: this.format(significant(column.low, 3)),
            }),
        }));
    }

    get ticks() {
        return makeTicks(this.scale).map((value) => ({
            value,
            label: this.format(value),
            style: this.placeStyle(value),
        }));
    }

    get rows() {
        const { tiers } = this.state;
        return tiers.map((tier, index) => {
            const next = index + 1 < tiers.length ? tiers[index + 1].threshold : null;
            const { members, revenue } = this.distribution.tier(tier.threshold, next);
            return {
                ...tier,
                index,
                members,
                revenue,
                classes: this.colorOf(index),
                share: this.share(members),
                isBroken: index > 0 && tier.threshold <= tiers[index - 1].threshold,
            };
        });
    }

    get outside() {
        const lowest = this.state.tiers[0]?.threshold || 0;
        return this.distribution.everybody - this.distribution.tier(lowest, null).members;
    }

    get isBroken() {
        return !this.rows.length || this.rows.some(({ isBroken, name }) => isBroken || !name.trim());
    }

    /** Color of the tier a column belongs to; none below the lowest. */
    classesOf(low, high) {
        const middle = high === null ? low : Math.sqrt(Math.max(low, 1e-9) * high);
        const index = this.thresholds.findLastIndex((threshold) => middle >= threshold);
        return index < 0 ? "" : this.colorOf(index);
    }

    colorOf(index) {
        return tierClass(COLORS[Math.min(index, COLORS.length - 1)]);
    }

    placeStyle(value) {
        return `left: ${(100 * this.scale.place(value)).toFixed(2)}%`;
    }

    /** The name of a threshold far out stands on its other side. */
    isLate(value) {
        return this.scale.place(value) > 0.75;
    }

    format(value) {
        if (this.isCount) {
            return formatInteger(value);
        }
        return this.money(value);
    }

    money(value) {
        const digits = Number.isInteger(value) || value > 1000 ? [16, 0] : [16, 2];
        return formatMonetary(value, { currencyId: this.state.answer.currency_id, digits });
    }

    number(value) {
        return formatInteger(value);
    }

    share(members) {
        const { everybody } = this.distribution;
        return everybody ? formatPercentage(members / everybody, { digits: [16, 1] }) : "";
    }

    keepText(threshold) {
        const keep = (threshold * this.state.keepPercent) / 100;
        return this.isCount ? formatFloat(keep, { digits: [16, 1] }) : this.money(keep);
    }

    // Changes

    async load() {
        const { metric, window, months } = this.state;
        const answer = await this.keepLast.add(
            this.orm.call(MODEL, "get_distribution", [], { metric, window, months })
        );
        this.index = new Distribution(answer.buckets, answer.idle);
        this.state.answer = answer;
        this.drawScale();
    }

    /** While a threshold is dragged the scale stays as it is. */
    drawScale() {
        this.scale = makeScale(this.distribution, this.thresholds);
    }

    async onChoice(changes) {
        const isOther = "metric" in changes;
        Object.assign(this.state, changes);
        await this.load();
        if (isOther) {
            this.onSuggest();
        }
    }

    onMonths(value) {
        const months = Math.min(120, Math.max(1, Math.round(Number(value) || 12)));
        return this.onChoice({ months });
    }

    onSuggest() {
        const thresholds = suggest(this.distribution, this.isCount);
        this.state.tiers = thresholds.map((threshold, i) => ({ name: this.names[i], threshold }));
        this.drawScale();
    }

    onName(index, name) {
        this.state.tiers[index].name = name;
    }

    onThreshold(index, value) {
        this.state.tiers[index].threshold = Math.max(0, Number(value) || 0);
        this.drawScale();
    }

    onAdd() {
        const highest = this.thresholds.at(-1);
        const threshold = highest === undefined ? 0 : niceAbove(highest, this.isCount);
        this.state.tiers.push({ name: "", threshold });
        this.drawScale();
    }

    onRemove(index) {
        this.state.tiers.splice(index, 1);
    }

    // Handles

    /** Keeps a threshold between its neighbors. */
    move(index, value) {
        const { tiers } = this.state;
        const above = index + 1 < tiers.length ? tiers[index + 1].threshold : Infinity;
        const below = index ? tiers[index - 1].threshold : -1;
        const wanted = this.isCount ? Math.round(value) : value;
        if (wanted > below && wanted < above) {
            tiers[index].threshold = wanted;
        }
    }

    onGrab(index, ev) {
        ev.preventDefault();
        ev.currentTarget.focus();
        ev.currentTarget.setPointerCapture(ev.pointerId);
        this.grabbed = index;
    }

    onDrag(ev) {
        if (this.grabbed === undefined) {
            return;
        }
        const { left, width } = this.chart.el.getBoundingClientRect();
        const value = this.scale.value((ev.clientX - left) / width);
        this.move(this.grabbed, significant(value, 2));
    }

    onDrop() {
        this.grabbed = undefined;
    }

    onKeydown(index, ev) {
        const directions = { ArrowUp: 1, ArrowRight: 1, ArrowDown: -1, ArrowLeft: -1, PageUp: 10, PageDown: -10 };
        const steps = directions[ev.key];
        if (!steps) {
            return;
        }
        ev.preventDefault();
        let value = this.state.tiers[index].threshold;
        for (let i = 0; i < Math.abs(steps); i++) {
            value = stepFrom(value, Math.sign(steps), this.isCount);
        }
        this.move(index, value);
    }

    // The ladder

    async onCreate() {
        if (this.isBroken || this.state.isSaving) {
            return;
        }
        this.state.isSaving = true;
        const { metric, window, months, keepPercent, name, tiers } = this.state;
        try {
            const ladderId = await this.orm.call(MODEL, "create_ladder", [
                {
                    metric,
                    window,
                    months,
                    name,
                    keep_percent: keepPercent,
                    tiers: tiers.map((tier) => [tier.name, tier.threshold]),
                },
            ]);
            await this.action.doAction({
                type: "ir.actions.act_window",
                res_model: "customer.tier.ladder",
                res_id: ladderId,
                views: [[false, "form"]],
            });
        } finally {
            this.state.isSaving = false;
        }
    }
}

CustomerTierSetup.displayName = _t("Set Up Tiers");
registry.category("actions").add("customer_retention.tier_setup", CustomerTierSetup);
