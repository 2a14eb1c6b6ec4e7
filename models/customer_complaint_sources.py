"""Documents on which complaints are taken down, or that speak by themselves."""

from odoo import api, models


class SaleOrder(models.Model):
    """A complaint about an order, taken down from it."""

    _inherit = "sale.order"

    def action_quick_complaint(self):
        """Take down a complaint about this order."""
        self.ensure_one()
        return self.partner_id._quick_complaint(self.company_id, order=self)


class AccountMove(models.Model):
    """A complaint about an invoice, taken down from it; credit notes are noticed."""

    _inherit = "account.move"

    def action_quick_complaint(self):
        """Take down a complaint about this invoice."""
        self.ensure_one()
        return self.partner_id._quick_complaint(
            self.company_id,
            order=self.line_ids.sale_line_ids.order_id[:1],
            move=self.filtered(
                lambda move: move.move_type in ("out_invoice", "out_receipt")
            ),
        )

    def _post(self, soft=True):
        """Notice credit notes: something went wrong, complained about or not."""
        posted = super()._post(soft=soft)
        refunds = posted.filtered(
            lambda move: move.move_type == "out_refund" and move.reversed_entry_id
        )
        if refunds:
            self.env["customer.complaint"]._notice(refunds)
        return posted

    def _complaint_notices(self):
        return [refund._prepare_complaint_notice() for refund in self]

    def _prepare_complaint_notice(self):
        """Return what a credit note says about a customer who said nothing."""
        invoice = self.reversed_entry_id
        # sudo: account.move - the accountant may not read sales
        order = invoice.sudo().line_ids.sale_line_ids.order_id[:1]
        return {
            "reason": "credit_note",
            "detail": self.env._(
                "Credit note %(credit)s for %(invoice)s",
                credit=self.name,
                invoice=invoice.name,
            ),
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
            "order_id": order.id,
            "move_id": invoice.id,
        }


class ResPartner(models.Model):
    """A complaint of a contact, taken down from it."""

    _inherit = "res.partner"

    def action_quick_complaint(self):
        """Take down a complaint of this customer."""
        self.ensure_one()
        return self._quick_complaint(self.company_id or self.env.company)

    def _quick_complaint(self, company, order=None, move=None):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quick Complaint"),
            "res_model": "customer.complaint.quick",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.id,
                "default_company_id": (company or self.env.company).id,
                "default_order_id": order and order.id,
                "default_move_id": move and move.id,
            },
        }


class RatingRating(models.Model):
    """Low ratings are noticed."""

    _inherit = "rating.rating"

    @api.model_create_multi
    def create(self, vals_list):
        ratings = super().create(vals_list)
        ratings._notice_low_ratings()
        return ratings

    def write(self, vals):
        result = super().write(vals)
        if not {"rating", "consumed"}.isdisjoint(vals):
            self._notice_low_ratings()
        return result

    def _notice_low_ratings(self):
        """Notice who is dissatisfied; complaints have surveys of their own."""
        low = self.filtered(
            lambda rating: (
                rating.consumed
                and 0 < rating.rating < 3
                and rating.partner_id
                and rating.res_model != "customer.complaint"
            )
        )
        if low:
            self.env["customer.complaint"]._notice(low)

    def _complaint_notices(self):
        return [rating._prepare_complaint_notice() for rating in self]

    def _prepare_complaint_notice(self):
        # sudo: rating.rating - the document that was rated, for its company only
        record = self.sudo().resource_ref
        company = record and "company_id" in record._fields and record.company_id
        order = record if record and record._name == "sale.order" else None
        return {
            "reason": "rating",
            "detail": self.env._(
                "Low rating of %(document)s: %(words)s",
                document=self.res_name or "",
                words=(self.feedback or "").strip()[:120] or "—",
            ),
            "partner_id": self.partner_id.id,
            "company_id": (company or self.env.company).id,
            "res_model": self._name,
            "res_id": self.id,
            "order_id": order and order.id,
        }
