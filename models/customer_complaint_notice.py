from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

REASONS = [
    ("credit_note", "Credit Note"),
    ("rating", "Low Rating"),
    ("late_delivery", "Late Delivery"),
    ("short_delivery", "Short Delivery"),
    ("return", "Return"),
]


class CustomerComplaintNotice(models.Model):
    """Something went wrong and the customer said nothing: a complaint is proposed.

    Nothing runs and nothing is counted until a person takes the proposal up.
    """

    _name = "customer.complaint.notice"
    _description = "Noticed by Us"
    _order = "id desc"

    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        required=True,
        readonly=True,
        index=True,
        # only a proposal: it is in nobody's way
        ondelete="cascade",
    )
    account_id = fields.Many2one(
        "res.partner",
        string="Customer",
        related="partner_id.commercial_partner_id",
        store=True,
        index=True,
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    reason = fields.Selection(REASONS, required=True, readonly=True)
    detail = fields.Char(readonly=True, help="What was noticed, in the reader's words.")
    res_model = fields.Char(readonly=True)
    res_id = fields.Many2oneReference(model_field="res_model", readonly=True)
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    move_id = fields.Many2one("account.move", readonly=True, index="btree_not_null")
    product_id = fields.Many2one("product.product", readonly=True)
    state = fields.Selection(
        [("open", "Proposed"), ("taken", "Taken Up"), ("dismissed", "Dismissed")],
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    complaint_id = fields.Many2one(
        "customer.complaint", readonly=True, index="btree_not_null"
    )

    _source_unique = models.UniqueIndex(
        "(res_model, res_id, reason) WHERE res_id IS NOT NULL",
        "This has been noticed already.",
    )

    @api.depends("partner_id", "reason")
    @api.depends_context("lang")
    def _compute_display_name(self):
        reasons = dict(self._fields["reason"]._description_selection(self.env))
        for notice in self:
            notice.display_name = (
                f"{reasons.get(notice.reason, '')}: {notice.partner_id.name or ''}"
            )

    def action_take_up(self):
        """Make complaints of these proposals and open them."""
        self.check_access("write")
        for notice in self.filtered(lambda one: one.state == "open"):
            complaint = self.env["customer.complaint"].create(notice._prepare_values())
            notice.write({"state": "taken", "complaint_id": complaint.id})
        complaints = self.complaint_id
        if not complaints:
            raise UserError(
                self.env._(
                    "These proposals are settled already. Reload the list for those "
                    "that are still open."
                )
            )
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Noticed by Us"),
            "res_model": complaints._name,
            "view_mode": "list,form",
            "domain": [("id", "in", complaints.ids)],
        }
        if len(complaints) == 1:
            action.update(view_mode="form", res_id=complaints.id)
        return action

    def action_dismiss(self):
        """Say that there is nothing to put right."""
        self.filtered(lambda one: one.state == "open").write({"state": "dismissed"})

    def _prepare_values(self):
        return {
            "subject": self.detail or self.display_name,
            "channel": "noticed",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "order_id": self.order_id.id,
            "move_id": self.move_id.id,
            "product_id": self.product_id.id,
        }
