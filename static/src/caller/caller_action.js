import { Component, onMounted, onWillStart, useRef, useState } from "@odoo/owl";

import { router } from "@web/core/browser/router";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { Layout } from "@web/search/layout";
import { useSetupAction } from "@web/search/action_hook";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

import { kindClass, kindIcon } from "../common/kinds";
import { tierClass, tierIcon } from "../tier/tier_look";

const SEARCH_AFTER_MS = 250;
const SHORTEST_TERM = 2;

/**
 * Who is calling? One box for whatever a caller says: a name, a telephone number, an
 * e-mail address, the number of an order or invoice. Enter opens the customer.
 *
 * The term may come with the address (`/odoo/caller?term=…`), as telephone systems do.
 */
export class CustomerCaller extends Component {
    static template = "customer_retention.Caller";
    static components = { Layout };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.keepLast = new KeepLast();
        this.input = useRef("input");
        this.kindClass = kindClass;
        this.kindIcon = kindIcon;
        this.tierClass = tierClass;
        this.tierIcon = tierIcon;
        this.state = useState({ term: this.initialTerm, cards: [], active: 0, searched: "" });
        this.searchLater = useDebounced(() => this.search(), SEARCH_AFTER_MS);
        useSetupAction({ getLocalState: () => ({ term: this.state.term }) });
        onWillStart(() => this.search());
        onMounted(() => this.input.el.select());
    }

    get display() {
        return { controlPanel: {} };
    }

    get initialTerm() {
        const { state, action } = this.props;
        const { term, phone } = { ...router.current, ...action.context, ...action.params, ...state };
        return String(term ?? phone ?? "").trim();
    }

    get isTooShort() {
        return this.state.term.trim().length < SHORTEST_TERM;
    }

    get foundNobody() {
        return this.state.searched && !this.state.cards.length;
    }

    get activeId() {
        return this.state.cards.length ? `o_customer_caller_${this.state.active}` : false;
    }

    async search() {
        const term = this.state.term.trim();
        // Also a term too short to ask about: an answer on its way is not awaited.
        const cards = await this.keepLast.add(
            this.isTooShort
                ? Promise.resolve([])
                : this.orm.silent.call("customer.relationship", "find_caller", [term])
        );
        Object.assign(this.state, { cards, active: 0, searched: this.isTooShort ? "" : term });
        this.props.updateActionState?.({ term: term || undefined });
    }

    onInput(ev) {
        this.state.term = ev.target.value;
        this.searchLater();
    }

    async onKeydown(ev) {
        const count = this.state.cards.length;
        if (ev.key === "ArrowDown" && count) {
            this.state.active = (this.state.active + 1) % count;
        } else if (ev.key === "ArrowUp" && count) {
            this.state.active = (this.state.active + count - 1) % count;
        } else if (ev.key === "Escape") {
            this.state.term = "";
            this.searchLater.cancel();
            this.search();
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            return this.onEnter();
        } else {
            return;
        }
        ev.preventDefault();
    }

    /** Whoever types faster than the search still gets the answer to the whole term. */
    async onEnter() {
        if (this.state.term.trim() !== this.state.searched) {
            this.searchLater.cancel();
            await this.search();
        }
        const card = this.state.cards[this.state.active];
        if (card) {
            await this.open(card);
        }
    }

    open(card) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: card.name,
            res_model: card.id ? "customer.relationship" : "res.partner",
            res_id: card.id || card.partner_id,
            views: [[false, "form"]],
        });
    }
}

CustomerCaller.displayName = _t("Who Is Calling?");
registry.category("actions").add("customer_retention.caller", CustomerCaller);
