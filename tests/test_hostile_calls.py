"""What a person with bad intentions can send by RPC: nothing comes of it."""

from contextlib import suppress

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_rights import COMPLAINT_PUBLIC
from .keep_rights import KEEP_PUBLIC
from .test_access import RIGHTS, AccessCommon
from .tier_rights import TIER_PUBLIC

# Errors that the web client shows as a sentence.
CLEAR = UserError  # which refused access and values are, too

# Everything of our models that can be called from outside beside the ORM itself.
PUBLIC = {
    "customer.churn.quotation": {"action_open_order"},
    "customer.churn.rfm.segment": {"action_open_customers"},
    "customer.churn.weighing": {"action_learn"},
    "customer.churn.score": {
        "action_bring_back",
        "action_log_contact",
        "action_open_relationship",
        "action_snooze",
        "get_today",
    },
    "customer.churn.snooze": {"action_withdraw"},
    "customer.care.plan": {"action_open_touches"},
    "customer.churn.history": {"get_cohorts", "get_dashboard"},
    "customer.churn.revenue": {"action_open_relationship"},
    "customer.churn.cohort": {"action_open_relationship"},
    "customer.complaint.clock": {"action_open_complaint"},
    "customer.contact.log": {"action_withdraw"},
    "customer.dependence": {"action_hand_over"},
    "customer.handover": {"action_give_back", "action_hand_over", "action_take_all"},
    "customer.ladder.load": {"action_load"},
    "customer.ladder.template": {"action_load"},
    "customer.pin.wizard": {"action_pin"},
    "customer.purchase": {"action_open_document"},
    "customer.relationship": {
        "action_assess_fit",
        "action_exclude",
        "action_open_contact_log",
        "action_open_invoices",
        "action_open_orders",
        "action_open_partner",
        "action_open_pin_wizard",
        "action_open_preview_moves",
        "action_open_purchases",
        "action_open_quotations",
        "describe_rule",
        "find_caller",
        "get_evaluation_status",
        "get_fact_catalog",
        "preview_rule",
    },
    "customer.relationship.pin": {"action_end"},
    "customer.relationship.transition.report": {
        "action_open_relationship",
        "get_funnel",
    },
    "customer.relationship.stage": {"action_open_customers", "action_open_versions"},
    "customer.relationship.condition": {
        "action_open_customers",
        "action_open_versions",
    },
    "customer.segment": {"action_open_versions"},
    "res.config.settings": {"action_retention_evaluate"},
    "res.partner": {"action_open_relationship"},
    "sale.order": {"action_open_relationship"},
}
for _model, _methods in KEEP_PUBLIC.items():
    PUBLIC[_model] = PUBLIC.get(_model, set()) | _methods

NONSENSE = ("", "x", "\x00abc", -1, 10**30, 0.5, None, False, [], ["x"], {}, {"a": 1})


