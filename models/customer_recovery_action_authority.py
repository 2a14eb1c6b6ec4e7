from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

import pytz

from odoo import api, fields, models

from ..logic.authority import (
    ADMINISTRATOR,
    AUTOMATIC,
    HANDLER,
    MANAGER,
    NOBODY,
    TEAM_MANAGER,
    Person,
    Request,
    Spent,
    Verdict,
    decide,
)
from .customer_recovery_action import COMMITTED

YEAR = timedelta(days=365)


@dataclass
class Given:
    """What has been approved, by what the limits are about."""

    by_complaint: dict
    by_account: dict
    by_team: dict
    by_email: dict

    def of(self, action) -> Spent:
        """Return what counts besides an action, in exact amounts."""
        exact = action.currency_id._exact
        return Spent(
            complaint=exact(self.by_complaint.get(action._recovery_root(), 0.0)),
            customer_year=exact(
                self.by_account.get(action._account_key(), 0.0)
                + self.by_email.get(action._email_key(), 0.0)
            ),
            team_month=exact(self.by_team.get(action._paying_team(), 0.0)),
        )

    def add(self, action):
        """Count an action that is about to be approved for the next ones."""
        for counter, key in (
            (self.by_complaint, action._recovery_root()),
            (self.by_account, action._account_key()),
            (self.by_email, not action.account_id and action._email_key()),
            (self.by_team, action._paying_team()),
        ):
            counter[key] = counter.get(key, 0.0) + action._judged_amount()


