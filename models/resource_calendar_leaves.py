from odoo import api, models

MATTERING = {"date_from", "date_to", "calendar_id", "company_id", "time_type"}


class ResourceCalendarLeaves(models.Model):
    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        leaves = super().create(vals_list)
        leaves._complaint_clocks_changed()
        return leaves

    def write(self, vals):
        if MATTERING.isdisjoint(vals):
            return super().write(vals)
        self._complaint_clocks_changed()
        result = super().write(vals)
        self._complaint_clocks_changed()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_and_reckon_clocks(self):
        self._complaint_clocks_changed()

    def _complaint_clocks_changed(self):
        """Public holidays move deadlines; absences of one person do not."""
        for leave in self.filtered(lambda one: not one.resource_id):
            leave.calendar_id._complaint_clocks_changed(leave.company_id)
