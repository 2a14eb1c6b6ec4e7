from odoo import models


class LoyaltyCard(models.Model):
    """Cards of programs that are for members of some tiers."""

    _inherit = "loyalty.card"

    def _is_closed_to_its_owner(self) -> bool:
        """Whether the owner of the card has not the tier its program is for.

        Of a card without an owner the customer decides, whom the order knows.
        """
        self.ensure_one()
        if not self.partner_id:
            return False
        program = self.program_id
        company = program.company_id or self.env.company
        return program.id in program._closed_to(self.partner_id, company)
