from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty


class CustomerComplaintIncidentReach(models.TransientModel):
    """Write to the customers whom a failure concerns and who said nothing.

    Each gets a complaint "noticed by us" of their own, so that remedies can be given
    and counted like for those who complained.
    """

    _name = "customer.complaint.incident.reach"
    _description = "Who Else Is Concerned"
    _inherit = ["customer.recovery.bulk"]

    company_id = fields.Many2one(related="incident_id.company_id")
    product_ids = fields.Many2many(
        "product.product",
        string="Bought",
        compute="_compute_from_incident",
        store=True,
        readonly=False,
    )
    date_from = fields.Date(
        string="From", compute="_compute_from_incident", store=True, readonly=False
    )
    date_to = fields.Date(
        string="Until", compute="_compute_from_incident", store=True, readonly=False
    )
    line_ids = fields.One2many(
        "customer.complaint.incident.reach.line",
        "reach_id",
        string="Said Nothing",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
    )
    subject = fields.Char(compute="_compute_subject", store=True, readonly=False)
    body = fields.Html(string="Message", required=True)

    @api.depends("incident_id")
    def _compute_from_incident(self):
        for reach in self:
            incident = reach.incident_id
            reach.product_ids = incident._failed_products()
            reach.date_from = incident.date_from
            reach.date_to = incident.date_to

    @api.depends("incident_id")
    def _compute_subject(self):
        for reach in self:
            reach.subject = reach.incident_id.name

    @api.depends("product_ids", "date_from", "date_to")
    def _compute_line_ids(self):
        for reach in self:
            silent = reach.incident_id._silent_accounts(
                reach.product_ids._origin,
                reach.date_from,
                reach.date_to,
                **reach._narrower(),
            )
            reach.line_ids = [Command.clear()] + [
                Command.create({"partner_id": account.id, "order_line_id": line.id})
                for account, line in silent.items()
            ]

    def _narrower(self):
        """Return what else narrows who is concerned; bridges ask for lots."""
        return {}

    def action_send(self):
        """Create a complaint for each and send the message."""
        self.ensure_one()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write the message first."))
        lines = self.line_ids.filtered("is_chosen")
        if not lines:
            raise UserError(
                self.env._("Nobody is chosen. Tick the customers to write to.")
            )
        complaints = self.env["customer.complaint"].create(
            [self._prepare_values(line) for line in lines]
        )
        for complaint in complaints:
            complaint._post_to_customer(self.body, subject=self.subject)
        recovered = self._recover(complaints)
        if recovered:
            self.incident_id.message_post(body=recovered, subtype_xmlid="mail.mt_note")
        return self.incident_id.action_open_complaints()

    def _prepare_values(self, line):
        # sudo: sale.order.line - found for this failure, whoever reads the sales
        order_line = line.sudo().order_line_id
        return {
            "subject": self.subject,
            "description": self.incident_id.description,
            "channel": "noticed",
            "company_id": self.company_id.id,
            "partner_id": (order_line.order_id.partner_id or line.partner_id).id,
            "order_id": order_line.order_id.id,
            "product_id": order_line.product_id.id,
            "incident_id": self.incident_id.id,
        }


class CustomerComplaintIncidentReachLine(models.TransientModel):
    """A customer whom a failure concerns."""

    _name = "customer.complaint.incident.reach.line"
    _description = "Concerned Customer"

    reach_id = fields.Many2one(
        "customer.complaint.incident.reach",
        required=True,
        ondelete="cascade",
        index=True,
    )
    is_chosen = fields.Boolean(string="Write", default=True)
    partner_id = fields.Many2one("res.partner", string="Customer", required=True)
    order_line_id = fields.Many2one("sale.order.line", required=True)
    order_id = fields.Many2one(
        related="order_line_id.order_id",
        # sudo: sale.order - the number, whoever may read the sales
        compute_sudo=True,
        string="Order",
    )
    bought_on = fields.Datetime(
        related="order_line_id.order_id.date_order", string="Bought On"
    )
    email = fields.Char(related="partner_id.email")
