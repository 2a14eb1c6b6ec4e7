import { Component } from "@odoo/owl";

import { formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { layOut } from "./clock_geometry";

const { DateTime } = luxon;

const ICONS = {
    running: "fa-clock-o",
    paused: "fa-pause",
    kept: "fa-check",
    broken: "fa-exclamation-circle",
    cancelled: "fa-ban",
};

/** Why a deadline is what it is. */
export class CustomerClockPopover extends Component {
    static template = "customer_retention.ClockPopover";
    static props = { clock: Object, words: String, close: { type: Function, optional: true } };
}

/** The promises of a complaint as thin lines: run, paused, kept, broken. */
export class CustomerClockTimelineField extends Component {
    static template = "customer_retention.ClockTimelineField";
    static props = { ...standardFieldProps };

    setup() {
        this.popover = usePopover(CustomerClockPopover, { position: "top" });
    }

    get clocks() {
        return this.props.record.data[this.props.name] || [];
    }

    get picture() {
        return layOut(this.clocks, DateTime.now().toMillis());
    }

    /** Broken is also what still runs after its deadline. */
    look(clock) {
        return clock.is_breached ? "broken" : clock.state;
    }

    icon(clock) {
        return ICONS[this.look(clock)];
    }

    /** How it stands, in words. */
    words(clock) {
        if (clock.is_replaced) {
            return _t("replaced");
        }
        switch (clock.state) {
            case "running":
                return clock.remaining_text;
            case "paused":
                return _t("paused, %s", clock.remaining_text);
            case "kept":
                return _t("kept %s", clock.done_text);
            case "broken":
                return clock.done_text ? _t("broken, done %s", clock.done_text) : _t("broken");
        }
        return _t("no longer due");
    }

    /** The whole row for those who do not see it. */
    label(clock) {
        const words = this.words(clock);
        return clock.deadline_text
            ? _t("%(promise)s: %(words)s, due %(deadline)s", {
                  promise: clock.label,
                  words,
                  deadline: clock.deadline_text,
              })
            : `${clock.label}: ${words}`;
    }

    partTitle(part) {
        const kinds = { running: _t("Running"), paused: _t("Paused"), broken: _t("Too late") };
        const from = formatDateTime(DateTime.fromMillis(part.from));
        const to = formatDateTime(DateTime.fromMillis(part.to));
        return `${kinds[part.kind]} · ${part.reason} · ${from} – ${to}`;
    }

    onExplain(ev, clock) {
        this.popover.open(ev.currentTarget, { clock, words: this.words(clock) });
    }
}

export const customerClockTimelineField = {
    component: CustomerClockTimelineField,
    displayName: _t("Clocks as a time line"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_clock_timeline", customerClockTimelineField);
