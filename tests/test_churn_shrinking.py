"""Partial loss and silence on the portal: read from documents, said in sentences."""

import random
from datetime import timedelta

from odoo.tests import new_test_user, tagged

from ..logic import shrinking
from ..logic.weighing import Case
from .common import on
from .test_churn_scores import ChurnCommon


class ShrinkingCommon(ChurnCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.signals = cls.env["customer.churn.signal"]
        cls.buyers = cls.partner

    def read_signals(self, partner=None, day=None):
        partner = partner or self.partner
        self._work_queue()
        self.signals._read_accounts(self.company, on(day or self.TODAY), partner.ids)
        return self.signals.search([("partner_id", "=", partner.id)])

    def score(self):
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        return self.env["customer.churn.score"].search(
            [("partner_id", "=", self.partner.id)]
        )


@tagged("post_install", "-at_install")
class TestShrinking(ShrinkingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        categories = cls.env["product.category"].create(
            [{"name": name} for name in ("Toner", "Paper", "Chairs")]
        )
        cls.toner, cls.paper, cls.chairs = categories
        cls.products = {
            category: cls.env["product.product"].create(
                {"name": category.name, "type": "service", "categ_id": category.id}
            )
            for category in categories
        }

    def buy(self, category, *days, amount=100.0):
        for day in days:
            self._order(self.partner, day, amount, product=self.products[category])

    def test_categories_that_are_bought_no_more(self):
        self.buy(self.toner, "2023-09-01", "2024-01-10", "2024-06-01")
        self.buy(self.paper, "2023-09-05", "2024-02-10", "2025-03-01")
        self.buy(self.chairs, "2024-03-01")
        signal = self.read_signals()
        self.assertRecordValues(
            signal,
            [
                {
                    "category_count": 2,
                    "category_lost_count": 1,
                    "category_lost_id": self.toner.id,
                }
            ],
        )
        self.assertIn("no longer buys Toner", self.score().reasons)

    def test_of_several_the_one_bought_most_often_is_named(self):
        self.buy(self.toner, "2023-09-01", "2024-01-10", "2024-06-01")
        self.buy(self.chairs, "2024-03-01", "2024-04-01")
        self.buy(self.paper, "2023-09-05", "2024-02-10", "2025-06-01")
        self.assertEqual(self.read_signals().category_lost_id, self.toner)
        self.assertIn(
            "no longer buys in 2 of 3 categories, above all Toner",
            self.score().reasons,
        )

    def test_a_category_that_is_gone_is_not_named(self):
        self.buy(self.toner, "2023-09-01", "2024-01-10")
        self.buy(self.paper, "2025-06-05")
        signal = self.read_signals()
        self.products[self.toner].categ_id = self.paper
        self.toner.unlink()
        self.assertFalse(signal.category_lost_id)
        self.assertIn("no longer buys in 1 of 1 categories", self.score().reasons)

    def test_less_per_purchase_than_the_year_before(self):
        self.buy(self.toner, "2023-09-01", "2024-01-10", amount=300.0)
        self.buy(self.toner, "2024-09-01", "2025-01-10", "2025-06-20", amount=120.0)
        signal = self.read_signals()
        self.assertAlmostEqual(signal.basket_change, -0.6)
        self.assertFalse(signal.category_lost_count)
        self.assertIn(
            "spends 60 % less per purchase than the year before", self.score().reasons
        )

    def test_a_past_day_knows_nothing_later(self):
        self.buy(self.toner, "2023-09-01", "2023-11-10", amount=300.0)
        self.buy(self.paper, "2024-09-01", "2024-12-10", amount=100.0)
        before = self.read_signals(day="2024-12-31").read()
        self.buy(self.toner, "2025-01-10", "2025-06-20", amount=900.0)
        after = self.read_signals(day="2024-12-31").read()
        names = ("basket_change", "category_count", "category_lost_count")
        for name in names:
            self.assertEqual(before[0][name], after[0][name], name)
        self.assertAlmostEqual(before[0]["basket_change"], -2 / 3)
        self.assertEqual(before[0]["category_lost_count"], 1)

    def test_what_is_read_is_what_the_logic_says(self):
        dice, today = random.Random(12), on(self.TODAY)
        bought, rows = {}, []
        categories = list(self.products)
        for number in range(120):
            partner = self._create_partner(f"Shrinking {number}")
            bought[partner.id] = []
            for _purchase in range(dice.randint(1, 14)):
                purchase = shrinking.Purchase(
                    today - timedelta(dice.randint(-20, 800)),
                    round(dice.uniform(5, 500), 2),
                    [one.id for one in dice.sample(categories, dice.randint(0, 3))],
                )
                bought[partner.id].append(purchase)
                rows.append((partner.id, purchase.day, purchase.amount))
        self.env.flush_all()
        self._insert_purchases(rows)
        for partner_id, purchases in bought.items():
            for purchase in purchases:
                self.env.cr.execute(
                    "UPDATE customer_purchase SET categ_ids = %s WHERE partner_id = %s"
                    " AND date = %s AND amount = %s",
                    (
                        purchase.categories,
                        partner_id,
                        purchase.day,
                        purchase.amount,
                    ),
                )
        ids = list(bought)
        self.env["customer.relationship"]._evaluate(ids, company=self.company)
        self.signals._read_accounts(self.company, today, ids)
        shrunk = lost = 0
        for signal in self.signals.search([("partner_id", "in", ids)]):
            purchases = bought[signal.partner_id.id]
            change = shrinking.basket_change(purchases, today)
            self.assertAlmostEqual(signal.basket_change, change or 0.0, 6)
            found = shrinking.lost_categories(purchases, today)
            self.assertEqual(
                (
                    signal.category_count,
                    signal.category_lost_count,
                    signal.category_lost_id.id,
                ),
                (found.known, len(found.lost), found.lost[0] if found.lost else False),
            )
            shrunk += change is not None
            lost += bool(found.lost)
        self.assertGreater(min(shrunk, lost), 10)


@tagged("post_install", "-at_install")
class TestPortalSilence(ShrinkingCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        person = cls._create_partner(
            "Portal Person", is_company=False, parent_id=cls.partner.id
        )
        cls.user = new_test_user(
            cls.env,
            login="portal_silence",
            groups="base.group_portal",
            partner_id=person.id,
        )
        cls._order(cls.partner, "2025-06-01")

    def log_in(self, day, user=None):
        self.env.cr.execute(
            "INSERT INTO res_users_log (create_uid, create_date) VALUES (%s, %s)",
            ((user or self.user).id, f"{day} 10:00:00"),
        )

    def browse(self, day):
        self.env.cr.execute(
            """INSERT INTO res_device_log
               (session_identifier, user_id, first_activity, last_activity)
               VALUES ('x', %s, '2024-01-01', %s)""",
            (self.user.id, f"{day} 10:00:00"),
        )

    def test_who_never_used_it_is_not_missed(self):
        self.assertFalse(self.read_signals().portal_seen_on)

    def test_the_last_login_of_anybody(self):
        self.log_in("2025-01-10")
        self.log_in("2024-11-10")
        self.assertEqual(self.read_signals().portal_seen_on, on("2025-01-10"))
        self.assertIn("not on the portal for 171 days", self.score().reasons)

    def test_who_stays_logged_in_was_there(self):
        self.log_in("2024-11-10")
        self.browse("2025-06-20")
        self.assertEqual(self.read_signals().portal_seen_on, on("2025-06-20"))

    def test_after_two_years_nothing_warns_any_more(self):
        self.log_in("2023-07-02")
        self.assertEqual(self.read_signals().portal_seen_on, on("2023-07-02"))
        self.log_in("2023-07-01", self._stranger())
        self.env.cr.execute(
            "UPDATE res_users_log SET create_date = '2023-06-30 10:00'"
            " WHERE create_uid = %s",
            (self.user.id,),
        )
        self.assertFalse(self.read_signals().portal_seen_on)

    def _stranger(self):
        return new_test_user(
            self.env, login="portal_stranger", groups="base.group_portal"
        )

    def test_colleagues_and_strangers_are_not_customers(self):
        self.log_in("2025-06-10", self.env.user)
        self.log_in("2025-06-10", self._stranger())
        self.assertFalse(self.read_signals().portal_seen_on)

    def test_of_a_past_day_nothing_is_known(self):
        """Core forgets all logins but the last: who came back would look faithful."""
        self.log_in("2024-06-10")
        self.assertTrue(self.read_signals().portal_seen_on)
        self.assertFalse(self.read_signals(day="2025-03-01").portal_seen_on)

    def test_what_was_never_known_keeps_its_usual_weight(self):
        weighings = self.env["customer.churn.weighing"]
        codes = list(weighings._signal_codes())
        self.log_in("2024-06-10")
        self.read_signals()
        cases = weighings._cases(self.company, on("2025-06-10"), 10, codes)
        self.assertEqual(len(cases), 1)
        self.assertIsInstance(cases[0], Case)
        self.assertEqual(cases[0].severities[codes.index("portal")], 0)
