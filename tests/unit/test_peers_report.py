"""The comparison with peers: what its table says, and which rows it copies how."""

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

from ...benchmarks.peers_report import Cost, format_table, growth, ratio, slower_lines
from ...benchmarks.peers_tables import STRIDE, Table, copied, thread_tables


class TestPeersReport(UnitCase):
    def test_a_line_says_both_sides_their_ratio_and_their_growth(self):
        few = {"moved": {"ours": Cost(20, 30), "theirs": Cost(1000, 1500)}}
        many = {"moved": {"ours": Cost(30, 31), "theirs": Cost(3000, 1614)}}
        _heads, line = format_table(few, many)
        self.assertEqual(
            line.split(),
            ["moved", "30", "3,000", "0.01", "31", "1,614", "1.50", "3.00"],
        )

    def test_what_only_one_side_does_has_no_ratio(self):
        _heads, line = format_table({}, {"looked at": {"ours": Cost(12, 3)}})
        self.assertEqual(line.split(), ["looked", "at", "12", "3"])

    def test_what_only_the_peer_does_stands_in_its_columns(self):
        heads, line = format_table({}, {"x": {"theirs": Cost(12, 3)}})
        self.assertEqual(line.index("12") + 2, heads.index("theirs") + 6)

    def test_a_ratio_above_one_is_more_time_with_us(self):
        self.assertEqual(ratio(Cost(30, 1), Cost(20, 1)), 1.5)

    def test_growth_is_unknown_without_one_of_the_two(self):
        self.assertEqual(growth(Cost(10, 1), Cost(25, 1)), "2.50")
        self.assertEqual(growth(None, Cost(25, 1)), "")
        self.assertEqual(growth(Cost(10, 1), None), "")

    def test_where_we_are_slower_is_said(self):
        costs = {
            "lost": {"ours": Cost(30, 1), "theirs": Cost(10, 1)},
            "won": {"ours": Cost(10, 1), "theirs": Cost(30, 1)},
            "alike": {"ours": Cost(10.5, 1), "theirs": Cost(10, 1)},
            "alone": {"ours": Cost(99, 1)},
        }
        self.assertEqual(
            list(slower_lines(costs)), ["We are slower: lost, 3.0 times as long."]
        )


class TestPeersTables(UnitCase):
    table = Table("ticket", "row.id", ("parent_id",), {"number": "'T' || copy"})

    def test_a_copy_and_what_it_leads_to_have_ids_of_their_own(self):
        for name in ("id", "parent_id"):
            self.assertEqual(
                copied(self.table, name, False), f'row."{name}" + copy * {STRIDE}'
            )

    def test_what_has_to_differ_is_another_value(self):
        self.assertEqual(copied(self.table, "number", False), "'T' || copy")

    def test_moments_of_what_is_open_stay_near(self):
        moment = copied(self.table, "create_date", True)
        self.assertIn("THEN interval '1 second' ELSE interval '12 hours'", moment)

    def test_everything_else_stays(self):
        self.assertEqual(copied(self.table, "team_id", False), 'row."team_id"')

    def test_what_was_tracked_is_found_before_its_messages_are_copied(self):
        names = [table.name for table in thread_tables("some.model")]
        self.assertLess(names.index("mail_tracking_value"), names.index("mail_message"))
