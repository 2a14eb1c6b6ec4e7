"""Who may see and do what, for every model and every kind of user."""

from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import RetentionCommon
from .complaint_rights import COMPLAINT_RIGHTS
from .keep_rights import (
    KEEP_OF_A_COMPANY,
    KEEP_OF_AN_ACCOUNT,
    KEEP_RIGHTS,
    OF_MANAGERS,
    create_kept,
)
from .tier_rights import tier_rights

READ, USE, RECORD, ALL, NONE = "r", "rw", "rwc", "rwcu", ""

# What users, managers and administrators may do: read, write, create, unlink.
RIGHTS = {
    "customer.relationship": (USE, USE, USE),
    "customer.relationship.transition": (READ, READ, READ),
    "customer.relationship.transition.report": (READ, READ, READ),
    "customer.relationship.pin": (RECORD, RECORD, RECORD),
    "customer.fit": (RECORD, RECORD, RECORD),
    "customer.profiling.exclusion": (RECORD, RECORD, RECORD),
    "customer.purchase": (READ, READ, READ),
    "customer.quotation": (READ, READ, READ),
    "customer.contact.day": (READ, READ, READ),
    "customer.rule.version": (READ, READ, READ),
    "customer.relationship.stage": (READ, READ, ALL),
    "customer.relationship.condition": (READ, READ, ALL),
    "customer.segment": (READ, READ, ALL),
    "customer.ladder.template": (NONE, NONE, ALL),
    "customer.ladder.template.step": (NONE, NONE, ALL),
    "customer.ladder.load": (NONE, NONE, ALL),
    "customer.relationship.queue": (NONE, NONE, READ),
    "customer.evaluation.run": (NONE, READ, READ),
    "customer.pin.wizard": (ALL, ALL, ALL),
    "customer.churn.score": (READ, READ, READ),
    "customer.churn.model": (READ, READ, READ),
    "customer.churn.yardstick": (NONE, NONE, READ),
    "customer.churn.history": (READ, READ, READ),
    "customer.churn.revenue": (READ, READ, READ),
    "customer.churn.cohort": (READ, READ, READ),
    "customer.churn.signal": (READ, READ, READ),
    "customer.churn.quotation": (READ, READ, READ),
    "customer.churn.weighing": (READ, READ, RECORD),
    "customer.churn.weight": (READ, READ, RECORD),
    "customer.churn.rfm.segment": (READ, READ, ALL),
    "customer.churn.snooze": ("rc", "rc", "rc"),
    "customer.contact.log": (RECORD, RECORD, RECORD),
    "customer.care.plan": (READ, READ, ALL),
    "customer.care.preference": (RECORD, RECORD, RECORD),
    "customer.care.touch": (READ, READ, READ),
    "customer.dependence": (READ, READ, READ),
    "customer.diligence": (READ, READ, READ),
    "customer.handover": (ALL, ALL, ALL),
    "customer.handover.line": (ALL, ALL, ALL),
    **KEEP_RIGHTS,
}

# Models whose rows are as visible as the relationship of their customer.
OF_AN_ACCOUNT = (
    "customer.relationship",
    "customer.relationship.transition",
    "customer.relationship.transition.report",
    "customer.relationship.pin",
    "customer.fit",
    "customer.profiling.exclusion",
    "customer.purchase",
    "customer.quotation",
    "customer.contact.day",
    "customer.churn.score",
    "customer.churn.signal",
    "customer.churn.quotation",
    "customer.churn.snooze",
    "customer.contact.log",
    "customer.care.preference",
    "customer.care.touch",
    "customer.churn.revenue",
    "customer.churn.cohort",
    "customer.dependence",
    "customer.handover.line",
    *KEEP_OF_AN_ACCOUNT,
)

# Models whose rows are seen by whoever works in their company, or by everybody who
# has rights on the model when they have none.
OF_A_COMPANY = (
    "customer.rule.version",
    "customer.relationship.stage",
    "customer.relationship.condition",
    "customer.segment",
    "customer.evaluation.run",
    "customer.churn.model",
    "customer.care.plan",
    "customer.churn.weighing",
    "customer.churn.weight",
    "customer.churn.rfm.segment",
    *KEEP_OF_A_COMPANY,
)

