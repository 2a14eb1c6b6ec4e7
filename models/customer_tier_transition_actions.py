from __future__ import annotations

from datetime import date

from odoo import models


class CustomerTierTransition(models.Model):
    """What a change of tier brings about when it has just happened: a message, a plan,
    a gift and a proposal who looks after the customer.

    Never for a backfill, an import, a merge or changed rules: nobody did anything.
    """

    _name = "customer.tier.transition"
    _inherit = ["customer.tier.transition", "customer.tier.message.mixin"]

    def _act(self):
        """Act on live arrivals, once each, within the limit of the run.

        A tier that a customer has left again in the same go asks for nothing. Gifts
        are promises and know no limit.
        """
        result = super()._act()
        arrivals = self._arrivals()
        companies = arrivals._acting_companies()
        for company in self.env["res.company"].union(*companies.values()):
            mine = arrivals.filtered(
                lambda move, company=company: companies[move] == company
            )
            for ladder_company, moves in mine.grouped("company_id").items():
                moves._act_for(company, ladder_company)
        return result

    def _arrivals(self):
        """Return the last live change of each customer, where it leads up."""
        last = {
            (move.partner_id, move.ladder_id): move
            for move in self.sorted(lambda move: (move.date, move.id))
            if move.partner_id
        }
        arrivals = self.browse(move.id for move in last.values()).filtered(
            lambda move: (
                move.is_live
                and move.to_tier_id
                and move.direction in ("entry", "up")
                and move.trigger in ("rule", "person")
            )
        )
        # sudo: customer.tier.warning - so that nobody hears it twice
        log = self.env["customer.tier.warning"].sudo()
        said = log.search([("transition_id", "in", arrivals.ids)])
        return arrivals - said.transition_id

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
                    "reached",
                    outcome if gave else "failed",
                    tier_id=move.to_tier_id.id,
                    transition_id=move.id,
                    date=today,
                )
            )
        log.create(notices)
        self._sum_up(company, today, beyond)

    def _has_something_to_do(self) -> bool:
        # sudo: customer.tier - what follows is the same, whoever caused it
        tier = self.to_tier_id.sudo()
        return bool(
            tier.mail_template_id or tier.activity_plan_id or tier.account_manager_id
        )

    def _greet(self, company, today: date) -> str:
        """Send the message, launch the plan and propose who looks after them.

        :return: outcome of the notice
        """
        # sudo: customer.tier - as above
        tier = self.to_tier_id.sudo()
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
        self._welcome_gift()
        return True

    def _welcome_gift(self) -> None:
        """Give the gift of the tier: for bridges."""
