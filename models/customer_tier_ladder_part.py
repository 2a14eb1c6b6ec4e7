from odoo import api, models


class CustomerTierLadderPart(models.AbstractModel):
    """A part of a ladder that decides: what is saved in it is a version of the ladder.

    Heirs have a ``ladder_id``.
    """

    _name = "customer.tier.ladder.part"
    _description = "Part of a Tier Ladder"

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.ladder_id._parts_changed()
        return parts

    def write(self, vals):
        ladders = self.ladder_id
        result = super().write(vals)
        (ladders | self.ladder_id)._parts_changed()
        return result

    def unlink(self):
        ladders = self.ladder_id
        result = super().unlink()
        ladders.exists()._parts_changed()
        return result
