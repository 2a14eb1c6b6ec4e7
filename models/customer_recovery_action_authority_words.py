from odoo import api, fields, models

from ..logic.authority import Verdict
from .customer_complaint import EMPLOYEES
from .customer_recovery_limit import LEVEL_NAMES


class CustomerComplaint(models.Model):
    """What the reader may give on a complaint."""

    _inherit = "customer.complaint"

    authority_text = fields.Char(
        string="You May Give", compute="_compute_authority_text", groups=EMPLOYEES
    )

    @api.depends("team_id", "severity", "severity_claims", "company_id")
    @api.depends_context("uid", "lang")
    def _compute_authority_text(self):
        limits = self.env["customer.recovery.limit"]._rows()
        actions = self.env["customer.recovery.action"]
        for complaint in self:
            draft = actions.new({"complaint_id": complaint._origin.id or complaint.id})
            sentence = draft._own_limit_sentence(complaint, limits)
            caveat = complaint._authority_caveat(self.env.user)
            complaint.authority_text = f"{sentence} {caveat}".strip()


class CustomerRecoveryAction(models.Model):
    """Who may approve an action, and why, in the reader's words."""

    _inherit = "customer.recovery.action"

    def _own_limit_sentence(self, complaint, limits):
        """Say what the reader may give on a complaint without asking."""
        # sudo: customer.complaint - who is in charge of it, for the limit
        level = self._acting_level(complaint.sudo())
        # sudo: customer.complaint - its team and company, for the limit
        by_level = limits._by_level(complaint.sudo(), self.env.user)
        limit = by_level.get(level)
        if level == "administrator" and limit is None:
            return self.env._("Any amount.")
        if limit is None:
            return self.env._("Only what costs nothing; anything else needs approval.")
        amounts = [
            (limit.per_action, self.env._("%s per action")),
            (limit.per_complaint, self.env._("%s per complaint")),
            (limit.per_customer_year, self.env._("%s per customer and year")),
        ]
        currency = complaint.currency_id
        parts = [
            wording % currency.format(float(amount))
            for amount, wording in amounts
            if amount is not None
        ]
        if not parts:
            return self.env._("Any amount.")
        return self.env._("%(limits)s.", limits=", ".join(parts))

    def _verdict_sentence(self, verdict: Verdict):
        """Say who may approve an action, and why, in the reader's language."""
        money = self._money_values(verdict.values)
        if verdict.is_within:
            return self._within_sentence(verdict, money)
        caveat = self.complaint_id._authority_caveat(self.env.user)
        reason = f"{self._reason_sentence(verdict, money)} {caveat}".strip()
        if not verdict.needs:
            return reason
        return self.env._(
            "Needs: %(level)s. %(reason)s",
            reason=reason,
            level=self._level_name(verdict.needs),
        )

    def _within_sentence(self, verdict, money):
        if verdict.reason == "free":
            return self.env._("Within your limit: it costs nothing.")
        if verdict.reason == "four_eyes":
            return self.env._("Beyond every limit; you decide what somebody else asks.")
        if money.get("limit"):
            return self.env._("Within your limit of %(limit)s per action.", **money)
        return self.env._("Within your limit.")

    def _reason_sentence(self, verdict, money):
        sentences = {
            "concerned": self._concerned_sentence,
            "caution": self._caution_sentence,
            "no_authority": self._no_authority_sentence,
            "per_action": self._per_action_sentence,
            "per_complaint": self._per_complaint_sentence,
            "per_customer_year": self._per_customer_year_sentence,
            "team_budget": self._team_budget_sentence,
        }
        return sentences[verdict.reason](money)

    def _concerned_sentence(self, money):
        return self.env._("You cannot decide on this complaint.")

    def _caution_sentence(self, money):
        if money["caution"] == "repeated":
            return self.env._("It went wrong a second time: a person decides.")
        return self.env._("There are signs of abuse: a person decides.")

    def _no_authority_sentence(self, money):
        return self.env._("You do not approve this alone.")

    def _per_action_sentence(self, money):
        return self.env._("%(amount)s is more than your %(limit)s per action.", **money)

    def _per_complaint_sentence(self, money):
        if not money.get("spent"):
            return self.env._(
                "%(amount)s is more than your %(limit)s per complaint.", **money
            )
        return self.env._(
            "With the %(spent)s given already, %(amount)s is more than your %(limit)s "
            "per complaint.",
            **money,
        )

    def _per_customer_year_sentence(self, money):
        return self.env._(
            "This customer got %(spent)s within a year; with %(amount)s it is more "
            "than your %(limit)s.",
            **{"spent": self._format_money(0), **money},
        )

    def _team_budget_sentence(self, money):
        return self.env._(
            "The team gave %(spent)s this month; with %(amount)s it is more than its "
            "budget of %(limit)s.",
            **{"spent": self._format_money(0), **money},
        )

    def _approval_sentence(self):
        """Say who approved what, for what has been decided."""
        if self.is_automatic and self.approved_by_id._is_superuser():
            return self.env._("Given by the guarantee, within its limits.")
        return self.env._(
            "Approved by %(name)s: %(amount)s.",
            # sudo: res.users - the name of a colleague
            name=self.sudo().approved_by_id.name or "",
            amount=self._format_money(self.approved_amount),
        )

    def _money_values(self, values):
        """The values of a verdict, amounts as the reader writes them."""
        return {
            name: value if isinstance(value, str) else self._format_money(value)
            for name, value in values.items()
            if value is not None
        }

    def _format_money(self, amount):
        currency = self.currency_id or self.complaint_id.currency_id
        return currency.format(float(amount))

    @api.model
    def _level_name(self, level):
        selection = self.env["customer.recovery.limit"]._fields["level"]
        names = dict(selection._description_selection(self.env))
        return names.get(level, dict(LEVEL_NAMES).get(level, level))