# Models with sums of the customers of a salesperson: see test_churn_history.
OF_A_SALESPERSON = ("customer.churn.history",)

# Models whose rows are seen by their author alone.
OF_AN_AUTHOR = ("customer.pin.wizard",)

# Models whose rows are seen by those whom they concern: see test_handover and
# test_diligence.
OF_PARTIES = ("customer.handover", "customer.diligence")

# Models without a customer or a company, for administrators.
OF_ADMINISTRATORS = (
    "customer.relationship.queue",
    "customer.churn.yardstick",
    "customer.ladder.template",
    "customer.ladder.template.step",
    "customer.ladder.load",
)

SALES = "sales_team.group_sale_salesman"

# Fields that accountants read, who are no users of ours.
OF_READERS = {
    ("res.partner", "customer_tier_membership_id"),
    ("res.partner", "customer_tier_id"),
    ("res.partner", "customer_tier_card"),
}


def own_models(registry):
    """Names of the models of this addon and its bridges that have records."""
    return [
        name
        for name, model in registry.items()
        if model._original_module.startswith("customer_retention")
        and not model._abstract
    ]


class UsersCommon(RetentionCommon):
    """Users of every kind, in one company."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("access_seller")
        cls.colleague = cls._create_user("access_colleague")
        cls.leader = cls._create_user("access_leader")
        cls.all_documents = cls._create_user(
            "access_all", "sales_team.group_sale_salesman_all_leads"
        )
        cls.manager = cls._create_user(
            "access_manager", "customer_retention.group_manager"
        )
        cls.admin = cls._create_user("access_admin", "customer_retention.group_admin")
        cls.employee = cls._create_user("access_employee", "base.group_user")
        cls.accountant = cls._create_user(
            "access_accountant", "account.group_account_manager"
        )
        cls.portal = new_test_user(cls.env, "access_portal", groups="base.group_portal")
        cls.public = cls.env.ref("base.public_user")


class AccessCommon(UsersCommon):
    """Customers of everybody, with rows in every model that hangs on an account."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Team of the Leader",
                "user_id": cls.leader.id,
                "company_id": False,
                "member_ids": [Command.link(cls.seller.id)],
            }
        )
        cls.mine = cls._create_customer("Mine", cls.seller)
        cls.theirs = cls._create_customer("Theirs", cls.colleague)
        cls.nobodys = cls._create_customer("Nobody's", cls.env["res.users"])
        cls.other_company = cls._create_company("Other Company")
        cls.branch = cls._create_company("Branch", parent_id=cls.company.id)
        cls.outsider = cls._create_user(
            "access_outsider",
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.other_company.id,
        )
        cls.branch_user = cls._create_user(
            "access_branch",
            "sales_team.group_sale_salesman_all_leads",
            company_id=cls.branch.id,
        )
        cls.abroad = cls._create_customer(
            "Abroad", cls.env["res.users"], company_id=cls.other_company.id
        )
        cls.customers = cls.mine | cls.theirs | cls.nobodys | cls.abroad
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _create_customer(cls, name, user, company_id=None):
        """Create a customer with a row in every model that hangs on an account."""
        company_id = company_id or cls.company.id
        partner = cls._create_partner(name, user_id=user.id)
        cls._order(partner, "2025-05-01", company_id=company_id, user_id=user.id)
        cls._quotation(partner, "2025-06-20", company_id=company_id, user_id=user.id)
        partner.message_post(
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
            author_id=cls.seller.partner_id.id,
        )
        cls._work_queue()
        stage = cls.env["customer.relationship.stage"].search([], limit=1)
        recorded = {"partner_id": partner.id, "company_id": company_id}
        cls.env["customer.relationship.pin"].create(
            {**recorded, "axis": "position", "stage_id": stage.id, "reason": "Test"}
        )
        cls.env["customer.fit"].create(recorded)
        cls.env["customer.profiling.exclusion"].create(
            {**recorded, "reason": "Test", "date_from": "2030-01-01"}
        )
        cls.env["customer.contact.log"].create(recorded)
        cls.env["customer.care.preference"].create({**recorded, "channel": "call"})
        cls.env["customer.churn.snooze"].create(
            {**recorded, "date": "2025-01-01", "rest_until": "2025-12-31"}
        )
        cls.env["customer.care.touch"].create(
            {
                **recorded,
                "plan_id": cls._create_care_plan(company_id).id,
                "occasion": "2025-06-01",
                "date": "2025-06-15",
            }
        )
        cls.env["customer.handover"].create(
            {
                "from_user_id": cls.manager.id,
                "to_user_id": cls.admin.id,
                "company_id": company_id,
                "line_ids": [Command.create({"partner_id": partner.id})],
            }
        )
        company = cls.env["res.company"].browse(company_id)
        today = company._retention_today()
        cls.env["customer.churn.signal"]._read_accounts(company, today, partner.ids)
        cls.env["customer.churn.score"]._refresh(company, today)
        create_kept(cls.env, partner, company)
        return partner

    @classmethod
    def _create_care_plan(cls, company_id):
        values = {"name": "Tested", "trigger": "purchase", "summary": "Call"}
        return cls.env["customer.care.plan"].create(
            {**values, "company_id": company_id}
        )

    def _seen(self, user, model="customer.relationship"):
        """Return the tested customers of whom ``user`` sees rows of a model."""
        self.env.invalidate_all()
        records = (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids, active_test=False)
            .search([("partner_id", "in", self.customers.ids)])
        )
        return records.sudo().partner_id


