/**
 * The forest-fire scale of danger in the one color language of the product: a word
 * always goes with it.
 */
const LOOKS = {
    low: { kind: "active", icon: "fa-check-circle" },
    moderate: { kind: "cooling", icon: "fa-thermometer-half" },
    high: { kind: "at_risk", icon: "fa-exclamation-triangle" },
    very_high: { kind: "dormant", icon: "fa-fire" },
    extreme: { kind: "lost", icon: "fa-fire" },
};

/**
 * @param {string | false} danger
 * @returns {string} kind of condition of the same color
 */
export function dangerKind(danger) {
    return LOOKS[danger]?.kind || false;
}

/**
 * @param {string | false} danger
 * @returns {string} Font Awesome class
 */
export function dangerIcon(danger) {
    return LOOKS[danger]?.icon || "fa-circle-o";
}
