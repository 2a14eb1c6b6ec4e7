const { Settings } = luxon;

const MONTHS_FROM = 90;
const YEARS_FROM = 730;

/**
 * A number of days in words of the reader's language: "47 days ago", "8 months ago".
 *
 * @param {number} days not negative
 * @returns {string}
 */
export function daysAgo(days) {
    const format = new Intl.RelativeTimeFormat(Settings.defaultLocale, { numeric: "auto" });
    if (days < MONTHS_FROM) {
        return format.format(-days, "day");
    }
    if (days < YEARS_FROM) {
        return format.format(-Math.round(days / 30.44), "month");
    }
    return format.format(-Math.round(days / 365.25), "year");
}
