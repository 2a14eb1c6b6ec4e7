from __future__ import annotations

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools.misc import format_date

# Days before a loss at which somebody is told, and how many customers at a time.
LEVELS = (60, 30, 7)
BATCH = 200


class CustomerTierMembership(models.Model):
    """Warns the account manager before a tier is lost, once each."""

    _name = "customer.tier.membership"
    _inherit = ["customer.tier.membership", "customer.tier.message.mixin"]

    @api.model
    def _cron_notice(self) -> None:
        """Warn before tiers are lost, and tell who is close to the next one.

        Everything that was said is in the log, written in the same transaction: the
        job may be stopped and started at any time.
        """
        membership = self.with_context(customer_retention_run_started=self.env.cr.now())
        # sudo: customer.tier.membership - the job works for everybody
        membership = membership.sudo()
        for work in (membership._warn_slice, membership._almost_slice):
            after = 0
            while after is not None:
                done, after = work(after)
                if not self.env["ir.cron"]._commit_progress(done, remaining=1):
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _warn_slice(self, after: int = 0) -> tuple[int, int | None]:
        """Warn of the losses among the next memberships.

        :param after: id to go on after
        :return: how many were looked at, and after which one to go on; None at the end
        """
        rows = self._search_endangered(after)
        for ladder, memberships in rows.grouped("ladder_id").items():
            today = ladder._today()
            memberships._warn_in(ladder, today)
        return len(rows), rows[-1:].id if len(rows) == BATCH else None

    @api.model
    def _search_endangered(self, after: int):
        """Members whose tier is certain for 60 days at most."""
        horizon = self._latest_today() + timedelta(days=max(LEVELS))
        return self.search(
            [
                ("id", ">", after),
                ("tier_id", "!=", False),
                ("valid_until", "!=", False),
                ("valid_until", "<=", horizon),
                ("ladder_id.active", "=", True),
                ("ladder_id.warns_of_loss", "=", True),
                ("ladder_id.downgrade", "!=", "never"),
            ],
            order="id",
            limit=BATCH,
        )

    @api.model
    def _latest_today(self) -> date:
        """The latest of the days of all companies."""
        roots = self.env["res.company"]._retention_tier_roots()
        days = [root._retention_today() for root in roots]
        return max(days, default=fields.Date.today())

    def _warn_in(self, ladder, today: date) -> None:
        """Warn of the losses in one ladder that nobody was warned of yet."""
        # sudo: customer.tier.warning - the log is written by what happens
        log = self.env["customer.tier.warning"].sudo()
        since = today - timedelta(days=max(LEVELS))
        said = log._said_since(ladder, self.partner_id.ids, "loss", since)
        known = {(one.partner_id, one.tier_id, one.level) for one in said}
        told = {(one.partner_id, one.tier_id) for one in said}
        for company, rows in self._by_acting_company().items():
            if not company._acts_on_tiers(today):
                continue
            left = company.retention_side_effects_cap - log._count_in_run(
                ladder.company_id
            )
            notices, beyond = [], 0
            for row in rows:
                level = row._level(today)
                if not level or (row.partner_id, row.tier_id, level) in known:
                    continue
                outcome = "summed_up"
                if left > 0:
                    left -= 1
                    first = (row.partner_id, row.tier_id) not in told
                    outcome = row._warn(company, today, first)
                else:
                    beyond += 1
                notices.append(
                    row._prepare_notice(
                        "loss",
                        outcome,
                        tier_id=row.tier_id.id,
                        level=level,
                        due_on=row.valid_until,
                        date=today,
                    )
                )
            log.create(notices)
            self._sum_up(company, today, beyond)

    def _by_acting_company(self) -> dict:
        companies = self._acting_companies()
        result = {}
        for row in self:
            company = companies[row]
            result[company] = result.get(company, self.browse()) | row
        return result

    def _level(self, today: date) -> int | None:
        """Return the warning that is due: the narrowest one that fits."""
        left = (self.valid_until - today).days
        return min((level for level in LEVELS if 0 <= left <= level), default=None)

    def _warn(self, company, today: date, first: bool) -> str:
        """Give the account manager an activity; launch the plan at the first warning.

        :return: outcome of the notice
        """
        self.ensure_one()
        # sudo: customer.tier - what follows is the same, whoever caused it
        plan = self.tier_id.sudo().risk_activity_plan_id
        if first and plan:
            self._launch_plan(plan, company, today)
        user = self._responsible(company)
        if not user:
            return "nobody"
        reader = self.with_context(lang=user.lang or self.env.lang)
        reader._remind(user, today, reader._warning_summary(), reader._warning_note())
        return "done"

    def _warning_summary(self) -> str:
        return self.env._(
            "%(tier)s ends on %(day)s",
            tier=self.tier_id.name,
            day=format_date(self.env, self.valid_until),
        )

    def _warning_note(self) -> str:
        measure = self.ladder_id.measure_ids.sorted()[:1]
        if not measure or not self.missing_keep:
            return self.env._("If nothing more is bought until then.")
        return self.env._(
            "If nothing more is bought until then. Missing today: %(amount)s.",
            amount=measure._format_amount_of(self.missing_keep),
        )
