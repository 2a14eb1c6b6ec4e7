"""What people see of tiers beside customers, documents and complaints."""

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import tagged

from .complaint_common import ComplaintCommon
from .tier_common import TierCommon


@tagged("post_install", "-at_install")
class TestTierScreens(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.user = cls._create_user("tier_screens")
        cls.customer = cls._create_partner("Harbor Bakery", user_id=cls.user.id)
        cls.contact = cls._create_partner(
            "Baker", parent_id=cls.customer.id, is_company=False
        )
        cls.stranger = cls._create_partner("Never Bought", user_id=cls.user.id)
        cls._order(cls.customer, "2025-06-01", 1234.0)
        cls._work_queue()
        cls._set_tier(cls.customer, cls.silver, user_id=cls.user.id, value=1234.0)

    def _row(self):
        return self._membership(self.customer).with_user(self.user)

    def _grant(self, tier, reason="match", **values):
        grant = self.env["customer.tier.grant"].create(
            {
                "partner_id": self.customer.id,
                "tier_id": tier.id,
                "reason": reason,
                "note": "Showed the card of a competitor",
                "date_until": "2025-12-31",
                **values,
            }
        )
        self._set_tier(
            self.customer,
            tier,
            earned_tier_id=self.silver.id,
            grant_id=grant.id,
            user_id=self.user.id,
        )
        return grant

    # === MEMBERSHIP === #

    def test_earned_and_granted_are_told_apart(self):
        self.assertEqual(self._row().headline, "Silver until 05/31/2026")
        self._grant(self.gold)
        self.assertEqual(
            self._row().headline,
            "Gold until 12/31/2025 (status match) — earns Silver",
        )
        self._set_tier(self.customer, False, grant_id=None, earned_tier_id=None)
        self.assertEqual(self._row().headline, "No tier yet")

    def test_filters_find_what_they_say(self):
        row = self._row()
        others = row.search([("is_granted", "=", True)])
        self.assertNotIn(row, others)
        self._grant(self.gold)
        self.assertIn(row, row.search([("is_granted", "=", True)]))
        self.assertTrue(row.is_granted)
        self._set_tier(
            self.customer,
            self.silver,
            valid_until="2025-07-31",
            missing_keep=100.0,
            value=4500.0,
            missing_next=500.0,
            next_tier_id=self.gold.id,
        )
        for name in ("is_at_risk", "is_close_to_next"):
            self.assertTrue(row[name])
            self.assertIn(row, row.search([(name, "=", True)]))
            self.assertNotIn(row, row.search([(name, "=", False)]))
        self.assertEqual(row.progress, 90.0)
        self._set_tier(
            self.customer,
            self.silver,
            valid_until="2025-12-31",
            missing_keep=100.0,
            value=1000.0,
            missing_next=4000.0,
        )
        for name in ("is_at_risk", "is_close_to_next"):
            self.assertFalse(row[name])
            self.assertNotIn(row, row.search([(name, "=", True)]))

    def test_every_tier_is_a_column(self):
        rows = self._row().with_context(read_group_expand=True)
        groups = rows.web_read_group([], ["tier_id"], ["__count"])["groups"]
        self.assertEqual(
            [group["tier_id"][1] for group in groups if group["tier_id"]],
            ["Bronze", "Silver", "Gold"],
        )

    def test_a_tier_that_takes_no_more_than_the_one_below_is_pointed_out(self):
        self.assertFalse(self.ladder.tiers_warning)
        self.gold.threshold = 900
        self.assertEqual(
            self.ladder.tiers_warning,
            "Gold takes no more than Silver: nobody stays in Silver.",
        )
        self.silver.condition_ids.copy({"measure_id": self._second_measure().id})
        self.assertFalse(self.ladder.tiers_warning, "another figure may tell")

    def test_a_currency_without_a_rate_is_pointed_out(self):
        currencies = self.env["res.currency"].with_context(active_test=False)
        abroad = currencies.search([("name", "=", "ISK")])
        abroad.active = True
        abroad.rate_ids.unlink()
        own = self.ladder.currency_id
        own.rate_ids.unlink()
        company = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": abroad.id}
        )
        self.assertFalse(self.ladder.rates_warning, "only its own company counts")
        shared = self.ladder.copy({"company_id": False})
        self.assertIn("ISK", shared.rates_warning)
        own.rate_ids.create(
            {"currency_id": own.id, "company_id": company.id, "rate": 0.008}
        )
        shared.invalidate_recordset()
        self.assertNotIn("ISK", shared.rates_warning or "")

    def _second_measure(self):
        return self.ladder.measure_ids[:1].copy({"name": "Number of purchases"})

    def test_the_policy_is_told_in_sentences(self):
        self.ladder.write({"window": "rolling", "window_months": 6, "grace_days": 10})
        text = self.ladder.policy_text
        self.assertIn("Every customer is a member.", text)
        self.assertIn("Counted: Net revenue, over the last 6 months.", text)
        self.assertIn("10 days of grace", text)
        self.ladder.write(
            {"window": "calendar", "period": "year", "downgrade": "never"}
        )
        self.assertIn("over the year", self.ladder.policy_text)
        for month, day, words in (("4", 6, "6 April"), ("2", 31, "29 February")):
            self.ladder.write({"year_start_month": month, "year_start_day": day})
            self.assertIn(f"begins on {words})", self.ladder.policy_text)
        self.assertIn("never taken away", self.ladder.policy_text)
        self.assertEqual(self.silver.conditions_text, "From 1,000\N{NO-BREAK SPACE}€")
        self.assertEqual(self.bronze.conditions_text, "Every member has it.")

    def test_tiers_of_several_ladders_are_told_apart(self):
        tier = self.gold.with_user(self.user)
        self.assertEqual(tier.display_name, "Gold")
        chosen = tier.with_context(customer_tier_with_ladder=True)
        self.assertEqual(chosen.display_name, "Gold (Tested Ladder)")

    # === BESIDE OTHER RECORDS === #

    def test_contacts_show_the_tier_of_their_company(self):
        for partner in (self.customer, self.contact):
            shown = partner.with_user(self.user)
            self.assertEqual(shown.customer_tier_id, self.silver)
            self.assertEqual(shown.customer_tier_card["tier"], "Silver")
        self.assertFalse(self.stranger.with_user(self.user).customer_tier_card)

    def test_contacts_are_found_by_tier(self):
        partners = self.env["res.partner"].with_user(self.user)
        here = [("id", "in", (self.customer | self.contact | self.stranger).ids)]
        found = partners.search([*here, ("customer_tier_id", "=", self.silver.id)])
        self.assertEqual(found, self.customer | self.contact)
        found = partners.search([*here, ("customer_tier_id", "!=", self.silver.id)])
        self.assertEqual(found, self.stranger)
        found = partners.search([*here, ("customer_tier_id", "=", False)])
        self.assertEqual(found, self.stranger)

    def test_contacts_are_found_by_the_tier_they_show(self):
        """Who has left a group, or is in one that does not count, has none of it."""
        present, former = (self._create_partner(name) for name in ("Present", "Former"))
        self.env["customer.account.group"].create(
            {
                "name": "Found Together",
                "lead_id": self.customer.id,
                "member_ids": [
                    Command.create({"partner_id": self.customer.id}),
                    Command.create({"partner_id": present.id}),
                    Command.create(
                        {"partner_id": former.id, "date_until": "2025-01-31"}
                    ),
                ],
            }
        )
        self._set_tier(self.customer, self.silver)
        everybody = self.customer | present | former
        for counts in (True, False):
            self.ladder.rolls_up_groups = counts
            self.env.flush_all()
            self.env.invalidate_all()
            shown = everybody.filtered(lambda one: one.customer_tier_id == self.silver)
            self.assertEqual(shown, everybody[: 1 + counts])
            here = [("id", "in", everybody.ids)]
            for operator, found in (("=", shown), ("!=", everybody - shown)):
                domain = [*here, ("customer_tier_id", operator, self.silver.id)]
                self.assertEqual(self.env["res.partner"].search(domain), found)

    def test_nothing_is_shown_of_the_customers_of_others(self):
        other = self._create_user("tier_screens_other")
        self.assertFalse(self.customer.with_user(other).customer_tier_id)
        self.assertFalse(self.customer.with_user(other).customer_tier_card)

    def test_nothing_is_shown_where_tiers_are_switched_off(self):
        self.company.retention_use_tiers = False
        self.env.invalidate_all()
        self.assertFalse(self.customer.with_user(self.user).customer_tier_card)

    def test_a_quotation_names_the_tier(self):
        order = self._quotation(self.contact, "2025-06-30", 10.0)
        order.user_id = self.user
        self.assertIn("Silver", order.with_user(self.user).customer_tier_hint)
        action = order.with_user(self.user).action_open_tier()
        self.assertEqual(action["res_id"], self._row().id)
        order = self._quotation(self.stranger, "2025-06-30", 10.0)
        order.user_id = self.user
        self.assertFalse(order.with_user(self.user).customer_tier_hint)
        with self.assertRaisesRegex(UserError, "is in no ladder"):
            order.with_user(self.user).action_open_tier()

    def test_nobody_is_there_before_the_threshold_is_reached(self):
        """99.9 % are not shown as 100 %."""
        row = self._row()
        missing = row.value + row.missing_next
        row._write({"value": 0.9999 * missing, "missing_next": 0.0001 * missing})
        row.invalidate_recordset(["value", "missing_next"])
        self.assertEqual(row.progress, 99)

    def test_the_relationship_and_the_caller_show_the_tier(self):
        relationship = self._relationship(self.customer).with_user(self.user)
        self.assertEqual(relationship.tier_id, self.silver)
        found = relationship.search([("tier_id", "=", self.silver.id)])
        self.assertIn(relationship, found)
        found = relationship.search([("tier_id", "!=", self.silver.id)])
        self.assertNotIn(relationship, found)
        cards = relationship.find_caller("Harbor Bakery")
        self.assertEqual(cards[0]["tier"], "Silver")

    def test_looking_at_many_takes_as_many_queries_as_at_one(self):
        partners, counts = self.env["res.partner"], []
        for number in range(5):
            partners |= self._create_partner(f"Member {number}")
        self._set_tier(partners, self.gold, user_id=self.user.id)
        self.env.flush_all()
        for several in (partners[:1], partners[:2], partners):
            self.env.invalidate_all()
            several.mapped("commercial_partner_id")
            before = self.env.cr.sql_log_count
            several.with_user(self.user).mapped("customer_tier_id")
            counts.append(self.env.cr.sql_log_count - before)
        # the first one also reads who the user is
        self.assertEqual(counts[1], counts[2])

    def test_the_certificate_says_who_is_what(self):
        report = self.env["ir.actions.report"]
        content, _kind = report._render_qweb_html(
            "customer_retention.customer_tier_certificate",
            self._row().ids,
        )
        for word in (b"Harbor Bakery", b"Silver", b"Tested Ladder"):
            self.assertIn(word, content)


@tagged("post_install", "-at_install")
class TestTierOnComplaints(ComplaintCommon, TierCommon):
    def test_a_handler_is_told_the_tier(self):
        customer = self._create_partner("Harbor Bakery")
        self._order(customer, "2025-06-01", 1234.0)
        self._work_queue()
        self._set_tier(customer, self.gold)
        complaint = self.Complaint.create(
            {"subject": "Late", "partner_id": customer.id, "team_id": self.team.id}
        )
        handler = self._create_user(
            "tier_handler", groups="customer_retention.group_complaint_user"
        )
        self.team.member_ids |= handler
        card = complaint.with_user(handler).customer_card
        self.assertEqual(card["standing"]["tier"], "Gold")
