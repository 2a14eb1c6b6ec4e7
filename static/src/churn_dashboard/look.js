import { cookie } from "@web/core/browser/cookie";
import { formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { formatInteger, formatMonetary, formatPercentage } from "@web/views/fields/formatters";

const { DateTime } = luxon;

/** "dark" or "light", as the web client was loaded. */
export function colorScheme() {
    return cookie.get("color_scheme") === "dark" ? "dark" : "light";
}

/** "06/01/2025 – 06/30/2025", as the reader writes dates, of two ISO dates. */
export function days(first, last) {
    return [first, last].map((day) => formatDate(DateTime.fromISO(day))).join(" – ");
}

/** "Jun 25" of an ISO date. */
export function shortMonth(day) {
    return DateTime.fromISO(day).toFormat("LLL yy");
}

/** "Jun 25" of a recorded month, "Jun 25*" as long as documents still reach it. */
export function monthLabel({ month, is_provisional }) {
    return shortMonth(month) + (is_provisional ? "*" : "");
}

/** "Q2 25" of an ISO date. */
export function shortQuarter(day) {
    return DateTime.fromISO(day).toFormat("'Q'q yy");
}

export function percent(share, digits = 0) {
    return typeof share === "number" ? formatPercentage(share, { digits: [16, digits] }) : "–";
}

/** Money as short as possible: 12.4k €. */
export function shortMoney(amount, currencyId) {
    return formatMonetary(amount, { currencyId, humanReadable: true });
}

/** A figure of a tile, in its format. */
export function figure(value, format, currencyId) {
    if (typeof value !== "number") {
        return "–";
    }
    if (format === "monetary") {
        return shortMoney(value, currencyId);
    }
    return format === "percentage" ? percent(value) : formatInteger(value);
}

/** By how much a figure changed, with its sign; shares in points. */
export function changeText(change, format, currencyId) {
    if (typeof change !== "number") {
        return "";
    }
    const sign = change > 0 ? "+" : change < 0 ? "−" : "±";
    const size = Math.abs(change);
    if (format === "percentage") {
        return _t("%s points", `${sign}${(100 * size).toFixed(1)}`);
    }
    return `${sign}${figure(size, format, currencyId)}`;
}
