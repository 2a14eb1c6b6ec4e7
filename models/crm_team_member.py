from odoo import api, models


class CrmTeamMember(models.Model):
    _inherit = "crm.team.member"

    @api.model_create_multi
    def create(self, vals_list):
        """Let the leaders see the customers of the new members at once."""
        members = super().create(vals_list)
        self.env.registry.clear_cache()
        return members

    def write(self, vals):
        """Forget who sees whose customers when somebody joins or leaves a team."""
        result = super().write(vals)
        if {"user_id", "crm_team_id", "active"} & vals.keys():
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        """Forget that the leaders saw the customers of these members."""
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
