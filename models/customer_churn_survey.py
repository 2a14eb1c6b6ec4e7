from __future__ import annotations

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import hash_sign, verify_hash_signed

_logger = logging.getLogger(__name__)

SCOPE = "customer-churn-survey"
# How long a link answers.
VALID_HOURS = 60 * 24
# A person needs this long to read the question; a scanner of links does not.
SHORTEST_READING = 2  # seconds
MOST_MAILS = 200
MOST_WORDS = 4000
# Who left longer ago is not asked by itself any more.
LATEST = timedelta(days=60)


class CustomerChurnSurvey(models.Model):
    """A customer who left is asked why, once, by mail.

    The link tells which loss it is about and nothing else: whether an answer is still
    wanted is looked up when it arrives.
    """

    _name = "customer.churn.survey"
    _inherit = "customer.visible.mixin"
    _description = "Exit Survey"
    _order = "id desc"
    _rec_name = "event_id"

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
        template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
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

    # === TOKENS === #

    def _get_token(self) -> str:
        """Return the signed link of this survey, good for two months."""
        self.ensure_one()
        # sudo: ir.config_parameter - the secret that signs links
        return hash_sign(self.sudo().env, SCOPE, self.id, expiration_hours=VALID_HOURS)

    @api.model
    def _from_token(self, token: str):
        """Return the survey a link belongs to, nothing when it is forged or old."""
        try:
            # sudo: ir.config_parameter - the secret that signs links
            survey_id = verify_hash_signed(self.sudo().env, SCOPE, token or "")
        except (ValueError, TypeError):
            return self.browse()
        # sudo: customer.churn.survey - the signature names this one record
        return self.sudo().browse(survey_id).exists() if survey_id else self.browse()

    def _get_url(self) -> str:
        self.ensure_one()
        return f"{self.get_base_url()}/leaving/survey/{self._get_token()}"

    @api.model
    def _issue_reading_proof(self) -> str:
        """Return what a page carries to prove when it was read."""
        moment = fields.Datetime.now().timestamp()
        # sudo: ir.config_parameter - the secret that signs links
        return hash_sign(self.sudo().env, f"{SCOPE}-page", moment, expiration_hours=48)

    @api.model
    def _was_read(self, proof: str) -> bool:
        """Whether a page had been open for as long as a person needs to read it."""
        try:
            # sudo: ir.config_parameter - the secret that signs links
            moment = verify_hash_signed(self.sudo().env, f"{SCOPE}-page", proof or "")
        except (ValueError, TypeError):
            return False
        now = fields.Datetime.now().timestamp()
        return bool(moment) and now - moment >= SHORTEST_READING

    # === PAGES === #

    def _receive(self, form) -> bool:
        """Keep the first answer that a person can have given, and no later one.

        :param form: {name: text} as the page sends it
        """
        if not self or not self._was_read(form.get("proof")):
            return False
        reason = self._chosen_reason(form.get("reason"))
        words = (form.get("words") or "").strip()[:MOST_WORDS]
        if not (reason or words) or not self._may_answer():
            return False
        competitor = (form.get("competitor") or "").strip()[:200]
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
        """The answer explains the loss; words without a reason stand there, too."""
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
        elif not event.words:
            event._engine().write({"words": words})
        event._log_answer(reason, words)

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


class CustomerChurnEvent(models.Model):
    """A loss about which the customer can be asked."""

    _inherit = "customer.churn.event"

    survey_ids = fields.One2many("customer.churn.survey", "event_id", string="Surveys")

    def action_ask(self):
        """Ask the customers by mail why they left.

        :raise UserError: there is nobody who can be asked
        """
        self.check_access("write")
        sent = self.env["customer.churn.survey"]._ask(self)
        if not sent:
            raise UserError(
                self.env._(
                    "Nobody can be asked: they have been asked already, came back, "
                    "have no mail address, or do not want mails from us."
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Asked by mail: %s", len(sent)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _askable(self):
        """Return losses whose customers can be asked: once, by a mail they accept.

        Whoever is left alone to find out whether fighting helps is left alone here,
        too, and so is whoever does not want to be profiled.
        """
        found = self.browse()
        for company, events in self.grouped("company_id").items():
            day = company._retention_today()
            held_out = self.env["customer.retention.draw"]._held_out_ids(company, day)
            found |= events.filtered(
                lambda event, held_out=held_out: (
                    event.state == "lost"
                    # sudo: customer.churn.survey - whether somebody asked
                    and not event.sudo().survey_ids
                    and event.partner_id.id not in held_out
                    and event._accepts_mail()
                )
            )
        return found

    def _accepts_mail(self) -> bool:
        # sudo: res.partner - the address and its block list decide, whoever asks
        partner = self.sudo().partner_id
        return bool(
            partner.active
            and partner.email_normalized
            and not partner.is_blacklisted
            and self.is_profiled
        )

    def _log_answer(self, reason, words) -> None:
        """Tell the salesperson what the customer answered."""
        responsible = self.salesperson_id or self.company_id.retention_responsible_id
        if not responsible:
            return
        # sudo: res.users - the language of a colleague
        lang = responsible.sudo().lang
        env = self.with_context(lang=lang).env
        # sudo: res.partner - the customer answered without an account
        self.partner_id.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=responsible.id,
            summary=env._("A lost customer told why"),
            note=": ".join(
                part for part in (reason.with_context(lang=lang).name, words) if part
            ),
        )
