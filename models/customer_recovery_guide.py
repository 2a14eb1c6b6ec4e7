from __future__ import annotations

from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..logic.remedy import Case, Row
from .customer_complaint import SEVERITIES
from .customer_recovery_action import COMMITTED

# How far back own cases are comparable.
HISTORY_MONTHS = 24
# More cases do not make the range better, only slower to read.
HISTORY_LIMIT = 2000


class CustomerRecoveryGuide(models.Model):
    """What is usual for a cause, severity and value until the own history says."""

    _name = "customer.recovery.guide"
    _description = "Remedy Guide"
    _order = "sequence, id"

    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one("res.company", index="btree_not_null")
    category_id = fields.Many2one(
        "customer.complaint.category",
        ondelete="cascade",
        help="Those below it included. Empty: any.",
    )
    severity = fields.Selection(SEVERITIES, help="Empty: any.")
    value_from = fields.Float(digits="Account", help="Smallest value it is for.")
    value_to = fields.Float(
        digits="Account", help="Value it is no longer for. 0: no end."
    )
    type_id = fields.Many2one(
        "customer.recovery.type",
        string="Usual Remedy",
        required=True,
        ondelete="cascade",
    )
    percent_low = fields.Float(string="From %", help="Percent of the value at stake.")
    percent_high = fields.Float(string="To %")
    amount_low = fields.Float(
        string="From", digits="Account", help="Where the value is not known."
    )
    amount_high = fields.Float(string="To", digits="Account")

    @api.constrains("percent_low", "percent_high", "amount_low", "amount_high")
    def _check_ranges(self):
        for row in self:
            if not (
                0 <= row.percent_low <= row.percent_high
                and 0 <= row.amount_low <= row.amount_high
            ):
                raise ValidationError(
                    self.env._(
                        "A range begins at 0 or above and ends where it begins "
                        "or above."
                    )
                )

    @api.depends("category_id", "severity", "type_id")
    def _compute_display_name(self):
        for row in self:
            cause = row.category_id.name or self.env._("Anything")
            row.display_name = f"{cause}: {row.type_id.name or ''}"

    # === BUSINESS === #

    @api.model
    def _lines_of(self, company) -> list[Row]:
        """Return the table of a company as values; kinds are ids of types."""
        # sudo: customer.recovery.guide - the advice is for whoever plans actions
        rows = self.sudo().search([("company_id", "in", (False, company.id))])
        return [row._as_row() for row in rows]

    def _as_row(self) -> Row:
        return Row(
            kind=self.type_id.id,
            percent_low=self.percent_low,
            percent_high=self.percent_high,
            category=self.category_id.id or None,
            severity=self.severity or None,
            value_from=self.value_from,
            value_to=self.value_to or None,
            amount_low=self.amount_low,
            amount_high=self.amount_high,
        )

    @api.model
    def _history(self, company, excluded) -> list[Case]:
        """Return what customers of a company got, one case a complaint.

        :param excluded: complaints that are decided about now
        """
        since = fields.Datetime.now() - relativedelta(months=HISTORY_MONTHS)
        actions = (
            self.env["customer.recovery.action"]
            # sudo: customer.recovery.action - figures of all, no names
            .sudo()
            .search(
                [
                    ("company_id", "=", company.id),
                    ("state", "in", COMMITTED),
                    ("approved_at", ">=", since),
                    ("approved_amount", ">", 0),
                    ("complaint_id", "not in", excluded.ids),
                ],
                order="approved_at desc, id desc",
                limit=HISTORY_LIMIT,
            )
        )
        return [
            self._as_case(complaint, given)
            for complaint, given in actions.grouped("complaint_id").items()
        ]

    @api.model
    def _as_case(self, complaint, actions) -> Case:
        largest = max(actions, key=lambda action: action.approved_amount)
        situation = complaint._remedy_situation()
        return Case(
            kind=largest.type_id.id,
            given=sum(actions.mapped("approved_amount")),
            value=situation.value,
            path=situation.path,
            severity=situation.severity,
        )
