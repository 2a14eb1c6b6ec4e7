from __future__ import annotations

import logging

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

from ..logic.retention import Situation

_logger = logging.getLogger(__name__)


class CustomerRetentionCase(models.Model):
    """How a case begins: what is known of the customer, the play, its first steps."""

    _inherit = "customer.retention.case"

    # === WHAT IS KNOWN === #

    @api.model
    def _gather(self, company, accounts) -> dict:
        """Return {customer: (situation, score, open loss)} in a company."""
        about = [("partner_id", "in", accounts.ids), ("company_id", "=", company.id)]
        # sudo: customer.relationship - rules decide, whoever opens the case
        rows = self.env["customer.relationship"].sudo().search(about)
        # sudo: customer.churn.score - rules decide, whoever opens the case
        scores = self.env["customer.churn.score"].sudo().search(about)
        # sudo: customer.churn.event - rules decide, whoever opens the case
        events = self.env["customer.churn.event"].sudo()
        lost = events.search([*about, ("state", "=", "lost")])
        by_row, by_score, by_event = (
            found.grouped("partner_id") for found in (rows, scores, lost)
        )
        return {
            account: (
                self._situation(
                    company,
                    by_row.get(account, rows[:0])[:1],
                    by_score.get(account, scores[:0])[:1],
                    by_event.get(account, lost[:0])[:1],
                ),
                by_score.get(account, scores[:0])[:1],
                by_event.get(account, lost[:0])[:1],
            )
            for account in accounts
        }

    @api.model
    def _situation(self, company, row, score, event) -> Situation:
        today = company._retention_today()
        last = row.last_purchase_on or event.last_purchase_on
        return Situation(
            kind="win_back" if event else "save",
            value_class=event.value_class or score.value_class or "small",
            reasons=event.reason_ids._way_ids(),
            group=event.reason_group or None,
            nature=event.nature or None,
            silent_days=(today - last).days if last else 0,
            open_complaints=row.complaint_open_count,
        )

    # === FILLING IN === #

    def _fill_in(self):
        """Write down how things stand on the day a case is opened."""
        for company, cases in self.grouped("company_id").items():
            known = cases._gather(company, cases.partner_id)
            plays = self.env["customer.retention.play"]._rows(company)
            for case in cases:
                situation, score, event = known[case.partner_id]
                play = case.play_id or plays._choose(
                    situation, company.churn_silent_days
                )
                values = self._prepare_known(company, play, situation, score, event)
                values.setdefault("user_id", case.user_id.id or self.env.uid)
                if case.user_id:
                    values["user_id"] = case.user_id.id
                case._verb().write(values)

    @api.model
    def _prepare_known(self, company, play, situation, score, event) -> dict:
        """Return what is written down about a customer on the day of opening."""
        today = company._retention_today()
        values = {
            "play_id": play.id,
            "kind": situation.kind,
            "cause": play._cause_of(situation, company.churn_silent_days),
            "value_class": situation.value_class,
            "event_id": event.id,
            "opened_on": today,
            "last_purchase_on": score.relationship_id.last_purchase_on,
            "window_until": self.new({"play_id": play.id})._window_of(today),
            "value": event.lost_revenue if event else score.value_at_risk,
            "yearly_value": event.lost_revenue if event else score.yearly_value,
            "reason_text": self._why(score, event),
        }
        responsible = self._responsible_of(score, event)
        if responsible:
            values["user_id"] = responsible.id
        return values

    @api.model
    def _why(self, score, event) -> str | bool:
        said = event.main_reason_id.display_name if event else score.reason_text
        return said or False

    def _say_why(self):
        """Say why in every language that is spoken here: the job that opens cases
        speaks none of its readers'.
        """
        spoken = [code for code, _name in self.env["res.lang"].get_installed()]
        others = [code for code in spoken if code != self.env.lang]
        for company, cases in self.grouped("company_id").items() if others else ():
            known = cases._gather(company, cases.partner_id)
            for case in cases._verb():
                _situation, *sources = known[case.partner_id]
                for code in others:
                    told = (one.with_context(lang=code) for one in sources)
                    case.with_context(lang=code).reason_text = self._why(*told)

    @api.model
    def _responsible_of(self, score, event):
        user = score.user_id or event.salesperson_id
        return user if user.active else self.env["res.users"]

    # === FIRST STEPS === #

    def _begin(self):
        """Say why, plan the steps of the play and send its mail."""
        self._say_why()
        for case in self:
            case._plan_steps()
            case._send_play_mail()

    def _plan_steps(self):
        """Plan what the play says; a step nobody can be given is left out."""
        # sudo: customer.retention.play - its steps, whoever opens the case
        plan = self.sudo().play_id.activity_plan_id
        today = self.company_id._retention_today()
        # sudo: customer.retention.case - planned by a rule, whoever opens it
        case = self.sudo()
        for template in plan.template_ids:
            found = template._determine_responsible(case.user_id, case)["responsible"]
            user = found or case.user_id or self.company_id.retention_responsible_id
            if not user:
                continue
            case.with_context(
                # whoever opens a case knows of it
                mail_activity_quick_update=user == self.env.user,
                lang=user.lang or self.env.lang,
            ).activity_schedule(
                activity_type_id=template.activity_type_id.id,
                automated=False,
                summary=template.summary,
                note=template.note,
                user_id=user.id,
                date_deadline=template._get_date_deadline(today),
            )

    def _send_play_mail(self):
        """Send the mail of the play to a customer who accepts mails.

        A mail that cannot be made keeps no case from being opened.
        """
        # sudo: mail.template - chosen by the play, whoever opens the case
        template = self.sudo().play_id.mail_template_id
        # sudo: res.partner - the address and its block list decide, whoever opens it
        if not template or not self.sudo().partner_id._accepts_retention_mail():
            return
        try:
            with self.env.cr.savepoint():
                template.send_mail(
                    self.id, email_layout_xmlid="mail.mail_notification_light"
                )
        except psycopg2.OperationalError:
            raise
        except (UserError, AccessError, ValueError, psycopg2.Error):
            _logger.exception("The mail of case %s cannot be made", self.id)


class CustomerChurnEvent(models.Model):
    """From a loss to the case that tries to win back."""

    _inherit = "customer.churn.event"

    case_ids = fields.One2many("customer.retention.case", "event_id", string="Cases")
    open_case_id = fields.Many2one(
        "customer.retention.case", compute="_compute_open_case_id"
    )

    @api.depends("case_ids.state")
    def _compute_open_case_id(self):
        for event in self:
            event.open_case_id = event.case_ids.filtered(
                lambda case: case.state == "open"
            )[:1]

    def action_open_win_back(self):
        """Open the case for this loss, or a new one."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Retention Case"),
            "res_model": "customer.retention.case",
            "res_id": self.open_case_id.id,
            "views": [(False, "form")],
            "context": {
                "default_partner_id": self.partner_id.id,
                "default_company_id": self.company_id.id,
            },
        }
