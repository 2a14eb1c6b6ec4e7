from itertools import islice

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import is_html_empty

# Customers among whom somebody chooses; the others get the message or do not.
MOST_LISTED = 1000


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
    more_count = fields.Integer(
        compute="_compute_line_ids", store=True, help="Concerned, and not listed."
    )
    with_more = fields.Boolean(string="Write to Them, Too")
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
            silent = reach._silent_accounts()
            listed = islice(silent.items(), MOST_LISTED)
            reach.line_ids = [Command.clear()] + [
                Command.create(self._prepare_recipient(*one)) for one in listed
            ]
            reach.more_count = max(0, len(silent) - MOST_LISTED)

    def _silent_accounts(self):
        """Return {account: last order line} of those who said nothing."""
        return self.incident_id._silent_accounts(
            self.product_ids._origin, self.date_from, self.date_to, **self._narrower()
        )

    def _narrower(self):
        """Return what else narrows who is concerned; bridges ask for lots."""
        return {}

    def action_send(self):
        """Create a complaint for each and send the message."""
        self.ensure_one()
        if is_html_empty(self.body):
            raise UserError(self.env._("Write the message first."))
        recipients = self._recipients()
        if not recipients:
            raise UserError(
                self.env._("Nobody is chosen. Tick the customers to write to.")
            )
        letter = self.env["customer.complaint.letter"]._send_to(
            {**self._prepare_letter(), "subject": self.subject, "body": self.body},
            [self._prepare_recipient(*one) for one in recipients],
        )
        return letter._tell_sender(self.incident_id.action_open_complaints())

    def _recipients(self):
        """Return [(account, order line)] of those who are written to."""
        # sudo: sale.order.line - found for this failure, whoever may read the sales
        lines = self.sudo().line_ids
        recipients = [
            (line.partner_id, line.order_line_id)
            for line in lines.filtered("is_chosen")
        ]
        if self.with_more:
            listed = lines.partner_id
            recipients += [
                (account, order_line)
                for account, order_line in self._silent_accounts().items()
                if account not in listed
            ]
        return recipients

    @api.model
    def _prepare_recipient(self, account, order_line):
        return {"partner_id": account.id, "order_line_id": order_line.id}


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
