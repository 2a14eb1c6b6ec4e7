from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerRetentionCase(models.Model):
    """Against bad faith: immediate payment and a warning, by core's own fields."""

    _inherit = "customer.retention.case"

    protects = fields.Boolean(related="play_id.protects")
    is_protected = fields.Boolean(compute="_compute_is_protected")

    @api.depends("partner_id")
    def _compute_is_protected(self):
        for case in self:
            case.is_protected = bool(case.partner_id.sale_warn_msg)

    def action_protect(self):
        """Warn on new quotations, and ask for payment before anything is delivered.

        :raise UserError: the play is not one against bad faith
        """
        self.ensure_one()
        self.check_access("write")
        if not self.protects:
            raise UserError(self.env._("This play is not one against bad faith."))
        term = self.env.ref(
            "account.account_payment_term_immediate", raise_if_not_found=False
        )
        values = {"sale_warn_msg": self._protection_text()}
        if term and term.company_id in (self.company_id, self.env["res.company"]):
            values["property_payment_term_id"] = term.id
        partner = self.partner_id.with_company(self.company_id)
        before = partner.property_payment_term_id.display_name
        partner.write(values)
        self._message_log(
            body=self.env._(
                "Immediate payment and a sale warning from now on. Payment terms "
                "before: %s.",
                before or self.env._("none"),
            )
        )
        return True

    def _protection_text(self):
        text = self.env._("Prepayment only: see the retention case.")
        known = self.partner_id.sale_warn_msg
        return f"{known}\n{text}" if known and text not in known else text
