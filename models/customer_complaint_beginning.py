from __future__ import annotations

from odoo import api, models

# Only code of this module can put this object into a context: the complaint is created
# although what begins with it fails, so that nobody's words are lost.
BARE = object()
# The same for what is filled in before the clocks start: it changes no clock.
BEGINNING = object()


class CustomerComplaint(models.Model):
    """How a complaint begins: company, team, stage and number, and what follows."""

    _inherit = "customer.complaint"

    @api.model_create_multi
    def create(self, vals_list):
        """Number and place new complaints, then let everything begin.

        What fails in what is only polite or clever never loses a complaint.
        """
        complaints = super().create(self._prepare_new_complaints(vals_list))
        if self.env.context.get("customer_complaint_bare") is BARE:
            complaints._log_event(
                "received", {one: one.received_at for one in complaints}
            )
            return complaints
        # what is filled in at the start is not a change to be told in the thread
        complaints.with_context(mail_notrack=True)._begin()
        return complaints

    @api.model
    def _prepare_new_complaints(self, vals_list):
        """Return copies of the values with company, team, stage and number."""
        prepared = [dict(vals) for vals in vals_list]
        self._fill_in_places(prepared)
        self._fill_in_numbers(prepared)
        return prepared

    @api.model
    def _fill_in_places(self, vals_list):
        """Find company, team and stage of those that come without them."""
        defaults = self.default_get(["company_id", "team_id", "stage_id"])
        Team = self.env["customer.complaint.team"]
        responsible, first_stages, stages = {}, {}, self._all_stages()
        for vals in vals_list:
            team = Team.browse(vals.get("team_id", defaults.get("team_id")) or [])
            vals.setdefault(
                "company_id",
                # sudo: customer.complaint.team - its company, whoever complains
                team.sudo().company_id.id or defaults["company_id"],
            )
            if not team:
                key = vals["company_id"], vals.get("category_id")
                if key not in responsible:
                    responsible[key] = Team._responsible(*key)
                team = responsible[key]
                vals["team_id"] = team.id
            if not vals.get("stage_id", defaults.get("stage_id")):
                if team not in first_stages:
                    first_stages[team] = self._stage_of_event("received", team, stages)
                vals["stage_id"] = first_stages[team].id

    def _begin(self):
        """Everything that starts with a complaint, in its order."""
        unstarted = self.with_context(customer_complaint_beginning=BEGINNING)
        unstarted._part_from_concerned()
        unstarted._propose_severity()
        unstarted._assign()
        self._log_event("received", {one: one.received_at for one in self})
        self._start_clocks()
        self._record_first_stage()
        self._acknowledge_new()
        self._pass_praise_on()
