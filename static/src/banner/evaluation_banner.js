import { Component, onMounted, onWillDestroy, status, useState } from "@odoo/owl";

import { browser } from "@web/core/browser/browser";
import { deserializeDateTime, toLocaleDateTimeString } from "@web/core/l10n/dates";
import { useService } from "@web/core/utils/hooks";

const POLL_MS = 10_000;

/**
 * How far the evaluation of the customers is. Silent while all is well: it asks the
 * server again only as long as something is being worked off.
 */
export class CustomerEvaluationBanner extends Component {
    static template = "customer_retention.EvaluationBanner";
    static props = { onFinished: { type: Function, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ status: null });
        onMounted(() => this.refresh());
        onWillDestroy(() => browser.clearTimeout(this.timer));
    }

    get status() {
        return this.state.status;
    }

    get isRunning() {
        return Boolean(this.status?.run);
    }

    /** Whether there is anything a person should notice. */
    get isWorthSaying() {
        const { run, stalled, evaluation_date: date } = this.status || {};
        return Boolean(run || stalled || date);
    }

    /** As every moment in the web client: in the zone and format of the reader. */
    get lastEvaluated() {
        return toLocaleDateTimeString(deserializeDateTime(this.status.last_evaluated));
    }

    get progress() {
        return Math.round(this.status.run.progress);
    }

    async refresh() {
        const wasRunning = this.isRunning;
        this.state.status = await this.orm.silent.call(
            "customer.relationship",
            "get_evaluation_status",
            []
        );
        if (status(this) === "destroyed") {
            return;
        }
        if (this.isRunning) {
            this.timer = browser.setTimeout(() => this.poll(), POLL_MS);
        } else if (wasRunning) {
            this.props.onFinished?.();
        }
    }

    /** A lost connection is not worth an error: the next round may succeed. */
    async poll() {
        try {
            await this.refresh();
        } catch {
            if (status(this) !== "destroyed") {
                this.timer = browser.setTimeout(() => this.poll(), POLL_MS);
            }
        }
    }
}
