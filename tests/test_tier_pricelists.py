"""Prices of a tier: for whom, where, and without a trace on the customer."""

from unittest.mock import patch

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged

from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierPricelists(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids |= cls.env.ref("product.group_product_pricelist")
        cls.env.ref("base.group_user").implied_ids |= cls.env.ref(
            "product.group_product_pricelist"
        )
        cls.env["product.pricelist"].search([]).active = False
        cls.default = cls._create_pricelist("Everybody", sequence=1)
        cls.golden = cls._create_pricelist("Golden", percent=20.0, sequence=50)
        cls.silvern = cls._create_pricelist("Silvern", percent=10.0, sequence=60)
        cls.own = cls._create_pricelist("As Agreed", percent=15.0, sequence=70)
        cls.gold.pricelist_id = cls.golden
        cls.silver.pricelist_id = cls.silvern
        cls.contact = cls.env["res.partner"].create(
            {"name": "Buyer", "parent_id": cls.partner.id}
        )

    def _price(self, partner, company=None):
        partner = partner.with_company(company or self.company)
        return partner.property_product_pricelist

    def _specific(self, partner):
        """What is written on the contact, for all companies."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT specific_property_product_pricelist FROM res_partner WHERE id = %s",
            (partner.id,),
        )
        return self.env.cr.fetchone()[0]

    def test_members_and_their_contacts_buy_at_the_prices_of_the_tier(self):
        self.assertEqual(self._price(self.partner), self.default)
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._price(self.partner), self.golden)
        self.assertEqual(self._price(self.contact), self.golden)
        order = self._quotation(self.contact, "2025-06-30")
        self.assertEqual(order.pricelist_id, self.golden)

    def test_the_own_pricelist_of_a_customer_wins(self):
        self.partner.property_product_pricelist = self.own
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._price(self.partner), self.own)
        self.assertEqual(self._price(self.contact), self.own)
        self.own.active = False
        self.env.invalidate_all()
        self.assertEqual(self._price(self.partner), self.golden)

    def test_taking_the_tier_away_restores_the_exact_state_of_before(self):
        partners = self.partner | self.contact
        special = self._create_partner("Special")
        special.property_product_pricelist = self.own
        self.env.flush_all()
        everybody = partners | special
        before = {one: (self._price(one), self._specific(one)) for one in everybody}
        columns = self._columns(everybody)
        self._set_tier(self.partner | special, self.gold)
        self.assertEqual(self._price(self.partner), self.golden)
        self._set_tier(self.partner | special, False)
        after = {one: (self._price(one), self._specific(one)) for one in everybody}
        self.assertEqual(before, after)
        self.assertEqual(columns, self._columns(everybody))

    def _columns(self, partners):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT row_to_json(res_partner) FROM res_partner WHERE id = ANY(%s)"
            " ORDER BY id",
            (partners.ids,),
        )
        return self.env.cr.fetchall()

    def test_a_tier_without_prices_changes_none(self):
        self._set_tier(self.partner, self.bronze)
        self.assertEqual(self._price(self.partner), self.default)

    def test_an_archived_pricelist_and_a_left_ladder_bring_nothing(self):
        self._set_tier(self.partner, self.gold)
        self.golden.active = False
        self.env.invalidate_all()
        self.assertEqual(self._price(self.partner), self.default)
        self.golden.active = True
        self._set_tier(self.partner, self.gold, active=False)
        self.assertEqual(self._price(self.partner), self.default)

    def test_buying_brings_the_prices_and_cancelling_takes_them_back(self):
        order = self._order(self.partner, "2025-06-10", 6000)
        self.assertEqual(self._price(self.contact), self.default)
        self.Relationship._sync_and_evaluate(self.partner.ids)
        self.assertEqual(self._price(self.contact), self.golden)
        order._action_cancel()
        self.Relationship._sync_and_evaluate(self.partner.ids)
        self.assertEqual(self._price(self.contact), self.default)

    def test_prices_end_with_the_window(self):
        self.ladder.downgrade = "earned"
        self._order(self.partner, "2025-06-10", 6000)
        self._evaluate_on("2026-06-09")
        self.assertEqual(self._price(self.partner), self.golden)
        self._evaluate_on("2026-06-10")
        self.assertEqual(self._price(self.partner), self.default)

    def _evaluate_on(self, day):
        self.company.retention_evaluation_date = day
        self.Relationship._sync_and_evaluate(self.partner.ids)

    def test_a_granted_tier_brings_its_prices_until_its_last_day(self):
        self._order(self.partner, "2025-06-10", 10)
        self._evaluate_on("2025-06-30")
        self.env["customer.tier.grant"].create(
            {
                "partner_id": self.partner.id,
                "tier_id": self.silver.id,
                "reason": "vip",
                "note": "They asked for it",
                "date_from": "2025-06-10",
                "date_until": "2025-07-10",
            }
        )
        self._evaluate_on("2025-07-10")
        self.assertEqual(self._price(self.partner), self.silvern)
        self._evaluate_on("2025-07-11")
        self.assertEqual(self._price(self.partner), self.default)

    def test_other_prices_of_a_tier_count_at_once(self):
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._price(self.contact), self.golden)
        self.gold.pricelist_id = self.silvern
        self.assertEqual(self._price(self.contact), self.silvern)

    def test_a_company_that_uses_no_tiers_sells_at_usual_prices(self):
        self._set_tier(self.partner, self.gold)
        self.company.retention_use_tiers = False
        self.env.invalidate_all()
        self.assertEqual(self._price(self.partner), self.default)

    # === WRITING BACK === #

    def test_writing_back_what_was_read_leaves_no_own_pricelist(self):
        self._set_tier(self.partner, self.gold)
        for partner in (self.partner, self.contact):
            partner.property_product_pricelist = partner.property_product_pricelist
            self.assertFalse(self._specific(partner))
        self._set_tier(self.partner, False)
        self.assertEqual(self._price(self.partner), self.default)

    def test_an_import_of_what_was_exported_leaves_no_own_pricelist(self):
        self._set_tier(self.partner, self.gold)
        rows = self.partner.export_data(["id", "name", "property_product_pricelist/id"])
        result = self.env["res.partner"].load(
            ["id", "name", "property_product_pricelist/id"], rows["datas"]
        )
        self.assertFalse([one for one in result["messages"] if one["type"] == "error"])
        self.assertFalse(self._specific(self.partner))

    def test_saving_the_form_leaves_no_own_pricelist(self):
        self._set_tier(self.partner, self.gold)
        with Form(self.partner) as form:
            form.name = "Renamed"
            form.property_product_pricelist = self.golden
        self.assertFalse(self._specific(self.partner))

    def test_a_new_contact_of_a_member_gets_no_own_pricelist(self):
        self._set_tier(self.partner, self.gold)
        contact = self.env["res.partner"].create(
            {
                "name": "Another Buyer",
                "parent_id": self.partner.id,
                "property_product_pricelist": self.golden.id,
            }
        )
        self.assertFalse(self._specific(contact))
        self.assertEqual(self._price(contact), self.golden)

    def test_choosing_the_prices_of_the_tier_ends_the_own_pricelist(self):
        self.partner.property_product_pricelist = self.own
        self._set_tier(self.partner, self.gold)
        self.partner.property_product_pricelist = self.golden
        self.assertEqual(self._price(self.partner), self.golden)
        self._set_tier(self.partner, self.silver)
        self.assertEqual(self._price(self.partner), self.silvern)

    def test_another_pricelist_becomes_the_own_one_and_stays(self):
        self._set_tier(self.partner, self.gold)
        self.partner.property_product_pricelist = self.own
        self.assertEqual(self._price(self.partner), self.own)
        self._set_tier(self.partner, False)
        self.assertEqual(self._price(self.partner), self.own)

    # === COMPANIES === #

    def test_prices_of_one_company_are_not_those_of_another(self):
        other = self._create_company("Another Company")
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._price(self.partner), self.golden)
        self.assertNotEqual(self._price(self.partner, other), self.golden)

    def test_a_shared_ladder_counts_where_its_pricelist_is_known(self):
        other = self._create_company("Another Company")
        shared = self._create_ladder("Shared", company_id=False)
        tier = shared.tier_ids[-1:]
        everywhere = self._create_pricelist("Everywhere", company_id=False)
        tier.pricelist_id = everywhere
        self._set_tier(self.partner, tier)
        self.assertEqual(self._price(self.partner), everywhere)
        self.assertEqual(self._price(self.partner, other), everywhere)
        tier.pricelist_id = self.golden
        self.assertEqual(self._price(self.partner), self.golden)
        self.assertNotEqual(self._price(self.partner, other), self.golden)
        self.assertIn(self.company.name, tier.pricelist_warning)

    def test_the_own_ladder_of_a_company_comes_before_a_shared_one(self):
        shared = self._create_ladder("Shared", company_id=False, sequence=1)
        shared.tier_ids[-1:].pricelist_id = self._create_pricelist(
            "Everywhere", company_id=False
        )
        self._set_tier(self.partner, shared.tier_ids[-1:])
        self._set_tier(self.partner, self.silver)
        self.assertEqual(self._price(self.partner), self.silvern)

    def test_a_branch_sells_at_the_prices_of_its_company(self):
        self.golden.company_id = False
        branch = self._create_company("Branch", parent_id=self.company.id)
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._price(self.partner, branch), self.golden)

    def test_a_pricelist_that_branches_may_not_use_is_pointed_out(self):
        """Odoo refuses an order of a branch with a pricelist of its main company."""
        self.assertFalse(self.gold.pricelist_warning)
        branch = self._create_company("Branch", parent_id=self.company.id)
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._price(self.partner), self.golden)
        self.assertNotEqual(self._price(self.partner, branch), self.golden)
        orders = self.env["sale.order"].with_company(branch)
        with self.assertRaises(UserError), self.env.cr.savepoint():
            orders.create(
                {"partner_id": self.partner.id, "pricelist_id": self.golden.id}
            )
        self.env.invalidate_all()
        self.assertIn("branches", self.gold.pricelist_warning)
        self.golden.company_id = False
        self.env.invalidate_all()
        self.assertFalse(self.gold.pricelist_warning)

    def test_a_pricelist_of_another_company_is_refused(self):
        other = self._create_company("Another Company")
        theirs = self._create_pricelist("Theirs", company_id=other.id)
        with self.assertRaises(ValidationError):
            self.gold.pricelist_id = theirs

    def test_another_currency_is_pointed_out(self):
        self.assertFalse(self.gold.pricelist_warning)
        self.golden.currency_id = self.env.ref("base.USD")
        self.assertIn("USD", self.gold.pricelist_warning)

    # === PEOPLE === #

    def test_members_of_a_group_buy_at_the_prices_of_its_head(self):
        sister = self._create_partner("Sister Company")
        group = self.env["customer.account.group"].create(
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
        self._set_tier(self.partner, self.gold)
        self.assertEqual(self._price(sister), self.golden)
        group.member_ids[-1].date_until = "2025-06-29"
        self.env.invalidate_all()
        self.assertEqual(self._price(sister), self.default)

    def test_whoever_sells_needs_no_right_to_tiers(self):
        self._set_tier(self.partner, self.gold)
        seller = self._create_user("prices_seller")
        portal = new_test_user(self.env, "prices_portal", "base.group_portal")
        portal.partner_id.parent_id = self.partner
        order = self.env["sale.order"].with_user(seller)
        order = order.create({"partner_id": self.contact.id})
        self.assertEqual(order.pricelist_id, self.golden)
        mine = portal.partner_id.with_user(portal).with_company(self.company)
        self.assertEqual(mine.sudo().property_product_pricelist, self.golden)

    def test_a_contact_that_changes_company_changes_its_prices(self):
        other = self._create_partner("Other Customer")
        self._set_tier(self.partner, self.gold)
        self._set_tier(other, self.silver)
        self.assertEqual(self._price(self.contact), self.golden)
        self.contact.parent_id = other
        self.assertEqual(self._price(self.contact), self.silvern)
        self.contact.parent_id = False
        self.assertEqual(self._price(self.contact), self.default)

    def test_a_merger_leaves_no_own_pricelist(self):
        double = self._create_partner("Tested Customer Again")
        self._set_tier(self.partner | double, self.gold)
        self.assertEqual(self._price(double), self.golden)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.partner | double).ids, self.partner)
        self.assertFalse(self._specific(self.partner))

    def test_an_unsaved_contact_shows_the_prices_of_its_company(self):
        self._set_tier(self.partner, self.gold)
        new = self.env["res.partner"].new({"name": "New", "parent_id": self.partner.id})
        self.assertEqual(new.property_product_pricelist, self.golden)

    # === COSTS === #

    def test_a_thousand_customers_take_one_query_more_than_core(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(1000)]
        )
        self._set_tier(partners[:500], self.gold)
        self._set_tier(partners[500:900], self.silver)
        for size in (1, 1000):
            with self.subTest(size=size):
                with self._core():
                    core = self._count_queries(partners[:size])
                self.assertLessEqual(self._count_queries(partners[:size]) - core, 1)

    def _core(self):
        """Let the product add nothing to the prices."""
        pricelists = self.registry["product.pricelist"]
        return patch.object(pricelists, "_tier_pricelists", lambda *args: {})

    def _count_queries(self, partners):
        self.env.flush_all()
        self.env["customer.tier.membership"]._root_company_id(self.company.id)
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        partners.mapped("property_product_pricelist")
        return self.env.cr.sql_log_count - before
