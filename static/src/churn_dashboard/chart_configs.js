import { _t } from "@web/core/l10n/translation";
import { getCustomColor } from "@web/core/colors/colors";

import { kindColor } from "../common/kinds";
import { colorScheme, monthLabel } from "./look";

/** What goes up, what goes down, and what a chart starts and ends with. */
const KINDS = { up: "active", down: "dormant", total: "won_back" };

/**
 * Bars of a waterfall: each from where the last one ended.
 *
 * @param {{start: number, end: number, steps: {label: string, amount: number}[]}} bridge
 * @param {string} before label of the first bar
 * @param {string} now label of the last bar
 * @returns {{label: string, from: number, to: number, kind: string, step: number}[]}
 */
export function waterfall(bridge, before, now) {
    const bars = [{ label: before, from: 0, to: bridge.start, kind: "total", step: -1 }];
    let level = bridge.start;
    bridge.steps.forEach(({ label, amount }, step) => {
        const kind = amount < 0 ? "down" : "up";
        bars.push({ label, from: level, to: level + amount, kind, step });
        level += amount;
    });
    bars.push({ label: now, from: 0, to: bridge.end, kind: "total", step: -1 });
    return bars;
}

function axes(text, format, extra = {}) {
    const grid = { color: getCustomColor(colorScheme(), "rgba(0,0,0,.08)", "rgba(255,255,255,.1)") };
    return {
        x: { grid: { display: false }, ticks: { color: text, maxRotation: 0, autoSkip: true } },
        y: { grid, ticks: { color: text, callback: (value) => format(value), maxTicksLimit: 6 }, ...extra },
    };
}

/** Axes of a few bars, each of which has its name. */
function stepAxes(text, format) {
    const { x, y } = axes(text, format);
    return { x: { ...x, ticks: { ...x.ticks, autoSkip: false, font: { size: 10 } } }, y };
}

function legend(text, display = true) {
    return { display, position: "bottom", labels: { color: text, boxWidth: 12 } };
}

function line(label, data, kind, more = {}) {
    const color = kindColor(kind);
    return {
        label,
        data,
        borderColor: color,
        backgroundColor: color,
        pointRadius: 2,
        borderWidth: 2,
        tension: 0.2,
        spanGaps: true,
        ...more,
    };
}

export function bridgeConfig(bars, money) {
    return ({ text }) => ({
        type: "bar",
        data: {
            labels: bars.map((bar) => bar.label),
            datasets: [
                {
                    data: bars.map((bar) => [bar.from, bar.to]),
                    backgroundColor: bars.map((bar) => kindColor(KINDS[bar.kind])),
                    minBarLength: 2,
                },
            ],
        },
        options: {
            scales: stepAxes(text, money),
            plugins: {
                legend: legend(text, false),
                tooltip: {
                    callbacks: {
                        label: ({ dataIndex }) => {
                            const { from, to, kind } = bars[dataIndex];
                            return money(kind === "total" ? to : to - from);
                        },
                    },
                },
            },
        },
    });
}

export function riskConfig(months, money) {
    return ({ text }) => ({
        type: "line",
        data: {
            labels: months.map(monthLabel),
            datasets: [
                line(_t("Value at risk"), months.map((one) => one.value_at_risk), "at_risk", {
                    fill: true,
                    backgroundColor: kindColor("at_risk").replace("rgb(", "rgba(").replace(")", ", .18)"),
                }),
            ],
        },
        options: {
            interaction: { mode: "index", intersect: false },
            scales: axes(text, money, { beginAtZero: true }),
            plugins: {
                legend: legend(text, false),
                tooltip: { callbacks: { label: ({ parsed }) => money(parsed.y) } },
            },
        },
    });
}

export function retentionConfig(months, percent) {
    const rate = (name) => months.map(({ rates }) => rates[name]);
    return ({ text }) => ({
        type: "line",
        data: {
            labels: months.map(monthLabel),
            datasets: [
                line(_t("Retention of customers"), rate("retention"), "won_back"),
                line(_t("Retention of revenue"), rate("revenue_retention"), "active"),
                line(_t("Churn"), rate("churn"), "dormant", { borderDash: [4, 4] }),
            ],
        },
        options: {
            interaction: { mode: "index", intersect: false },
            scales: axes(text, percent, { beginAtZero: true }),
            plugins: {
                legend: legend(text),
                tooltip: {
                    callbacks: {
                        label: ({ dataset, parsed }) => `${dataset.label}: ${percent(parsed.y)}`,
                    },
                },
            },
        },
    });
}

