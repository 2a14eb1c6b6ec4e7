from __future__ import annotations

from datetime import date, timedelta

from odoo import api, models
from odoo.fields import Domain

from ..logic.retention import openings
from .retries import each_apart

# How many candidates are looked at for each place there is, at first.
REACH = 10
# Each look is twice as far as the one before: enough for thousands who rest.
MOST_LOOKS = 6
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
        self.env["customer.retention.draw"]._hold(company)
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
        cases = self.browse()
        for takes_time, places in (
            (True, self._free_places(company, today)),
            (False, company.retention_side_effects_cap),
        ):
            turns = self._turns(company, today, takes_time, places)
            cases |= self._draw_and_open(company, today, turns, places)
        return cases

    @api.model
    def _open_at_once(self, company, today: date, accounts):
        """Open cases for some who cannot wait for the job, whatever room there is:
        the others of the week have less.
        """
        busy = self._busy_ids(company, today)
        free = accounts.filtered(lambda one: one.id not in busy)
        turns = [turn[1:] for turn in self._fitting(company, today, free)]
        return self._draw_and_open(company, today, turns, len(turns))

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
    def _turns(self, company, today: date, takes_time: bool, places: int) -> list:
        """Return [(customer, play, known)] of candidates with a play, the most money
        first.

        :param takes_time: only plays that keep the team busy, or only the others
        :param places: how many can be opened; enough are looked at for those
        """
        plays = self._automatic_plays(company)
        if not places or takes_time not in plays.mapped(lambda p: p._takes_time()):
            return []
        reach, turns = REACH * max(places, 5), {}
        for records, order in self._candidates(company, today):
            found = self._turns_among(company, today, records, order, reach, takes_time)
            turns.update((turn[1], turn) for turn in found)
        ordered = sorted(turns.values(), key=lambda turn: (-turn[0], turn[1].id))
        return [turn[1:] for turn in ordered]

    @api.model
    def _automatic_plays(self, company):
        plays = self.env["customer.retention.play"]._rows(company)
        return plays.filtered("is_automatic")

    @api.model
    def _turns_among(self, company, today, candidates, order, reach, takes_time):
        """Go down a list until enough are found whose turn it is.

        Those who rest, or for whom there is no play, take nobody's place.
        """
        model, domain = candidates
        turns, offset = [], 0
        for look in range(MOST_LOOKS):
            size = reach << look
            found = model.search(domain, order=order, limit=size, offset=offset)
            turns += [
                turn
                for turn in self._fitting(company, today, found._unasked_accounts())
                if turn[2]._takes_time() == takes_time
            ]
            if len(found) < size or len(turns) >= reach:
                break
            offset += size
        return turns

    @api.model
    def _fitting(self, company, today: date, accounts) -> list[tuple]:
        """Return [(money, customer, play, known)] of those with a play who do not rest
        from the last case.
        """
        known = self._gather(company, accounts)
        plays = self._automatic_plays(company)
        rests = self._last_cases(company, accounts)
        turns = []
        for account in accounts:
            situation, score, event = known[account]
            play = plays._choose(situation, company.churn_silent_days)
            last = rests.get(account.id)
            is_resting = last and last > today - timedelta(days=play.cooldown_days)
            if play and not is_resting and event.decided_by != "company":
                value = event.lost_revenue if event else score.value_at_risk
                turns.append((value, account, play, (situation, score, event)))
        return turns

    @api.model
    def _candidates(self, company, today: date) -> list[tuple]:
        """Return [((model, domain), order)] of customers who burn or have been lost
        and whom nobody works on.
        """
        busy = self._busy_ids(company, today)
        here = Domain("company_id", "=", company.id)
        free = here & Domain("partner_id", "not in", sorted(busy))
        scores = self.env["customer.churn.score"]
        events = self.env["customer.churn.event"]
        lost = (
            free & Domain("state", "=", "lost") & Domain("decided_by", "!=", "company")
        )
        recent = Domain("date", ">=", company.retention_side_effects_from)
        lists = [
            ((scores, free & Domain("danger", "in", BURNING)), None),
            ((events, lost & recent), "lost_revenue desc, id"),
        ]
        if self._reactivates(company):
            long_ago = today - timedelta(days=company.churn_silent_days or 365)
            silent = Domain("last_purchase_on", "<", long_ago)
            lists.append(((events, lost & silent), "lost_revenue desc, id"))
        return lists

    @api.model
    def _reactivates(self, company) -> bool:
        """Whether there is a play for those silent for long that opens by itself."""
        return any(play.cause == "silent" for play in self._automatic_plays(company))

    @api.model
    def _busy_ids(self, company, today: date) -> set[int]:
        """Return the customers with an open case or in a running window."""
        cases = self.search([("company_id", "=", company.id), ("state", "=", "open")])
        account_of = self.env["customer.account"]._account_ids(cases.partner_id.ids)
        draws = self.env["customer.retention.draw"]
        return {*account_of.values(), *draws._drawn_ids(company, today)}

    @api.model
    def _last_cases(self, company, accounts) -> dict[int, date]:
        """Return {customer id: day the last case was opened}."""
        account_of = self.env["customer.account"]._members(accounts.ids)
        rows = self._read_group(
            [
                ("company_id", "=", company.id),
                ("partner_id", "in", list(account_of)),
                ("state", "!=", "cancelled"),
            ],
            ["partner_id"],
            ["opened_on:max"],
        )
        last: dict[int, date] = {}
        for partner, opened_on in rows:
            account_id = account_of[partner.id]
            last[account_id] = max(opened_on, last.get(account_id, opened_on))
        return last

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
        self._hold(company, [one.key[0] for one in found])
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


class CustomerChurnScore(models.Model):
    """Customers at risk as candidates for a case."""

    _inherit = "customer.churn.score"

    def _unasked_accounts(self):
        return self.partner_id


class CustomerChurnEvent(models.Model):
    """Losses as candidates for a case."""

    _inherit = "customer.churn.event"

    def _unasked_accounts(self):
        """Return who was lost, may be profiled, and is no contact of another one."""
        lost = self.filtered("is_profiled").partner_id
        return lost.filtered(lambda one: one == one.commercial_partner_id)
