from __future__ import annotations

import logging
from datetime import date

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tools import email_normalize, formataddr

_logger = logging.getLogger(__name__)

# What a wrong template, plan or address may raise.
MIS_SET = (UserError, ValueError, TypeError, AttributeError, KeyError, psycopg2.Error)


class CustomerTierMessageMixin(models.AbstractModel):
    """What is said and planned about the tier of a customer: in the customer's
    language, from the right company, and within the limit of a run.

    Heirs have ``partner_id``, ``ladder_id`` and ``company_id``.
    """

    _name = "customer.tier.message.mixin"
    _description = "Says Something about a Tier"

    # Of templates.
    sender_company_id = fields.Many2one(
        "res.company",
        compute="_compute_sender",
        compute_sudo=True,  # sudo: res.company - the one that customers know
        exportable=False,
    )
    sender_email = fields.Char(
        compute="_compute_sender",
        compute_sudo=True,  # sudo: res.company - the address that customers know
        exportable=False,
    )
    customer_lang = fields.Char(
        compute="_compute_sender",
        compute_sudo=True,  # sudo: res.partner - the language a message is in
        exportable=False,
    )

    @api.depends("partner_id", "company_id")
    def _compute_sender(self):
        companies = self._acting_companies()
        for record in self:
            company = companies[record]
            record.sender_company_id = company
            record.sender_email = record._sender_address(company)
            record.customer_lang = (
                record.partner_id.lang or company.partner_id.lang or self.env.lang
            )

    def _sender_address(self, company):
        if company.email:
            address = email_normalize(company.email) or company.email
            return formataddr((company.name, address))
        return company.catchall_formatted or self.env.user.email_formatted

    # === WHO === #

    def _acting_companies(self) -> dict:
        """Return {record: root company that looks after the customer}.

        In a shared ladder it is the one the customer bought from last.
        """
        # sudo: customer.relationship - who writes does not depend on who asks
        rows = self.env["customer.relationship"].sudo()
        shared = self.filtered(lambda one: not one.company_id)
        known = {}
        for row in rows.with_context(active_test=False).search(
            [("partner_id", "in", shared.partner_id.ids)],
            order="last_purchase_on, id",
        ):
            known[row.partner_id] = row.company_id
        default = self.env.company._retention_root()
        return {
            one: one.company_id or known.get(one.partner_id, default) for one in self
        }

    def _responsible(self, company):
        """Return who looks after the customer, or else after all customers."""
        self.ensure_one()
        # sudo: customer.relationship - an activity is for whoever looks after them
        rows = self.env["customer.relationship"].sudo()
        row = rows.with_context(active_test=False).search(
            [("partner_id", "=", self.partner_id.id), ("company_id", "=", company.id)],
            limit=1,
        )
        user = row.user_id or self.partner_id.user_id
        return company._retention_doer(user)

    # === WHAT === #

    def _send_to_customer(self, template, company) -> str:
        """Send a message by a template, and return the outcome of the notice."""
        self.ensure_one()
        day = company._retention_today()
        silent = self.env["customer.tier.opt.out"]._silent_accounts(
            self.partner_id.commercial_partner_id.ids, company, day
        )
        if self.partner_id.commercial_partner_id.id in silent:
            return "opted_out"
        if not self.partner_id.email_normalized:
            return "no_address"
        sent = self._guarded(
            lambda: template.with_company(company).send_mail(
                self.id,
                email_values={
                    "recipient_ids": [Command.set(self.partner_id.ids)],
                    "email_to": False,
                    "email_cc": False,
                },
            )
        )
        return "done" if sent else "failed"

    def _launch_plan(self, plan, company, as_of: date) -> bool:
        """Plan activities on the customer; a plan nobody can follow is left out."""
        self.ensure_one()
        responsible = self._responsible(company)
        if plan.has_user_on_demand and not responsible:
            return False
        partner = self.partner_id

        def launch():
            wizard = self.env["mail.activity.schedule"].with_context(
                active_model="res.partner",
                active_ids=partner.ids,
                active_id=partner.id,
            )
            values = {
                "res_model": "res.partner",
                "res_ids": str(partner.ids),
                "plan_id": plan.id,
                "plan_date": as_of,
                "plan_on_demand_user_id": responsible.id,
            }
            wizard.create(values).action_schedule_plan()
            return True

        return self._guarded(launch)

    def _remind(self, user, day: date, summary: str, note: str = "") -> None:
        """Give somebody an activity on the customer, unless it is there already."""
        self.ensure_one()
        kind = "mail.mail_activity_data_todo"
        partner = self.partner_id
        known = partner.activity_search([kind], user_id=user.id)
        if summary not in known.mapped("summary"):
            partner.activity_schedule(
                kind, date_deadline=day, user_id=user.id, summary=summary, note=note
            )

    def _guarded(self, call):
        """Do something that a wrong setting may break, without breaking the rest."""
        try:
            with self.env.cr.savepoint():
                return call()
        except MIS_SET as error:
            if isinstance(error, psycopg2.OperationalError):
                raise  # somebody else was at work: everything is tried again
            _logger.warning(
                "Nothing said to customer %s about a tier: %s",
                self.partner_id.id,
                error,
            )
            return False

    @api.model
    def _sum_up(self, company, day: date, count: int) -> None:
        """Tell the person responsible once a run how many were left without."""
        responsible = company.retention_responsible_id
        if not responsible or count <= 0:
            return
        started = self.env.context.get("customer_retention_run_started")
        known = started and company.partner_id.activity_search(
            ["mail.mail_activity_data_todo"],
            user_id=responsible.id,
            additional_domain=[
                ("date_deadline", "=", day),
                ("create_date", ">=", started),
                ("summary", "like", self._summary_mark()),
            ],
        )
        summary = self.env._(
            "Tiers: %(count)s customers without message or activity", count=count
        )
        if known:
            known.summary = summary
            return
        company.partner_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=day,
            user_id=responsible.id,
            summary=summary,
            note=self.env._(
                "More happened at once than the settings allow messages and "
                "activities for. Look at the list of notices of %(day)s.",
                day=fields.Date.to_string(day),
            ),
        )

    @api.model
    def _summary_mark(self) -> str:
        """The part of the summary that does not change with the number."""
        text = self.env._(
            "Tiers: %(count)s customers without message or activity", count="|"
        )
        return max(text.split("|"), key=len)

    # === LOG === #

    def _prepare_notice(self, kind: str, outcome: str, **values) -> dict:
        """Return the values of a row of the log."""
        self.ensure_one()
        return {
            "partner_id": self.partner_id.id,
            "ladder_id": self.ladder_id.id,
            "company_id": self.company_id.id,
            "kind": kind,
            "outcome": outcome,
            "recorded_at": fields.Datetime.now(),
            **values,
        }
