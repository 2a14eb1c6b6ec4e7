from __future__ import annotations

from datetime import date, timedelta

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ..logic.danger import BANDS
from ..logic.today import FRUITLESS, LONGEST_REST, list_size, week_start
from .customer_contact_log import CHANNELS, RESULTS

LONGEST_NOTE = 2000


class CustomerChurnScore(models.Model):
    """The list of the day: the few customers worth a call, in the order of money."""

    _inherit = "customer.churn.score"

    # === WHO IS ON IT === #

    @api.model
    def _today_domain(self, company) -> Domain:
        """Return the customers of a root company whom we may approach unasked.

        It is evaluated without the reader's access rules, which come on top. Features
        narrow it by whom they have to leave alone.
        """
        return Domain("company_id", "=", company.id)

    @api.model
    def _today_ids(self, company, limit: int) -> list[int]:
        """Return whom the company should call next, the most money first.

        Places are the company's, whoever asks: what a team can do is counted once.
        """
        if not limit:
            return []
        at_risk = Domain("value_at_risk", ">", 0)
        awake = self._awake_domain(company)
        # sudo: customer.churn.score - the places of all, the reader's are chosen next
        scores = self.sudo()
        domain = self._today_domain(company) & at_risk & awake
        return scores.search(domain, limit=limit).ids

    @api.model
    def _awake_domain(self, company) -> Domain:
        today = company._retention_today()
        return Domain.custom(
            to_sql=lambda model, alias, query: self._awake_sql(alias, today)
        )

    @api.model
    def _awake_sql(self, alias: str, today: date) -> SQL:
        """Return whether nobody was in touch or put the customer off until later."""
        return SQL(" AND ").join(
            SQL(
                "NOT EXISTS (SELECT FROM %(members)s member"
                " JOIN %(table)s rest ON rest.partner_id = member.partner_id"
                " WHERE member.account_id = %(partner)s"
                " AND rest.company_id = %(company)s AND rest.rest_until > %(today)s)",
                # of everybody: a scope for each row cannot be hashed
                members=self.env["customer.account"]._mapping_sql(),
                partner=SQL.identifier(alias, "partner_id"),
                table=SQL.identifier(model._table),
                company=SQL.identifier(alias, "company_id"),
                today=today,
                to_flush=[
                    model._fields[name]
                    for name in ("partner_id", "company_id", "rest_until")
                ],
            )
            for model in self._models_of_rest()
        )

    @api.model
    def _models_of_rest(self) -> tuple:
        """Return what says until when a customer is better left alone."""
        return self.env["customer.contact.log"], self.env["customer.churn.snooze"]

    @api.model
    def _today_done(self, company) -> int:
        """Return how many customers were called of the list this week, by anybody."""
        today = company._retention_today()
        # sudo: customer.contact.log - the work of the whole team counts
        contacts = self.env["customer.contact.log"].sudo()
        domain = [
            ("company_id", "=", company.id),
            ("date", ">=", week_start(today)),
            ("date", "<=", today),
            ("purpose", "=", "retention"),
            ("result", "!=", FRUITLESS),
        ]
        return contacts._read_group(domain, [], ["partner_id:count_distinct"])[0][0]

    @api.model
    def _today_customers(self, company) -> int:
        """Return how many customers there are, up to as many as matter."""
        reach = int(company.churn_capacity / BANDS[0].share) + 1
        # sudo: customer.churn.score - how many there are, whoever may see them
        return self.sudo().search_count(self._today_domain(company), limit=reach)

    # === WHAT THE SCREEN SHOWS === #

    @api.model
    @api.readonly
    def get_today(self, only_own=False):
        """Return the lists of the day of the reader's companies.

        :param only_own: leave out customers of colleagues
        :return: ``lists``: one of each company with ``company``, ``capacity`` (how many
            the team calls in a week), ``done`` and ``left`` of those, ``is_empty``: if
            there is no customer at all, ``total`` in words, and ``rows``
        """
        self.browse().check_access("read")
        companies = self.env["res.company"]._churn_roots()
        companies &= self.env.companies._retention_root()
        return {
            "lists": [
                self._today_list(company, bool(only_own)) for company in companies
            ],
            "sees_all": self.env.user._sees_all_customers(),
            "channels": self._today_choices("channel"),
            "results": self._today_choices("result"),
        }

    @api.model
    def _today_choices(self, name: str) -> list[dict]:
        contacts = self.env["customer.contact.log"]
        choices = contacts._fields[name]._description_selection(self.env)
        return [{"code": code, "label": label} for code, label in choices]

    @api.model
    def _today_list(self, company, only_own: bool) -> dict:
        done = self._today_done(company)
        customers = self._today_customers(company)
        size = list_size(company.churn_capacity, customers, done)
        mine = Domain("user_id", "=", self.env.uid) if only_own else Domain.TRUE
        scores = self.search(Domain("id", "in", self._today_ids(company, size)) & mine)
        about = scores._today_about(company)
        return {
            "company_id": company.id,
            "company": company.name,
            "capacity": list_size(company.churn_capacity, customers, 0),
            "done": done,
            "left": size,
            "is_empty": not customers,
            "total": formatLang(
                self.env,
                sum(scores.mapped("value_at_risk")),
                currency_obj=company.currency_id,
            ),
            "rows": [score._today_row(about) for score in scores],
        }

    def _today_about(self, company) -> dict[str, dict]:
        """Return what rows tell beside the score, ``{what: {account id: it}}``."""
        account_ids = self.partner_id.ids
        contacts = self.env["customer.contact.log"]._last_contacts(company, account_ids)
        # sudo: customer.retention.case - of customers one sees, whoever works on them
        cases = self.env["customer.retention.case"].sudo()
        open_cases = cases._open_cases(company, account_ids)
        return {
            "contact": contacts,
            "case": open_cases,
            "activity": self._today_activities(account_ids, open_cases),
        }

    @api.model
    def _today_activities(self, account_ids, open_cases) -> dict:
        """Return {account id: what is planned first}, on the contact or its case."""
        customers = {case.id: account for account, case in open_cases.items()}
        cases = self.env["customer.retention.case"]
        on_contact = Domain("res_model", "=", "res.partner")
        on_case = Domain("res_model", "=", cases._name)
        # sudo: mail.activity - what is planned with customers one sees, by whomever
        activities = self.env["mail.activity"].sudo()
        activities = activities.search(
            (on_contact & Domain("res_id", "in", account_ids))
            | (on_case & Domain("res_id", "in", list(customers))),
            order="date_deadline DESC, id DESC",
        )
        # the first of each customer, as the last of the list overwrites the others
        return {
            customers[one.res_id] if one.res_model == cases._name else one.res_id: one
            for one in activities
        }

    def _today_row(self, about: dict[str, dict]) -> dict:
        self.ensure_one()
        row = self.relationship_id
        partner = self.partner_id.with_company(self.company_id)
        dangers = dict(self._fields["danger"]._description_selection(self.env))
        contact = about["contact"].get(partner.id, self.env["customer.contact.log"])
        return {
            "id": self.id,
            "partner_id": partner.id,
            "name": partner.display_name,
            "detail": partner.city or "",
            "phone": partner.phone or "",
            "email": partner.email or "",
            "danger": self.danger,
            "danger_label": dangers.get(self.danger, ""),
            "at_risk": formatLang(
                self.env, self.value_at_risk, currency_obj=self.currency_id
            ),
            "reasons": self.reasons[:2],
            "user": self.user_id.name or "",
            "is_own": self.user_id == self.env.user,
            "last_contact": row._describe_last_contact(contact) or "",
            "contact_hint": self._today_contact_hint(partner),
            "case": self._today_case_text(about["case"].get(partner.id)),
            "step": self._today_step(row, about["activity"].get(partner.id)),
        }

    @api.model
    def _today_case_text(self, case) -> str:
        """Say that somebody fights for the customer already."""
        if not case:
            return ""
        who = case.user_id.name or self.env._("nobody")
        return self.env._("Retention case with %(who)s", who=who)

    @api.model
    def _today_contact_hint(self, partner) -> str:
        """Say how the customer likes to hear from us, and to be addressed."""
        channels = partner._fields["customer_care_channel"]
        channel = partner.customer_care_channel
        prefers = channel and self.env._(
            "prefers: %(channel)s",
            channel=dict(channels._description_selection(self.env))[channel],
        )
        address = partner.customer_care_address and self.env._(
            "address as “%(address)s”", address=partner.customer_care_address
        )
        return " · ".join(hint for hint in (prefers, address) if hint)

    # === CALLS OF THE SCREEN === #

    def action_log_contact(self, result, channel="call", note=""):
        """Record that one was in touch with the customer about staying.

        :return: ``id`` of the record, and ``back`` on which day the customer is on the
            list again, in words
        """
        self.ensure_one()
        self.check_access("read")
        # compared, not looked up: whatever is sent may be no key at all
        if result not in list(dict(RESULTS)) or channel not in list(dict(CHANNELS)):
            raise UserError(self.env._("Choose how you were in touch, and the result."))
        contact = self.env["customer.contact.log"].create(
            {
                **self._today_values(),
                "channel": channel,
                "result": result,
                "purpose": "retention",
                "note": str(note or "").replace("\x00", "")[:LONGEST_NOTE],
            }
        )
        return {"id": contact.id, "back": format_date(self.env, contact.rest_until)}

    def action_snooze(self, days):
        """Leave the customer alone for some days.

        :return: as :meth:`action_log_contact`
        """
        self.ensure_one()
        self.check_access("read")
        if not isinstance(days, int) or not 1 <= days <= LONGEST_REST:
            raise UserError(self.env._("Choose a day within a year."))
        values = self._today_values()
        until = values["date"] + timedelta(days=days)
        snooze = self.env["customer.churn.snooze"].create(
            {**values, "rest_until": until}
        )
        return {"id": snooze.id, "back": format_date(self.env, snooze.rest_until)}

    def _today_values(self) -> dict:
        return {
            "partner_id": self.partner_id.id,
            "company_id": self.company_id.id,
            "date": self.company_id._retention_today(),
        }
