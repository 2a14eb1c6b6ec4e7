from odoo import models

from .customer_complaint_reevaluation import PROOFS


class CustomerComplaint(models.Model):
    """Promises that ended by a mistake or a detour, and go on when it is over."""

    _inherit = "customer.complaint"

    def _is_owed_anything(self) -> bool:
        """Whether there is still somebody to whom promises are kept."""
        return (
            self.kind == "complaint"
            and self.active
            and self.outcome != "withdrawn"
            and not self.merged_into_id
        )

    def _restart_dropped(self):
        """Let promises go on that ended only because nobody seemed to be owed them.

        The customer has been waiting all the time: nobody gains any by the detour.
        """
        for complaint in self.filtered(lambda one: one.status in ("open", "waiting")):
            ended = complaint._ended_without_proof()
            state = "paused" if complaint.status == "waiting" else "running"
            complaint._restart_clocks({str(clock.id): state for clock in ended})

    def _ended_without_proof(self):
        """Return the last clock of each kind that was canceled, not kept."""
        since = (self.reopened_at or self.received_at).replace(microsecond=0)
        clocks = self._clock_model().search(
            [("complaint_id", "=", self.id), ("started_at", ">=", since)], order="id"
        )
        last = {clock.kind: clock for clock in clocks}
        return clocks.browse().union(
            *(
                clock
                for kind, clock in last.items()
                if clock.state == "cancelled"
                and (kind != "update" or self.promised_at)
                and not any(self[name] for name in PROOFS.get(kind, ()))
            )
        )
