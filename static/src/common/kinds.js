/**
 * The one color language of the product: what a condition looks like. A word always
 * goes with it; the icon serves those who do not see the color.
 */
const ICONS = {
    active: "fa-check-circle",
    cooling: "fa-thermometer-half",
    at_risk: "fa-exclamation-triangle",
    dormant: "fa-moon-o",
    lost: "fa-chain-broken",
    won_back: "fa-undo",
};

/**
 * @param {string | false | null} kind technical kind of a condition
 * @returns {string} Font Awesome class
 */
export function kindIcon(kind) {
    return ICONS[kind] || "fa-circle-o";
}

/**
 * @param {string | false | null} kind
 * @returns {string} class that gives the color of the kind to its content
 */
export function kindClass(kind) {
    return kind in ICONS ? `o_customer_kind o_customer_kind_${kind}` : "o_customer_kind";
}

/**
 * The color itself, for what is not drawn with style sheets.
 *
 * @param {string} kind
 * @returns {string} CSS color of the current theme
 */
export function kindColor(kind) {
    const probe = document.createElement("span");
    probe.className = `bg-customer-${kind}`;
    document.body.append(probe);
    const color = getComputedStyle(probe).backgroundColor;
    probe.remove();
    return color;
}
