from datetime import timedelta

from odoo import api, fields, models

# Late transfers from before are old stories.
LOOK_BACK = timedelta(days=14)
# Transfers looked at in one transaction: who works on one of them waits for it.
SLICE = 100


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
        done = self.filtered(lambda one: one.state == "done" and one.sale_id)
        if done:
            self.env["customer.complaint"]._notice(done)

    def _complaint_notices(self):
        """Return values of proposals about these transfers."""
        return [
            picking._prepare_complaint_notice(reason)
            for picking in self - self._of_recovery()
            if (reason := picking._failure())
        ]

    def _failure(self):
        """Return what goes wrong with a transfer; None if nothing does.

        One that is not done yet is asked for because it should be.
        """
        if self.state != "done":
            return "late_delivery"
        if self.return_id and self.picking_type_id.code == "incoming":
            return "return"
        if self.picking_type_id.code != "outgoing":
            return None
        if self._was_late():
            return "late_delivery"
        if self.backorder_ids.filtered(lambda one: one.state != "cancel"):
            return "short_delivery"
        return None

    def _was_late(self):
        """Whether it was done on a later day, there, than had been promised."""
        if not self.date_deadline:
            return False
        day = self.company_id._retention_day
        return day(self.date_done) > day(self.date_deadline)

    def _of_recovery(self):
        """Return those that are returns or replacements after a complaint."""
        # sudo: customer.recovery.action - the warehouse may not read complaints
        actions = self.env["customer.recovery.action"].sudo()
        found = actions.search_fetch(
            [
                "|",
                ("return_picking_id", "in", self.ids),
                ("order_id", "in", self.sale_id.ids),
            ],
            ["return_picking_id", "order_id"],
        )
        returns, orders = found.return_picking_id, found.order_id
        return self.filtered(lambda one: one in returns or one.sale_id in orders)

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
        """Propose complaints about deliveries that should have been made by now, in
        short transactions."""
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
        for number in range(0, len(late), SLICE):
            part = late[number : number + SLICE]
            self.env["customer.complaint"]._notice(part)
            left = len(late) - number - len(part)
            if not self.env["ir.cron"]._commit_progress(len(part), remaining=left):
                return
