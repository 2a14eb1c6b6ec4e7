import { _t } from "@web/core/l10n/translation";

/**
 * @param {string[]} sentences
 * @returns {string} one after the other, parted as the reader's language parts them
 */
export function listed(sentences) {
    return sentences
        .filter(Boolean)
        .reduce((said, more) => (said ? _t("%(said)s; %(more)s", { said, more }) : more), "");
}
