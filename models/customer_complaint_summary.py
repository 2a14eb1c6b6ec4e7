from __future__ import annotations

from odoo import api, fields, models

READERS = "customer_retention.group_user,customer_retention.group_complaint_user"


class CustomerComplaint(models.Model):
    """The complaints of a customer in a line: for the contact and the quotation."""

    _inherit = "customer.complaint"

    @api.model
    def _summaries(self, accounts) -> dict:
        """Return {customer id: number, open ones, one line}, as far as may be seen."""
        rows = self.with_context(active_test=False)._read_group(
            [("account_id", "in", accounts.ids), ("merged_into_id", "=", False)],
            ["account_id"],
            ["__count"],
        )
        open_ones = self.search_fetch(
            [
                ("account_id", "in", accounts.ids),
                ("status", "in", ("open", "waiting")),
                ("kind", "=", "complaint"),
            ],
            [
                "account_id",
                "next_deadline",
                "next_clock_kind",
                "next_warn_at",
                "status",
            ],
            order="next_deadline, id",
        ).grouped("account_id")
        return {
            account.id: {
                "number": number,
                "open": len(open_ones.get(account, ())),
                "hint": open_ones[account]._summary() if account in open_ones else "",
            }
            for account, number in rows
        }

    def _summary(self) -> str:
        """Return how many there are and what is due next, for complaints of one."""
        number = (
            self.env._("1 open complaint")
            if len(self) == 1
            else self.env._("%(number)s open complaints", number=len(self))
        )
        due = (self[0].clock_chip or {}).get("text")
        return f"{number} · {due}" if due else number


class CustomerComplaintPartnerMixin(models.AbstractModel):
    """What a contact shows of the complaints of its customer."""

    _name = "customer.complaint.partner.mixin"
    _description = "Complaints of a Contact"

    complaint_count = fields.Integer(
        string="Complaints", compute="_compute_complaint_summary", groups=READERS
    )
    complaint_open_count = fields.Integer(
        string="Open Complaints", compute="_compute_complaint_summary", groups=READERS
    )
    complaint_hint = fields.Char(
        string="Complaints in a Line",
        compute="_compute_complaint_summary",
        groups=READERS,
    )

    @api.depends("commercial_partner_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_complaint_summary(self):
        """Of the whole customer: contacts show what their company complains about."""
        summaries = self.env["customer.complaint"]._summaries(
            self.commercial_partner_id._origin
        )
        for partner in self:
            summary = summaries.get(partner.commercial_partner_id._origin.id, {})
            partner.complaint_count = summary.get("number", 0)
            partner.complaint_open_count = summary.get("open", 0)
            partner.complaint_hint = summary.get("hint", "")

    # === ACTION METHODS === #

    def action_open_complaints(self):
        """Open the complaints of the customer this contact belongs to."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_retention.customer_complaint_action_all"
            ),
            "domain": [("account_id", "=", self.commercial_partner_id.id)],
            "context": {
                "default_partner_id": self.id,
                "active_test": False,
            },
        }


class CustomerComplaintSaleMixin(models.AbstractModel):
    """What an order shows of complaints: those about it, and its customer's."""

    _name = "customer.complaint.sale.mixin"
    _description = "Complaints about an Order"

    complaint_count = fields.Integer(
        string="Complaints", compute="_compute_complaint_count", groups=READERS
    )
    complaint_hint = fields.Char(
        string="Complaints in a Line",
        compute="_compute_complaint_hint",
        groups=READERS,
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_complaint_count(self):
        """Those about this very order."""
        complaints = self.env["customer.complaint"].with_context(active_test=False)
        numbers = dict(
            complaints._read_group(
                [("order_id", "in", self.ids), ("merged_into_id", "=", False)],
                ["order_id"],
                ["__count"],
            )
        )
        for order in self:
            order.complaint_count = numbers.get(order._origin, 0)

    @api.depends("partner_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_complaint_hint(self):
        """Those of the customer, so that nobody sells past a complaint."""
        summaries = self.env["customer.complaint"]._summaries(
            self.partner_id.commercial_partner_id
        )
        for order in self:
            account = order.partner_id.commercial_partner_id._origin
            order.complaint_hint = summaries.get(account.id, {}).get("hint", "")

    # === ACTION METHODS === #

    def action_open_complaints(self):
        """Open the complaints about this order."""
        self.ensure_one()
        return {
            **self.env["ir.actions.act_window"]._for_xml_id(
                "customer_retention.customer_complaint_action_all"
            ),
            "domain": [("order_id", "=", self.id)],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_order_id": self.id,
                "active_test": False,
            },
        }

    def action_open_customer_complaints(self):
        """Open the complaints of the customer of this order."""
        self.ensure_one()
        return self.partner_id.action_open_complaints()