export function comingConfig(months) {
    const bars = (label, name, kind, sign = 1) => ({
        label,
        data: months.map((one) => sign * one[name]),
        backgroundColor: kindColor(kind),
    });
    return ({ text }) => ({
        type: "bar",
        data: {
            labels: months.map(monthLabel),
            datasets: [
                bars(_t("New"), "customers_new", "active"),
                bars(_t("Won back"), "customers_back", "won_back"),
                bars(_t("Lost"), "customers_lost", "dormant", -1),
            ],
        },
        options: {
            interaction: { mode: "index", intersect: false },
            scales: {
                ...axes(text, (value) => Math.abs(value)),
                x: { ...axes(text, String).x, stacked: true },
                y: { ...axes(text, (value) => Math.abs(value)).y, stacked: true },
            },
            plugins: {
                legend: legend(text),
                tooltip: {
                    callbacks: {
                        label: ({ dataset, raw }) => `${dataset.label}: ${Math.abs(raw)}`,
                    },
                },
            },
        },
    });
}

export function marginConfig(months, money) {
    return ({ text }) => ({
        type: "line",
        data: {
            labels: months.map(monthLabel),
            datasets: [
                line(_t("Revenue"), months.map((one) => one.revenue), "won_back"),
                line(_t("Margin"), months.map((one) => one.margin), "active"),
            ],
        },
        options: {
            interaction: { mode: "index", intersect: false },
            scales: axes(text, money, { beginAtZero: true }),
            plugins: {
                legend: legend(text),
                tooltip: {
                    callbacks: {
                        label: ({ dataset, parsed }) => `${dataset.label}: ${money(parsed.y)}`,
                    },
                },
            },
        },
    });
}

export function gradeConfig(reliability, percent) {
    return ({ text }) => ({
        type: "scatter",
        data: {
            datasets: [
                line(
                    _t("Customers in groups of equal size"),
                    reliability.map(([customers, foretold, happened]) => ({
                        x: foretold,
                        y: happened,
                        customers,
                    })),
                    "won_back",
                    { showLine: true, pointRadius: 4 }
                ),
                {
                    label: _t("As foretold"),
                    data: [
                        { x: 0, y: 0 },
                        { x: 1, y: 1 },
                    ],
                    showLine: true,
                    pointRadius: 0,
                    borderWidth: 1,
                    borderDash: [4, 4],
                    borderColor: text,
                },
            ],
        },
        options: {
            scales: {
                x: {
                    ...axes(text, percent).y,
                    min: 0,
                    max: 1,
                    title: { display: true, text: _t("Foretold"), color: text },
                },
                y: {
                    ...axes(text, percent).y,
                    min: 0,
                    max: 1,
                    title: { display: true, text: _t("Happened"), color: text },
                },
            },
            plugins: {
                legend: legend(text),
                tooltip: {
                    callbacks: {
                        label: ({ raw }) =>
                            _t("Foretold %(foretold)s, happened %(happened)s", {
                                foretold: percent(raw.x),
                                happened: percent(raw.y),
                            }),
                    },
                },
            },
        },
    });
}

/** The last part of a path of reasons, short enough to stand beside a bar. */
export function shortReason(label, length = 24) {
    const last = label.split(" / ").at(-1);
    return last.length > length ? `${last.slice(0, length - 1)}…` : last;
}

export function reasonsConfig(reasons, money, percent) {
    return ({ text }) => ({
        data: {
            labels: reasons.map(({ label }) => label),
            datasets: [
                {
                    type: "line",
                    ...line(_t("Added up"), reasons.map((one) => one.cumulated), "won_back"),
                    xAxisID: "share",
                },
                {
                    type: "bar",
                    label: _t("Lost revenue"),
                    data: reasons.map(({ amount }) => amount),
                    backgroundColor: kindColor("dormant"),
                },
            ],
        },
        options: {
            // names of reasons are long: they stand beside their bars
            indexAxis: "y",
            interaction: { mode: "index", axis: "y", intersect: false },
            scales: {
                x: { ...axes(text, money, { beginAtZero: true }).y },
                y: {
                    grid: { display: false },
                    ticks: {
                        color: text,
                        autoSkip: false,
                        callback: (_value, index) => shortReason(reasons[index].label),
                    },
                },
                share: {
                    position: "top",
                    min: 0,
                    max: 1,
                    grid: { display: false },
                    ticks: { color: text, callback: (value) => percent(value), maxTicksLimit: 5 },
                },
            },
            plugins: {
                legend: legend(text),
                tooltip: {
                    callbacks: {
                        label: ({ dataset, raw }) =>
                            `${dataset.label}: ${dataset.xAxisID ? percent(raw) : money(raw)}`,
                    },
                },
            },
        },
    });
}

export function effectConfig(arms, percent) {
    return ({ text }) => ({
        type: "bar",
        data: {
            labels: arms.map(({ label, customers }) => `${label} (${customers})`),
            datasets: [
                {
                    label: _t("Bought again"),
                    data: arms.map(({ share }) => share),
                    backgroundColor: [kindColor("active"), kindColor("won_back")],
                },
            ],
        },
        options: {
            indexAxis: "y",
            scales: {
                x: { ...axes(text, percent).y, min: 0, max: 1 },
                y: { grid: { display: false }, ticks: { color: text } },
            },
            plugins: {
                legend: legend(text, false),
                tooltip: { callbacks: { label: ({ raw }) => percent(raw) } },
            },
        },
    });
}
