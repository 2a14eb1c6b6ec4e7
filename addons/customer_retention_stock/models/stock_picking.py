from datetime import timedelta

from odoo import api, fields, models

# Late transfers from before are old stories.
LOOK_BACK = timedelta(days=14)


class StockPicking(models.Model):
    """Deliveries that are late or short speak for customers who say nothing."""

    _inherit = "stock.picking"

    def _action_done(self):
        result = super()._action_done()
        self._sync_recovery()
        self._notice_failures()
        return result

    def action_cancel(self):
        result = super().action_cancel()
        self._sync_recovery()
        return result

    def _sync_recovery(self):
        """Let returns and replacements follow these transfers."""
        # sudo: customer.recovery.action - the warehouse carries it out
        actions = self.env["customer.recovery.action"].sudo()
        actions.search(
            [
                ("state", "in", ("approved", "done")),
                "|",
                ("return_picking_id", "in", self.ids),
                ("order_id", "in", self.sale_id.ids),
            ]
        )._sync_documents()

    # === NOTICING === #

    def _notice_failures(self):
        """Propose complaints about what just went wrong with these transfers."""
        notices = []
        for picking in self.filtered(lambda one: one.state == "done" and one.sale_id):
            reason = picking._failure()
            if reason:
                notices.append(picking._prepare_complaint_notice(reason))
        if notices:
            self.env["customer.complaint"]._propose_noticed(notices)

    def _failure(self):
        """Return what went wrong with a transfer that is done; None if nothing did."""
        if self.return_id and self.picking_type_id.code == "incoming":
            return None if self._is_recovery() else "return"
        if self.picking_type_id.code != "outgoing" or self._is_recovery():
            return None
        if self.date_deadline and self.date_done.date() > self.date_deadline.date():
            return "late_delivery"
        if self.backorder_ids.filtered(lambda one: one.state != "cancel"):
            return "short_delivery"
        return None

    def _is_recovery(self):
        """Whether it is a return or a replacement after a complaint."""
        # sudo: customer.recovery.action - the warehouse may not read complaints
        actions = self.env["customer.recovery.action"].sudo()
        return bool(
            actions.search_count(
                [
                    "|",
                    ("return_picking_id", "=", self.id),
                    ("order_id", "in", self.sale_id.ids),
                ],
                limit=1,
            )
        )

    def _prepare_complaint_notice(self, reason):
        details = {
            "late_delivery": self.env._("%s was late", self.name),
            "short_delivery": self.env._("%s was not complete", self.name),
            "return": self.env._("%s came back", self.name),
        }
        # sudo: sale.order - the warehouse may not read sales
        order = self.sudo().sale_id
        products = self.move_ids.product_id
        return {
            "reason": reason,
            "detail": details[reason],
            "partner_id": (self.partner_id or order.partner_id).id,
            "company_id": self.company_id.id,
            "res_model": self._name,
            "res_id": self.id,
            "order_id": order.id,
            "product_id": products.id if len(products) == 1 else False,
        }

    @api.model
    def _cron_notice_late_deliveries(self):
        """Propose complaints about deliveries that should have been made by now."""
        now = fields.Datetime.now()
        late = self.search(
            [
                ("picking_type_code", "=", "outgoing"),
                ("state", "in", ("waiting", "confirmed", "assigned")),
                ("sale_id", "!=", False),
                ("date_deadline", "<", now - timedelta(days=1)),
                ("date_deadline", ">", now - LOOK_BACK),
            ]
        )
        self.env["customer.complaint"]._propose_noticed(
            [
                picking._prepare_complaint_notice("late_delivery")
                for picking in late
                if not picking._is_recovery()
            ]
        )