class CustomerRecoveryAction(models.Model):
    """Who may approve an action, and why: gathered here, decided in ``logic``."""

    _inherit = "customer.recovery.action"

    authority = fields.Selection(
        [
            ("within", "Within Your Limit"),
            ("asks", "Needs Approval"),
            ("decided", "Decided"),
        ],
        string="Authority Light",
        compute="_compute_authority",
        help="Whether you may approve it.",
    )
    authority_text = fields.Char(
        string="Authority", compute="_compute_authority", help="Who may approve it."
    )

    email_normalized = fields.Char(
        string="Address of the Customer",
        compute="_compute_email_normalized",
        store=True,
        index="btree_not_null",
        help="Limits per customer count by it where the customer is not known.",
    )

    @api.depends("complaint_id.email_normalized")
    def _compute_email_normalized(self):
        for action in self:
            if action.state not in COMMITTED or not action.email_normalized:
                action.email_normalized = action.complaint_id.email_normalized

    @api.depends("state", "amount", "cost", "complaint_id", "verdict")
    @api.depends_context("uid", "lang")
    def _compute_authority(self):
        open_actions = self.filtered(lambda action: action.state not in COMMITTED)
        verdicts = open_actions._judge()
        for action in self:
            verdict = verdicts.get(action)
            if verdict:
                action.authority = "within" if verdict.is_within else "asks"
                action.authority_text = action._verdict_sentence(verdict)
            else:
                action.authority = "decided"
                action.authority_text = action._approval_sentence()

    # === GATHER === #

    def _judge(self, cumulative=False) -> dict:
        """Return {action: verdict} for the person who acts.

        :param cumulative: count what is within the limits for the next ones, as
            approving one after the other would
        """
        given = self._gather_given()
        limits = self.env["customer.recovery.limit"]._rows()
        cautions = self.complaint_id._automatic_cautions()
        verdicts = {}
        for action in self:
            verdict = action._judge_one(given, limits, cautions)
            verdicts[action] = verdict
            if cumulative and verdict.is_within:
                given.add(action)
        return verdicts

    def _judge_one(self, given, limits, cautions) -> Verdict:
        # sudo: customer.complaint - persons concerned are secret, yet bind everybody
        complaint = self.complaint_id.sudo()
        currency = self.currency_id or complaint.currency_id
        budget = self._paying_team().recovery_budget
        request = Request(
            amount=currency._exact(self._judged_amount()),
            spent=given.of(self),
            budget=currency._exact(budget) if budget else None,
            caution=cautions.get(self.complaint_id),
        )
        by_level = limits._by_level(complaint, self.env.user)
        return decide(self._acting_person(complaint), request, by_level)

    def _paying_team(self):
        """The team whose budget the person who acts spends."""
        return self.complaint_id._paying_team(self.env.user)

    def _judged_amount(self):
        """What limits are about: the larger of value and cost."""
        return max(self.amount or 0.0, self.cost or 0.0)

    def _acting_person(self, complaint) -> Person:
        user = self.env.user
        return Person(
            level=self._acting_level(complaint),
            is_concerned=user in complaint.concerned_user_ids,
            is_author=user in (self.proposed_by_id, self.requested_by_id),
        )

    def _acting_level(self, complaint):
        """Return the level of whoever acts, however the call came here."""
        user = self.env.user
        if user._is_superuser():
            return AUTOMATIC
        if user.has_group("customer_retention.group_admin"):
            return ADMINISTRATOR
        if user.has_group("customer_retention.group_complaint_manager"):
            return MANAGER
        if user.has_group("customer_retention.group_complaint_user"):
            is_leader = complaint._authority_team(user).manager_id == user
            return TEAM_MANAGER if is_leader else HANDLER
        return NOBODY

    def _gather_given(self) -> Given:
        """Read what was approved for the complaints, customers and teams of these."""
        # sudo: customer.recovery.action - limits count what others gave, too
        actions = self.env["customer.recovery.action"].sudo()
        return Given(
            by_complaint=actions._given_by_root(self),
            by_account=actions._given_by_account(self),
            by_email=actions._given_by_email(self),
            by_team=actions._spent_by_team(self._paying_teams()),
        )

    def _paying_teams(self):
        # sudo: customer.complaint.team - whose budgets, whoever may see them
        teams = self.env["customer.complaint.team"].sudo()
        return teams.union(*(action._paying_team() for action in self))

    def _recovery_root(self):
        """The complaint that this one was split from, or merged into, if any."""
        return self.complaint_id._recovery_root()

    def _account_key(self):
        # sudo: res.partner - an id is compared, nothing of it is read
        return (self.sudo().account_id.id, self.company_id._retention_root().id)

    @api.model
    def _given_by_root(self, actions):
        """What was given on complaints, parts of them and duplicates included."""
        families = actions.complaint_id._recovery_families()
        totals = dict(
            self._read_group(
                [("complaint_id", "in", list(families)), ("state", "in", COMMITTED)],
                ["complaint_id"],
                ["approved_amount:sum"],
            )
        )
        given = {}
        for complaint, total in totals.items():
            root = families[complaint.id]
            given[root] = given.get(root, 0.0) + total
        return given

    def _email_key(self):
        """Who got it, where nobody knows the customer but the address."""
        # sudo: customer.complaint - an address is compared, nothing of it is shown
        action = self.sudo()
        email = action.email_normalized or action.complaint_id.email_normalized
        return (email, self.company_id._retention_root().id)

    @api.model
    def _given_by_account(self, actions):
        """What customers got within a year, by customer and main company."""
        # sudo: customer.recovery.action - sums of all, whoever may see which
        accounts = actions.sudo().account_id
        given = {}
        for account, company, total in self._given_in_year(
            [("account_id", "in", accounts.ids)], "account_id"
        ):
            key = (account.id, company._retention_root().id)
            given[key] = given.get(key, 0.0) + total
        return given

    @api.model
    def _given_by_email(self, actions):
        """What unknown customers got within a year, by address and main company."""
        emails = {action._email_key()[0] for action in actions} - {False}
        if not emails:
            return {}
        given = {}
        for email, company, total in self._given_in_year(
            [("account_id", "=", False), ("email_normalized", "in", list(emails))],
            "email_normalized",
        ):
            key = (email, company._retention_root().id)
            given[key] = given.get(key, 0.0) + total
        return given

    @api.model
    def _given_in_year(self, domain, who):
        """Return [(who, company, sum)] of what was approved within a year."""
        return self._read_group(
            [
                *domain,
                ("state", "in", COMMITTED),
                ("approved_at", ">=", fields.Datetime.now() - YEAR),
            ],
            [who, "company_id"],
            ["approved_amount:sum"],
        )

    @api.model
    def _spent_by_team(self, teams):
        """What teams gave in the present calendar month of their company."""
        spent = {}
        for start, some in teams.grouped(self._month_began_at).items():
            spent |= dict(
                self._read_group(
                    [
                        ("budget_team_id", "in", some.ids),
                        ("state", "in", COMMITTED),
                        ("approved_at", ">=", start),
                    ],
                    ["budget_team_id"],
                    ["approved_amount:sum"],
                )
            )
        return spent

    @api.model
    def _month_began_at(self, team):
        """Return when the present month began where a team works, naive UTC."""
        zone = pytz.timezone(self.env["customer.complaint"]._tz(team.company_id))
        here = pytz.utc.localize(fields.Datetime.now()).astimezone(zone)
        first = datetime.combine(here.date().replace(day=1), time.min)
        return zone.localize(first).astimezone(pytz.utc).replace(tzinfo=None)
