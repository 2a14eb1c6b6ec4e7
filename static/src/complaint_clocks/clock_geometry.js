const { DateTime } = luxon;

/** Thinner than this nobody sees that there was something. */
const THINNEST = 0.6;

/** @param {string} text naive UTC, as the server writes it */
function millis(text) {
    return DateTime.fromSQL(text, { zone: "utc" }).toMillis();
}

/**
 * Where the parts of clocks are on one common scale.
 *
 * A part that goes on beyond the deadline of a broken promise is broken from there on.
 *
 * @param {Object[]} clocks as the server prepares them
 * @param {number} now in milliseconds
 * @returns {{now: number, rows: Object[]}} positions and widths in percent
 */
export function layOut(clocks, now) {
    const moments = clocks.flatMap((clock) =>
        [clock.started, clock.deadline, clock.done, ...clock.segments.map((part) => part.to)]
            .filter(Boolean)
            .map(millis)
    );
    if (clocks.some((clock) => !clock.done)) {
        moments.push(now);
    }
    const start = Math.min(...moments);
    const span = Math.max(...moments) - start || 1;
    const at = (moment) => (100 * (moment - start)) / span;
    return {
        now: now >= start && now <= start + span ? at(now) : null,
        rows: clocks.map((clock) => ({
            clock,
            deadline: clock.deadline ? at(millis(clock.deadline)) : null,
            parts: clock.segments.flatMap((part) => cut(part, clock)).map((part) => place(part, at)),
        })),
    };
}

function cut(part, clock) {
    const from = millis(part.from);
    const to = millis(part.to);
    const due = clock.deadline && clock.is_breached ? millis(clock.deadline) : Infinity;
    const parts = [
        { ...part, from, to: Math.min(to, due) },
        { ...part, kind: "broken", from: Math.max(from, due), to },
    ];
    return parts.filter((one) => one.from < one.to || (from === to && one.kind === part.kind));
}

function place(part, at) {
    const width = Math.max(at(part.to) - at(part.from), THINNEST);
    return { ...part, left: Math.min(at(part.from), 100 - width), width };
}
