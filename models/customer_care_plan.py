from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain

from ..logic.care import is_ahead
from ..logic.today import LONGEST_REST
from .customer_contact_log import CHANNELS

TRIGGERS = [
    ("quotation", "Quotation Still Open"),
    ("sent", "Quotation Sent"),
    ("confirmed", "Order Confirmed"),
    ("purchase", "Purchase"),
    ("first_purchase", "First Purchase"),
    ("expected", "Before the Expected Next Purchase"),
    ("contact", "Last Contact"),
    ("recovery", "Complaint Resolved and Rated Well"),
    ("anniversary", "Anniversary of the First Purchase"),
]
KINDS = [
    ("contact", "Get in Touch"),
    ("letter", "Thank-You Letter"),
    ("gift", "Small Gift"),
    ("introduction", "Ask for an Introduction"),
]


class CustomerCarePlan(models.Model):
    """When somebody cares about customers without being asked, and how."""

    _name = "customer.care.plan"
    _description = "Care of Customers"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(
        default=10, help="What comes first is planned first when the week is short."
    )
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        help="Empty: for every company.",
    )
    for_key = fields.Boolean(string="Key Customers", default=True)
    for_ordinary = fields.Boolean(string="Ordinary Customers", default=True)
    for_small = fields.Boolean(string="Small Customers")
    trigger = fields.Selection(
        TRIGGERS,
        string="Occasion",
        required=True,
        help="A purchase is an order or an invoice, as the company counts. Open "
        "quotations count from the day they were made, sent ones from the day of their "
        "mail. After the last contact somebody is asked again and again.",
    )
    days = fields.Integer(
        default=14,
        help="Days after the occasion; days ahead of it where it can be foreseen.",
    )
    is_ahead = fields.Boolean(
        compute="_compute_is_ahead", help="Days are counted before the occasion."
    )
    kind = fields.Selection(KINDS, required=True, default="contact")
    channel = fields.Selection(
        CHANNELS,
        help="How to be in touch. Empty: the way the customer prefers, or a call.",
    )
    summary = fields.Char(
        string="What to Do", required=True, translate=True, help="Of the activity."
    )
    note = fields.Text(translate=True)
    cost = fields.Float(
        help="What a gift or a letter costs, in the currency of the company."
    )
    touch_count = fields.Integer(string="Planned", compute="_compute_touch_count")

    @api.constrains("days", "cost")
    def _check_numbers(self):
        for plan in self:
            if not 0 <= plan.days <= LONGEST_REST or plan.cost < 0:
                raise ValidationError(
                    self.env._(
                        "Enter up to %(most)s days, and a cost that is not negative.",
                        most=LONGEST_REST,
                    )
                )
            if plan.trigger == "contact" and not plan.days:
                raise ValidationError(
                    self.env._("Enter after how many days of silence somebody calls.")
                )

    @api.constrains("for_key", "for_ordinary", "for_small")
    def _check_for_whom(self):
        if any(not plan._value_classes() for plan in self):
            raise ValidationError(
                self.env._(
                    "Choose for whom the plan is: key, ordinary or small customers. "
                    "Archive it to plan nothing."
                )
            )

    @api.depends("trigger")
    def _compute_is_ahead(self):
        for plan in self:
            plan.is_ahead = is_ahead(plan.trigger)

    def _compute_touch_count(self):
        found = self.env["customer.care.touch"]._read_group(
            [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
        )
        counts = {plan.id: count for plan, count in found}
        for plan in self:
            plan.touch_count = counts.get(plan.id, 0)

    def _value_classes(self) -> list[str]:
        """Return the classes of customers the plan is for."""
        self.ensure_one()
        flags = {
            "key": self.for_key,
            "ordinary": self.for_ordinary,
            "small": self.for_small,
        }
        return [name for name, wanted in flags.items() if wanted]

    @api.model
    def _of_company(self, company):
        """Return the plans that count for a company, in their order."""
        mine = Domain("company_id", "in", [company.id, False])
        # sudo: customer.care.plan - the job's, whoever starts it
        return self.sudo().search(mine)

    def action_open_touches(self):
        """What was planned by this plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "customer.care.touch",
            "views": [(False, "list")],
            "domain": [("plan_id", "=", self.id)],
        }
