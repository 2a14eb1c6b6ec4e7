import { _t } from "@web/core/l10n/translation";
import { router } from "@web/core/browser/router";

const NUMBERS = ["company", "team", "user", "segment"];

/** How long each period is, the usual one first; keys as the server knows them. */
export const PERIODS = {
    year: _t("12 months"),
    half: _t("6 months"),
    quarter: _t("3 months"),
    month: _t("1 month"),
};

/**
 * The filters as they stand in the address; what makes no sense there is left out.
 *
 * @param {Object} state of the address
 * @returns {Object}
 */
export function filtersFrom(state) {
    const filters = {};
    for (const name of NUMBERS) {
        const number = Number(state[name]);
        if (Number.isInteger(number) && number > 0) {
            filters[name] = number;
        }
    }
    if (Object.hasOwn(PERIODS, state.period)) {
        filters.period = state.period;
    }
    return filters;
}

/**
 * What to write into the address: only what differs from what is shown at first.
 *
 * @param {Object} filters as the server understood them
 * @returns {Object}
 */
export function addressOf(filters) {
    const address = {};
    for (const name of NUMBERS) {
        address[name] = filters[name] || undefined;
    }
    address.period = filters.period === "year" ? undefined : filters.period;
    return address;
}

/**
 * The filters an action opens with: those it was left with, or those of the address.
 *
 * @param {Object} props of the action
 */
export function firstFilters(props) {
    const path = props.action.path || props.action.tag;
    const isMine = router.current.action === path;
    return props.state?.filters || (isMine ? filtersFrom(router.current) : {});
}
