from __future__ import annotations

import logging
from collections import defaultdict

import psycopg2

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL
from odoo.tools.misc import format_date

_logger = logging.getLogger(__name__)

# Referrals rewarded, or whose reward is taken back, in one transaction.
BATCH = 100


class CustomerReferral(models.Model):
    """Rewards both sides once the customer has paid, and takes it back with the
    purchase: a purchase that is credited as a whole has brought nothing.
    """

    _inherit = "customer.referral"

    waits_because = fields.Char(
        compute="_compute_waits_because",
        help="Why both sides have no reward yet, and what ends the waiting.",
    )

    @api.depends("state", "partner_id", "referrer_id")
    @api.depends_context("lang")
    def _compute_waits_because(self):
        for referral in self:
            waits = referral.state == "waiting" and referral.id
            referral.waits_because = referral._describe_waiting() if waits else False

    def _describe_waiting(self) -> str:
        outside = [
            account.display_name
            for account in self._sides().values()
            if not self._ladder_of(account)
        ]
        if limit := self._reached_limit():
            return self.env._(
                "%(referrer)s was rewarded for %(number)s customers within a year. "
                "This referral has its turn once fewer of them are that young.",
                referrer=self.referrer_id.display_name,
                number=limit,
            )
        if self._had_bought():
            return self.env._(
                "%(customer)s had bought before it was recorded: nobody is rewarded.",
                customer=self.partner_id.display_name,
            )
        if outside:
            return self.env._(
                "%(names)s: in no ladder yet. Both sides are rewarded when both are "
                "in one and the first purchase is paid.",
                names=", ".join(outside),
            )
        return self.env._(
            "Both sides are rewarded when the first purchase since %(date)s is paid.",
            date=format_date(self.env, self.date),
        )

    # === JOB === #

    @api.model
    def _cron_reward(self) -> None:
        """Reward what is paid and take back what was credited, once each.

        What has been done is known by the state of the referral, which changes in
        the same transaction: the job may be stopped and started at any time.
        """
        for search, work in (
            (self._search_paid, "_reward"),
            (self._search_credited, "_undo_reward"),
        ):
            referrals = search()
            for start in range(0, len(referrals), BATCH):
                part = referrals[start : start + BATCH]
                getattr(part, work)()
                left = len(referrals) - start - len(part)
                if not self.env["ir.cron"]._commit_progress(len(part), remaining=left):
                    return

    # === GIVE AND TAKE BACK === #

    def _reward(self) -> None:
        """Give both sides what their ladders promise, and what bridges add.

        Nothing is given while a side is in no ladder, which nobody can make up for.
        """
        ready = self.try_lock_for_update().filtered(lambda one: one.state == "waiting")
        for referral in ready:
            if message := referral._farming_message():
                referral._refuse(message)
                continue
            if referral._reached_limit():
                continue
            if all(map(referral._ladder_of, referral._sides().values())):
                referral._guarded("_give_rewards", "rewarded")

    def _undo_reward(self) -> None:
        """Take everything back; the referral waits for another purchase."""
        given = self.try_lock_for_update().filtered(lambda one: one.state == "rewarded")
        for referral in given:
            referral._guarded("_take_back_rewards", "waiting")

    def _guarded(self, work: str, state: str) -> None:
        """Do something for one referral and note it; what goes wrong with its ladder
        or gift stops no other, and is tried again by the next run.
        """
        try:
            with self.env.cr.savepoint():
                getattr(self, work)()
                today = self.company_id._retention_today()
                rewarded_on = today if state == "rewarded" else False
                self._amend({"state": state, "rewarded_on": rewarded_on})
        except (UserError, psycopg2.IntegrityError) as error:
            _logger.warning("Referral %s was left as it is: %s", self.id, error)

    def _sides(self) -> dict:
        """Return {side: account}: who is rewarded."""
        self.ensure_one()
        return {
            "referrer": self.referrer_id.commercial_partner_id,
            "customer": self.partner_id.commercial_partner_id,
        }

    def _give_rewards(self) -> None:
        values = []
        for side, account in self._sides().items():
            ladder = self._ladder_of(account)
            amount = ladder[f"referral_value_{side}"]
            if ladder.referral_measure_id and amount > 0:
                values.append(self._prepare_reward(account, ladder, amount))
            self._reward_gift(side, account)
        # sudo: customer.tier.adjustment - the ladder promises it, whoever runs the job
        self.env["customer.tier.adjustment"].sudo().create(values)

    def _prepare_reward(self, account, ladder, amount) -> dict:
        return {
            "partner_id": account.id,
            "measure_id": ladder.referral_measure_id.id,
            "date": self.company_id._retention_today(),
            "value": amount,
            "referral_id": self.id,
            "reason": self.env._(
                "%(referrer)s brought %(customer)s",
                referrer=self.referrer_id.display_name,
                customer=self.partner_id.display_name,
            ),
        }

    def _take_back_rewards(self, reason: str = "") -> None:
        """Record the opposite on the days of the rewards: the windows they counted in
        are as if nothing had been given.

        :param reason: why; nothing: the purchase was credited
        """
        self.ensure_one()
        given: dict[tuple, float] = defaultdict(float)
        # sudo: customer.tier.adjustment - what this referral gave
        adjustments = self.env["customer.tier.adjustment"].sudo()
        for one in adjustments.search([("referral_id", "=", self.id)]):
            given[one.partner_id.id, one.measure_id.id, one.date] += one.value
        adjustments.create(
            [
                {
                    "partner_id": partner_id,
                    "measure_id": measure_id,
                    "date": day,
                    "value": -value,
                    "referral_id": self.id,
                    "reason": reason
                    or self.env._("The purchase of the referral was credited"),
                }
                for (partner_id, measure_id, day), value in given.items()
                if partner_id and value
            ]
        )
        for side, account in self._sides().items():
            if self.state == "rewarded":
                self._take_back_gift(side, account)

    def _ladder_of(self, account):
        """Return the ladder an account is in; empty where it is in none."""
        # sudo: customer.tier.ladder - promises to customers, whoever runs the job
        ladders = self.env["customer.tier.ladder"].sudo()
        rows = self.env.execute_query(
            SQL(
                "SELECT ladder_id FROM %s standing",
                self.env["customer.tier.membership"]._standing_sql(
                    account.ids, self.company_id
                ),
            )
        )
        return ladders.browse([ladder_id for (ladder_id,) in rows][:1])

    def _reward_gift(self, side, account) -> None:
        """Give more than a measure: for bridges, such as a coupon.

        :param side: ``referrer`` or ``customer``
        """

    def _take_back_gift(self, side, account) -> None:
        """Take back what :meth:`_reward_gift` gave, as far as it was not used."""
