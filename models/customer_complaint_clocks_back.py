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
        present = self.filtered(lambda one: one.status in ("open", "waiting"))
        if not present:
            return
        present._restart_clocks(
            {
                str(clock.id): _state_of_clocks(complaint)
                for complaint, clocks in present._ended_without_proof().items()
                for clock in clocks
            }
        )

    def _met_promises(self):
        """Return {(id, kind)} of the first answers and decisions that were given.

        Resolving a complaint is neither: whoever comes back still waits for them.
        """
        decided = self.event_ids.filtered(lambda event: event.event == "decided")
        return {
            *((one.id, "answer") for one in self if one.answered_at),
            *((one.id, "decision") for one in decided.complaint_id),
        }

    def _ended_without_proof(self):
        """Return {complaint: last clocks of each kind, canceled and not kept}."""
        beginnings = {one: one._clocks_began_at() for one in self}
        clocks = self._clock_model().search(
            [
                ("complaint_id", "in", self.ids),
                ("started_at", ">=", min(beginnings.values(), default=False)),
            ],
            order="id",
        )
        last = {}
        for clock in clocks:
            complaint = self.browse(clock.complaint_id.id)
            if clock.started_at >= beginnings[complaint]:
                last.setdefault(complaint, {})[clock.kind] = clock
        return {
            complaint: [
                clock for clock in kinds.values() if complaint._is_still_owed(clock)
            ]
            for complaint, kinds in last.items()
        }

    def _clocks_began_at(self):
        """Return since when the promises that count were made."""
        return (self.reopened_at or self.received_at).replace(microsecond=0)

    def _is_still_owed(self, clock):
        """Whether a clock ended although nothing shows that its promise was kept."""
        return (
            clock.state == "cancelled"
            and (clock.kind != "update" or bool(self.promised_at))
            and not any(self[name] for name in PROOFS.get(clock.kind, ()))
        )


def _state_of_clocks(complaint):
    return "paused" if complaint.status == "waiting" else "running"
