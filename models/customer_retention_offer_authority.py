from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError

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
    higher_levels,
)
from .customer_retention_offer import COMMITTED


class CustomerRetentionOffer(models.Model):
    """Who may approve an offer: the limits of recovery, read by the same rules.

    A salesperson is what a handler is there, whoever leads the team of the customer a
    team manager, a manager of retention a manager of complaints. What the play lets
    offers cost binds all but managers.
    """

    _inherit = "customer.retention.offer"

    authority = fields.Selection(
        [
            ("within", "Within Your Limit"),
            ("asks", "Needs Approval"),
            ("decided", "Decided"),
        ],
        string="Authority Light",
        compute="_compute_authority",
    )
    authority_text = fields.Char(string="Authority", compute="_compute_authority")

    @api.depends("state", "amount", "cost", "case_id")
    @api.depends_context("uid", "lang")
    def _compute_authority(self):
        for offer in self:
            if offer.state not in ("proposed", "waiting") or not offer.case_id:
                offer.authority, offer.authority_text = "decided", False
                continue
            verdict = offer._judge(lock=False)
            offer.authority = "within" if verdict.is_within else "asks"
            offer.authority_text = offer._verdict_sentence(verdict)

    # === JUDGING === #

    def _judge(self, lock=True) -> Verdict:
        """Return whether the person who acts may approve this offer.

        :param lock: let one person at a time use the limits
        """
        self.ensure_one()
        # sudo: customer.retention.case - limits count what others gave, too
        case = self.case_id.sudo()
        if lock:
            self._lock_limits(case)
        exact = case.currency_id._exact
        budget = case._offer_budget()
        request = Request(
            amount=exact(self._worth()),
            spent=self._spent(case),
            budget=None if budget is None else exact(budget),
        )
        limits = self.env["customer.recovery.limit"]._rows()
        person = Person(
            level=case._acting_level(self.env.user),
            is_author=self.env.user == self.proposed_by_id,
        )
        return decide(person, request, limits._by_level(case, self.env.user))

    def _lock_limits(self, case):
        """Share the locks of recovery: two approvals at once see each other."""
        account, company = case.partner_id.id, case.company_id.id
        self.env["customer.recovery.tally"]._touch(
            {f"retention_case,{case.id}", f"account,{account},{company}"}
        )

    def _spent(self, case) -> Spent:
        """Return what was approved besides this offer."""
        exact = case.currency_id._exact
        others = case.offer_ids.filtered(lambda one: one.state in COMMITTED)
        on_case = sum((others - self).mapped("approved_amount"))
        # sudo: customer.recovery.action - what recovery gave counts, too
        recovery = self.env["customer.recovery.action"].sudo()
        given = recovery._given_to(case.partner_id, case.company_id)
        if self.state in COMMITTED:
            given -= self.approved_amount
        return Spent(
            complaint=exact(on_case),
            customer_year=exact(given),
            team_month=exact(sum((others - self).mapped("approved_cost"))),
        )

    # === VERBS === #

    def _approve(self, verdict):
        level = self.case_id._acting_level(self.env.user)
        self._close_request()
        self._decide(
            "approved",
            approved_by_id=self.env.uid,
            approved_at=fields.Datetime.now(),
            approved_amount=self._worth(),
            approved_cost=self.cost,
            approved_level=level if level != NOBODY else False,
        )

    def _ask(self, verdict):
        """Have the next one up decide: an activity for one person who may.

        :raise UserError: there is nobody to ask
        """
        approver = self._find_approver(verdict.needs)
        sentence = self._verdict_sentence(verdict)
        if not approver:
            raise UserError(
                self.env._(
                    "%s There is nobody who could be asked. Have an administrator "
                    "appoint a manager.",
                    sentence,
                )
            )
        self._close_request()
        self._decide("waiting", approver_id=approver.id)
        # sudo: res.users - the language of a colleague
        read_by = self.with_context(lang=approver.sudo().lang or self.env.lang)
        # sudo: customer.retention.case - whoever proposes may ask
        activity = self.case_id.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=approver.id,
            summary=read_by.env._("Approve the offer: %s", self.name),
            note=read_by.env._(
                "%(who)s was told: “%(sentence)s”",
                who=self.env.user.name,
                sentence=read_by._verdict_sentence(verdict),
            ),
        )
        self._verb().write({"approval_activity_id": activity[:1].id})

    def _close_request(self):
        """Nobody is asked any longer."""
        # sudo: mail.activity - planned for somebody else
        self.sudo().approval_activity_id.unlink()

    def _find_approver(self, level):
        """Return the first one from a level up who may be asked."""
        # sudo: res.users - who may approve, whoever asks
        users = self.env["res.users"].sudo()
        for candidate in dict.fromkeys([level, *higher_levels(level)]):
            if candidate == TEAM_MANAGER:
                # sudo: customer.retention.case - who leads the team
                found = self.case_id.sudo()._team_leader()
            elif candidate == HANDLER:
                found = self.case_id.user_id
            else:
                group = "group_manager" if candidate == MANAGER else "group_admin"
                found = users.search(
                    [
                        (
                            "all_group_ids",
                            "in",
                            self.env.ref(f"customer_retention.{group}").ids,
                        ),
                        ("company_ids", "in", self.company_id.ids),
                        ("share", "=", False),
                    ],
                    order="id",
                ).sorted(lambda user: user.has_group("customer_retention.group_admin"))
            found -= self.env.user
            if found:
                return found[0]
        return users.browse()

    # === IN WORDS === #

    def _verdict_sentence(self, verdict: Verdict) -> str:
        """Say who may approve an offer, and why, in the reader's language."""
        money = {
            name: self.currency_id.format(float(value))
            for name, value in verdict.values.items()
            if value is not None
        }
        if verdict.is_within:
            return self.env._("Within your limit.")
        sentence = self._excess_sentence(verdict.reason, money)
        levels = {
            HANDLER: self.env._("the salesperson"),
            TEAM_MANAGER: self.env._("the sales team leader"),
            MANAGER: self.env._("a manager"),
            ADMINISTRATOR: self.env._("an administrator"),
        }
        return self.env._(
            "%(reason)s Needs: %(level)s.",
            reason=sentence,
            level=levels.get(verdict.needs, ""),
        )

    def _excess_sentence(self, reason, money) -> str:
        if reason == "team_budget":
            return self.env._(
                "%(amount)s is more than what offers of this case may cost: %(limit)s.",
                amount=money.get("amount", ""),
                limit=money.get("limit", ""),
            )
        if "limit" in money:
            return self.env._(
                "%(amount)s, with what was given before, is more than your limit of "
                "%(limit)s.",
                amount=money.get("amount", ""),
                limit=money["limit"],
            )
        return self.env._("You do not approve this alone.")


