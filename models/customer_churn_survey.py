from __future__ import annotations

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models

_logger = logging.getLogger(__name__)

MOST_MAILS = 200
# Who left longer ago is not asked by itself any more.
LATEST = timedelta(days=60)


class CustomerChurnSurvey(models.Model):
    """A customer who left is asked why, once, by mail.

    The link tells which loss it is about and nothing else: whether an answer is still
    wanted is looked up when it arrives.
    """

    _name = "customer.churn.survey"
    _inherit = ["customer.visible.mixin", "customer.survey.link.mixin"]
    _description = "Exit Survey"
    _order = "id desc"
    _rec_name = "event_id"
    _survey_scope = "customer-churn-survey"
    _survey_path = "/leaving/survey"

    event_id = fields.Many2one(
        "customer.churn.event",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(related="event_id.partner_id", store=True, index=True)
    company_id = fields.Many2one(related="event_id.company_id", store=True)
    state = fields.Selection(
        [
            ("sent", "Sent"),
            ("answered", "Answered"),
            ("cancelled", "Not Sent"),
        ],
        required=True,
        default="sent",
        readonly=True,
    )
    sent_at = fields.Datetime(readonly=True)
    answered_at = fields.Datetime(readonly=True)
    reason_id = fields.Many2one("customer.churn.reason", readonly=True)
    words = fields.Text(string="What They Said", readonly=True)
    competitor = fields.Char(readonly=True)

    # === SENDING === #

    @api.model
    def _ask(self, events):
        """Ask the customers of losses why they left, those that can be asked.

        :return: surveys that were sent
        """
        surveys = self.browse()
        for event in events._askable():
            # sudo: customer.churn.survey - nobody enters them
            survey = self.sudo().create({"event_id": event.id})
            if survey._send():
                surveys |= survey
        return surveys

    def _send(self) -> bool:
        self.ensure_one()
        template = self.env.ref(
            "customer_retention.mail_template_churn_survey", raise_if_not_found=False
        )
        if not template:
            self.state = "cancelled"
            return False
        template.send_mail(self.id)
        self.sent_at = fields.Datetime.now()
        return True

    @api.model
    def _cron_ask(self) -> None:
        """Ask whoever left as long ago as the company says, a mail a transaction."""
        due = self._due_events()
        left = len(due)
        for event in due[:MOST_MAILS]:
            self._ask_safely(event)
            left -= 1
            if not self.env["ir.cron"]._commit_progress(1, remaining=left):
                return

    def _ask_safely(self, event) -> None:
        """Ask; a mail that cannot be made keeps none of the others waiting."""
        try:
            with self.env.cr.savepoint():
                self._ask(event)
        except psycopg2.OperationalError:
            raise
        except Exception:
            _logger.exception("Exit survey of loss %s cannot be sent", event.id)
            self.env.invalidate_all()
            self.create({"event_id": event.id, "state": "cancelled"})

    @api.model
    def _due_events(self):
        """Return the losses that nobody was asked about yet, and the day has come."""
        events = self.env["customer.churn.event"]
        for company in self.env["res.company"]._churn_roots():
            start = company.retention_side_effects_from
            if not company.churn_ask_days or not start:
                continue
            last = company._retention_today() - timedelta(days=company.churn_ask_days)
            events |= events.search(
                [
                    ("company_id", "=", company.id),
                    ("state", "=", "lost"),
                    ("decided_by", "=", "customer"),
                    ("date", "<=", last),
                    ("date", ">=", max(start, last - LATEST)),
                    ("survey_ids", "=", False),
                ],
                order="date, id",
            )
        return events._askable()
