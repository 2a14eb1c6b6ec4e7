from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerRetentionCase(models.Model):
    """Against bad faith: immediate payment and a warning, by core's own fields."""

    _inherit = "customer.retention.case"

    protects = fields.Boolean(related="play_id.protects")
    may_protect = fields.Boolean(
        compute="_compute_may_protect",
        help="The play is one against bad faith, nobody warns yet, and you may change "
        "the customer.",
    )

    @api.depends("partner_id.sale_warn_msg", "play_id.protects")
    @api.depends_context("uid")
    def _compute_may_protect(self):
        for case in self:
            case.may_protect = (
                case.protects
                and not case.partner_id.sale_warn_msg
                and case.partner_id.has_access("write")
            )

    def action_protect(self):
        """Warn on new quotations, and ask for payment before anything is delivered.

        :raise UserError: the play is not one against bad faith
        """
        self.ensure_one()
        self.check_access("write")
        if not self.protects:
            raise UserError(
                self.env._(
                    "“%s” is no play against bad faith. Only those warn on quotations "
                    "and ask for payment first: open a case with one of them.",
                    self.play_id.display_name,
                )
            )
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
