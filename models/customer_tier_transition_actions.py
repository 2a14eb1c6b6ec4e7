from __future__ import annotations

from datetime import date

from odoo import models

# Why a tier is lost that customers have held.
FALLS = ("expired", "revoked", "grant_ended")


class CustomerTierTransition(models.Model):
    """What a change of tier brings about when it has just happened: a message, a plan,
    a gift and a proposal who looks after the customer; after a fall a message alone.

    Never for a backfill, an import, a merge or changed rules: nobody did anything.
    """

    _name = "customer.tier.transition"
    _inherit = ["customer.tier.transition", "customer.tier.message.mixin"]

    def _act(self):
        """Act on what live changes come to, once each, within the limit of the run.

        A tier that a customer has left again in the same go asks for nothing, and so
        does a fall that is made up for. Gifts are promises and know no limit.
        """
        result = super()._act()
        changes = self._news()
        companies = changes._acting_companies()
        for company in self.env["res.company"].union(*companies.values()):
            mine = changes.filtered(
                lambda move, company=company: companies[move] == company
            )
            for ladder_company, moves in mine.grouped("company_id").items():
                moves._act_for(company, ladder_company)
        return result

    def _news(self):
        """Return the last live change of each customer, where it is news to them."""
        moves = self.filtered("partner_id").sorted(lambda move: (move.date, move.id))
        goes = moves.grouped(lambda move: (move.partner_id, move.ladder_id))
        news = self.browse(
            go[-1].id for go in goes.values() if go[-1]._is_news(go[0].from_tier_id)
        )
        # sudo: customer.tier.warning - so that nobody hears it twice
        log = self.env["customer.tier.warning"].sudo()
        said = log.search([("transition_id", "in", news.ids)])
        return news - said.transition_id

    def _is_news(self, before) -> bool:
        """Whether the customer rose or fell by what has just happened.

        :param before: the tier before anything of it happened
        """
        if not self.is_live or self.trigger not in ("rule", "person"):
            return False
        if self._is_fall():
            steps = self.ladder_id.with_context(active_test=False).tier_ids.sorted()
            places = {tier: place for place, tier in enumerate(steps, start=1)}
            return places.get(self.to_tier_id, 0) < places.get(before, 0)
        return bool(self.to_tier_id) and self.direction in ("entry", "up")

    def _is_fall(self) -> bool:
        """Whether figures or the end of a grant took the tier away: who leaves a ladder
        does not fall.
        """
        return self.direction in ("down", "exit") and self.cause in FALLS

    def _act_for(self, company, ladder_company) -> None:
        """Act for one company.

        :param ladder_company: that of the ladder; empty for shared ones
        """
        today = company._retention_today()
        # sudo: customer.tier.warning - the log is written by what happens
        log = self.env["customer.tier.warning"].sudo()
        before = log._count_in_run(ladder_company)
        left = max(company.retention_side_effects_cap - before, 0)
        notices, beyond = [], 0
        for move in self:
            gave, outcome = move._guarded(move._give_gift), "done"
            if move._has_something_to_do():
                outcome = move._greet(company, today) if left else "summed_up"
                beyond += not left
                left -= bool(left)
            elif gave:
                continue
            notices.append(
                move._prepare_notice(
                    "lost" if move._is_fall() else "reached",
                    outcome if gave else "failed",
                    tier_id=move._tier_of_news().id,
                    transition_id=move.id,
                    date=today,
                )
            )
        log.create(notices)
        self._sum_up(company, today, beyond)

    def _tier_of_news(self):
        """Return the tier that was reached, or lost."""
        return self.from_tier_id if self._is_fall() else self.to_tier_id

    def _has_something_to_do(self) -> bool:
        # sudo: customer.tier - what follows is the same, whoever caused it
        tier = self._tier_of_news().sudo()
        if self._is_fall():
            return bool(tier.lost_template_id)
        return bool(
            tier.mail_template_id or tier.activity_plan_id or tier.account_manager_id
        )

    def _greet(self, company, today: date) -> str:
        """Send the message, launch the plan and propose who looks after them.

        :return: outcome of the notice
        """
        # sudo: customer.tier - as above
        tier = self._tier_of_news().sudo()
        if self._is_fall():
            return self._send_to_customer(tier.lost_template_id, company)
        outcome = "done"
        if tier.mail_template_id:
            outcome = self._send_to_customer(tier.mail_template_id, company)
        if tier.activity_plan_id:
            self._launch_plan(tier.activity_plan_id, company, today)
        if tier.account_manager_id:
            self._propose_account_manager(company, tier, today)
        return outcome

    def _propose_account_manager(self, company, tier, today: date) -> None:
        """Ask the person responsible; nobody loses a customer without a person."""
        present = self._responsible(company)
        proposed, decides = tier.account_manager_id, company.retention_responsible_id
        if not decides or present == proposed:
            return
        self._remind(
            decides,
            today,
            self.env._(
                "%(tier)s: let %(proposed)s look after this customer?",
                tier=tier.name,
                proposed=proposed.name,
            ),
            self.env._(
                "The customer has reached %(tier)s, which %(proposed)s looks after. "
                "So far it is %(present)s. To agree, change the salesperson.",
                tier=tier.name,
                proposed=proposed.name,
                present=present.name or self.env._("nobody"),
            ),
        )

    def _give_gift(self) -> bool:
        """Give the gift of the tier; what goes wrong with it stops nobody else."""
        if not self._is_fall():
            self._welcome_gift()
        return True

    def _welcome_gift(self) -> None:
        """Give the gift of the tier: for bridges."""
