"""The day of the installation: nothing is done twice, nothing lies in the future."""

from datetime import date, timedelta

from freezegun import freeze_time

from odoo.tests import TransactionCase, tagged
from odoo.tools import convert_file


@tagged("post_install", "-at_install")
class TestFirstDay(TransactionCase):
    def test_first_reconciliation_comes_a_week_after_the_first_reading(self):
        """Everything has just been read: comparing it at once finds nothing."""
        job = "customer_retention.ir_cron_reconcile"
        self.env.ref(job).unlink()
        convert_file(
            self.env, "customer_retention", "data/ir_cron_data.xml", {}, mode="init"
        )
        first = self.env.ref(job).nextcall
        self.assertGreater(first, self.env.cr.now() + timedelta(days=6))
        self.assertLess(first, self.env.cr.now() + timedelta(days=8))

    def test_demo_day_has_begun_in_every_company(self):
        zones = ("America/New_York", "Europe/Berlin", "Asia/Ho_Chi_Minh")
        demo = self.env["customer.demo"]
        for moment, day in (
            ("2026-03-10 02:00:00", date(2026, 3, 9)),
            ("2026-03-10 12:00:00", date(2026, 3, 10)),
            ("2026-03-10 23:00:00", date(2026, 3, 10)),
        ):
            with self.subTest(moment=moment), freeze_time(moment):
                self.assertEqual(demo._day_everywhere(zones), day)
