from __future__ import annotations

from datetime import date, timedelta

from odoo import api, models
from odoo.fields import Domain

from ..logic.retention import openings
from .retries import each_apart

# How far down the list candidates are looked at, for each place there is.
REACH = 10
BURNING = ("very_high", "extreme")


class CustomerRetentionCase(models.Model):
    """Cases open by themselves: the most money first, drawn before anybody acts."""

    _inherit = "customer.retention.case"

    @api.model
    def _cron_fight(self) -> None:
        """Bring losses, windows and cases of each company up to the day.

        A company is a commit; doing it again changes nothing.
        """
        companies = self.env["res.company"]._churn_roots()
        each_apart(self.env, companies, self._work_company)

    @api.model
    def _work_company(self, company) -> None:
        """Do the day's work of a company: losses, results, new cases."""
        today = company._retention_today()
        self.env["customer.churn.event"]._sync_recent(company)
        self._measure(company, today)
        self.env["customer.retention.draw"]._measure(company, today)
        self._open_due(company, today)

    # === OPENING === #

    @api.model
    def _open_due(self, company, today: date):
        """Open cases for whoever is next, as many as the team can take on.

        :return: the new cases
        """
        start = company.retention_side_effects_from
        if not start or start > today:
            return self.browse()
        turns = self._turns(company, today)
        timed = [turn for turn in turns if turn[1]._takes_time()]
        mailed = [turn for turn in turns if not turn[1]._takes_time()]
        return self._draw_and_open(
            company, today, timed, self._free_places(company, today)
        ) | self._draw_and_open(
            company, today, mailed, company.retention_side_effects_cap
        )

    @api.model
    def _free_places(self, company, today: date) -> int:
        """Return how many more cases the team can take on this week."""
        opened = self.search_count(
            [
                ("company_id", "=", company.id),
                ("is_automatic", "=", True),
                ("opened_on", ">", today - timedelta(days=7)),
                ("play_id.activity_plan_id", "!=", False),
            ]
        )
        return max(company.churn_case_capacity - opened, 0)

    @api.model
    def _turns(self, company, today: date) -> list[tuple]:
        """Return [(customer, play, known)] of candidates with a play, the most money
        first.
        """
        accounts = self._candidates(company, today)
        known = self._gather(company, accounts)
        plays = self.env["customer.retention.play"]._rows(company)
        plays = plays.filtered("is_automatic")
        rests = self._last_cases(company, accounts)
        turns = []
        for account in accounts:
            situation, score, event = known[account]
            play = plays._choose(situation, company.churn_silent_days)
            last = rests.get(account)
            is_resting = last and last > today - timedelta(days=play.cooldown_days)
            if play and not is_resting and event.decided_by != "company":
                value = event.lost_revenue if event else score.value_at_risk
                turns.append((value, account, play, (situation, score, event)))
        turns.sort(key=lambda turn: (-turn[0], turn[1].id))
        return [turn[1:] for turn in turns]

    @api.model
    def _candidates(self, company, today: date):
        """Return customers who burn or have been lost and whom nobody works on."""
        reach = REACH * max(company.churn_case_capacity, 5)
        busy = self._busy_ids(company, today)
        here = Domain("company_id", "=", company.id)
        free = here & Domain("partner_id", "not in", sorted(busy))
        scores = self.env["customer.churn.score"].search(
            free & Domain("danger", "in", BURNING), limit=reach
        )
        events = self.env["customer.churn.event"]
        lost = free & Domain("state", "=", "lost")
        recent = Domain("date", ">=", company.retention_side_effects_from)
        long_ago = today - timedelta(days=company.churn_silent_days or 365)
        silent = Domain("last_purchase_on", "<", long_ago)
        found = events.search(lost & recent, order="lost_revenue desc", limit=reach)
        if self._reactivates(company):
            found |= events.search(
                lost & silent, order="lost_revenue desc, id", limit=reach
            )
        lost_ones = found.filtered("is_profiled").partner_id
        # who has become a contact of another customer is no customer any more
        accounts = lost_ones.filtered(lambda one: one == one.commercial_partner_id)
        return scores.partner_id | accounts

    @api.model
    def _reactivates(self, company) -> bool:
        """Whether there is a play for those silent for long that opens by itself."""
        plays = self.env["customer.retention.play"]._rows(company)
        return any(play.cause == "silent" and play.is_automatic for play in plays)

    @api.model
    def _busy_ids(self, company, today: date) -> set[int]:
        """Return the customers with an open case or in a running window."""
        cases = self.search([("company_id", "=", company.id), ("state", "=", "open")])
        draws = self.env["customer.retention.draw"]
        return {*cases.partner_id.ids, *draws._drawn_ids(company, today)}

    @api.model
    def _last_cases(self, company, accounts) -> dict:
        """Return {customer: day the last case was opened}."""
        return dict(
            self._read_group(
                [
                    ("company_id", "=", company.id),
                    ("partner_id", "in", accounts.ids),
                    ("state", "!=", "cancelled"),
                ],
                ["partner_id"],
                ["opened_on:max"],
            )
        )

    @api.model
    def _draw_and_open(self, company, today: date, turns, places: int):
        """Let chance decide, write it down, and only then open cases."""
        draws = self.env["customer.retention.draw"]
        found = list(
            openings(
                turns,
                places,
                lambda turn: draws._is_drawn_out(turn[1], turn[0].id, today),
            )
        )
        if not found:
            return self.browse()
        # sudo: customer.retention.draw - chance decides, whoever starts the job
        drawn = draws.sudo().create(
            [self._prepare_drawn(company, today, one) for one in found]
        )
        values = [
            {
                **self._prepare_opened(company, one.key),
                "draw_id": draw.id,
            }
            for one, draw in zip(found, drawn, strict=True)
            if not one.is_held_out
        ]
        cases = self._verb().create(values).with_env(self.env)
        cases._begin()
        return cases

    @api.model
    def _prepare_drawn(self, company, today: date, opening) -> dict:
        account, play, (situation, score, event) = opening.key
        return self.env["customer.retention.draw"]._prepare_draw(
            play,
            company,
            today,
            opening.is_held_out,
            partner_id=account.id,
            cause=play._cause_of(situation, company.churn_silent_days),
            value_class=situation.value_class,
            segment_id=score.relationship_id.segment_id.id,
            value=event.lost_revenue if event else score.value_at_risk,
        )

    @api.model
    def _prepare_opened(self, company, turn) -> dict:
        account, play, known = turn
        return {
            "partner_id": account.id,
            "company_id": company.id,
            "is_automatic": True,
            "user_id": company.retention_responsible_id.id,
            **self._prepare_known(company, play, *known),
        }