class HostileCommon(AccessCommon):
    def _as(self, user, model="customer.relationship"):
        self.env.invalidate_all()
        return (
            self.env[model]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def _assert_clear(self, call, *arguments):
        """The call answers or says in a sentence what is wrong."""
        try:
            with self.env.cr.savepoint():
                return call(*arguments)
        except CLEAR:
            return None


@tagged("post_install", "-at_install")
class TestPublicMethods(HostileCommon):
    def test_public_methods_are_wanted(self):
        """Whatever else is public by its name would be open to everybody."""
        inherited = set(dir(self.registry["base"]))
        found = {}
        for name, model in self.registry.items():
            methods = {
                method
                for cls in model.mro()
                if getattr(cls, "_module", "") == "customer_retention"
                for method, value in vars(cls).items()
                if callable(value)
                and not method.startswith("_")
                and method not in inherited
                and not getattr(getattr(model, method), "_api_private", False)
                and not isinstance(value, type)
            }
            if methods and not model._abstract:
                found[name] = methods
        wanted = {
            name: set().union(
                *(
                    methods.get(name, ())
                    for methods in (PUBLIC, COMPLAINT_PUBLIC, TIER_PUBLIC)
                )
            )
            for name in {*PUBLIC, *COMPLAINT_PUBLIC, *TIER_PUBLIC}
        }
        self.assertEqual(found, wanted)

    def test_outsiders_call_nothing(self):
        """Neither plain employees nor accountants, nor people from outside."""
        users = self.employee | self.accountant | self.portal | self.public
        arguments = {
            "action_log_contact": ("reached",),
            "action_snooze": (1,),
            "describe_rule": ("[]",),
            "find_caller": ("Mine",),
            "preview_rule": ("customer.relationship.stage", False, {}),
            "action_open_preview_moves": ("customer.relationship.stage", 0, {}, 0, 0),
        }
        records = {
            "customer.relationship": self._relationship(self.mine),
            "customer.purchase": self.env["customer.purchase"].search(
                [("partner_id", "=", self.mine.id)], limit=1
            ),
            "res.partner": self.mine,
            "res.config.settings": self.env["res.config.settings"].create({}),
            "customer.ladder.load": self.env["customer.ladder.load"].create(
                {
                    "template_id": self.env["customer.ladder.template"]
                    .create({"name": "Test"})
                    .id
                }
            ),
            "customer.pin.wizard": self.env["customer.pin.wizard"].create(
                {
                    "relationship_ids": self._relationship(self.mine).ids,
                    "reason": "Test",
                }
            ),
        }
        for model, methods in PUBLIC.items():
            if model == "sale.order":
                continue  # core decides who has orders
            for method in methods:
                for user in users:
                    record = records.get(model, self.env[model].search([], limit=1))
                    with (
                        self.subTest(model=model, method=method, user=user.login),
                        mute_logger("odoo.addons.base.models.ir_model"),
                        self.assertRaises(CLEAR),
                    ):
                        answer = getattr(
                            record.with_env(self._as(user, model).env), method
                        )(*arguments.get(method, ()))
                        self.fail(f"{user.login} got {answer}")

    def test_outsiders_write_nothing(self):
        users = self.employee | self.accountant | self.portal | self.public
        for model in RIGHTS:
            if self.env[model]._table_query or not self.env[model]._auto:
                continue
            records = self.env[model].sudo().search([], limit=1)
            for user in users:
                as_user = records.with_user(user)
                for call in (
                    lambda one=as_user: one.create({}),
                    lambda one=as_user: one.write({"id": 1}),
                    lambda one=as_user: one.unlink(),
                    lambda one=as_user: one.copy(),
                    lambda one=as_user: one.search_read([]),
                    lambda one=as_user: one.export_data(["id"]),
                    lambda one=as_user: one.load(["id"], [["x"]]),
                ):
                    with (
                        self.subTest(model=model, user=user.login),
                        mute_logger("odoo.addons.base.models.ir_model"),
                    ):
                        before = self.env[model].sudo().search_count([])
                        self._assert_clear(call)
                        self.assertEqual(
                            self.env[model].sudo().search_count([]), before
                        )

    def test_users_write_no_cache_and_no_history(self):
        """Not even the administrator."""
        for model, rights in RIGHTS.items():
            if rights[2] not in ("r", "rw"):
                continue
            records = self.env[model].sudo().search([], limit=1)
            for user in (self.seller, self.manager, self.admin):
                with (
                    self.subTest(model=model, user=user.login),
                    mute_logger("odoo.addons.base.models.ir_model"),
                ):
                    with self.assertRaises(CLEAR):
                        self._as(user, model).create({})
                    if records:
                        with self.assertRaises(CLEAR):
                            records.with_user(user).unlink()
                        with self.assertRaises(CLEAR):
                            records.with_user(user).write({"company_id": False})


@tagged("post_install", "-at_install")
class TestHostileArguments(HostileCommon):
    def test_caller(self):
        rows = self._as(self.seller)
        terms = (*NONSENSE, "%", "%%", "__", "a" * 100_000, "\\\\", "0" * 5000)
        for term, limit in (
            *((term, 8) for term in terms),
            *(("Mine", limit) for limit in NONSENSE),
        ):
            with self.subTest(term=str(term)[:20], limit=limit):
                cards = self._assert_clear(rows.find_caller, term, limit)
                self.assertLessEqual(len(cards or ()), 200)
        found = {card["partner_id"] for card in rows.find_caller("%%", 10**9)}
        self.assertFalse(found & set(self.customers.ids))

    def test_caller_shows_no_relationship_of_others(self):
        card = self._as(self.seller).find_caller("Theirs")[0]
        for name in ("id", "stage", "condition", "condition_kind"):
            self.assertIsNone(card[name])

    def test_today(self):
        scores = self._as(self.seller, "customer.churn.score")
        score = scores.search([], limit=1)
        for value in NONSENSE:
            with self.subTest(value=str(value)[:20]):
                self._assert_clear(scores.get_today, value)
                self._assert_clear(score.action_snooze, value)
                self._assert_clear(score.action_log_contact, value)
                self._assert_clear(score.action_log_contact, "reached", value)
                self._assert_clear(score.action_log_contact, "reached", "call", value)

    def test_dashboard(self):
        history = self._as(self.seller, "customer.churn.history")
        for value in NONSENSE:
            for filters in (value, {"company": value, "team": value, "by": value}):
                with self.subTest(filters=str(filters)[:40]):
                    answer = self._assert_clear(history.get_dashboard, filters)
                    self.assertEqual(answer["company"]["id"], self.company.id)
                    answer = self._assert_clear(history.get_cohorts, filters)
                    self.assertEqual(answer["company"]["id"], self.company.id)

    def test_rules(self):
        deep = "[" * 5000 + "]" * 5000
        for rule in (*NONSENSE, deep, [["partner_id.user_ids.password", "=", "x"]]):
            with self.subTest(rule=str(rule)[:20]):
                self._assert_clear(self._as(self.seller).describe_rule, rule)

    def test_funnel(self):
        report = self._as(self.seller, "customer.relationship.transition.report")
        for domain in (
            *NONSENSE,
            [["nothing", "=", 1]],
            [["partner_id", "like"]],
            [["date", "=", "x"]],
        ):
            with self.subTest(domain=str(domain)[:20]):
                self._assert_clear(report.get_funnel, domain)

    def test_funnel_is_no_oracle(self):
        """A domain asks for no field that the person may not read."""
        report = self._as(self.seller, "customer.relationship.transition.report")
        with self.assertRaises(AccessError):
            report.get_funnel([("partner_id.signup_type", "=", "signup")])

    def test_dry_run(self):
        rows, stage = self._as(self.admin), "customer.relationship.stage"
        for value in NONSENSE:
            for arguments in (
                (value, False, {}),
                ("res.users", False, {}),
                (stage, value, {}),
                (stage, False, value),
                (stage, False, {"rule": value}),
                (stage, False, {"company_id": value}),
                (stage, False, {"sequence": value, "minimum_days": value}),
            ):
                with self.subTest(arguments=str(arguments)[:60]):
                    self._assert_clear(rows.preview_rule, *arguments)
                    self._assert_clear(
                        rows.action_open_preview_moves, *arguments, value, value
                    )

    def test_dry_run_stays_in_the_own_companies(self):
        """Nobody counts the customers of a company one does not work in."""
        rows, stage = self._as(self.admin), "customer.relationship.stage"
        values = {"company_id": self.other_company.id, "rule": "[]"}
        for call in (
            lambda: rows.preview_rule(stage, False, values),
            lambda: rows.action_open_preview_moves(stage, False, values, False, "new"),
        ):
            with self.assertRaises(CLEAR):
                call()

    def test_search_by_the_clock(self):
        rows = self._as(self.seller)
        for name in ("days_since_last", "overdue_ratio", "revenue_change"):
            for value in NONSENSE:
                for operator in ("=", ">", "in", "not in", "like"):
                    with self.subTest(field=name, operator=operator, value=value):
                        # core itself raises these about a malformed domain
                        with suppress(TypeError, ValueError):
                            self._assert_clear(rows.search, [(name, operator, value)])

    def test_nobody_evaluates_by_the_settings(self):
        settings = self.env["res.config.settings"].create({})
        for user in (self.employee, self.seller, self.manager):
            with self.assertRaises(AccessError):
                settings.with_user(user).action_retention_evaluate()


@tagged("post_install", "-at_install")
class TestHostileForms(HostileCommon):
    """A form may send any values to `onchange`, which computes with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secret = "Secret of the colleague"
        pins = cls.env["customer.relationship.pin"]
        stage = cls.env["customer.relationship.stage"].search([], limit=1)
        cls.pin = pins.create(
            {
                "partner_id": cls.theirs.id,
                "company_id": cls.company.id,
                "stage_id": stage.id,
                "reason": cls.secret,
            }
        )
        cls.env["customer.fit"].create(
            {"partner_id": cls.theirs.id, "note": cls.secret}
        )
        cls.env.flush_all()
        cls.env.invalidate_all()

    def _ask(self, record, values):
        """Return everything a form would show with these values."""
        names = [name for name, field in record._fields.items() if field.compute]
        specification = {name: {} for name in names if name not in values}
        try:
            return str(record.onchange(values, list(values), specification))
        except CLEAR:
            return ""

    def test_row_does_not_tell_about_another_customer(self):
        theirs = self._relationship(self.theirs)
        values = {
            "partner_id": self.theirs.id,
            "company_id": self.company.id,
            "stage_pin_id": self.pin.id,
            "condition_pin_id": self.pin.id,
            "is_excluded": True,
        }
        row = self._relationship(self.mine).with_env(self._as(self.seller).env)
        for record in (row, row.browse(), theirs.with_env(row.env)):
            for name, value in values.items():
                with self.subTest(row=record.id, field=name):
                    self.assertNotIn(self.secret, self._ask(record, {name: value}))
            self.assertNotIn(self.secret, self._ask(record, values))

    def test_log_does_not_tell_about_another_decision(self):
        log = self.env["customer.relationship.transition"].search(
            [("partner_id", "=", self.mine.id)], limit=1
        )
        log = log.with_env(self._as(self.seller).env)
        for record in (log, log.browse()):
            answer = self._ask(record, {"pin_id": self.pin.id})
            self.assertNotIn(self.secret, answer)

    def test_version_names_nothing_but_steps_and_segments(self):
        self.env.company.partner_id.name = self.secret
        version = self.env["customer.rule.version"].search([], limit=1)
        version = version.with_env(self._as(self.seller).env)
        values = {"res_model": "res.company", "res_id": self.env.company.id}
        for record in (version, version.browse()):
            self.assertNotIn(self.secret, self._ask(record, values))

    def test_contact_does_not_tell_about_another_row(self):
        partner = self.mine.with_env(self._as(self.seller).env)
        values = {"relationship_id": self._relationship(self.theirs).id}
        self.assertNotIn(self.secret, self._ask(partner, values))

    def test_dialog_does_not_tell_about_another_row(self):
        wizard = self._as(self.seller, "customer.pin.wizard")
        rows = self._relationship(self.theirs)
        with self.assertRaises(AccessError):
            wizard.onchange(
                {"relationship_ids": [Command.set(rows.ids)]},
                ["relationship_ids"],
                {"about": {}, "rules_say": {}},
            )
        with self.assertRaises(AccessError):
            wizard.create(
                {
                    "relationship_ids": [Command.set(rows.ids)],
                    "stage_id": self.pin.stage_id.id,
                    "reason": "Mine now",
                }
            ).action_pin()

    def test_medians_of_other_companies_are_read_by_nobody(self):
        """A shared segment keeps the figures of all companies beside each other."""
        segment = self.env["customer.segment"].search([], limit=1)
        for user in (self.seller, self.manager, self.admin):
            with self.assertRaises(AccessError):
                segment.with_user(user).read(["medians"])
            self.assertNotIn("medians", segment.with_user(user).fields_get())
