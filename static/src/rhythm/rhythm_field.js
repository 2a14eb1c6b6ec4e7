import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";

import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

import { BASELINE, HEIGHT, layOut } from "./rhythm_geometry";

/** The purchases of a customer on a time line, with the one expected next. */
export class CustomerRhythmField extends Component {
    static template = "customer_retention.RhythmField";
    static props = { ...standardFieldProps };

    setup() {
        this.height = HEIGHT;
        this.baseline = BASELINE;
        this.root = useRef("root");
        this.state = useState({ width: 0 });
        const observer = new ResizeObserver(() => this.measure());
        onMounted(() => {
            this.measure();
            observer.observe(this.root.el);
        });
        onWillUnmount(() => observer.disconnect());
    }

    get rhythm() {
        return this.props.record.data[this.props.name];
    }

    get hasPurchases() {
        return Boolean(this.rhythm?.purchases?.length);
    }

    get picture() {
        return layOut(this.rhythm, this.state.width);
    }

    get label() {
        return this.rhythm.sentence || _t("Purchases on a time line");
    }

    /** @param {{date_text: string, amount_text: string}} dot */
    dotLabel(dot) {
        return _t("%(date)s: %(amount)s", { date: dot.date_text, amount: dot.amount_text });
    }

    get expectedLabel() {
        return _t("Next purchase expected on %s", this.rhythm.expected_next_text);
    }

    measure() {
        const width = Math.floor(this.root.el?.clientWidth || 0);
        if (width !== this.state.width) {
            this.state.width = width;
        }
    }
}

export const customerRhythmField = {
    component: CustomerRhythmField,
    displayName: _t("Purchase rhythm"),
    supportedTypes: ["json"],
};

registry.category("fields").add("customer_rhythm", customerRhythmField);
