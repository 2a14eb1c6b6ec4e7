"""What tests of recovery need: people at every level and their limits."""

from __future__ import annotations

from odoo.fields import Command

from .complaint_common import ComplaintCommon

LIMITS = {
    "automatic": (20, 20, 40),
    "handler": (50, 100, 200),
    "team_manager": (200, 400, 800),
    "complaint_manager": (1000, 2000, 5000),
}


class RecoveryCommon(ComplaintCommon):
    """A team with a leader of its own below the complaint manager, and limits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leader = cls._create_user(
            "recovery_leader", "customer_retention.group_complaint_user"
        )
        cls.admin = cls._create_user("recovery_admin", "customer_retention.group_admin")
        cls.team.manager_id = cls.leader
        cls.Limit = cls.env["customer.recovery.limit"]
        cls.Limit.search([]).unlink()
        for level, (action, complaint, year) in LIMITS.items():
            cls.Limit.create(
                {
                    "level": level,
                    "per_action": action,
                    "per_complaint": complaint,
                    "per_customer_year": year,
                    "currency_id": cls.currency.id,
                }
            )
        cls.Action = cls.env["customer.recovery.action"]
        cls.types = {
            kind: cls.env["customer.recovery.type"].search(
                [("kind", "=", kind), ("company_id", "in", (False, cls.company.id))],
                limit=1,
            )
            for kind in (
                "apology",
                "refund",
                "discount",
                "goodwill",
                "replacement",
                "call",
            )
        }
        cls.complaint = cls._complain(user_id=cls.handler.id)

    @classmethod
    def _plan(cls, kind="goodwill", user=None, complaint=None, **values):
        """Propose an action, as the handler unless ``user`` says otherwise."""
        values.setdefault("complaint_id", (complaint or cls.complaint).id)
        values.setdefault("type_id", cls.types[kind].id)
        action = cls.Action.with_user(user or cls.handler).create(values)
        return action

    @classmethod
    def _approved(cls, kind="goodwill", user=None, **values):
        """An action that an administrator has approved."""
        action = cls._plan(kind, user=user or cls.admin, **values)
        action.action_submit()
        return action.with_env(cls.env)

    @classmethod
    def _accountant(cls, login="recovery_accountant", *groups):
        names = ("account.group_account_invoice", *groups)
        user = cls._create_user(login, ",".join(names))
        cls.team.member_ids |= user
        return user

    def _assert_filters_go(self, uninstall_hook, going, kept="type_id"):
        """What was saved about a field of a bridge goes with it, nothing else does."""
        filters = self.env["ir.filters"].create(
            [
                {
                    "name": name,
                    "model_id": "customer.recovery.action",
                    "domain": f"[('{name}', '!=', False)]",
                }
                for name in (*going, kept)
            ]
        )
        uninstall_hook(self.env)
        self.assertEqual(filters.exists().mapped("name"), [kept])

    @classmethod
    def _taxed_product(cls, percent):
        country = cls.env.ref("base.be")
        cls.company.account_fiscal_country_id = country
        group = cls.env["account.tax.group"].create(
            {
                "name": f"{percent} %",
                "company_id": cls.company.id,
                "country_id": country.id,
            }
        )
        tax = cls.env["account.tax"].create(
            {
                "tax_group_id": group.id,
                "name": f"{percent} %",
                "amount": percent,
                "company_id": cls.company.id,
                "country_id": country.id,
            }
        )
        return tax, Command.set(tax.ids)
