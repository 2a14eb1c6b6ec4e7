r"""What an event does to which clock: never the order of stages, only what happened.

=============  ==================================  =================================
clock          starts                              is kept by
=============  ==================================  =================================
acknowledge    received                            acknowledged, answered, decided
answer         received, reopened *                answered
update         promised                            updated
decision       received, reopened *                decided, refused
resolution     received, reopened                  resolved, closed
remedy         accepted                            remedied
internal       received, reopened, passed          passed, resolved, closed
=============  ==================================  =================================

\* only if nobody ever answered or decided, see :func:`starts_unless_met`

Once a complaint is resolved nobody waits for an answer, an update or a decision:
clocks nobody proved kept are *cancelled* then, which is no success. A complaint that
is closed, withdrawn or merged ends them all. A promised remedy outlives the
resolution: it is owed until it is carried out.

>>> effect("answer", "acknowledged")
>>> effect("answer", "answered")
'keep'
>>> effect("answer", "resolved")
'cancel'
>>> effect("remedy", "resolved")
>>> effect("resolution", "waiting")
'pause'
>>> effect("decision", "resolved")
'cancel'
>>> starts("reopened")
('resolution', 'internal')
>>> starts_unless_met("reopened")
('answer', 'decision')
"""

from __future__ import annotations

KINDS = (
    "acknowledge",
    "answer",
    "update",
    "decision",
    "resolution",
    "remedy",
    "internal",
)

STARTS = {
    "received": ("acknowledge", "answer", "decision", "resolution", "internal"),
    "reopened": ("resolution", "internal"),
    "passed": ("internal",),
    "promised": ("update",),
    "accepted": ("remedy",),
}

#: What is promised anew as long as it has never been kept
STARTS_UNLESS_MET = {"reopened": ("answer", "decision")}

KEEPS = {
    "acknowledge": {"acknowledged", "answered", "decided"},
    "answer": {"answered"},
    "update": {"updated"},
    "decision": {"decided", "refused"},
    "resolution": {"resolved", "closed"},
    "remedy": {"remedied"},
    "internal": {"passed", "resolved", "closed"},
}

CANCELS = {
    "acknowledge": {"resolved"},
    "answer": {"resolved"},
    "update": {"resolved", "promised"},
    "decision": {"resolved"},
    "remedy": set(),
}

#: Events after which nothing is owed any more
ENDS_ALL = {"withdrawn", "merged", "dropped"}

#: Events that end whatever still runs except what outlives the resolution
ENDS_REST = {"closed"}
OUTLIVES = {"remedy"}


def effect(kind: str, event: str) -> str | None:
    """What an event does to a clock that runs or is paused.

    :return: ``keep``, ``cancel``, ``pause``, ``resume`` or None for nothing
    """
    if event in ENDS_ALL:
        return "cancel"
    if event in KEEPS[kind]:
        return "keep"
    if event in CANCELS.get(kind, ()):
        return "cancel"
    if event in ENDS_REST and kind not in OUTLIVES:
        return "cancel"
    return {"waiting": "pause", "resumed": "resume"}.get(event)


def starts(event: str) -> tuple[str, ...]:
    """Kinds of the clocks that an event starts."""
    return STARTS.get(event, ())


def starts_unless_met(event: str) -> tuple[str, ...]:
    """Kinds of the clocks that an event starts where their promise was never kept."""
    return STARTS_UNLESS_MET.get(event, ())


def touches_clocks(event: str) -> bool:
    """Whether any clock starts, stops, pauses or resumes by an event."""
    return bool(starts(event)) or any(effect(kind, event) for kind in KINDS)