@tagged("post_install", "-at_install")
class TestRecordRules(AccessCommon):
    def test_every_model_has_rows_to_hide(self):
        for model in OF_AN_ACCOUNT:
            with self.subTest(model=model):
                rows = (
                    self.env[model]
                    .sudo()
                    .search([("partner_id", "in", self.customers.ids)])
                )
                self.assertEqual(rows.partner_id, self.customers)

    def test_every_model_says_who_sees_its_rows(self):
        """A new model of ours, or of a bridge, is decided here before it is used."""
        decided = (
            *OF_AN_ACCOUNT,
            *OF_A_COMPANY,
            *OF_A_SALESPERSON,
            *OF_AN_AUTHOR,
            *OF_ADMINISTRATORS,
            *OF_MANAGERS,
            *OF_PARTIES,
        )
        # who sees complaints and tiers: see test_complaint_access, test_tier_access
        everything = {*decided, *COMPLAINT_RIGHTS, *tier_rights(self.registry)}
        self.assertEqual(set(own_models(self.registry)), everything)
        self.assertEqual(len(decided), len(set(decided)))
        rules = self.env["ir.rule"].search([("global", "=", True)])
        for model in decided:
            if model not in OF_ADMINISTRATORS:
                with self.subTest(model=model):
                    self.assertIn(model, rules.model_id.mapped("model"))
        for model in OF_ADMINISTRATORS:
            with self.subTest(model=model):
                self.assertEqual(RIGHTS[model][:2], (NONE, NONE))

    def test_configuration_is_seen_in_its_company(self):
        """And in its branches; what has no company is everybody's."""
        expected = {
            self.company: self.seller | self.manager | self.admin | self.branch_user,
            self.other_company: self.outsider,
        }
        people = self.env["res.users"].union(*expected.values())
        nobody = self.env["res.company"]
        for model in OF_A_COMPANY:
            readers = self._readers(people, self.env[model])
            for company, users in {**expected, nobody: people}.items():
                if not company and self.env[model]._fields["company_id"].required:
                    continue
                row = self._create_configuration(model, company)
                with self.subTest(model=model, company=company.name):
                    self.assertEqual(self._readers(people, row), users & readers)

    def test_only_managers_know_who_is_left_alone(self):
        for model in OF_MANAGERS:
            with self.subTest(model=model):
                self.assertEqual(RIGHTS[model][0], NONE)
                rules = self.env["ir.rule"].search(
                    [("model_id.model", "=", model), ("global", "=", True)]
                )
                self.assertIn("company_id", rules.domain_force)

    def _readers(self, people, records):
        """Return those who may read the records, each in the own companies."""
        return people.filtered(
            lambda user: (
                records.with_user(user)
                .with_context(allowed_company_ids=user.company_ids.ids)
                .has_access("read")
            )
        )

    def _create_configuration(self, model, company):
        values = {"company_id": company.id}
        if model == "customer.evaluation.run":
            values["kind"] = "full"
        elif model == "customer.churn.model":
            values |= {"fitted_on": "2025-06-01", "ranks_by": "rhythm"}
            values["horizon_days"] = 60
        elif model == "customer.churn.weighing":
            values |= {"weighed_on": "2025-06-01", "note": "Test"}
            values["line_ids"] = [Command.create({"signal": "rhythm", "weight": 1})]
        elif model == "customer.churn.weight":
            step = self._create_configuration("customer.churn.weighing", company)
            return step.line_ids
        elif model == "customer.care.plan":
            return self._create_care_plan(company.id)
        elif model == "customer.rule.version":
            step = self._create_configuration("customer.relationship.stage", company)
            return self.env[model].search(
                [("res_model", "=", step._name), ("res_id", "=", step.id)], limit=1
            )
        else:
            values["name"] = "Tested"
        if model == "customer.relationship.condition":
            values["kind"] = "active"
        return self.env[model].create(values)

    def test_dialog_of_a_colleague(self):
        values = {"relationship_ids": self._relationship(self.nobodys).ids}
        dialog = self.env["customer.pin.wizard"].with_user(self.seller)
        dialog = dialog.create({**values, "reason": "Test"})
        self.assertEqual(dialog.with_user(self.seller).reason, "Test")
        for user in (self.colleague, self.manager, self.admin):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.env.invalidate_all()
                dialog.with_user(user).read(["reason"])

    def test_archived_customers_stay_with_their_salesperson(self):
        self.mine.active = False
        self._work_queue()
        for model in OF_AN_ACCOUNT:
            for user, sees in ((self.seller, True), (self.colleague, False)):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self.mine in self._seen(user, model), sees)

    def test_customer_of_a_new_company_goes_along(self):
        """Its documents become those of the new account, whoever looks after that."""
        self.mine.write({"parent_id": self.theirs.id, "is_company": False})
        self._work_queue()
        for model in OF_AN_ACCOUNT:
            with self.subTest(model=model):
                self.assertNotIn(self.mine, self._seen(self.seller, model))

    def test_numbers_are_those_of_the_reader(self):
        """Also when two people ask in one transaction."""
        stage = self._relationship(self.mine).stage_id
        by_user = {
            user: stage.with_user(user).customer_count
            for user in (self.manager, self.seller, self.colleague)
        }
        self.assertEqual(by_user[self.manager], 3)
        self.assertEqual(by_user[self.seller], 2)
        self.assertEqual(by_user[self.colleague], 2)

    def test_who_sees_whose_customers(self):
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
        # as in Sales, where who leads a team opens no quotation of a colleague by that
        in_sales = {(self.leader, "customer.churn.quotation"): self.nobodys}
        for user, everywhere in expected.items():
            for model in OF_AN_ACCOUNT:
                customers = in_sales.get((user, model), everywhere)
                with self.subTest(user=user.login, model=model):
                    self.assertEqual(self._seen(user, model), customers)

    def test_a_leader_loses_sight_with_the_team(self):
        for change in ("member", "leader", "archived", "deleted"):
            with self.subTest(change=change), self.env.cr.savepoint() as savepoint:
                self.assertIn(self.mine, self._seen(self.leader))
                if change == "member":
                    self.team.member_ids = [Command.clear()]
                elif change == "leader":
                    self.team.user_id = False
                elif change == "archived":
                    self.team.active = False
                else:
                    self.team.crm_team_member_all_ids.unlink()
                    self.team.unlink()
                self.assertNotIn(self.mine, self._seen(self.leader))
                self.env.flush_all()
                savepoint.rollback()
                self.registry.clear_cache()

    def test_a_leader_gains_sight_with_a_member(self):
        self.assertNotIn(self.theirs, self._seen(self.leader))
        self.env["crm.team.member"].create(
            {"crm_team_id": self.team.id, "user_id": self.colleague.id}
        )
        self.assertIn(self.theirs, self._seen(self.leader))

    def test_authors_read_what_they_recorded(self):
        """Also after the customer went to a colleague; nobody changes it then."""
        fit = (
            self.env["customer.fit"]
            .with_user(self.seller)
            .create({"partner_id": self.mine.id, "company_id": self.company.id})
        )
        self.mine.user_id = self.colleague
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(fit.with_user(self.seller).need, "unknown")
        with self.assertRaises(AccessError):
            fit.with_user(self.seller).note = "Changed"

    def test_decisions_on_customers_one_sees(self):
        stage = self.env["customer.relationship.stage"].search([], limit=1)
        values = {
            "company_id": self.company.id,
            "axis": "position",
            "stage_id": stage.id,
            "reason": "Knows better",
        }
        Pin = self.env["customer.relationship.pin"].with_user(self.seller)
        pin = Pin.create({**values, "partner_id": self.mine.id})
        self.assertEqual(pin.user_id, self.seller)
        with self.assertRaises(AccessError):
            Pin.create({**values, "partner_id": self.theirs.id})

    def test_decisions_do_not_move_to_another_customer(self):
        """Rules see a record before its change: so nobody moves one elsewhere."""
        values = {"partner_id": self.mine.id, "company_id": self.company.id}
        fit = self.env["customer.fit"].with_user(self.seller).create(values)
        exclusion = (
            self.env["customer.profiling.exclusion"]
            .with_user(self.seller)
            .create({**values, "reason": "Asked"})
        )
        changes = {
            "partner_id": self.theirs.id,
            "company_id": self.other_company.id,
            "user_id": self.colleague.id,
        }
        for record, day in ((fit, "date"), (exclusion, "date_from")):
            for name, value in {**changes, day: "2025-01-01"}.items():
                with self.subTest(model=record._name, field=name):
                    for user in (self.seller, self.manager, self.admin):
                        with self.assertRaisesRegex(UserError, "stays as it was"):
                            record.with_user(user).write({name: value})
                    with self.assertRaisesRegex(UserError, "stays as it was"):
                        record.sudo().with_context(
                            customer_retention_amendment=True
                        ).write({name: value})
        self.assertEqual(fit.partner_id, self.mine)
        self.assertEqual(exclusion.partner_id, self.mine)

    def test_exclusion_is_ended_by_its_author_or_a_manager(self):
        customer = self.nobodys  # whom both salespeople see
        exclusion = (
            self.env["customer.profiling.exclusion"]
            .with_user(self.seller)
            .create({"partner_id": customer.id, "reason": "Asked"})
        )
        with self.assertRaisesRegex(UserError, "or a manager ends this exclusion"):
            exclusion.with_user(self.colleague).date_until = "2025-12-31"
        for user in (self.seller, self.manager):
            exclusion.with_user(user).date_until = "2025-12-31"
            self.assertTrue(exclusion.date_until)
            exclusion.with_user(user).date_until = False

    def test_exclusion_in_every_company_is_for_managers(self):
        exclusions = self.env["customer.profiling.exclusion"]
        values = {"partner_id": self.mine.id, "reason": "Asked"}
        for user in (self.seller, self.all_documents):
            own = exclusions.with_user(user)
            self.assertEqual(own.create(values).company_id, self.company)
            for refused in (own, own.with_context(default_company_id=False)):
                with self.assertRaisesRegex(UserError, "Only a manager excludes"):
                    refused.create({**values, "company_id": False})
        for user in (self.manager, self.admin):
            self.assertFalse(exclusions.with_user(user).create(values).company_id)

    def test_exclusion_of_a_user_of_a_branch_is_of_its_main_company(self):
        exclusions = (
            self.env["customer.profiling.exclusion"]
            .with_user(self.branch_user)
            .with_context(allowed_company_ids=self.branch.ids)
        )
        exclusion = exclusions.create({"partner_id": self.mine.id, "reason": "Asked"})
        self.assertEqual(exclusion.company_id, self.company)

    def test_dialog_of_an_exclusion_is_about_the_company_of_the_row(self):
        row = self._relationship(self.mine)
        for user, company in (
            (self.seller, self.company),
            (self.manager, self.env["res.company"]),
        ):
            context = row.with_user(user).action_exclude()["context"]
            self.assertEqual(context["default_company_id"], company.id)
            form = Form(
                self.env["customer.profiling.exclusion"]
                .with_user(user)
                .with_context(**context)
            )
            form.reason = "Asked"
            self.assertEqual(form.save().company_id, company)

    def test_a_prospect_without_relationship_can_be_assessed(self):
        """The salesperson of the account decides until there is a row."""
        Fit = self.env["customer.fit"].with_user(self.seller)
        for user in (self.seller, self.env["res.users"]):
            prospect = self._create_partner("Prospect", user_id=user.id)
            self.assertTrue(Fit.create({"partner_id": prospect.id}))
        prospect = self._create_partner("Prospect", user_id=self.colleague.id)
        with self.assertRaises(AccessError):
            Fit.create({"partner_id": prospect.id})

    def test_dragging_a_customer_of_somebody_else(self):
        stage = self.env["customer.relationship.stage"].search([])[-1:]
        relationship = self._relationship(self.theirs).with_user(self.seller)
        with self.assertRaises(AccessError):
            relationship.write({"stage_id": stage.id})

    def test_own_customers_read_the_index_of_salespeople(self):
        """The rule is a plain condition on an indexed column of the row."""
        Relationship = self.Relationship.with_user(self.seller)
        statement = Relationship._search([]).select().code
        self.assertIn('"customer_relationship"."user_id"', statement)
        self.assertNotIn("res_partner", statement)


