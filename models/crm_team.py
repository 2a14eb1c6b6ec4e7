from odoo import models


class CrmTeam(models.Model):
    _inherit = "crm.team"

    def write(self, vals):
        """Forget who sees whose customers when the leader of a team changes."""
        result = super().write(vals)
        if "user_id" in vals or "active" in vals:
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Forget who sees whose customers: a leader without team leads nobody."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
