from __future__ import annotations

import logging
import uuid
from functools import partial

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import parse_contact_from_email

from .customer_complaint_beginning import BARE

_logger = logging.getLogger(__name__)

# What can happen when a setting is wrong.
MIS_SET = (UserError, AccessError, ValueError, TypeError, psycopg2.Error)
# What is left when nothing else can be trusted: who wrote what.
SURE = (
    "subject",
    "description",
    "channel",
    "company_id",
    "email_from",
    "partner_name",
    "phone",
    "is_automatic",
    "is_kept_from_salesperson",
)
# What a complaint takes from the mail itself, never from the settings of an alias.
OWN_FIELDS = frozenset({"name", "stage_id", "status", "received_at", "id"})


class CustomerComplaint(models.Model):
    """E-mail: every message to an alias becomes a complaint, whatever is mis-set."""

    _inherit = "customer.complaint"

    is_automatic = fields.Boolean(
        string="Written by a Machine",
        groups="base.group_user",
        readonly=True,
        copy=False,
        help="An automatic message, or one that asks not to be answered "
        "automatically: no acknowledgement is sent.",
    )

    # === GATEWAY ===#

    @api.model
    def _reroute(self, routes):
        """Lead replies to merged complaints to the one they were merged into."""
        return [
            (route[0], self._live_id(route[1]), *route[2:])
            if route[0] == self._name and route[1]
            else route
            for route in routes
        ]

    @api.model
    def _live_id(self, complaint_id):
        # sudo: customer.complaint - where a mail goes does not depend on its reader
        return self.sudo().browse(complaint_id).exists()._live().id or complaint_id

    def _live(self):
        """Return the complaint in which the conversation of this one goes on."""
        complaint = self
        while complaint.merged_into_id:
            complaint = complaint.merged_into_id
        return complaint

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Create a complaint from a mail; no setting may lose it.

        An automatic message whose sender we know from a recent complaint is filed
        there instead of starting another one.
        """
        speaker = self.env.context.get("customer_complaint_speaker", "person")
        company, team = self._mail_company_and_team(custom_values or {})
        this = self.with_company(company)
        if speaker == "machine":
            known = this._latest_of_sender(msg_dict, company)
            if known:
                return known
        if self._is_written_by_colleague(msg_dict.get("author_id")):
            # what a colleague adds to a forwarded mail is for colleagues
            msg_dict["is_internal"] = True
        skipped = this._limit_attachments(msg_dict)
        values = this._prepare_mail_values(msg_dict, custom_values, company, team)
        values["is_automatic"] = speaker != "person"
        # the sender, when a colleague forwards what somebody else wrote
        mail = {**msg_dict, "email_from": values["email_from"]}
        # acknowledged as soon as the customer's own words are in the thread
        later = this.with_context(customer_complaint_acknowledge_later=True)
        create = partial(super(CustomerComplaint, later).message_new, mail)
        complaint = this._create_safely(values, create)
        complaint._note_skipped_attachments(skipped)
        return complaint

    def message_update(self, msg_dict, update_vals=None):
        """Let nothing a customer writes become an internal note.

        Mail programs answer to whatever message they like, an internal one too.
        """
        if not self._is_written_by_colleague(msg_dict.get("author_id")):
            msg_dict["is_internal"] = False
        skipped = self._limit_attachments(msg_dict)
        result = super().message_update(msg_dict, update_vals=update_vals)
        self._note_skipped_attachments(skipped)
        return result

    @api.model
    def _create_safely(self, values, create=None):
        """Create with all we know; if that fails, with what cannot be wrong.

        :param create: what creates from ``values``; without it, ``create`` itself
        """
        try:
            with self.env.cr.savepoint():
                complaint = (create or self.create)(values)
                complaint.flush_recordset()
                return complaint.with_env(self.env)
        except psycopg2.OperationalError:
            # a lost race or connection is no wrong setting: the server tries again
            raise
        except MIS_SET as error:
            _logger.warning(
                "A message from %s could not become a complaint with its settings "
                "(%s); it becomes one without them.",
                values.get("email_from"),
                error,
            )
        return self._create_bare(values)

    @api.model
    def _create_bare(self, values):
        """Create a complaint that only says who wrote what, without any setting."""
        bare = {name: values[name] for name in SURE if values.get(name)}
        this = self.with_context(customer_complaint_bare=BARE)
        complaint = this.create(bare)
        complaint._message_log(
            body=self.env._(
                "This message could not be read with the settings of its alias or "
                "team. Please complete the complaint by hand and check the settings."
            )
        )
        return complaint.with_env(self.env)

    def _notify_get_reply_to(self, default=None, author_id=False):
        """Let replies come to the alias of the team, not into a person's mailbox."""
        # sudo: customer.complaint.team - its address, whoever writes
        teams = self.sudo().team_id
        addresses = teams._notify_get_reply_to(default=default, author_id=author_id)
        # sudo: customer.complaint.team - its address, whoever writes
        found = {one.id: addresses.get(one.sudo().team_id.id) for one in self}
        # sudo: customer.complaint.team - whether there is one
        without = self.filtered(lambda one: not one.sudo().team_id)
        if without:
            found.update(
                super(CustomerComplaint, without)._notify_get_reply_to(
                    default=default, author_id=author_id
                )
            )
        return found

    # === WHO, WHERE ===#

    @api.model
    def _mail_company_and_team(self, custom_values):
        """Return the company and the team of a mail; a team at rest is replaced."""
        Team = self.env["customer.complaint.team"].with_context(active_test=False)
        team = Team
        if isinstance(custom_values.get("team_id"), int):
            # sudo: customer.complaint.team - an address leads to it, whoever writes
            team = Team.sudo().search_fetch([("id", "=", custom_values["team_id"])])
        company = team.company_id
        if not company and isinstance(custom_values.get("company_id"), int):
            company = self.env["res.company"].browse(custom_values["company_id"])
            company = company.exists()
        company = company or self.env.company
        if team and not team.active:
            team = Team.search(
                [("company_id", "=", company.id), ("active", "=", True)], limit=1
            )
        return company, team

    @api.model
    def _prepare_mail_values(self, msg_dict, custom_values, company, team):
        """Return the values of a complaint that arrives by mail."""
        custom = {
            name: value
            for name, value in (custom_values or {}).items()
            if name in self._fields and name not in OWN_FIELDS
        }
        sender = self._mail_sender(msg_dict)
        partner = self._find_customer(sender, company)
        name = parse_contact_from_email(sender)[0]
        return {
            **custom,
            # core would take the subject for the number
            "name": "/",
            "subject": msg_dict.get("subject") or self.env._("(no subject)"),
            "description": msg_dict.get("body") or "",
            "channel": "email",
            "company_id": company.id,
            "team_id": team.id,
            "partner_id": partner.id,
            "partner_name": name or False,
            "email_from": sender,
            # the acknowledgement leads to its page
            "access_token": str(uuid.uuid4()),
        }
