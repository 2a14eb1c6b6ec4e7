"""Numbers that make no sense are refused, and the message says what does."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestChurnBounds(RetentionCommon):
    def assert_refused(self, record, values, field, *words):
        with self.assertRaises(ValidationError) as refused, self.cr.savepoint():
            record.write(values)
        label = record._fields[field]._description_string(self.env)
        for word in (label, *words):
            self.assertIn(word, str(refused.exception))

    def test_settings_of_a_company(self):
        """A number of days that no calendar has would stop the job of every night."""
        for name, low, high in (
            ("churn_capacity", 0, "100000"),
            ("churn_horizon_days", 0, "3650"),
            ("churn_rest_days", 1, "366"),
            ("churn_care_capacity", 0, "100000"),
            ("churn_rotation_years", 0, "100"),
            ("churn_case_capacity", 0, "100000"),
            ("churn_silent_days", 0, "3650"),
            ("churn_ask_days", 0, "3650"),
        ):
            for value in (low - 1, 10**7):
                with self.subTest(name=name, value=value):
                    self.assert_refused(
                        self.company, {name: value}, name, str(low), high
                    )
            self.company[name] = low
            self.company[name] = int(high)

    def test_plays(self):
        play = self.env["customer.retention.play"].create({"name": "Test"})
        for name, values in (
            ("hold_out_share", (-1, 100, 150)),
            ("window_days", (0, -3, 10**7)),
            ("cooldown_days", (-1, 10**7)),
            ("offer_limit", (-5, 101)),
        ):
            for value in values:
                with self.subTest(name=name, value=value):
                    self.assert_refused(play, {name: value}, name)
        play.write({"hold_out_share": 99, "cooldown_days": 0, "offer_limit": 100})

    def test_a_care_plan_is_for_somebody(self):
        plan = self.env["customer.care.plan"].create(
            {"name": "Test", "trigger": "purchase", "summary": "Call", "days": 3}
        )
        nobody = {"for_key": False, "for_ordinary": False, "for_small": False}
        with self.assertRaisesRegex(ValidationError, "for whom"), self.cr.savepoint():
            plan.write(nobody)
        plan.write({**nobody, "for_small": True})
