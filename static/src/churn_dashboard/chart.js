import { Component, onWillStart, onWillUnmount, useEffect, useRef } from "@odoo/owl";

import { loadBundle } from "@web/core/assets";

/**
 * A chart of core's library in the colors of the theme.
 *
 * `config` is a function of those colors that returns what the library takes; it is
 * called again when `data` is another object. The same figures stand in a table for
 * those who do not see the picture.
 */
export class CustomerChart extends Component {
    static template = "customer_retention.Chart";
    static props = {
        title: String,
        data: true,
        config: Function,
        onPoint: { type: Function, optional: true },
        rows: { type: Array, optional: true },
    };

    setup() {
        this.canvas = useRef("canvas");
        this.chart = null;
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => this.draw(),
            () => [this.props.data]
        );
        onWillUnmount(() => this.chart?.destroy());
    }

    draw() {
        this.chart?.destroy();
        const { color } = getComputedStyle(this.canvas.el);
        const config = this.props.config({ text: color });
        const options = {
            responsive: true,
            maintainAspectRatio: false,
            animation: false,
            ...config.options,
        };
        if (this.props.onPoint) {
            options.onClick = (ev, [point]) => point && this.props.onPoint(point.index, point);
            options.onHover = (ev, [point]) => {
                ev.native.target.style.cursor = point ? "pointer" : "";
            };
        }
        this.chart = new Chart(this.canvas.el, { ...config, options });
    }
}