class CustomerRetentionCase(models.Model):
    """A case as the limits of recovery look at it: without a team or a severity."""

    _inherit = "customer.retention.case"

    def _authority_severity(self, user):
        return False

    def _authority_team(self, user):
        return self.env["customer.complaint.team"]

    def _offer_budget(self):
        """Return what offers may cost here, by value and play; None: no bound."""
        if not self.play_id:
            return None
        return self.yearly_value * self.play_id.offer_limit / 100.0

    def _acting_level(self, user):
        """Return the level of whoever acts on this case."""
        if user._is_superuser():
            return AUTOMATIC
        if user.has_group("customer_retention.group_admin"):
            return ADMINISTRATOR
        if user.has_group("customer_retention.group_manager"):
            return MANAGER
        if user.has_group("customer_retention.group_user"):
            # sudo: crm.team - who leads decides, not who may read teams
            is_leader = user in self.sudo()._team_leader()
            return TEAM_MANAGER if is_leader else HANDLER
        return NOBODY

    def _team_leader(self):
        """Return who leads the team of whoever looks after the customer."""
        members = self.env["crm.team.member"].search(
            [("user_id", "=", self.user_id.id), ("crm_team_id.active", "=", True)]
        )
        return members.crm_team_id.user_id.filtered("active") - self.user_id


class CustomerRecoveryAction(models.Model):
    """What customers were offered to stay counts for the limits of recovery, too."""

    _inherit = "customer.recovery.action"

    @api.model
    def _given_by_account(self, actions):
        given = super()._given_by_account(actions)
        # sudo: customer.recovery.action - sums of all, whoever may see which
        accounts = actions.sudo().account_id
        for account, company, total in self._offered_in_year(accounts):
            key = (account.id, company._retention_root().id)
            given[key] = given.get(key, 0.0) + total
        return given

    @api.model
    def _offered_in_year(self, accounts):
        # sudo: customer.retention.offer - sums of all, whoever may see which
        offers = self.env["customer.retention.offer"].sudo()
        return offers._read_group(
            [
                ("partner_id", "in", accounts.ids),
                ("state", "in", COMMITTED),
                ("approved_at", ">=", offers._year_ago()),
            ],
            ["partner_id", "company_id"],
            ["approved_amount:sum"],
        )

    @api.model
    def _given_to(self, account, company) -> float:
        """Return what one customer got within a year, by recovery and by offers."""
        root = company._retention_root()
        rows = [
            *self._given_in_year([("account_id", "in", account.ids)], "account_id"),
            *self._offered_in_year(account),
        ]
        return sum(
            total for _who, where, total in rows if where._retention_root() == root
        )
