from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..logic.working_time import HOUR, MINUTE

UNIT_SECONDS = {"minutes": MINUTE, "hours": HOUR}


class CustomerComplaintPolicyTarget(models.Model):
    """One promise of a policy: what is done within which working time."""

    _name = "customer.complaint.policy.target"
    _inherit = "customer.complaint.policy.line"
    _description = "Promise of a Complaint Policy"

    kind = fields.Selection(
        selection="_selection_kind",
        string="Promise",
        required=True,
        default="answer",
    )
    amount = fields.Integer(string="Within", required=True, default=8)
    unit = fields.Selection(
        [
            ("minutes", "Working Minutes"),
            ("hours", "Working Hours"),
            ("days", "Working Days"),
        ],
        required=True,
        default="hours",
        help="Days end at the close of business: what is due within a day is due at "
        "the end of the next working day.",
    )
    warn_percent = fields.Integer(
        string="Warn After (%)",
        default=75,
        help="Share of the time after which to warn. 0: no warning.",
    )
    pauses = fields.Boolean(
        help="The clock stands still while we wait for the customer.",
    )
    pause_limit = fields.Integer(
        string="Pauses At Most (hours)",
        default=40,
        help="Working hours of all pauses together. After them the clock runs on even "
        "though the customer has not answered. 0: no limit.",
    )

    _kind_unique = models.Constraint(
        "UNIQUE(policy_id, kind)", "A policy promises each thing once."
    )

    @api.model
    def _selection_kind(self):
        """Every kind of clock but the promised update: its moment is the promise."""
        clock = self.env["customer.complaint.clock"]
        kinds = clock._fields["kind"]._description_selection(self.env)
        return [(code, label) for code, label in kinds if code != "update"]

    @api.constrains("amount", "warn_percent", "pause_limit")
    def _check_numbers(self):
        for target in self:
            if target.amount < 1:
                raise ValidationError(
                    self.env._("A promise takes at least one working minute.")
                )
            if not 0 <= target.warn_percent <= 100:
                raise ValidationError(
                    self.env._("The share of the time to warn after is 0 to 100 %.")
                )
            if target.pause_limit < 0:
                raise ValidationError(
                    self.env._("A pause cannot be shorter than nothing.")
                )

    @api.depends("kind", "amount", "unit")
    @api.depends_context("lang")
    def _compute_display_name(self):
        kinds = dict(self._selection_kind())
        for target in self:
            target.display_name = self.env._(
                "%(promise)s: %(time)s",
                promise=kinds.get(target.kind, ""),
                time=self._time_text(target.amount, target.unit),
            )

    @api.model
    def _time_text(self, amount, unit):
        """Working time in words: "8 working hours"."""
        if amount == 1:
            return {
                "minutes": self.env._("1 working minute"),
                "hours": self.env._("1 working hour"),
                "days": self.env._("1 working day"),
            }[unit]
        return {
            "minutes": self.env._("%(amount)s working minutes", amount=amount),
            "hours": self.env._("%(amount)s working hours", amount=amount),
            "days": self.env._("%(amount)s working days", amount=amount),
        }[unit]

    # === BUSINESS === #

    def _definition(self):
        """What is versioned of it."""
        self.ensure_one()
        return {
            "kind": self.kind,
            "amount": self.amount,
            "unit": self.unit,
            "warn_percent": self.warn_percent,
            "pauses": self.pauses,
            "pause_limit": self.pause_limit if self.pauses else 0,
        }

    @api.model
    def _seconds(self, definition, started_at, time):
        """Working seconds of a versioned promise that is given at a moment."""
        amount, unit = definition["amount"], definition["unit"]
        if unit in UNIT_SECONDS:
            return amount * UNIT_SECONDS[unit]
        return time.between(started_at, time.closing(started_at, amount))
