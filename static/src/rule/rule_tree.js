/**
 * The rule as the editor holds it, and back to the text that is saved.
 *
 * A rule is JSON of a list in Polish notation: "&", "|" and "!" before their operands,
 * `[fact, operator, value]` as operands, an implicit "&" between terms. The editor
 * holds groups of three kinds instead, and joins equal neighbors into one group:
 *
 *   { type: "group", connector: "all" | "any" | "none", children: [...] }
 *   { type: "comparison", fact, operator, value }
 *
 * A value is `null` while nothing has been entered. Reading and writing a canonical
 * text gives the same text.
 */

const CONNECTIVES = ["&", "|", "!"];

/** The text is not a rule this editor can show. */
export class RuleTextError extends Error {}

/**
 * @param {string | false} text
 * @returns {Object} the group at the root, never a "none"
 */
export function parseRule(text) {
    const tokens = readTokens(text || "[]");
    const stack = [];
    for (const token of [...tokens].reverse()) {
        stack.push(CONNECTIVES.includes(token) ? connect(token, stack) : makeComparison(token));
    }
    const root = joinNodes("all", stack.reverse());
    return root.connector === "none" ? makeGroup("all", [root]) : root;
}

/**
 * @param {Object} root group
 * @returns {string}
 */
export function serializeRule(root) {
    const node = prune(root);
    if (!node) {
        return "[]";
    }
    const isPlain = node.type === "group" && node.connector === "all";
    return JSON.stringify(isPlain ? node.children.flatMap(toTokens) : toTokens(node));
}

/**
 * @param {Object} node
 * @returns {boolean} whether every comparison below has a value
 */
export function isComplete(node) {
    if (node.type === "group") {
        return node.children.every(isComplete);
    }
    return Array.isArray(node.value) ? node.value.length > 0 : node.value !== null;
}

/** @param {"all" | "any" | "none"} connector */
export function makeGroup(connector, children = []) {
    return { type: "group", connector, children };
}

function readTokens(text) {
    let tokens;
    try {
        tokens = JSON.parse(text);
    } catch {
        throw new RuleTextError(text);
    }
    if (!Array.isArray(tokens)) {
        throw new RuleTextError(text);
    }
    return tokens;
}

function makeComparison(token) {
    if (!Array.isArray(token) || token.length !== 3) {
        throw new RuleTextError(JSON.stringify(token));
    }
    const [fact, operator, value] = token;
    return { type: "comparison", fact, operator, value };
}

/** Take the operands of a connective off the stack and join them. */
function connect(token, stack) {
    const operands = [stack.pop(), ...(token === "!" ? [] : [stack.pop()])];
    if (operands.includes(undefined)) {
        throw new RuleTextError(token);
    }
    if (token === "!") {
        return negate(operands[0]);
    }
    return joinNodes(token === "&" ? "all" : "any", operands);
}

function negate(node) {
    const isAny = node.type === "group" && node.connector === "any";
    return makeGroup("none", isAny ? node.children : [node]);
}

/** One group of the operands; a group of the same connector dissolves in it. */
function joinNodes(connector, nodes) {
    const children = nodes.flatMap((node) =>
        node.type === "group" && node.connector === connector ? node.children : [node]
    );
    const [only] = children;
    return children.length === 1 && only.type === "group" ? only : makeGroup(connector, children);
}

/** The node without empty groups, or null; a group of one is its only child. */
function prune(node) {
    if (node.type !== "group") {
        return node;
    }
    const children = node.children.map(prune).filter(Boolean);
    if (!children.length) {
        return null;
    }
    if (node.connector !== "none") {
        return children.length === 1 ? children[0] : makeGroup(node.connector, children);
    }
    return makeGroup("none", children);
}

function toTokens(node) {
    if (node.type === "comparison") {
        return [[node.fact, node.operator, node.value]];
    }
    const operands = node.children.flatMap(toTokens);
    const joins = node.children.length - 1;
    const connective = node.connector === "all" ? "&" : "|";
    const tokens = [...Array(joins).fill(connective), ...operands];
    return node.connector === "none" ? ["!", ...tokens] : tokens;
}
