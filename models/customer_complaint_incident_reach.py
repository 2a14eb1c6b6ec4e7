from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain


class CustomerComplaintIncident(models.Model):
    """Whom a failure touched: those who complained and those who said nothing."""

    _inherit = "customer.complaint.incident"

    product_ids = fields.Many2many(
        "product.product",
        string="Products",
        help="What failed. Empty: the products of the complaints.",
    )
    date_from = fields.Date(string="Sold From")
    date_to = fields.Date(string="Sold Until")
    description = fields.Html(help="What is known about the failure.")
    letter_ids = fields.One2many(
        "customer.complaint.letter",
        "incident_id",
        string="Messages to Customers",
        readonly=True,
    )
    complaint_count = fields.Integer(compute="_compute_complaint_count")
    open_complaint_count = fields.Integer(compute="_compute_complaint_count")

    @api.depends("complaint_ids.status")
    def _compute_complaint_count(self):
        counts = {}
        for incident, status, count in self.env["customer.complaint"]._read_group(
            [("incident_id", "in", self.ids)], ["incident_id", "status"], ["__count"]
        ):
            counts.setdefault(incident, {})[status] = count
        for incident in self:
            by_status = counts.get(incident._origin, {})
            incident.complaint_count = sum(by_status.values())
            incident.open_complaint_count = by_status.get("open", 0) + by_status.get(
                "waiting", 0
            )

    # === ACTIONS ===#

    def action_open_complaints(self):
        """Show the complaints about this failure."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "customer.complaint",
            "view_mode": "list,kanban,form",
            "domain": [("incident_id", "=", self.id)],
            "context": {"default_incident_id": self.id},
        }

    def action_answer(self):
        """Write one answer to everybody who complained."""
        self.ensure_one()
        return self._dialog("customer.complaint.incident.answer")

    def action_who_else(self):
        """List the customers who bought the same and said nothing."""
        self.ensure_one()
        return self._dialog("customer.complaint.incident.reach")

    def _dialog(self, model):
        return {
            "type": "ir.actions.act_window",
            "name": self.env[model]._description,
            "res_model": model,
            "view_mode": "form",
            "target": "new",
            "context": {"default_incident_id": self.id},
        }

    # === WHO ELSE ===#

    def _failed_products(self):
        return self.product_ids or self.complaint_ids.product_id

    def _silent_accounts(self, products, date_from, date_to, **narrower):
        """Return who bought these products in a period and has not complained.

        :param narrower: what a bridge asks besides, see the domain of the lines
        :return: {account: last order line that concerns it}
        """
        self.ensure_one()
        if not products:
            return {}
        # sudo: sale.order.line - who is concerned, whoever may read the sales
        lines = self.env["sale.order.line"].sudo()
        groups = lines._read_group(
            self._get_concerned_lines_domain(products, date_from, date_to, **narrower),
            ["order_partner_id"],
            ["id:max"],
            order="id:max desc",
        )
        heard = self._heard_accounts(products, date_from)
        heard |= self._accounts_to_be_written_to()
        silent = {}
        for partner, line_id in groups:
            account = partner.commercial_partner_id
            if account not in heard:
                silent.setdefault(account, lines.browse(line_id))
        return silent

    def _get_concerned_lines_domain(
        self, products, date_from, date_to, **narrower
    ) -> Domain:
        """Return which order lines a failure concerns; bridges narrow it by lot."""
        domain = (
            Domain("product_id", "in", products.ids)
            & Domain("order_id.state", "=", "sale")
            & Domain("order_id.company_id", "=", self.company_id.id)
            & Domain("product_uom_qty", ">", 0)
        )
        if date_from:
            start = self.company_id._retention_day_start(date_from)
            domain &= Domain("order_id.date_order", ">=", start)
        if date_to:
            end = self.company_id._retention_day_start(date_to + timedelta(days=1))
            domain &= Domain("order_id.date_order", "<", end)
        return domain

    def _heard_accounts(self, products, date_from):
        """Return who has spoken: about this incident, or about these products."""
        domain = Domain("incident_id", "=", self.id)
        about = Domain("product_id", "in", products.ids) & Domain(
            "company_id", "=", self.company_id.id
        )
        if date_from:
            start = self.company_id._retention_day_start(date_from)
            about &= Domain("received_at", ">=", start)
        # sudo: customer.complaint - that somebody has spoken, not what
        return self.env["customer.complaint"].sudo().search(domain | about).account_id

    def _accounts_to_be_written_to(self):
        """Return to whom a message is being sent."""
        # sudo: customer.complaint.letter.line - that they will hear, not what
        lines = self.env["customer.complaint.letter.line"].sudo()
        waiting = lines.search(
            [
                ("letter_id.incident_id", "=", self.id),
                ("letter_id.state", "=", "sending"),
                ("state", "=", "waiting"),
            ]
        )
        return waiting.partner_id.commercial_partner_id
