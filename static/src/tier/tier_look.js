/** How a tier looks, wherever it is shown. */

/** @param {number | false} [color] index into the palette */
export function tierClass(color) {
    return `o_customer_tier_color_${color || 0}`;
}

/**
 * @param {string | false} [icon] name of a Font Awesome icon, as people enter it
 * @returns {string} the classes of the icon; a star for what is no such name
 */
export function tierIcon(icon) {
    const name = (icon || "").trim().split(/\s+/).pop();
    return /^fa-[a-z0-9-]+$/.test(name) ? name : "fa-star";
}