@tagged("post_install", "-at_install")
class TestAccessRights(UsersCommon):
    def _rights(self, model, user):
        records = self.env[model].with_user(user)
        operations = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
        return "".join(
            letter
            for letter, operation in operations.items()
            if self.env["ir.model.access"]
            .with_user(user)
            .check(records._name, operation, raise_exception=False)
        )

    def test_every_model_is_decided_here(self):
        decided = {*RIGHTS, *COMPLAINT_RIGHTS, *tier_rights(self.registry)}
        self.assertEqual(set(own_models(self.registry)), decided)

    def test_rights(self):
        for model, rights in RIGHTS.items():
            users = (self.seller, self.manager, self.admin)
            for user, expected in zip(users, rights, strict=True):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self._rights(model, user), expected)

    def test_nobody_else_has_any(self):
        for model in RIGHTS:
            for user in (self.employee, self.accountant, self.portal, self.public):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self._rights(model, user), NONE)

    def test_groups_follow_those_of_sales(self):
        expected = {
            "sales_team.group_sale_salesman": "group_user",
            "sales_team.group_sale_manager": "group_manager",
            "base.group_system": "group_admin",
        }
        for sales_group, ours in expected.items():
            implied = self.env.ref(sales_group).all_implied_ids
            self.assertIn(self.env.ref(f"customer_retention.{ours}"), implied)
        own = self.env.ref("customer_retention.group_admin").all_implied_ids
        self.assertNotIn(self.env.ref(SALES), own)
        self.assertTrue(
            self.env.ref("base.user_admin").has_group("customer_retention.group_admin")
        )


