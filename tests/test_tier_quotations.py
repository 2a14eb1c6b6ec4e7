"""What a quotation shows of a tier, and what becomes of open ones when it changes."""

from unittest.mock import patch

from odoo.fields import Command
from odoo.tests import Form, tagged

from .tier_common import TierCommon


class TierPricesCommon(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        pricelists = cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= pricelists
        cls.env["product.pricelist"].search([]).active = False
        cls.default = cls._create_pricelist("Everybody", sequence=1)
        cls.golden = cls._create_pricelist("Golden", percent=20.0, sequence=50)
        cls.own = cls._create_pricelist("As Agreed", percent=15.0, sequence=70)
        cls.gold.pricelist_id = cls.golden
        cls.seller = cls._create_user("tier_seller")


@tagged("post_install", "-at_install")
class TestTierQuotations(TierPricesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.tier_open_quotation_policy = "recompute"
        cls.draft = cls._quotation(cls.partner, "2025-06-20", user_id=cls.seller.id)
        cls._reach(cls.gold)

    @classmethod
    def _reach(cls, tier, live=True):
        """The customer changes tier after what has been quoted so far."""
        former = cls._membership(cls.partner).tier_id
        cls._set_tier(cls.partner, tier)
        cls._transition(cls.partner, former, tier, live=live)
        cls.env.flush_all()

    def _run_job(self):
        with patch.object(
            self.registry["ir.cron"], "_commit_progress", lambda *args, **kwargs: 1
        ):
            self.env["sale.order"]._cron_follow_tier_prices()
        self.env.invalidate_all()

    def _hint(self, order):
        self.env.invalidate_all()
        return order.with_user(self.seller).customer_tier_price_hint

    def test_drafts_are_computed_again_by_the_job_only(self):
        self.assertEqual(self.draft.pricelist_id, self.default)
        self.assertEqual(self.draft.amount_total, 100.0)
        self._run_job()
        self.assertEqual(self.draft.pricelist_id, self.golden)
        self.assertEqual(self.draft.amount_total, 80.0)
        self.assertFalse(self._hint(self.draft))

    def test_a_second_run_changes_nothing(self):
        self._run_job()
        messages = self.draft.message_ids
        self._run_job()
        self.assertEqual(self.draft.message_ids, messages)

    def test_a_change_wakes_the_job_up_where_it_is_wished(self):
        job = self.env.ref("customer_retention.ir_cron_tier_quotations")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", job.id)])
        self._reach(self.silver, live=False)
        self.assertEqual(triggers.search_count([("cron_id", "=", job.id)]), before)
        self._reach(self.gold)
        self.assertGreater(triggers.search_count([("cron_id", "=", job.id)]), before)

    def test_other_policies_leave_quotations_alone(self):
        for policy in ("keep", "warn"):
            self.company.tier_open_quotation_policy = policy
            self._run_job()
            self.assertEqual(self.draft.pricelist_id, self.default)
            self.assertEqual(bool(self._hint(self.draft)), policy == "warn")

    def test_a_click_follows_the_tier(self):
        self.company.tier_open_quotation_policy = "warn"
        self.assertIn("Golden", self._hint(self.draft))
        self.draft.with_user(self.seller).action_follow_tier_prices()
        self.assertEqual(self.draft.amount_total, 80.0)
        self.assertFalse(self._hint(self.draft))

    def test_what_was_sent_keeps_its_prices_and_says_so(self):
        self.draft.action_quotation_sent()
        self._run_job()
        self.assertEqual(self.draft.amount_total, 100.0)
        self.assertTrue(self._hint(self.draft))

    def test_what_was_confirmed_says_nothing(self):
        self.draft.action_confirm()
        self._run_job()
        self.assertEqual(self.draft.amount_total, 100.0)
        self.assertFalse(self._hint(self.draft))

    def test_prices_made_by_hand_stay_and_the_salesperson_is_told(self):
        self.draft.order_line.price_unit = 90.0
        self._run_job()
        self.assertEqual(self.draft.amount_total, 90.0)
        self.assertTrue(self._hint(self.draft))

    def test_a_discount_made_by_hand_stays(self):
        self.draft.order_line.discount = 5.0
        self._run_job()
        self.assertEqual(self.draft.amount_total, 95.0)

    def test_a_pricelist_chosen_by_hand_stays(self):
        self.draft.pricelist_id = self.own
        self._run_job()
        self.assertEqual(self.draft.pricelist_id, self.own)
        self.assertFalse(self._hint(self.draft))

    def test_a_customer_with_own_prices_is_left_alone(self):
        self.partner.specific_property_product_pricelist = self.own
        self._run_job()
        self.assertEqual(self.draft.pricelist_id, self.default)
        self.assertFalse(self._hint(self.draft))

    def test_own_prices_that_are_archived_hold_no_quotation(self):
        self.partner.specific_property_product_pricelist = self.own
        self.own.active = False
        self._run_job()
        self.assertEqual(self.draft.pricelist_id, self.golden)

    def test_losing_the_tier_leads_back_to_the_usual_prices(self):
        self._run_job()
        # the transaction of a test is one moment: the quotation is older
        self._set_create_date(self.draft, self._noon("2025-06-20"))
        self._reach(self.bronze)
        self._run_job()
        self.assertEqual(self.draft.pricelist_id, self.default)
        self.assertEqual(self.draft.amount_total, 100.0)

    def test_a_quotation_made_after_the_change_is_no_candidate(self):
        late = self._quotation(self.partner, "2025-06-30")
        late.pricelist_id = self.default
        self._set_create_date(late, self.env.cr.now().replace(year=2090))
        self._run_job()
        self.assertEqual(late.pricelist_id, self.default)

    def test_one_broken_quotation_stops_no_other_one(self):
        second = self._quotation(self.partner, "2025-06-20")
        recompute = type(self.draft)._recompute_prices
        broken = self.draft

        def refuse(orders):
            if orders == broken:
                raise ValueError("broken by another addon")
            return recompute(orders)

        with (
            patch.object(type(self.draft), "_recompute_prices", refuse),
            self.assertLogs("odoo.addons.customer_retention", "ERROR"),
        ):
            self._run_job()
        self.assertEqual(self.draft.pricelist_id, self.default)
        self.assertEqual(second.pricelist_id, self.golden)

    def test_members_of_a_group_follow_its_head(self):
        sister = self._create_partner("Sister Company")
        self.env["customer.account.group"].create(
            {
                "name": "Group",
                "company_id": self.company.id,
                "lead_id": self.partner.id,
                "member_ids": [
                    Command.create({"partner_id": one.id})
                    for one in (self.partner, sister)
                ],
            }
        )
        draft = self._quotation(sister, "2025-06-20")
        draft.pricelist_id = self.default
        self._run_job()
        self.assertEqual(draft.pricelist_id, self.golden)


@tagged("post_install", "-at_install")
class TestTierProposals(TierPricesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.term = cls.env["account.payment.term"].create({"name": "60 Days"})
        cls.benefits = cls.env["customer.tier.benefit"].create(
            [
                {
                    "tier_id": cls.gold.id,
                    "name": "60 days to pay",
                    "kind": "payment_term",
                    "payment_term_id": cls.term.id,
                },
                {"tier_id": cls.gold.id, "name": "Free delivery", "kind": "delivery"},
            ]
        )
        cls.contact = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.partner.id}
        )
        cls._set_tier(cls.partner, cls.gold)
        cls.order = cls._quotation(
            cls.contact, "2025-06-30", user_id=cls.seller.id
        ).with_user(cls.seller)

    def test_benefits_are_proposed_and_nothing_is_written(self):
        self.assertEqual(self.order.customer_tier_term_hint, "Gold: 60 days to pay")
        self.assertEqual(self.order.customer_tier_delivery_hint, "Gold: Free delivery")
        self.assertFalse(self.order.payment_term_id)
        self.assertEqual(len(self.order.order_line), 1)

    def test_a_click_takes_over_and_ends_the_proposal(self):
        self.order.action_take_tier_payment_term()
        self.assertEqual(self.order.payment_term_id, self.term)
        self.assertFalse(self.order.customer_tier_term_hint)
        self.order.action_take_tier_delivery()
        self.order.action_take_tier_delivery()
        self.assertEqual(
            self.order.order_line.filtered("display_type").mapped("name"),
            ["Gold: Free delivery"],
        )
        self.assertFalse(self.order.customer_tier_delivery_hint)

    def test_a_customer_with_a_payment_term_of_its_own_gets_no_proposal(self):
        own = self.env["account.payment.term"].create({"name": "30 Days"})
        self.partner.property_payment_term_id = own
        order = self._quotation(
            self.contact, "2025-06-30", user_id=self.seller.id
        ).with_user(self.seller)
        self.assertFalse(order.customer_tier_term_hint)

    def test_confirmed_orders_and_other_tiers_propose_nothing(self):
        self._set_tier(self.partner, self.silver)
        self.assertFalse(self.order.customer_tier_term_hint)
        self._set_tier(self.partner, self.gold)
        self.order.action_confirm()
        self.assertFalse(self.order.customer_tier_delivery_hint)

    def test_the_form_shows_the_proposals_to_a_salesperson(self):
        with Form(self.env["sale.order"].with_user(self.seller)) as form:
            form.partner_id = self.contact
            self.assertEqual(form.customer_tier_term_hint, "Gold: 60 days to pay")

    def test_whoever_works_with_orders_without_tiers_opens_them(self):
        accountant = self._create_user(
            "tier_accountant", "account.group_account_manager"
        )
        order = self.order.with_user(accountant)
        self.assertNotIn("customer_tier", order.get_view(view_type="form")["arch"])


@tagged("post_install", "-at_install")
class TestTierPriceConflicts(TierPricesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = cls._create_user(
            "tier_prices_manager", "sales_team.group_sale_manager"
        )
        names = ("default", "tier", "own", "none")
        cls.members = {name: cls._create_partner(name) for name in names}
        cls.env.flush_all()
        for name, pricelist in (
            ("default", cls.default),
            ("tier", cls.golden),
            ("own", cls.own),
        ):
            member = cls.members[name].with_company(cls.company)
            member.specific_property_product_pricelist = pricelist
        stranger = cls._create_partner("no member").with_company(cls.company)
        stranger.specific_property_product_pricelist = cls.default
        cls._set_tier(cls.env["res.partner"].union(*cls.members.values()), cls.gold)

    def _conflicts(self):
        self.env.invalidate_all()
        return (
            self.env["customer.tier.price.conflict"].with_user(self.manager).search([])
        )

    def test_members_with_own_pricelists_are_listed_with_the_finding(self):
        self.assertEqual(
            {one.partner_id.name: one.finding for one in self._conflicts()},
            {"default": "default", "tier": "tier", "own": "own"},
        )

    def test_cleaning_up_takes_off_what_nobody_agreed_and_no_more(self):
        self._conflicts().action_clean_up()
        self.assertEqual(self._conflicts().mapped("finding"), ["own"])
        prices = {
            name: member.with_company(self.company).property_product_pricelist
            for name, member in self.members.items()
        }
        self.assertEqual(
            prices,
            {
                "default": self.golden,
                "tier": self.golden,
                "own": self.own,
                "none": self.golden,
            },
        )

    def test_pricelists_of_other_companies_stay(self):
        other = self._create_company("Another Company")
        member = self.members["default"]
        theirs = self._create_pricelist("Theirs", company_id=other.id)
        member.with_company(other).specific_property_product_pricelist = theirs
        self._conflicts().action_clean_up()
        self.assertEqual(
            member.with_company(other).specific_property_product_pricelist, theirs
        )

    def test_the_list_opens_for_a_manager(self):
        views = self.env["customer.tier.price.conflict"].with_user(self.manager)
        self.assertIn("finding", views.get_view(view_type="list")["arch"])
