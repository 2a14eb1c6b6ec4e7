from odoo import fields, models

MOST_WORDS = 4000
MOST_COMPETITOR = 200


class CustomerChurnSurvey(models.Model):
    """The page that asks, and what it sends."""

    _inherit = "customer.churn.survey"

    # === PAGES === #

    def _receive(self, form) -> bool:
        """Keep the first answer that a person can have given, and no later one.

        :param form: {name: text} as the page sends it
        """
        if not self or not self._was_read(form.get("proof")):
            return False
        reason = self._chosen_reason(form.get("reason"))
        words = (form.get("words") or "").strip()[:MOST_WORDS]
        competitor = (form.get("competitor") or "").strip()[:MOST_COMPETITOR]
        if not (reason or words or competitor) or not self._may_answer():
            return False
        self.write(
            {
                "state": "answered",
                "answered_at": fields.Datetime.now(),
                "reason_id": reason.id,
                "words": words,
                "competitor": competitor,
            }
        )
        self._tell(reason, words, competitor)
        return True

    def _may_answer(self) -> bool:
        """Look again, with the row locked, whether an answer is still wanted."""
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        event = self.event_id
        return (
            self.state == "sent"
            and event.state == "lost"
            and bool(event.partner_id)
            and event.company_id.retention_use_churn
        )

    def _chosen_reason(self, text):
        """Return the reason that was chosen, if it is one of those offered."""
        offered = self.env["customer.churn.reason"]._asked(self.company_id)
        return offered.filtered(lambda reason: str(reason.id) == text)

    def _tell(self, reason, words, competitor) -> None:
        """The answer explains the loss; what comes without a reason stands there, too,
        where nobody has written yet.
        """
        event = self.event_id
        if reason:
            self.env["customer.churn.mention"]._hear(
                event.partner_id,
                event.company_id,
                reason,
                "survey",
                words=words,
                competitor=competitor,
                user_id=False,
            )
        else:
            heard = {"words": words, "competitor": competitor}
            event._engine().write(
                {name: text for name, text in heard.items() if not event[name]}
            )
        event._log_answer(reason, words, competitor)

    def _page_values(self) -> dict:
        """Return what the page needs, in the language of this record."""
        reasons = self.env["customer.churn.reason"]._asked(self.company_id)
        return {
            "survey": self,
            "proof": self._issue_reading_proof(),
            "reasons": reasons.with_env(self.env),
            "is_open": bool(self) and self.state == "sent" and self._is_wanted(),
        }

    def _is_wanted(self) -> bool:
        return self.event_id.state == "lost" and bool(self.event_id.partner_id)