@tagged("post_install", "-at_install")
class TestForeignScreens(AccessCommon):
    """Contacts and orders work for everybody, and tell outsiders nothing."""

    def _our_fields(self, model, user=None):
        """Names of our fields; for a user, of those that are none of his business."""
        return [
            name
            for name, field in self.env[model]._fields.items()
            if field._module == "customer_retention"
            and not (user == self.accountant and (model, name) in OF_READERS)
        ]

    def test_all_our_fields_have_a_group(self):
        for model in ("res.partner", "sale.order"):
            names = self._our_fields(model)
            self.assertTrue(names)
            for name in names:
                with self.subTest(model=model, field=name):
                    field = self.env[model]._fields[name]
                    groups = set(field.groups.split(","))
                    expected = {"customer_retention.group_user"}
                    if name.startswith("complaint_"):
                        expected.add("customer_retention.group_complaint_user")
                    if (model, name) in OF_READERS:
                        expected.add("customer_retention.group_tier_reader")
                    self.assertEqual(groups, expected)
                    self.assertEqual(
                        field.store, name in ("complaint_linked", "churn_was_confirmed")
                    )

    @mute_logger("odoo.addons.base.models.ir_model", "odoo.models")
    def test_outsiders_read_none_of_our_fields(self):
        self.portal.partner_id.parent_id = self.mine
        order = self._order(self.portal.partner_id, "2025-06-01")
        records = {"res.partner": self.portal.partner_id, "sale.order": order}
        users = self.portal | self.public | self.employee | self.accountant
        for user in users:
            for model, record in records.items():
                record = record.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                )
                described = record.fields_get()
                for name in self._our_fields(model, user):
                    with self.subTest(user=user.login, field=name):
                        self.assertNotIn(name, described)
                        with self.assertRaises(AccessError):
                            record.read([name])
                        with self.assertRaises(AccessError):
                            record.search([(name, "=", 1)])

    def _user_types(self, without=None):
        groups = (
            "base.group_user",
            "base.group_user,base.group_partner_manager",
            "account.group_account_readonly",
            "account.group_account_invoice",
            "account.group_account_manager",
            "sales_team.group_sale_salesman",
            "sales_team.group_sale_salesman_all_leads",
            "sales_team.group_sale_manager",
            "customer_retention.group_user",
            "customer_retention.group_manager",
            "customer_retention.group_admin",
            "base.group_user,stock.group_stock_user",
            "base.group_user,point_of_sale.group_pos_user",
            "crm.group_use_lead,sales_team.group_sale_salesman",
        )
        for number, names in enumerate(groups):
            if without and without in names:
                continue
            if all(self.env.ref(n, raise_if_not_found=False) for n in names.split(",")):
                yield self._create_user(f"type_{number}", names)

    def _open(self, records, view_types):
        """Load the views as the web client does, and read what they show."""
        views = [(False, view_type) for view_type in view_types]
        answer = records.get_views(views)
        for view_type in view_types:
            if view_type == "search":
                continue
            arch = etree.fromstring(answer["views"][view_type]["arch"])
            specification = {
                node.get("name"): {}
                for node in arch.iter("field")
                if not any(True for _parent in node.iterancestors("field"))
            }
            records.web_read(specification)

    def test_everybody_opens_contacts(self):
        contacts = self.mine | self.theirs | self.portal.partner_id
        for user in self._user_types():
            with self.subTest(groups=user.all_group_ids.mapped("name")):
                self._open(
                    contacts.with_user(user), ["list", "form", "kanban", "search"]
                )
                Form(self.mine.with_user(user))

    def test_everybody_opens_orders(self):
        order = self._order(self.mine, "2025-06-01", user_id=False)
        # core itself shows a warehouse worker an order's form only with more rights
        for user in self._user_types(without="stock.group_stock_user"):
            own = order.with_user(user)
            if not own.has_access("read") or not self._may_count_gift_cards(user):
                continue
            with self.subTest(groups=user.all_group_ids.mapped("name")):
                self._open(own, ["list", "form", "kanban", "search"])
                Form(own)

    def _may_count_gift_cards(self, user):
        """Core's coupons on orders refuse the form to whoever may not read cards."""
        if "loyalty.card" not in self.env:
            return True
        return self.env["loyalty.card"].with_user(user).has_access("read")

    def test_everybody_confirms_who_may(self):
        """Without any right on our models, orders are confirmed all the same."""
        accountant = self._create_user(
            "confirming", "sales_team.group_sale_salesman,account.group_account_invoice"
        )
        quotation = self._quotation(self.mine, "2025-06-10", user_id=accountant.id)
        self.env.ref(SALES).implied_ids -= self.env.ref("customer_retention.group_user")
        self.env.invalidate_all()
        self.assertFalse(accountant.has_group("customer_retention.group_user"))
        quotation.with_user(accountant).action_confirm()
        self.env.cr.precommit.run()
        self.assertEqual(quotation.state, "sale")
