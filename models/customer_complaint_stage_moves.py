from __future__ import annotations

from odoo import api, models

from .customer_complaint_lifecycle import RECORDING
from .customer_complaint_stage import PROGRESS

# Events that lead to the stage of another event.
STAGE_AFTER = {"merged": "closed"}
OVER = ("resolved", "closed")


class CustomerComplaint(models.Model):
    """Which stage an event leads to, and which event a move to a stage is."""

    _inherit = "customer.complaint"

    def _stages_after(self, event):
        """Return {complaint: its stage after an event}: the same one or further on."""
        all_stages = self._all_stages()
        reached = {}
        meaning = STAGE_AFTER.get(event, event)
        for complaint in self:
            stage = complaint.stage_id
            if event == "reopened":
                is_back = stage._progress() < PROGRESS["resolved"] and stage
                target = stage if is_back else self._stage_to_reopen(complaint.team_id)
            elif stage._progress() < PROGRESS.get(meaning, -1):
                target = self._stage_of_event(meaning, complaint.team_id, all_stages)
            else:
                target = stage
            reached[complaint] = target or stage
        return reached

    @api.model
    def _all_stages(self):
        # sudo: customer.complaint.stage - customers and events move complaints, too
        stages = self.env["customer.complaint.stage"].sudo()
        return stages.browse(stages._board())

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        team = self.env["customer.complaint.team"].browse(
            self.env.context.get("default_team_id")
        )
        return self._all_stages()._of_team(team)

    @api.model
    def _stage_of_event(self, event, team, stages=None):
        """Return the first stage of a team with this meaning; maybe none."""
        stages = self._all_stages() if stages is None else stages
        return stages._of_team(team).filtered(lambda stage: stage._meaning() == event)[
            :1
        ]

    @api.model
    def _stage_to_reopen(self, team):
        """Return the stage in which work on a reopened complaint goes on."""
        stages = self._all_stages()
        for event in ("investigating", "acknowledged", "received"):
            stage = self._stage_of_event(event, team, stages)
            if stage:
                return stage
        return stages.browse()

    def _record_move(self):
        """Record what it means that a person has moved complaints to a stage."""
        # sudo: customer.complaint - the move itself was allowed
        for stage, complaints in self.sudo().grouped("stage_id").items():
            over = complaints.filtered(lambda one: one.status in OVER)
            if stage._progress() < PROGRESS["resolved"]:
                over._record_event("reopened")
            elif stage._meaning() == "resolved":
                over.filtered(lambda one: one.status == "closed")._undo_closing()
            event = stage._meaning()
            if event in OVER:
                complaints._warn_of_end(event)
            if event not in (False, "received"):
                complaints._record_event(event)

    def _undo_closing(self):
        """Back from closed to resolved: the resolution stands."""
        self.with_context(customer_complaint_event=RECORDING).write(
            {"status": "resolved", "closed_at": False}
        )

    def _record_first_stage(self):
        """Record what it means that complaints were created in a later stage."""
        # sudo: customer.complaint - creating them was allowed
        for stage, complaints in self.sudo().grouped("stage_id").items():
            event = stage._meaning()
            if event not in (False, "received"):
                complaints._record_event(event)

    def _stay_in_stage(self):
        """Keep what a stage means where the new team has stages of its own."""
        stages = self._all_stages()
        values = {}
        for complaint in self:
            stage, team = complaint.stage_id, complaint.team_id
            if stage and team and not stage._of_team(team):
                event = stage._meaning()
                same = self._stage_of_event(event, team, stages)
                if event and same:
                    values[complaint] = {"stage_id": same.id}
        if values:
            self.with_context(customer_complaint_event=RECORDING)._write_each(values)
