"""What is appended to the log so that it tells the true past."""

from datetime import date

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...logic.log import continuation, from_cutoff
from ...logic.verdict import Move

DAY = [date(2024, month, 1) for month in range(1, 13)]


def path(*steps):
    """Moves along (month, step), each from the one before."""
    moves, origin = [], None
    for month, step in steps:
        cause = "rule" if moves else "entry"
        moves.append(Move("position", DAY[month], origin, step, cause))
        origin = step
    return tuple(moves)


def recorded(*steps):
    """The log of such moves."""
    return [(DAY[month], step) for month, step in steps]


class TestContinuation(UnitCase):
    """Recorded rows beside a replay."""

    def found(self, log, timeline):
        """What a comparison of positions comes to."""
        return continuation("position", log, timeline)

    def test_new_moves_are_appended(self):
        """Nothing is said twice, nothing corrected."""
        timeline = path((1, "a"), (2, "b"), (3, "c"))
        found = self.found(recorded((1, "a")), timeline)
        self.assertEqual(found.moves, timeline[1:])
        self.assertIsNone(found.corrects_from)
        self.assertEqual(found.kept, 1)

    def test_same_past_appends_nothing(self):
        """However often one looks."""
        found = self.found(recorded((1, "a"), (2, "b")), path((1, "a"), (2, "b")))
        self.assertEqual(found.moves, ())
        self.assertEqual(self.found([], ()).moves, ())

    def test_past_is_told_again_from_the_first_difference(self):
        """With the true origins: what stands is the replay, move by move."""
        timeline = path((1, "a"), (3, "c"), (4, "b"))
        found = self.found(recorded((1, "a"), (4, "b")), timeline)
        self.assertEqual(found.moves, timeline[1:])
        self.assertEqual(found.corrects_from, DAY[3])
        self.assertEqual(found.kept, 1)

    def test_move_that_came_earlier_in_truth_corrects_from_there(self):
        """And one that came later, from the day on which it was recorded."""
        earlier = self.found(recorded((1, "a"), (5, "b")), path((1, "a"), (3, "b")))
        self.assertEqual(earlier.corrects_from, DAY[3])
        later = self.found(recorded((1, "a"), (3, "b")), path((1, "a"), (5, "b")))
        self.assertEqual(later.corrects_from, DAY[3])

    def test_move_that_never_was_is_taken_back_once(self):
        """The last true move is said again in place of what followed it."""
        timeline = path((1, "a"), (2, "b"))
        found = self.found(recorded((1, "a"), (2, "b"), (3, "c")), timeline)
        self.assertEqual(found.moves, timeline[1:])
        self.assertEqual(found.corrects_from, DAY[2])
        self.assertEqual(found.kept, 1)

    def test_detour_that_never_was_is_taken_back_once(self):
        """Also when it had ended where it began."""
        timeline = path((1, "a"))
        found = self.found(recorded((1, "a"), (2, "b"), (3, "a")), timeline)
        self.assertEqual((found.moves, found.corrects_from), (timeline, DAY[1]))

    def test_record_without_any_truth_ends_with_nothing_once(self):
        """On its own axis; the next comparison finds that said."""
        found = continuation("condition", recorded((1, "a"), (2, "b")), ())
        (gone,) = found.moves
        self.assertEqual(
            (gone.axis, gone.day, gone.origin, gone.target, gone.cause),
            ("condition", DAY[1], "b", None, "corrected"),
        )
        self.assertEqual(found.corrects_from, DAY[1])
        self.assertEqual(self.found(recorded((1, None)), ()).moves, ())

    def test_truth_after_nothing_stands_for_itself(self):
        """The row that said "nothing" is corrected in its turn."""
        timeline = path((4, "a"))
        found = self.found(recorded((1, None)), timeline)
        self.assertEqual((found.moves, found.corrects_from), (timeline, DAY[1]))

    def test_two_records_of_one_day_are_both_replaced(self):
        """Two customers who entered on one day have become one."""
        timeline = path((1, "a"), (2, "b"))
        found = self.found(recorded((1, "a"), (1, "a"), (2, "b")), timeline)
        self.assertEqual((found.moves, found.corrects_from), (timeline, DAY[1]))
        self.assertEqual(found.kept, 0)


class TestCutoff(UnitCase):
    """How far back a log reaches."""

    def test_without_a_cutoff_everything_is_kept(self):
        """None asks for the whole history."""
        timeline = path((1, "a"), (2, "b"))
        self.assertEqual(from_cutoff(timeline, None), timeline)

    def test_log_begins_with_the_move_that_led_there(self):
        """With its true day, and as a beginning."""
        kept = from_cutoff(path((1, "a"), (2, "b"), (4, "c")), DAY[3])
        self.assertEqual([move.day for move in kept], [DAY[2], DAY[4]])
        self.assertEqual([move.origin for move in kept], [None, "b"])

    def test_move_on_the_first_day_is_the_beginning(self):
        """What was in force on that day came with it, not before."""
        kept = from_cutoff(path((1, "a"), (3, "b")), DAY[3])
        self.assertEqual([move.day for move in kept], [DAY[3]])

    def test_log_can_be_cut_again_where_it_begins(self):
        """A log that begins earlier than the cut-off is compared from its start."""
        timeline = path((1, "a"), (2, "b"), (4, "c"))
        kept = from_cutoff(timeline, DAY[3])
        self.assertEqual(from_cutoff(timeline, kept[0].day), kept)

    def test_later_beginnings_are_kept_whole(self):
        """Nothing came before."""
        timeline = path((4, "a"), (5, "b"))
        self.assertEqual(from_cutoff(timeline, DAY[3]), timeline)
