from __future__ import annotations

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

GRADES = [
    ("5", "Very satisfied"),
    ("4", "Satisfied"),
    ("3", "Neither"),
    ("2", "Dissatisfied"),
    ("1", "Very dissatisfied"),
]
# Up to this grade somebody calls back.
BAD_GRADE = 2
# Mails of one run of the job; the rest goes with the next one, at once.
MOST_MAILS = 200
# Messages of the conversation that a mail refers to, for programs that sort by them.
MOST_REFERENCES = 5
# A mail that cannot be sent is tried again after this long.
RETRY_AFTER = timedelta(days=1)


class CustomerComplaintSurvey(models.Model):
    """How a customer found the way we handled a complaint: asked once.

    One question first; whoever answers it may say more about the three kinds of
    justice that make up satisfaction with recovery: outcome, process and treatment
    (Tax, Brown and Chandrashekaran, Journal of Marketing 62, 1998).
    """

    _name = "customer.complaint.survey"
    _inherit = "customer.survey.link.mixin"
    _description = "Survey after a Complaint"
    _order = "id desc"
    _rec_name = "complaint_id"
    _survey_scope = "customer-complaint-survey"
    _survey_path = "/complaints/survey"

    complaint_id = fields.Many2one(
        "customer.complaint",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(related="complaint_id.company_id", store=True)
    team_id = fields.Many2one(related="complaint_id.team_id", store=True)
    state = fields.Selection(
        [
            ("waiting", "To Be Sent"),
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        readonly=True,
        index=True,
    )
    due_at = fields.Datetime(
        readonly=True,
        index="btree_not_null",
        help="When the next mail is due: the question, then the reminder. Empty: none.",
    )
    sent_at = fields.Datetime(readonly=True)
    reminded_at = fields.Datetime(readonly=True)
    answered_at = fields.Datetime(readonly=True)
    satisfaction = fields.Selection(GRADES, readonly=True)
    outcome_grade = fields.Selection(GRADES, string="Outcome", readonly=True)
    process_grade = fields.Selection(GRADES, string="Process", readonly=True)
    treatment_grade = fields.Selection(GRADES, string="Treatment", readonly=True)
    comment = fields.Text(readonly=True)

    # === ANSWERS === #

    def _answer(self, grade: str, comment: str = "") -> bool:
        """Keep the first answer, and no later one.

        :param grade: key of the selection ``satisfaction``
        :return: whether it was kept
        """
        self.ensure_one()
        if grade not in dict(GRADES) or not self._take(("waiting", "sent")):
            return False
        now = fields.Datetime.now()
        self.write(
            {
                "state": "answered",
                "satisfaction": grade,
                "comment": (comment or "").strip()[:4000],
                "answered_at": now,
                "due_at": False,
            }
        )
        self._rate_complaint()
        if int(grade) <= BAD_GRADE:
            self._plan_call_back()
        return True

    def _answer_details(self, grades: dict[str, str], comment: str = "") -> bool:
        """Keep what is said about outcome, process and treatment, once.

        :param grades: {field: grade}, whichever were answered
        """
        self.ensure_one()
        names = ("outcome_grade", "process_grade", "treatment_grade")
        kept = {
            name: grades[name]
            for name in names
            if grades.get(name) in dict(GRADES) and not self[name]
        }
        if comment and not self.comment:
            kept["comment"] = comment.strip()[:4000]
        if self.state != "answered" or not kept:
            return False
        self.write(kept)
        return True

    def _take(self, states) -> bool:
        """Lock the survey if nobody answered meanwhile."""
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        return self.state in states

    def _rate_complaint(self) -> None:
        """Tell core's ratings, which teams are measured by, and the chatter."""
        # sudo: rating.rating - the customer may not write ratings, only answer
        complaint = self.complaint_id.sudo()
        rating = (
            self.env["rating.rating"]
            # sudo: rating.rating - the customer may not write ratings, only answer
            .sudo()
            .create(
                {
                    "partner_id": complaint.partner_id.id,
                    "rated_partner_id": complaint.user_id.partner_id.id,
                    "res_model_id": self.env["ir.model"]._get_id(complaint._name),
                    "res_id": complaint.id,
                    "is_internal": True,
                }
            )
        )
        complaint.rating_apply(
            int(self.satisfaction),
            rating=rating,
            feedback=self.comment,
            subtype_xmlid="mail.mt_note",
        )

    def _plan_call_back(self) -> None:
        """Somebody calls a customer who is not satisfied, the same day."""

        def words(complaint):
            env = complaint.env
            grades = dict(self._fields["satisfaction"]._description_selection(env))
            return (
                env._("Call back: the customer is not satisfied"),
                env._("Answer: %(grade)s", grade=grades[self.satisfaction]),
            )

        self.complaint_id._ask_for_attention(words, "mail.mail_activity_data_call")

    # === SENDING === #

    @api.model
    def _cron_send(self) -> None:
        """Send what is due, questions and reminders, a mail a transaction."""
        now = fields.Datetime.now()
        is_due = [("due_at", "<=", now), ("state", "in", ("waiting", "sent"))]
        left = self.search_count(is_due)
        due = self.search(is_due, order="due_at, id", limit=MOST_MAILS)
        for number, survey in enumerate(due, start=1):
            survey._send_safely(now)
            if not self.env["ir.cron"]._commit_progress(1, remaining=left - number):
                return

    def _send_safely(self, now) -> None:
        """Send a mail; one that cannot be sent keeps none of the others waiting."""
        try:
            with self.env.cr.savepoint():
                self._send(now)
        except psycopg2.OperationalError:
            raise
        except Exception:
            _logger.exception("Complaint survey %s cannot be sent", self.id)
            self.invalidate_recordset()
            self.due_at = now + RETRY_AFTER

    def _send(self, now) -> None:
        """Ask, or ask once more; nobody is asked about what is open again."""
        self.ensure_one()
        complaint = self.complaint_id
        if complaint.status not in ("resolved", "closed") or not complaint.email_from:
            self._cancel()
            return
        template = self.env.ref(
            "customer_retention.mail_template_complaint_survey",
            raise_if_not_found=False,
        )
        if not template:
            self._cancel()
            return
        template.send_mail(
            self.id,
            email_layout_xmlid="mail.mail_notification_light",
            email_values=self._prepare_thread_values(),
        )
        if self.state == "sent":
            self.write({"reminded_at": now, "due_at": False})
        else:
            self.write(
                {"state": "sent", "sent_at": now, "due_at": self._reminder_at(now)}
            )

    def _prepare_thread_values(self) -> dict:
        """Return what makes an answer to the mail an answer in the complaint."""
        complaint = self.complaint_id
        references = complaint._customer_messages().mapped("message_id")
        if not references:
            return {"reply_to": complaint.sender_email}
        return {
            "reply_to": complaint.sender_email,
            "references": " ".join(filter(None, references[-MOST_REFERENCES:])),
        }

    def _reminder_at(self, sent_at):
        """Return when to ask once more, False for never."""
        days = self.company_id.complaint_survey_reminder_days
        return bool(days) and sent_at + timedelta(days=days)

    def _cancel(self) -> None:
        """Ask no more."""
        self.write({"state": "cancelled", "due_at": False})
