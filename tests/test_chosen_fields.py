"""What a person may choose in custom filters and groups: words, no machinery."""

from odoo.tests import tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestChosenFields(RetentionCommon):
    def _offered(self, model, choice):
        """The stored fields that the search offers for a choice."""
        described = self.env[model].fields_get(attributes=["store", choice])
        return {
            name
            for name, field in described.items()
            if field["store"] and field[choice]
        }

    def test_customers_are_grouped_by_what_a_person_knows(self):
        internal = {
            "stage_version_id",
            "condition_version_id",
            "entitled_stage_id",
            "entitled_condition_id",
            "pending_on",
        }
        for choice in ("groupable", "searchable"):
            offered = self._offered("customer.relationship", choice)
            self.assertFalse(offered & internal)
            self.assertLessEqual({"stage_id", "condition_id", "user_id"}, offered)

    def test_transitions_are_grouped_by_what_a_person_knows(self):
        for choice in ("groupable", "searchable"):
            offered = self._offered("customer.relationship.transition", choice)
            self.assertFalse(offered & {"version_id", "cause", "corrects_from"})
            self.assertLessEqual({"to_stage_id", "trigger", "date"}, offered)

    def test_code_still_searches_and_groups_by_every_field(self):
        self._order(self.partner, "2025-06-01")
        self._work_queue()
        groups = self.Relationship._read_group(
            [("company_id", "=", self.company.id), ("stage_version_id", "!=", False)],
            ["entitled_stage_id"],
            ["__count"],
        )
        self.assertEqual(len(groups), 1)
