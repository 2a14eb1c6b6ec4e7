from __future__ import annotations

from datetime import timedelta

from odoo import api, models
from odoo.tools import format_date

from ..logic.effect import Effect, Rate, judge


class CustomerCorrectiveAction(models.Model):
    """Whether it helped: complaints per purchase, before it and after it."""

    _inherit = "customer.corrective.action"

    @api.model
    def _cron_check_effects(self):
        """Check the actions whose time has come, one a transaction."""
        for company in self.env["res.company"].search([("parent_id", "=", False)]):
            due = self.search(
                [
                    ("state", "=", "done"),
                    ("check_on", "<=", company._retention_today()),
                    ("company_id", "child_of", company.id),
                ]
            )
            for number, action in enumerate(due, start=1):
                action._check_effect()
                if not self.env["ir.cron"]._commit_progress(
                    1, remaining=len(due) - number
                ):
                    return

    def _check_effect(self):
        """Compare the periods; take the action up again when it did not help."""
        self.ensure_one()
        effect = judge(self._get_rate(after=False), self._get_rate(after=True))
        values = {"effect": self._effect_values(effect)}
        if effect.code == "effective":
            self._move_to("effective", **values)
            return
        if effect.code == "ineffective":
            self._move_to("open", reopen_count=self.reopen_count + 1, **values)
            summary = self.env._("Without effect: find the cause again")
        else:
            self._move_to("unclear", **values)
            summary = self.env._("Decide whether this has helped")
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=summary,
            note=self.effect_text,
            user_id=self.owner_id.id,
        )

    def _get_rate(self, after: bool) -> Rate:
        """Complaints of the cause and purchases, in one of the two periods."""
        days = timedelta(days=self.check_days)
        first = self.done_on if after else self.done_on - days
        return Rate(
            self._count_complaints(first, first + days),
            self._count_orders(first, first + days)
            if self.product_id
            else self._count_purchases(first, first + days),
        )

    def _count_complaints(self, first, end) -> int:
        """Count complaints of the cause from a day to another, which is left out.

        What went on in another complaint is counted there.
        """
        root = self.company_id._retention_root()
        domain = [
            ("kind", "=", "complaint"),
            ("merged_into_id", "=", False),
            ("main_cause_id", "child_of", self.cause_id.id),
            ("company_id", "child_of", root.id),
            ("received_at", ">=", root._retention_day_start(first)),
            ("received_at", "<", root._retention_day_start(end)),
        ]
        if self.product_id:
            domain.append(("product_id", "=", self.product_id.id))
        # sudo: customer.complaint - only counts, whoever may see whose complaints
        complaints = self.env["customer.complaint"].sudo()
        return complaints.with_context(active_test=False).search_count(domain)

    def _count_orders(self, first, end) -> int:
        """Count confirmed orders of the product from a day to another."""
        root = self.company_id._retention_root()
        # sudo: sale.order - a count, whoever may see whose orders
        orders = self.env["sale.order"].sudo()
        return orders.search_count(
            [
                ("state", "=", "sale"),
                ("company_id", "child_of", root.id),
                ("order_line.product_id", "=", self.product_id.id),
                ("date_order", ">=", root._retention_day_start(first)),
                ("date_order", "<", root._retention_day_start(end)),
            ]
        )

    def _count_purchases(self, first, end) -> int:
        """Count purchases of the companies from a day to another."""
        # sudo: customer.purchase - a count, whoever may see whose purchases
        purchases = self.env["customer.purchase"].sudo()
        return purchases.search_count(
            [
                ("company_id", "=", self.company_id._retention_root().id),
                ("is_purchase", "=", True),
                ("date", ">=", first),
                ("date", "<", end),
            ]
        )

    @api.model
    def _effect_values(self, effect: Effect) -> dict:
        return {
            "code": effect.code,
            "before": [effect.before.events, effect.before.occasions],
            "after": [effect.after.events, effect.after.occasions],
            "doubt": effect.doubt,
        }

    def _describe_effect(self) -> str:
        """What the check found, or when it will be, in a sentence."""
        self.ensure_one()
        if self.state == "done":
            return self.env._(
                "The effect will be checked on %(date)s.",
                date=format_date(self.env, self.check_on),
            )
        if not self.effect:
            return ""
        before, after = self.effect["before"], self.effect["after"]
        facts = self.env._(
            "%(days)s days before: %(before)s complaints in %(bought_before)s "
            "purchases; %(days)s days after: %(after)s in %(bought_after)s.",
            days=self.check_days,
            before=before[0],
            bought_before=before[1],
            after=after[0],
            bought_after=after[1],
        )
        return f"{self._describe_verdict(self.effect['code'])} {facts}"

    @api.model
    def _describe_verdict(self, code: str) -> str:
        return {
            "effective": self.env._("It helped."),
            "ineffective": self.env._("It did not help."),
            "unclear": self.env._(
                "Fewer complaints, but less so than wanted, or perhaps by chance."
            ),
            "too_few": self.env._("Too few complaints before it to tell."),
            "no_occasions": self.env._("Nothing was bought in one of the periods."),
        }[code]
