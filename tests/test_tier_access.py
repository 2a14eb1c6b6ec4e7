"""Who sees which tiers, and who decides about them."""

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .test_access import SALES, AccessCommon
from .tier_rights import NONE, TIER_READ_BY_ACCOUNTANTS, tier_rights

# Rows that are as visible as the relationship of their customer.
OF_A_CUSTOMER = (
    "customer.tier.membership",
    "customer.tier.transition",
    "customer.tier.entry",
    "customer.tier.grant",
    "customer.tier.adjustment",
    "customer.tier.enrolment",
)
# Rows that are seen by whoever works in their company.
OF_A_LADDER = (
    "customer.tier.ladder",
    "customer.tier",
    "customer.tier.measure",
    "customer.tier.condition",
    "customer.tier.point.rule",
    "customer.tier.benefit",
)


class TierAccessCommon(AccessCommon):
    """A ladder in each company, and rows of every kind for every customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.tier.ladder"].search([]).active = False
        cls.ladders = {
            company: cls._create_ladder(company)
            for company in (cls.company, cls.other_company)
        }
        for customer in cls.customers:
            company = cls.other_company if customer == cls.abroad else cls.company
            cls._decide_about(customer, cls.ladders[company])
        cls.env["customer.relationship"]._sync_and_evaluate(cls.customers.ids)
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _create_ladder(cls, company):
        ladder = cls.env["customer.tier.ladder"].create(
            {
                "name": "Access",
                "company_id": company.id,
                "measure_ids": [Command.create({"name": "Units", "metric": "units"})],
                "point_rule_ids": [Command.create({"name": "Points"})],
                "tier_ids": [
                    Command.create(
                        {
                            "name": "Member",
                            "benefit_ids": [Command.create({"name": "A smile"})],
                        }
                    )
                ],
            }
        )
        ladder.tier_ids.condition_ids = [
            Command.create({"measure_id": ladder.measure_ids.id, "at_least": 1.0})
        ]
        return ladder

    @classmethod
    def _decide_about(cls, customer, ladder):
        about = {"partner_id": customer.id}
        cls.env["customer.tier.grant"].create(
            {
                **about,
                "tier_id": ladder.tier_ids.id,
                "reason": "vip",
                "note": "Test",
                "date_until": "2025-12-31",
            }
        )
        cls.env["customer.tier.adjustment"].create(
            {
                **about,
                "measure_id": ladder.measure_ids.id,
                "value": 1.0,
                "reason": "Test",
            }
        )
        cls.env["customer.tier.enrolment"].create({**about, "ladder_id": ladder.id})


@tagged("post_install", "-at_install")
class TestTierVisibility(TierAccessCommon):
    def test_who_sees_whose_tiers(self):
        here = self.mine | self.theirs | self.nobodys
        expected = {
            self.seller: self.mine | self.nobodys,
            self.colleague: self.theirs | self.nobodys,
            self.leader: self.mine | self.nobodys,
            self.all_documents: here,
            self.manager: here,
            self.admin: here,
            self.branch_user: here,
            self.outsider: self.abroad,
        }
        for model in OF_A_CUSTOMER:
            rows = self.env[model].search([("partner_id", "in", self.customers.ids)])
            self.assertEqual(rows.partner_id, self.customers, model)
            for user, customers in expected.items():
                with self.subTest(user=user.login, model=model):
                    self.assertEqual(self._seen(user, model), customers)

    def test_shared_ladder_is_seen_as_the_customer_is(self):
        for ladder in self.ladders.values():
            ladder.active = False
        shared = self._create_ladder(self.env["res.company"])
        self.env["customer.relationship"]._sync_and_evaluate(
            self.customers.ids, force=True
        )
        members = self.env["customer.tier.membership"]
        rows = members.search([("ladder_id", "=", shared.id)])
        self.assertEqual(rows.partner_id, self.customers)
        everybodys = self.nobodys | self.abroad  # nobody looks after them here
        self.assertEqual(self._seen(self.seller, rows._name), self.mine | everybodys)
        self.assertEqual(
            self._seen(self.colleague, rows._name), self.theirs | everybodys
        )

    def test_shared_ladder_hides_customers_of_other_companies(self):
        """From everybody who sees all customers of the own companies as well."""
        for ladder in self.ladders.values():
            ladder.active = False
        shared = self._create_ladder(self.env["res.company"])
        for customer in self.customers:
            self._decide_about(customer, shared)
        self.abroad.company_id = self.other_company
        self.theirs.company_id = self.company
        self.env["customer.relationship"]._sync_and_evaluate(
            self.customers.ids, force=True
        )
        here = self.mine | self.theirs | self.nobodys
        expected = {
            self.seller: self.mine | self.nobodys,
            self.all_documents: here,
            self.manager: here,
            self.admin: here,
            self.branch_user: here,
            self.outsider: self.customers - self.theirs,
        }
        for model in set(OF_A_CUSTOMER) - {"customer.tier.entry"}:
            rows = self.env[model].search([("ladder_id", "=", shared.id)])
            self.assertEqual(rows.partner_id, self.customers, model)
            for user, customers in expected.items():
                self.env.invalidate_all()
                own = rows.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids, active_test=False
                )
                with self.subTest(user=user.login, model=model):
                    found = own.search([("id", "in", rows.ids)])
                    self.assertEqual(found.sudo().partner_id, customers)
                    self.assertEqual(own._filtered_access("read"), found)
        # an anomaly each: accounts of somebody who works here
        (self.customers | self.seller.partner_id).email = "insider@access.example"
        self.env.cr.execute(
            SQL(
                "UPDATE customer_tier_membership SET tier_id = %s WHERE ladder_id = %s",
                shared.tier_ids.id,
                shared.id,
            )
        )
        self._assert_analysis_shows(shared, expected)

    def _assert_analysis_shows(self, ladder, expected):
        """Analyses say no more about customers than their memberships do."""
        for user, customers in expected.items():
            for model in ("customer.tier.report", "customer.tier.anomaly"):
                if not self.env[model].with_user(user).has_access("read"):
                    continue
                self.env.invalidate_all()
                rows = (
                    self.env[model]
                    .with_user(user)
                    .with_context(allowed_company_ids=user.company_ids.ids)
                )
                found = rows.search([("ladder_id", "=", ladder.id)])
                with self.subTest(user=user.login, model=model):
                    self.assertEqual(found.sudo().partner_id, customers)

    def test_excluded_customer_is_shown_to_nobody(self):
        self.env["customer.profiling.exclusion"].create(
            {
                "partner_id": self.mine.id,
                "company_id": self.company.id,
                "reason": "Wants it so",
                "date_from": "2025-01-01",
            }
        )
        for model in OF_A_CUSTOMER[:3]:
            for user in (self.seller, self.manager, self.admin):
                with self.subTest(model=model, user=user.login):
                    self.assertNotIn(self.mine, self._seen(user, model))

    def test_ladders_are_those_of_the_company(self):
        shared = self._create_ladder(self.env["res.company"])
        own, foreign = self.ladders.values()
        for model in OF_A_LADDER:
            for user, seen in (
                (self.seller, shared | own),
                (self.branch_user, shared | own),
                (self.outsider, shared | foreign),
            ):
                self.env.invalidate_all()
                rows = (
                    self.env[model]
                    .with_user(user)
                    .with_context(
                        allowed_company_ids=user.company_ids.ids, active_test=False
                    )
                    .search([])
                    .sudo()
                )
                ladders = rows if model == shared._name else self._ladder_of(rows)
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(ladders & (shared | own | foreign), seen)

    def _ladder_of(self, rows):
        return rows.ladder_id if "ladder_id" in rows._fields else rows.tier_id.ladder_id

    def test_nobody_else_reads_anything(self):
        for model in tier_rights(self.registry):
            for user in (self.employee, self.accountant, self.portal, self.public):
                read = user == self.accountant and model in TIER_READ_BY_ACCOUNTANTS
                with self.subTest(model=model, user=user.login):
                    own = self.env[model].with_user(user)
                    self.assertEqual(own.has_access("read"), read)
                    for operation in ("write", "create", "unlink"):
                        self.assertFalse(own.has_access(operation))

    def test_accountants_see_why_a_customer_has_a_tier(self):
        """Of all customers of their companies; sellers who invoice, of their own."""
        here = self.mine | self.theirs | self.nobodys
        for groups, customers in (
            ("account.group_account_invoice", here),
            ("account.group_account_readonly", here),
            (f"{SALES},account.group_account_invoice", self.nobodys),
        ):
            user = self._create_user(f"reader_{groups}", groups)
            with self.subTest(groups=groups):
                self.assertEqual(
                    self._seen(user, "customer.tier.membership"), customers
                )
                rows = self._seen_rows(user)
                for row in rows:
                    found = row.get_explanation()
                    self.assertEqual(found["title"], "Member")
                    self.assertTrue(found["rule"]["text"])
                    partner = row.sudo().partner_id.with_user(user)
                    self.assertEqual(partner.customer_tier_id.name, "Member")
                    self.assertIn("Member", partner.customer_tier_card["headline"])
                    self.assertIn("value_text", partner.customer_tier_card["progress"])

    def test_accountants_are_not_led_to_what_they_may_not_open(self):
        user = self._create_user("reader", "account.group_account_invoice")
        row = self._seen_rows(user)[0]
        self.assertFalse(row.get_explanation()["rule"]["id"])
        self.assertTrue(row.with_user(self.admin).get_explanation()["rule"]["id"])
        for reader, opens in ((user, False), (self.admin, True)):
            answer = row.with_user(reader).get_explanation()
            adjusted = [
                line["id"]
                for line in answer["documents"]
                if line["model"] == "customer.tier.adjustment"
            ]
            self.assertEqual([bool(one) for one in adjusted], [opens] * len(adjusted))
            self.assertTrue(adjusted)
        for name in ("transition_ids", "grant_ids", "adjustment_ids"):
            self.assertFalse(row[name])

    def _seen_rows(self, user):
        self.env.invalidate_all()
        rows = self.env["customer.tier.membership"].with_user(user)
        rows = rows.with_context(allowed_company_ids=user.company_ids.ids)
        return rows.search([("partner_id", "in", self.customers.ids)])

    def test_customers_cannot_read_their_own_row(self):
        self.portal.partner_id.parent_id = self.mine
        row = self.env["customer.tier.membership"].search(
            [("partner_id", "=", self.mine.id)]
        )
        with self.assertRaises(AccessError):
            row.with_user(self.portal).read(["tier_id"])


@tagged("post_install", "-at_install")
class TestTierDecisions(TierAccessCommon):
    def test_rights_by_group(self):
        users = (self.seller, self.manager, self.admin)
        operations = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
        for model, rights in tier_rights(self.registry).items():
            for user, expected in zip(users, rights, strict=True):
                access = self.env["ir.model.access"].with_user(user)
                found = "".join(
                    letter
                    for letter, operation in operations.items()
                    if access.check(model, operation, raise_exception=False)
                )
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(found, expected)

    def test_none_stands_for_no_right(self):
        self.assertEqual(NONE, "")

    def test_grants_for_own_customers_only(self):
        tier = self.ladders[self.company].tier_ids
        values = {
            "tier_id": tier.id,
            "reason": "goodwill",
            "note": "Agreed",
            "date_until": "2025-12-31",
        }
        grants = self.env["customer.tier.grant"].with_user(self.seller)
        self.assertTrue(grants.create({**values, "partner_id": self.mine.id}))
        with self.assertRaises(AccessError):
            grants.create({**values, "partner_id": self.theirs.id})

    def test_nobody_grants_in_a_ladder_of_another_company(self):
        tier = self.ladders[self.other_company].tier_ids
        with self.assertRaises(AccessError):
            self.env["customer.tier.grant"].with_user(self.manager).create(
                {
                    "partner_id": self.mine.id,
                    "tier_id": tier.id,
                    "reason": "vip",
                    "note": "Test",
                    "date_until": "2025-12-31",
                }
            )

    def test_rows_and_log_are_written_by_nobody(self):
        for model in ("customer.tier.membership", "customer.tier.transition"):
            row = self.env[model].search([], limit=1)
            with self.assertRaises(UserError):
                row.sudo().write(
                    {"tier_id": False} if "tier_id" in row else {"date": 0}
                )
        with self.assertRaises(UserError):
            self.env["customer.tier.transition"].search([], limit=1).sudo().unlink()
