from __future__ import annotations

from odoo import models
from odoo.tools.misc import format_date


class CustomerChurnEvent(models.Model):
    """Whoever is lost is not kept any more: the case that tried ends with the loss."""

    _inherit = "customer.churn.event"

    def _follow_up(self):
        result = super()._follow_up()
        self._end_saves()
        return result

    def _sync_declared(self):
        result = super()._sync_declared()
        self._end_saves()
        return result

    def _end_saves(self) -> None:
        """Close the open cases that were to keep these customers."""
        # sudo: customer.retention.case - follows from the loss, whoever works on it
        cases = self.env["customer.retention.case"].sudo()
        lost = self.filtered(lambda event: event.state == "lost")
        for company, events in lost.grouped("company_id").items():
            found = cases._open_cases(company, events.partner_id.ids)
            for event in events:
                case = found.get(event.partner_id.id, cases)
                if case.kind == "save":
                    case._end_with(event)


class CustomerRetentionCase(models.Model):
    """A case to keep somebody who was lost."""

    _inherit = "customer.retention.case"

    def _end_with(self, event) -> None:
        self._close("lost")
        self._verb().write({"event_id": event.id})
        env = self.with_context(lang=self.user_id.lang or self.env.lang).env
        self._message_log(
            body=env._(
                "The customer was lost on %(day)s. Winning them back is another case.",
                day=format_date(env, event.date),
            )
        )
