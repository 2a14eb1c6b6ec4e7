from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import plaintext2html

from ..models.customer_complaint import SEVERITIES


class CustomerComplaintQuick(models.TransientModel):
    """Take down a complaint while the customer is on the phone or at the counter."""

    _name = "customer.complaint.quick"
    _description = "Quick Complaint"
    _inherit = ["customer.document.choice.mixin"]

    state = fields.Selection(
        [("ask", "Ask"), ("done", "Done")], default="ask", required=True
    )
    channel = fields.Selection(
        [("phone", "Phone"), ("person", "In Person"), ("letter", "Letter")],
        default="phone",
        required=True,
    )
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self._default_company_id()
    )
    partner_id = fields.Many2one("res.partner", string="Customer")
    caller = fields.Char(help="Name and number of somebody we do not know yet.")
    what = fields.Text(string="What Happened?")
    remedy_sought_ids = fields.Many2many(
        "customer.complaint.remedy", string="What They Want"
    )
    severity = fields.Selection(SEVERITIES)
    order_id = fields.Many2one(
        "sale.order",
        domain="[('partner_id', 'child_of', partner_id),"
        " ('company_id', '=', company_id)]",
    )
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        domain="[('partner_id', 'child_of', partner_id),"
        " ('move_type', 'in', ('out_invoice', 'out_receipt')),"
        " ('company_id', '=', company_id)]",
    )
    is_kept_from_salesperson = fields.Boolean(
        string="Keep from the Salesperson",
        help="The customer does not want the salesperson to read this.",
    )
    open_text = fields.Char(compute="_compute_open_text")
    complaint_id = fields.Many2one("customer.complaint", readonly=True)
    number = fields.Char(readonly=True)

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.depends("partner_id", "company_id")
    def _compute_open_text(self):
        """Tell the person on the phone what is already open for this customer."""
        Complaint = self.env["customer.complaint"]
        for quick in self:
            account = quick.partner_id.commercial_partner_id._origin
            open_ones = account and Complaint.search(
                [
                    ("account_id", "=", account.id),
                    ("status", "in", ("open", "waiting")),
                    ("company_id", "=", quick.company_id.id),
                ],
                limit=3,
            )
            quick.open_text = (
                ", ".join(open_ones.mapped("display_name")) if open_ones else False
            )

    def action_create_complaint(self):
        """Create the complaint and show its number, large enough to read out."""
        self.ensure_one()
        if not self.partner_id and not (self.caller or "").strip():
            raise UserError(
                self.env._("Who is it? Choose the customer or type a name.")
            )
        if not (self.what or "").strip():
            raise UserError(self.env._("Write in a few words what happened."))
        Complaint = self.env["customer.complaint"]
        Complaint.check_access("create")
        # sudo: customer.complaint - its taker may get no more than the number
        complaint = Complaint.sudo().create(self._prepare_values())
        # sudo: customer.complaint - whether its taker may open it
        readable = complaint.sudo(False).has_access("read")
        self.write(
            {
                "complaint_id": complaint.id if readable else False,
                "number": complaint.name,
                "state": "done",
            }
        )
        return self._show(self)

    def action_another(self):
        """Start over for the next call."""
        return self._show(self.create({"channel": self.channel}))

    def action_open_complaint(self):
        """Open the complaint that has just been taken down."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.complaint",
            "res_id": self.complaint_id.id,
            "view_mode": "form",
        }

    @api.model
    def _show(self, quick):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quick Complaint"),
            "res_model": self._name,
            "res_id": quick.id,
            "view_mode": "form",
            "target": "new",
        }

    def _prepare_values(self):
        values = {
            "subject": self.env["customer.complaint"]._subject_of(self.what),
            "description": plaintext2html(self.what),
            "channel": self.channel,
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "partner_name": self.partner_id.name or self.caller,
            "remedy_sought_ids": [Command.set(self.remedy_sought_ids.ids)],
            "order_id": self.order_id.id,
            "move_id": self.move_id.id,
            "is_kept_from_salesperson": self.is_kept_from_salesperson,
        }
        if self.severity:
            values["severity"] = self.severity
        return values
