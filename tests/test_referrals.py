from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from lxml import etree

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL, file_open

from ..logic.facts import FactReader
from ..logic.history import History
from ..models.customer_account import AccountScope
from ..models.customer_relationship_facts import FactQuestion
from .common import on
from .tier_common import TierCommon

FACTS = ("referral_count", "referral_revenue_12m")


class ReferralCommon(TierCommon):
    """A referrer of Silver and customers who may be brought."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Referral = cls.env["customer.referral"]
        cls.referrer = cls._create_partner("Who Recommends")
        cls.second = cls._create_partner("Second Customer")
        cls.third = cls._create_partner("Third Customer")
        cls.ladder.write(
            {
                "referral_measure_id": cls.measure.id,
                "referral_value_referrer": 50,
                "referral_value_customer": 20,
            }
        )
        cls.general = cls.env["account.journal"].create(
            {
                "name": "Payments of the Tests",
                "code": "RPAY",
                "type": "general",
                "company_id": cls.company.id,
            }
        )

    @classmethod
    def _refer(cls, partner, referrer, day="2025-01-10", **values):
        return cls.Referral.create(
            {
                "partner_id": partner.id,
                "referrer_id": referrer.id,
                "company_id": cls.company.id,
                "date": day,
                **values,
            }
        )

    @classmethod
    def _pay(cls, invoice):
        """Settle an invoice as its payment would."""
        receivable = invoice.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        )
        other = invoice.invoice_line_ids.account_id
        amount = receivable.balance
        entry = cls.env["account.move"].create(
            {
                "journal_id": cls.general.id,
                "date": invoice.date,
                "line_ids": [
                    Command.create(
                        {
                            "account_id": receivable.account_id.id,
                            "partner_id": invoice.partner_id.id,
                            "credit": amount,
                        }
                    ),
                    Command.create({"account_id": other.id, "debit": amount}),
                ],
            }
        )
        entry.action_post()
        paying = entry.line_ids.filtered(
            lambda line: line.account_id == receivable.account_id
        )
        (receivable | paying).reconcile()
        cls.env.flush_all()

    @contextmanager
    def _refused(self, text, error=ValidationError):
        with self.assertRaisesRegex(error, text), self.env.cr.savepoint():
            yield
            self.env.flush_all()

    def _adjusted(self, partner):
        """What adjustments of the tested measure add for a customer."""
        adjustments = self.env["customer.tier.adjustment"].search(
            [("partner_id", "=", partner.id), ("measure_id", "=", self.measure.id)]
        )
        return sum(adjustments.mapped("value"))


@tagged("post_install", "-at_install")
class TestReferrals(ReferralCommon):
    def test_nobody_brings_himself(self):
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.partner.id
        )
        for referrer in (self.partner, contact):
            with self._refused("cannot bring itself"):
                self._refer(self.partner, referrer)

    def test_circles_of_any_length_are_refused(self):
        chain = [self.partner, self.second, self.third, self.referrer]
        for customer, referrer in zip(chain, chain[1:], strict=False):
            self._refer(customer, referrer)
        for length in range(1, len(chain)):
            with self.subTest(length=length), self._refused("directly or through"):
                self._refer(chain[length], self.partner)

    def test_a_circle_through_a_contact_is_one_as_well(self):
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.second.id
        )
        self._refer(self.partner, contact)
        with self._refused("directly or through"):
            self._refer(self.second, self.partner)

    def test_several_referrals_recorded_at_once_make_no_circle(self):
        pairs = ((self.partner, self.second), (self.second, self.partner))
        with self._refused("directly or through"):
            self.Referral.create(
                [
                    {
                        "partner_id": customer.id,
                        "referrer_id": referrer.id,
                        "company_id": self.company.id,
                        "date": "2025-01-10",
                    }
                    for customer, referrer in pairs
                ]
            )

    def test_a_customer_is_brought_once(self):
        first = self._refer(self.partner, self.referrer)
        with self._refused("was brought by Who Recommends already"):
            self._refer(self.partner, self.second)
        first.action_refuse()
        self.assertTrue(self._refer(self.partner, self.second))

    def test_each_company_has_its_own_referrals(self):
        other = self._create_company("Other Company")
        self._refer(self.partner, self.referrer)
        self.assertTrue(self._refer(self.partner, self.second, company_id=other.id))

    def test_who_has_bought_before_was_not_brought(self):
        self._order(self.partner, "2025-01-05")
        self._work_queue()
        with self._refused("has bought since"):
            self._refer(self.partner, self.referrer, "2025-01-10")
        self.assertTrue(self._refer(self.partner, self.referrer, "2025-01-05"))

    def _by(self, user, **values):
        """Create a referral as a call from outside would."""
        vals = {"partner_id": self.partner.id, "referrer_id": self.referrer.id}
        return self.Referral.with_user(user).create({**vals, **values})

    def test_nobody_dates_a_referral_back_before_the_first_purchase(self):
        self._order(self.partner, "2025-06-01")
        self._work_queue()
        seller = self._create_user("referral_seller")
        boss = self._create_user("referral_boss", "customer_retention.group_manager")
        self.partner.user_id = seller
        for user in seller | boss:
            with self._refused("on the day on which it counts"):
                self._by(user, date="2025-05-31")
            with self._refused("has bought since"):
                self._by(user)
            found = self.Referral.with_user(user).load(
                ["partner_id/.id", "referrer_id/.id", "date"],
                [[str(self.partner.id), str(self.referrer.id), "2025-05-31"]],
            )
            self.assertIn("on which it counts", found["messages"][0]["message"])
        with self._refused("on the day on which it counts"):
            self._refer(self.partner, self.referrer, "2025-07-01")

    def test_administrators_load_what_an_earlier_system_knew(self):
        admin = self._create_user("ref_admin", "customer_retention.group_admin")
        referral = self._by(admin, date="2024-03-01")
        self.assertEqual(referral.date, on("2024-03-01"))
        self.assertEqual(referral.recorded_on, on(self.TODAY))

    def test_the_outcome_of_a_referral_is_not_entered(self):
        seller = self._create_user("referral_seller")
        self.partner.user_id = seller
        referral = self._by(
            seller,
            state="rewarded",
            rewarded_on="2025-01-01",
            refused_because="Nothing",
            recorded_on="2020-01-01",
        )
        self.assertEqual(referral.state, "waiting")
        self.assertFalse(referral.rewarded_on or referral.refused_because)
        self.assertEqual(referral.recorded_on, on(self.TODAY))

    def test_nobody_says_that_a_referral_is_behind_an_adjustment(self):
        boss = self._create_user("referral_boss", "customer_retention.group_manager")
        referral = self._refer(self.partner, self.referrer)
        adjustments = self.env["customer.tier.adjustment"].with_user(boss)
        values = {
            "partner_id": self.partner.id,
            "measure_id": self.measure.id,
            "value": 10,
            "reason": "Forgotten",
            "referral_id": referral.id,
        }
        self.ladder.adjustments_per_day = 1
        self.assertFalse(adjustments.create(values).referral_id)
        with self._refused("more than 1 adjustments", UserError):
            adjustments.with_context(default_referral_id=referral.id).create(values)

    def test_nobody_records_more_referrals_a_day_than_allowed(self):
        self.ladder.referrals_per_day = 2
        seller = self._create_user("referral_seller")
        people = [self._create_partner(f"Brought {n}") for n in range(3)]
        self.env["res.partner"].union(*people).user_id = seller
        for partner in people[:2]:
            self._by(seller, partner_id=partner.id)
        with self._refused("more than 2 referrals", UserError):
            self._by(seller, partner_id=people[2].id)
        self.ladder.referrals_per_day = 0
        self.assertTrue(self._by(seller, partner_id=people[2].id))

    def test_a_referral_stays_as_it_was_recorded(self):
        referral = self._refer(self.partner, self.referrer)
        for change in (
            {"referrer_id": self.second.id},
            {"date": "2025-02-01"},
            {"state": "rewarded"},
        ):
            with self._refused("stays as it was recorded", UserError):
                referral.write(change)
        referral.note = "Met at the fair"
        with self._refused("Choose who brought"):
            self._refer(self.second, self.env["res.partner"])

    def test_salespeople_record_and_managers_refuse(self):
        seller = self._create_user("referral_seller")
        self.partner.user_id = seller
        self.env.flush_all()
        referral = self.Referral.with_user(seller).create(
            {"partner_id": self.partner.id, "referrer_id": self.referrer.id}
        )
        self.assertEqual(referral.user_id, seller)
        with self._refused("Only a manager refuses", UserError):
            referral.action_refuse()
        manager = self._create_user("ref_manager", "customer_retention.group_manager")
        referral.with_user(manager).action_refuse()
        self.assertEqual(referral.state, "refused")
        self.assertIn(manager.name, referral.refused_because)

    def test_strangers_see_no_referral(self):
        seller = self._create_user("referral_seller")
        colleague = self._create_user("referral_colleague")
        self.partner.user_id = seller
        referral = self._refer(self.partner, self.referrer)
        self.env.flush_all()
        self.assertTrue(referral.with_user(seller).state)
        self.env.invalidate_all()
        with self.assertRaises(AccessError):
            referral.with_user(colleague).read(["state"])


@tagged("post_install", "-at_install")
class TestReferralRewards(ReferralCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.referral = cls._refer(cls.partner, cls.referrer)

    def _run(self):
        """Do what the job does, for members of Silver."""
        self._set_tier(self.referrer | self.partner, self.silver)
        self.env.flush_all()
        for search, work in (
            (self.Referral._search_paid, self.Referral.__class__._reward),
            (self.Referral._search_credited, self.Referral.__class__._undo_reward),
        ):
            work(search() & self.referral)
        self.env.invalidate_all()

    def test_both_sides_are_rewarded_after_the_first_paid_purchase(self):
        self._run()
        self.assertEqual(self.referral.state, "waiting")
        self.assertIn("first purchase", self.referral.waits_because)
        invoice = self._invoice(self.partner, "2025-02-01")
        self._run()
        self.assertEqual(self.referral.state, "waiting")
        self._pay(invoice)
        self._run()
        self.assertEqual(self.referral.state, "rewarded")
        self.assertEqual(self.referral.rewarded_on, on(self.TODAY))
        self.assertEqual(self._adjusted(self.referrer), 50)
        self.assertEqual(self._adjusted(self.partner), 20)

    def test_a_reward_is_given_once(self):
        for day in ("2025-02-01", "2025-03-01"):
            self._pay(self._invoice(self.partner, day))
            self._run()
        self._run()
        self.assertEqual(self._adjusted(self.referrer), 50)
        self.referral._reward()
        self.assertEqual(self._adjusted(self.referrer), 50)

    def test_a_side_without_a_ladder_yet_is_waited_for(self):
        self._pay(self._invoice(self.partner, "2025-02-01"))
        self._set_tier(self.referrer, self.silver)
        self.Referral._search_paid()._reward()
        self.assertEqual(self.referral.state, "waiting")
        self.assertFalse(self.referral.adjustment_ids)
        self.assertIn(self.partner.name, self.referral.waits_because)
        self.assertNotIn(self.referrer.name, self.referral.waits_because)
        self._run()
        self.assertEqual(self.referral.state, "rewarded")
        self.assertFalse(self.referral.waits_because)
        self.assertEqual(self._adjusted(self.partner), 20)

    def test_the_reward_of_a_customer_who_was_deleted_stays(self):
        self._set_tier(self.referrer | self.partner, self.silver)
        self.referral._reward()
        self.partner.unlink()
        self.env.invalidate_all()
        self.Referral._gc_decisions_without_customer()
        self.assertFalse(self.referral.exists())
        self.assertEqual(self._adjusted(self.referrer), 50)

    def test_an_invoice_of_before_the_referral_rewards_nobody(self):
        self._pay(self._invoice(self.partner, "2025-01-09"))
        self._run()
        self.assertEqual(self.referral.state, "waiting")

    def test_the_reward_goes_with_a_purchase_that_is_credited(self):
        invoice = self._invoice(self.partner, "2025-02-01")
        self._pay(invoice)
        self._run()
        self._credit(invoice, "2025-03-01", 40)
        self._run()
        self.assertEqual(self.referral.state, "rewarded")
        self._credit(invoice, "2025-03-02", 60)
        self._run()
        self.assertEqual(self.referral.state, "waiting")
        for partner in (self.referrer, self.partner):
            self.assertEqual(self._adjusted(partner), 0)
        days = self.referral.adjustment_ids.mapped("date")
        self.assertEqual(set(days), {on(self.TODAY)})
        self._run()
        self.assertEqual(len(self.referral.adjustment_ids), 4)

    def test_the_reward_goes_with_a_return_that_is_credited_from_the_order(self):
        order = self._order(self.partner, "2025-02-01", 100.0)
        other = self._order(self.partner, "2025-01-05", 30.0)
        line = order.order_line
        line.qty_delivered_method = "manual"
        line.product_id.invoice_policy = "delivery"
        line.qty_delivered = 1.0
        invoice = self._invoice_of(order, "2025-02-01")
        self._pay(invoice)
        self._run()
        self.assertEqual(self.referral.state, "rewarded")
        line.qty_delivered = 0.0
        credit = order._create_invoices(final=True)
        self.assertEqual(credit.move_type, "out_refund")
        self.assertFalse(credit.reversed_entry_id)
        credit.write({"invoice_date": "2025-03-01", "date": "2025-03-01"})
        credit.action_post()
        self._run()
        self.assertEqual(self.referral.state, "waiting")
        self.assertEqual(self._adjusted(self.referrer), 0)
        self.assertTrue(other)

    def test_a_credited_invoice_nobody_paid_takes_nothing_off_another(self):
        order = self._order(self.partner, "2025-02-01", 100.0)
        order.order_line.product_uom_qty = 2.0
        order.order_line.price_unit = 100.0
        invoice = self._invoice_of(order, "2025-02-01")
        invoice.button_draft()
        invoice.invoice_line_ids.quantity = 1.0
        invoice.action_post()
        self._pay(invoice)
        second = self._invoice_of(order, "2025-02-02")
        self.assertNotEqual(second, invoice)
        self._credit(second, "2025-02-03")
        self._run()
        self.assertEqual(self.referral.state, "rewarded")

    def test_people_who_work_here_are_brought_by_nobody_and_bring_nobody(self):
        self._pay(self._invoice(self.partner, "2025-02-01"))
        for partner in (self.referrer, self.partner):
            with self.subTest(partner=partner.name):
                partner.employee = True
                self._run()
                self.assertEqual(self.referral.state, "waiting")
                partner.employee = False
        self._run()
        self.assertEqual(self.referral.state, "rewarded")
        # who begins to work here later had been a customer
        self.partner.employee = True
        self._run()
        self.assertEqual(self.referral.state, "rewarded")

    def test_what_was_bought_before_it_was_recorded_rewards_nobody(self):
        admin = self._create_user("ref_admin", "customer_retention.group_admin")
        late = self.Referral.with_user(admin).create(
            {
                "partner_id": self.second.id,
                "referrer_id": self.referrer.id,
                "date": "2024-01-01",
            }
        )
        self.referral = late.with_env(self.env)
        self._order(self.second, "2025-02-01")
        self._work_queue()
        self._pay(self._invoice(self.second, self.TODAY))
        self._set_tier(self.second, self.silver)
        self._run()
        self.assertEqual(self.referral.state, "waiting")
        self.assertIn("had bought before", self.referral.waits_because)

    def test_the_job_reads_no_invoices_of_other_customers_for_each(self):
        """However many wait and have paid: it asks for those who were brought."""
        self._pay(self._invoice(self.partner, "2025-02-01"))
        number = 600
        self._load_customers_who_paid(number)
        before = self._read_of_invoices()
        self.assertIn(self.referral, self.Referral._search_paid())
        self.assertNotIn(self.referral, self.Referral._search_credited())
        self.assertLess(self._read_of_invoices() - before, 10 * number)

    def _load_customers_who_paid(self, number):
        """Load customers with a paid invoice each; every tenth of them was brought
        after it.
        """
        rows = self.env.execute_query(
            SQL(
                """INSERT INTO res_partner (name, active, is_company, autopost_bills)
                   SELECT 'Loaded ' || n, TRUE, TRUE, 'ask'
                     FROM generate_series(1, %s) n RETURNING id""",
                number,
            )
        )
        ids = [partner_id for (partner_id,) in rows]
        statements = (
            "UPDATE res_partner SET commercial_partner_id = id WHERE id = ANY(%(ids)s)",
            """INSERT INTO account_move (
                   name, state, move_type, payment_state, journal_id, company_id,
                   currency_id, partner_id, commercial_partner_id, date,
                   invoice_date, amount_untaxed_signed, auto_post)
               SELECT 'Loaded ' || id, 'posted', 'out_invoice', 'paid', %(journal)s,
                   %(company)s, %(currency)s, id, id, DATE '2025-01-01',
                   DATE '2025-01-01', 100, 'no'
                 FROM unnest(%(ids)s) id""",
            """INSERT INTO customer_referral (
                   partner_id, referrer_id, company_id, date, state, user_id)
               SELECT id, %(referrer)s, %(company)s, DATE '2025-03-01', 'waiting', 1
                 FROM unnest(%(ids)s) id WHERE id %% 10 = 0""",
            "ANALYZE res_partner",
            "ANALYZE account_move",
            "ANALYZE customer_referral",
        )
        for statement in statements:
            self.env.cr.execute(
                SQL(
                    statement,
                    ids=ids,
                    journal=self.general.id,
                    company=self.company.id,
                    currency=self.currency.id,
                    referrer=self.referrer.id,
                )
            )

    def _read_of_invoices(self):
        """Return how many rows of invoices this transaction has read so far."""
        return self.env.execute_query(
            SQL(
                "SELECT seq_tup_read + COALESCE(idx_tup_fetch, 0)"
                " FROM pg_stat_xact_user_tables WHERE relname = 'account_move'"
            )
        )[0][0]

    def test_a_referrer_is_rewarded_so_often_a_year(self):
        self.ladder.referrals_per_year = 1
        second = self._refer(self.second, self.referrer)
        for partner in self.partner | self.second:
            self._pay(self._invoice(partner, "2025-02-01"))
        self._set_tier(self.second, self.silver)
        self._run()
        self.referral = second
        self._run()
        self.assertEqual(second.state, "waiting")
        self.assertIn("rewarded for 1 customers", second.waits_because)
        self.assertEqual(self._adjusted(self.referrer), 50)
        self.ladder.referrals_per_year = 0
        self._run()
        self.assertEqual(second.state, "rewarded")

    def test_another_paid_purchase_brings_it_back(self):
        invoice = self._invoice(self.partner, "2025-02-01")
        self._pay(invoice)
        self._run()
        self._credit(invoice, "2025-03-01")
        self._run()
        self._pay(self._invoice(self.partner, "2025-04-01"))
        self._run()
        self.assertEqual(self.referral.state, "rewarded")
        self.assertEqual(self._adjusted(self.referrer), 50)

    def test_a_refused_referral_gives_its_rewards_back(self):
        self._pay(self._invoice(self.partner, "2025-02-01"))
        self._run()
        self.referral.action_refuse()
        self.assertEqual(self._adjusted(self.referrer), 0)
        self._run()
        self.assertEqual(self.referral.state, "refused")

    def test_who_became_one_customer_has_not_brought_itself(self):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.referrer | self.partner).ids, self.partner)
        self.env.flush_all()
        self.env.invalidate_all()
        self._pay(self._invoice(self.partner, "2025-02-01"))
        self._run()
        self.assertEqual(self.referral.state, "refused")
        self.assertIn("cannot bring itself", self.referral.refused_because)
        self.assertFalse(self.referral.adjustment_ids)

    def test_who_became_one_customer_was_brought_once(self):
        """Three contacts that are put under one parent, which buys once."""
        third = self._create_partner("Third")
        later = self._refer(self.second, self.referrer) | self._refer(
            third, self.referrer
        )
        (self.second | third).write({"is_company": False, "parent_id": self.partner.id})
        self._pay(self._invoice(self.partner, "2025-02-01"))
        first = self.referral
        self.referral |= later
        self._run()
        self.assertEqual(first.state, "rewarded")
        self.assertEqual(later.mapped("state"), ["refused", "refused"])
        self.assertIn("already", later[0].refused_because)
        self.assertFalse(later.adjustment_ids)
        self._order(self.partner, "2025-02-03", 100.0)
        self._work_queue()
        facts = self.env["customer.relationship"]._gather_brought(
            self.company, self.referrer.ids
        )
        self.assertEqual(len(facts[self.referrer.id]), 1)

    def test_a_refused_referral_does_not_say_that_a_purchase_was_credited(self):
        self._pay(self._invoice(self.partner, "2025-02-01"))
        self._run()
        self.referral.action_refuse()
        taken = self.referral.adjustment_ids.filtered(lambda one: one.value < 0)
        self.assertTrue(taken)
        for one in taken:
            self.assertIn("Refused by", one.reason)

    def test_without_values_on_the_ladder_nothing_is_added(self):
        self.ladder.referral_measure_id = False
        self._pay(self._invoice(self.partner, "2025-02-01"))
        self._run()
        self.assertEqual(self.referral.state, "rewarded")
        self.assertFalse(self.referral.adjustment_ids)

    def test_a_gift_that_goes_wrong_is_tried_again(self):
        def broken(records, side, account):
            # pylint: disable-next=translation-required
            raise UserError("No such program")

        self._pay(self._invoice(self.partner, "2025-02-01"))
        with (
            self.patch_gift(broken),
            self.assertLogs("odoo.addons.customer_retention", "WARNING"),
        ):
            self._run()
        self.assertEqual(self.referral.state, "waiting")
        self.assertFalse(self.referral.adjustment_ids)
        self._run()
        self.assertEqual(self.referral.state, "rewarded")

    def patch_gift(self, gift):
        return patch.object(type(self.Referral), "_reward_gift", gift)

    def test_measures_of_another_ladder_are_refused(self):
        other = self._create_ladder("Other")
        with self._refused("another ladder"):
            self.ladder.referral_measure_id = other.measure_ids


@tagged("post_install", "-at_install")
class TestReferralFacts(ReferralCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._refer(cls.partner, cls.referrer, "2024-01-10")
        cls._refer(cls.second, cls.referrer, "2024-03-10")
        cls._refer(cls.third, cls.referrer, "2024-06-10")
        cls._order(cls.partner, "2024-02-01", 100)
        cls._order(cls.partner, "2025-01-15", 70)
        cls._order(cls.second, "2024-03-10", 33.35)
        cls._order(cls.referrer, "2024-01-01", 1000)
        cls._work_queue()
        cls.env.flush_all()

    def _in_sql(self, as_of):
        question = FactQuestion(self.company.id, as_of, AccountScope())
        rows = self.env.execute_query_dict(self.Relationship._facts_sql(question))
        [row] = [one for one in rows if one["partner_id"] == self.referrer.id]
        return row

    def _in_logic(self, as_of):
        tracks = self.Relationship._gather_tracks(
            self.company, self.referrer.ids, frozenset(FACTS)
        )[self.referrer.id]
        return FactReader(History(tracks=tuple(tracks))).at(as_of)

    def test_database_and_logic_agree_on_every_day(self):
        for number in range(0, 900, 3):
            as_of = on("2024-01-05") + timedelta(days=number)
            row, values = self._in_sql(as_of), self._in_logic(as_of)
            for key in FACTS:
                self.assertEqual(float(row[key]), values[key], f"{key} on {as_of}")

    def test_facts_are_those_of_the_day(self):
        expected = {
            "2024-01-31": (0, 0),
            "2024-02-01": (1, 100),
            "2024-03-10": (2, 133.35),
            "2025-01-30": (2, 203.35),
            "2025-01-31": (2, 103.35),
            "2025-03-10": (2, 70),
        }
        for day, values in expected.items():
            row = self._in_sql(on(day))
            found = (row["referral_count"], float(row["referral_revenue_12m"]))
            self.assertEqual(found, values, day)

    def test_the_next_look_is_when_a_purchase_comes_or_leaves_the_year(self):
        self.assertEqual(self._in_sql(on("2024-01-20"))["turns_on"], on("2024-02-01"))
        self.assertEqual(self._in_sql(on("2025-01-20"))["turns_on"], on("2025-01-31"))

    def test_who_was_refused_does_not_count(self):
        referral = self.Referral.search([("partner_id", "=", self.partner.id)])
        referral.action_refuse()
        self.env.flush_all()
        self.assertEqual(self._in_sql(on("2025-01-20"))["referral_count"], 1)

    def test_a_purchase_of_somebody_brought_is_news_about_the_referrer(self):
        self._forget_queue()
        self._order(self.third, "2025-06-01")
        self._flush_queue()
        self.env["customer.relationship"]._sync_and_evaluate(self.third.ids)
        self.assertIn((self.referrer.id, "decision"), self._queued())
        self._work_queue()
        self.assertEqual(self._relationship(self.referrer).referral_count, 3)

    def test_whoever_brought_a_customer_who_buys_is_an_advocate(self):
        """The rule that new installations come with; older ones keep theirs."""
        canonical = self.env["customer.rule.mixin"]._canonical_rule
        expected = canonical(
            '["|", ["fit_recommends", "=", "yes"], ["referral_count", ">=", 1],'
            ' ["purchase_days", ">=", 5]]'
        )
        rules = []
        for name in ("customer_relationship_stage", "customer_ladder_template"):
            with file_open(f"customer_retention/data/{name}_data.xml", "rb") as data:
                fields = etree.parse(data).findall(".//field[@name='rule']")
            rules += [one.text for one in fields if "fit_recommends" in one.text]
        self.assertEqual([canonical(rule) for rule in rules], [expected] * 3)

    def test_a_rule_may_ask_for_customers_brought(self):
        stages = self.env["customer.relationship.stage"]._counting_always()
        stage = stages.create(
            {
                "name": "Recommends",
                "sequence": 999,
                "rule": '[["referral_count", ">=", 2]]',
            }
        )
        self._work_queue()
        self.env["customer.relationship"]._evaluate(
            self.referrer.ids, company=self.company, force=True
        )
        self.assertEqual(self._relationship(self.referrer).stage_id, stage)
        self.assertNotEqual(self._relationship(self.partner).stage_id, stage)
