from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..logic.abuse import Thresholds
from .res_company import SETTINGS

USUAL = Thresholds()


class ResCompany(models.Model):
    """From when on a company calls a figure a sign of abuse."""

    _inherit = "res.company"

    complaint_abuse_complaints = fields.Integer(
        string="Complaints for a Sign",
        default=USUAL.complaints,
        help="Fewer complaints of a customer within a year are no sign, however few "
        "orders there were. 0: complaints and orders are not compared.",
        prefetch=SETTINGS,
    )
    complaint_abuse_per_order = fields.Float(
        string="Complaints per Order",
        default=USUAL.complaints_per_order,
        help="More complaints than this for each order of the year are a sign.",
        prefetch=SETTINGS,
    )
    complaint_abuse_refunds = fields.Integer(
        string="Compensations for a Sign",
        default=USUAL.refunds,
        help="Fewer compensations of a customer within a year are no sign, however "
        "much they came to. 0: compensation and revenue are not compared.",
        prefetch=SETTINGS,
    )
    complaint_abuse_refund_percent = fields.Float(
        string="Compensation (% of Revenue)",
        default=100 * USUAL.refund_share,
        help="More compensation than this part of the year's revenue is a sign.",
        prefetch=SETTINGS,
    )
    complaint_abuse_identities = fields.Integer(
        string="Others With the Same Identity",
        default=USUAL.identities,
        help="So many other customers with the same address, bank account or tax "
        "number who got something are a sign. 0: nobody looks for them.",
        prefetch=SETTINGS,
    )

    @api.constrains(
        "complaint_abuse_complaints",
        "complaint_abuse_per_order",
        "complaint_abuse_refunds",
        "complaint_abuse_refund_percent",
        "complaint_abuse_identities",
    )
    def _check_complaint_abuse(self):
        for company in self:
            if min(company._abuse_figures()) < 0:
                raise ValidationError(
                    self.env._(
                        "Signs of abuse are counted from 0 on. Enter 0 complaints, "
                        "compensations or others to switch a sign off."
                    )
                )

    def _abuse_figures(self) -> tuple[float, ...]:
        return (
            self.complaint_abuse_complaints,
            self.complaint_abuse_per_order,
            self.complaint_abuse_refunds,
            self.complaint_abuse_refund_percent,
            self.complaint_abuse_identities,
        )

    def _abuse_thresholds(self) -> Thresholds:
        """Return from when on figures of customers are signs here."""
        self.ensure_one()
        return Thresholds(
            complaints=self.complaint_abuse_complaints,
            complaints_per_order=self.complaint_abuse_per_order,
            refunds=self.complaint_abuse_refunds,
            refund_share=self.complaint_abuse_refund_percent / 100,
            identities=self.complaint_abuse_identities,
        )
