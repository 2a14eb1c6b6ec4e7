from __future__ import annotations

from datetime import date, timedelta

from odoo import api, fields, models

from .customer_tier_membership_warnings import BATCH


class CustomerTierMembership(models.Model):
    """Tells customers who are close to the next tier, with time between messages."""

    _inherit = "customer.tier.membership"

    almost_text = fields.Char(
        compute="_compute_almost_text",
        exportable=False,
        help="What is missing for the next tier, in the customer's language.",
    )

    @api.depends("missing_next", "next_tier_id")
    @api.depends_context("lang")
    def _compute_almost_text(self):
        for row in self:
            measure = row.ladder_id.measure_ids.sorted()[:1]
            row.almost_text = bool(measure and row.next_tier_id) and self.env._(
                "%(amount)s more, and you are %(tier)s",
                amount=measure._format_amount_of(row.missing_next),
                tier=row.next_tier_id.name,
            )

    @api.model
    def _almost_slice(self, after: int = 0) -> tuple[int, int | None]:
        """Write to the next members who are almost there.

        :param after: id to go on after
        :return: how many were looked at, and after which one to go on; None at the end
        """
        rows = self.search(
            [
                ("id", ">", after),
                ("next_tier_id", "!=", False),
                ("missing_next", ">", 0),
                ("value", ">", 0),
                ("ladder_id.active", "=", True),
                ("ladder_id.almost_template_id", "!=", False),
            ],
            order="id",
            limit=BATCH,
        )
        for ladder, memberships in rows.grouped("ladder_id").items():
            memberships._tell_almost(ladder, ladder._today())
        return len(rows), rows[-1:].id if len(rows) == BATCH else None

    def _tell_almost(self, ladder, today: date) -> None:
        """Write to those of one ladder whom nobody has told lately.

        Who is beyond the limit of a run is written to by the next one.
        """
        # sudo: customer.tier.warning - the log is written by what happens
        log = self.env["customer.tier.warning"].sudo()
        since = today - timedelta(days=ladder.almost_cooldown_days - 1)
        said = log._said_since(ladder, self.partner_id.ids, "almost", since)
        near = self.filtered(
            lambda row: (
                row.partner_id not in said.partner_id
                and row._share_of_next() >= ladder.almost_percent / 100
            )
        )
        for company, rows in near._by_acting_company().items():
            if not company._acts_on_tiers(today):
                continue
            left = company.retention_side_effects_cap - log._count_in_run(
                ladder.company_id
            )
            notices = []
            for row in rows:
                if left <= 0:
                    break
                outcome = row._send_to_customer(ladder.almost_template_id, company)
                if outcome in ("no_address", "opted_out"):
                    continue
                left -= 1
                notices.append(
                    row._prepare_notice(
                        "almost", outcome, tier_id=row.next_tier_id.id, date=today
                    )
                )
            log.create(notices)

    def _share_of_next(self) -> float:
        """Return how much of the next tier is there: of its conditions the one that
        decides, the last one to be met or the first.
        """
        self.ensure_one()
        values = self.values or {}
        # sudo: customer.tier - thresholds are no secret of the reader
        tier = self.next_tier_id.sudo()
        shares = [
            values.get(str(condition.measure_id.id), 0.0) / condition.at_least
            for condition in tier.condition_ids
            if condition.at_least > 0
        ]
        if not shares:
            return 0.0
        return min(shares) if tier.match == "all" else max(shares)
