"""What an event does to which clock."""

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.sla_events import (
    KINDS,
    effect,
    starts,
    starts_unless_met,
    touches_clocks,
)


class TestEvents(UnitCase):
    """The table."""

    def test_acknowledgement_is_no_answer(self):
        """Only a person's message is."""
        self.assertEqual(effect("acknowledge", "acknowledged"), "keep")
        self.assertIsNone(effect("answer", "acknowledged"))
        self.assertEqual(effect("answer", "answered"), "keep")

    def test_an_answer_acknowledges(self):
        """Whoever has been answered knows that we know."""
        self.assertEqual(effect("acknowledge", "answered"), "keep")

    def test_resolving_is_no_answer(self):
        """What nobody proved is not counted as kept."""
        self.assertEqual(effect("answer", "resolved"), "cancel")
        self.assertEqual(effect("acknowledge", "resolved"), "cancel")

    def test_resolving_is_no_decision(self):
        """A click does not make the figures better."""
        self.assertEqual(effect("decision", "resolved"), "cancel")
        self.assertEqual(starts_unless_met("reopened"), ("answer", "decision"))

    def test_withdrawn_is_never_kept(self):
        """Nor merged, nor archived."""
        for event in ("withdrawn", "merged", "dropped"):
            for kind in KINDS:
                self.assertEqual(effect(kind, event), "cancel")

    def test_refusal_is_a_decision(self):
        """And no resolution: it stays open to recourse."""
        self.assertEqual(effect("decision", "refused"), "keep")
        self.assertIsNone(effect("resolution", "refused"))

    def test_agreed_remedy_is_owed_after_the_resolution(self):
        """Closing the complaint carries nothing out."""
        self.assertIsNone(effect("remedy", "resolved"))
        self.assertIsNone(effect("remedy", "closed"))
        self.assertEqual(effect("remedy", "remedied"), "keep")

    def test_next_promise_takes_the_place_of_the_last(self):
        """Without an update it was not kept."""
        self.assertEqual(effect("update", "promised"), "cancel")
        self.assertEqual(effect("update", "updated"), "keep")

    def test_reopening_starts_the_resolution_again(self):
        """The first answer has been given."""
        self.assertEqual(starts("reopened"), ("resolution", "internal"))

    def test_every_clock_can_be_started_and_kept(self):
        """No kind is promised in vain."""
        events = ("received", "reopened", "passed", "promised", "accepted")
        started = {kind for event in events for kind in starts(event)}
        self.assertEqual(started, set(KINDS))

    def test_most_events_are_no_matter_of_clocks(self):
        """Beginning to investigate is not."""
        self.assertFalse(touches_clocks("investigating"))
        self.assertTrue(touches_clocks("waiting"))
