from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .clock_common import ClockCommon, at

WHOLE_DAYS = [
    Command.clear(),
    *(
        Command.create(
            {
                "name": f"Day {day}",
                "dayofweek": str(day),
                "hour_from": 0,
                "hour_to": 24,
                "day_period": "morning",
            }
        )
        for day in range(5)
    ),
]


@tagged("post_install", "-at_install")
class TestComplaintClockDetours(ClockCommon):
    """No detour makes a promise vanish, and no change breaks one of the past."""

    def _away_and_back(self, complaint, away, back):
        with freeze_time(at(0, 9)):
            complaint.write(away)
            self.assertFalse(complaint._open_clocks())
        with freeze_time(at(0, 12)):
            complaint.write(back)

    def _open_around_the_clock(self, moment):
        """Have somebody enter other hours, and the job do what follows at once."""
        with freeze_time(moment):
            self.calendar.attendance_ids = WHOLE_DAYS
            self.Clock.search(
                [("calendar_id", "=", self.calendar.id), ("next_event_at", "!=", False)]
            ).next_event_at = moment
        self._look(moment)

    def test_promises_come_back_with_the_complaint(self):
        for away, back in (
            ({"kind": "question"}, {"kind": "complaint"}),
            ({"active": False}, {"active": True}),
            ({"outcome": "withdrawn"}, {"outcome": False}),
            ({"outcome": "withdrawn"}, {"outcome": "accepted"}),
        ):
            with self.subTest(away=away, back=back):
                complaint = self._complain_at(at(0, 8))
                kinds = set(complaint._open_clocks().mapped("kind"))
                self._away_and_back(complaint, away, back)
                clocks = complaint._open_clocks()
                self.assertEqual(set(clocks.mapped("kind")), kinds)
                self.assertEqual(self._clock(complaint, "answer").deadline, at(0, 16))
                self.assertTrue(complaint.next_deadline)

    def test_what_was_late_meanwhile_is_late(self):
        complaint = self._complain_at(at(0, 8))
        with freeze_time(at(0, 9)):
            complaint.kind = "question"
        with freeze_time(at(2, 9)):
            complaint.kind = "complaint"
        clock = self._clock(complaint, "answer")
        self.assertEqual((clock.deadline, clock.is_breached), (at(0, 16), True))

    def test_what_was_kept_before_is_not_owed_again(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 8, 30), "answered")
        self._away_and_back(complaint, {"active": False}, {"active": True})
        self.assertEqual(self._clock(complaint, "answer").state, "kept")
        self.assertNotIn("answer", complaint._open_clocks().mapped("kind"))

    def test_waiting_goes_on_where_it_stood(self):
        complaint = self._complain_at(at(0, 8))
        self._happen(complaint, at(0, 8, 30), "waiting")
        self._away_and_back(complaint, {"active": False}, {"active": True})
        self.assertEqual(self._clock(complaint, "resolution").state, "paused")

    def test_longer_hours_break_no_promise_of_the_past(self):
        self.policy.target_ids.filtered(
            lambda target: target.kind == "answer"
        ).amount = 12
        complaint = self._complain_at(at(0, 8))
        clock = self._clock(complaint, "answer")
        self.assertEqual(clock.deadline, at(1, 12))
        self._open_around_the_clock(at(1, 9))
        self.assertEqual((clock.deadline, clock.is_breached), (at(1, 12), False))
        self.assertEqual(clock.elapsed_seconds, 9 * 3600)

    def test_other_hours_count_from_now_on(self):
        complaint = self._complain_at(at(0, 8))
        clock = self._clock(complaint, "resolution")
        self._open_around_the_clock(at(1, 8))
        # 8 of 40 hours had run; 32 are left, around the clock
        self.assertEqual(clock.deadline, at(2, 16))
