import { Component, onPatched, onWillStart, useRef, useState } from "@odoo/owl";

import { router } from "@web/core/browser/router";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { kindClass } from "../common/kinds";
import { dangerIcon, dangerKind } from "./danger_look";
import { SnoozeMenu } from "./snooze_menu";

const SCORE = "customer.churn.score";
const STEP_ICONS = {
    complaint: "fa-commenting-o",
    planned: "fa-clock-o",
    quotation: "fa-file-text-o",
};

/**
 * The few customers worth a call this week, the most money first: why, what to do,
 * and one click to say how it went.
 */
export class CustomerToday extends Component {
    static template = "customer_retention.Today";
    static components = { Layout, SnoozeMenu };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.keepLast = new KeepLast();
        this.root = useRef("root");
        this.undo = null;
        this.state = useState({
            today: null,
            onlyOwn: this.initialOnlyOwn,
            active: 0,
            logging: false,
            busy: false,
            channel: "call",
            note: "",
        });
        useSetupAction({
            getLocalState: () => ({ onlyOwn: this.state.onlyOwn, active: this.state.active }),
        });
        this.setupKeys();
        onWillStart(() => this.load());
        onPatched(() => this.followFocus());
    }

    setupKeys() {
        const moving = { allowRepeat: true, isAvailable: () => !this.state.logging };
        useHotkey("j", () => this.move(1), moving);
        useHotkey("k", () => this.move(-1), moving);
        useHotkey("arrowdown", () => this.move(1), moving);
        useHotkey("arrowup", () => this.move(-1), moving);
        const onRow = { isAvailable: () => Boolean(this.activeRow) && !this.isOnControl };
        useHotkey("enter", () => this.open(this.activeRow), onRow);
        useHotkey("l", () => this.startLog(this.activeRow), onRow);
        useHotkey("o", () => this.offer(this.activeRow), onRow);
        useHotkey("n", () => this.openDelays(), onRow);
        useHotkey("u", () => this.undo(), {
            isAvailable: () => Boolean(this.undo) && !this.isOnControl,
        });
        useHotkey("escape", () => this.stopLog(), { isAvailable: () => this.state.logging });
        for (let number = 1; number <= 9; number++) {
            useHotkey(String(number), () => this.logByNumber(number), {
                isAvailable: () => this.state.logging,
            });
        }
    }

    get display() {
        return { controlPanel: {} };
    }

    get initialOnlyOwn() {
        const { state } = this.props;
        return Boolean(state?.onlyOwn ?? router.current.mine);
    }

    get lists() {
        return this.state.today.lists;
    }

    get rows() {
        return this.lists.flatMap((list) => list.rows);
    }

    get activeRow() {
        return this.rows[this.state.active];
    }

    /** Whether Enter belongs to a button, a link or a field somebody has gone to. */
    get isOnControl() {
        return Boolean(document.activeElement?.closest("button, a, input, select, textarea"));
    }

    dangerClass(row) {
        return kindClass(dangerKind(row.danger));
    }

    dangerIcon(row) {
        return dangerIcon(row.danger);
    }

    stepIcon(row) {
        return STEP_ICONS[row.step.code] || "fa-arrow-right";
    }

    isActive(row) {
        return row === this.activeRow;
    }

    progress(list) {
        return list.capacity ? Math.min(100, Math.round((100 * list.done) / list.capacity)) : 0;
    }

    async load() {
        this.state.today = await this.keepLast.add(
            this.orm.silent.call(SCORE, "get_today", [this.state.onlyOwn])
        );
        this.state.active = Math.max(0, Math.min(this.state.active, this.rows.length - 1));
        this.props.updateActionState?.({ mine: this.state.onlyOwn ? 1 : undefined });
    }

    setOnlyOwn(onlyOwn) {
        Object.assign(this.state, { onlyOwn, active: 0, logging: false });
        return this.load();
    }

    // Where one is in the list

    move(steps) {
        const last = this.rows.length - 1;
        this.state.active = Math.max(0, Math.min(last, this.state.active + steps));
        this.followActive = true;
    }

    choose(row) {
        const index = this.rows.indexOf(row);
        if (index !== this.state.active) {
            Object.assign(this.state, { active: index, logging: false });
        }
    }

    followFocus() {
        if (!this.followActive) {
            return;
        }
        this.followActive = false;
        const row = this.root.el?.querySelector(".o_customer_today_row.o_active");
        row?.scrollIntoView({ block: "nearest" });
        const target = this.state.logging ? row?.querySelector(".o_customer_today_result") : row;
        target?.focus({ preventScroll: true });
    }

    // What one does with a customer

    open(row) {
        return this.action.doActionButton({
            type: "object",
            name: "action_open_relationship",
            resModel: SCORE,
            resId: row.id,
        });
    }

    /** Start a quotation, in the company whose list the customer is on. */
    offer(row) {
        const list = this.lists.find(({ rows }) => rows.includes(row));
        const elsewhere = this.lists.length > 1 && { default_company_id: list.company_id };
        const context = { default_partner_id: row.partner_id, ...elsewhere };
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("New Quotation"),
            res_model: "sale.order",
            views: [[false, "form"]],
            context,
        });
    }

    startLog(row) {
        this.choose(row);
        Object.assign(this.state, { logging: true, note: "", channel: "call" });
        this.followActive = true;
    }

    stopLog() {
        this.state.logging = false;
        this.followActive = true;
    }

    logByNumber(number) {
        const result = this.state.today.results[number - 1];
        return result && this.log(this.activeRow, result.code);
    }

    log(row, result) {
        const { channel, note } = this.state;
        return this.decide(row, "action_log_contact", [result, channel, note.trim()], {
            said: (back) => _t("Logged. %(name)s is back on %(day)s.", { name: row.name, day: back }),
            model: "customer.contact.log",
        });
    }

    /** Open the menu of delays of the active row: arrows and Enter choose. */
    openDelays() {
        const row = this.root.el?.querySelector(".o_customer_today_row.o_active");
        row?.querySelector(".o_customer_today_snooze")?.click();
    }

    snooze(row, days) {
        return this.decide(row, "action_snooze", [days], {
            said: (back) => _t("%(name)s is back on %(day)s.", { name: row.name, day: back }),
            model: "customer.churn.snooze",
        });
    }

    /**
     * Tell the server, show the list without the customer, and offer to take it back.
     */
    async decide(row, method, parameters, { said, model }) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            const { id, back } = await this.orm.call(SCORE, method, [[row.id], ...parameters]);
            Object.assign(this.state, { logging: false, note: "" });
            this.offerUndo(said(back), model, id);
            await this.load();
            this.followActive = true;
        } finally {
            this.state.busy = false;
        }
    }

    /** Offer to take back what was just decided, by a click or u, as long as it is told. */
    offerUndo(message, model, id) {
        const undo = async () => {
            close();
            await this.orm.call(model, "action_withdraw", [[id]]);
            await this.load();
            this.followActive = true;
        };
        const close = this.notification.add(message, {
            type: "success",
            buttons: [{ name: _t("Undo"), onClick: undo }],
            onClose: () => {
                if (this.undo === undo) {
                    this.undo = null;
                }
            },
        });
        this.undo = undo;
    }

    openAll() {
        return this.action.doAction("customer_retention.customer_churn_score_action");
    }

    openResting() {
        return this.action.doAction("customer_retention.customer_churn_resting_action");
    }
}

CustomerToday.displayName = _t("Today");
registry.category("actions").add("customer_retention.today", CustomerToday);
