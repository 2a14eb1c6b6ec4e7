from odoo import api, models


class CustomerHeldMixin(models.AbstractModel):
    """What belongs to complaints under legal hold stays as it is."""

    _name = "customer.held.mixin"
    _description = "Kept by a Legal Hold"

    # What it says and where it belongs: code may change the rest of it.
    _held_content = frozenset()
    # The columns that name the record to which it belongs.
    _held_place = ("model", "res_id")

    def write(self, vals):
        """Keep what was said, and the papers, as they are."""
        if not (self.env.su or self._held_content.isdisjoint(vals)):
            self._check_not_on_legal_hold()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_legal_hold(self):
        """Keep what was said, and the papers."""
        self._check_not_on_legal_hold()

    def _check_not_on_legal_hold(self):
        model, res_id = self._held_place
        # sudo: ir.attachment, mail.message - what they belong to, whoever may read it
        places = {(one[model], one[res_id]) for one in self.sudo()}
        self.env["customer.complaint"]._check_papers_not_on_hold(places)
