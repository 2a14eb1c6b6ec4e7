from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Command
from odoo.tools import SQL

from ..logic.renewal import Fates, Renewal, fit_renewal, renews

# A term that begins so long after the last one has ended renews it all the same.
LATE = timedelta(days=31)
# How many renewals are forecast beyond those that were due already.
AHEAD = 2


class CustomerTierRenewal(models.TransientModel):
    """How many members of a ladder renew what they have paid for, and will."""

    _name = "customer.tier.renewal"
    _description = "Renewals of Paid Memberships"
    _rec_name = "ladder_id"

    ladder_id = fields.Many2one(
        "customer.tier.ladder", required=True, readonly=True, ondelete="cascade"
    )
    sentence = fields.Char(readonly=True)
    line_ids = fields.One2many(
        "customer.tier.renewal.line", "renewal_id", string="Renewals", readonly=True
    )

    @api.model
    def _show(self, ladder):
        """Return the action that shows how members of a ladder renew."""
        fates = self._fates(ladder)
        model = fit_renewal(fates) if fates.is_telling() else None
        lines = self._prepare_lines(fates, model)
        shown = self.create(
            {
                "ladder_id": ladder.id,
                "sentence": self._sentence(fates, lines, model),
                "line_ids": [Command.create(line) for line in lines],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Renewals: %s", ladder.name),
            "res_model": self._name,
            "res_id": shown.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _fates(self, ladder) -> Fates:
        """What has become of the terms of a ladder that were paid for."""
        counted = {
            number: (ended, running)
            for number, ended, running in self.env.execute_query(
                self._fates_sql(ladder)
            )
        }
        pairs = [
            counted.get(number, (0, 0))
            for number in range(max(counted, default=-1) + 1)
        ]
        return Fates([ended for ended, _one in pairs], [one for _ended, one in pairs])

    def _fates_sql(self, ladder) -> SQL:
        """Return (renewals before, terms that ended, terms that run) of those members
        whom the reader may see.

        Terms follow each other as long as the next one begins soon enough; a term
        whose fee bounced, or was good for no day, is none.
        """
        terms = self.env["customer.tier.enrolment"]._search(
            [
                ("ladder_id", "=", ladder.id),
                ("partner_id", "!=", False),
                ("paid_until", "!=", False),
                ("ended_with_fee", "=", False),
            ]
        )
        return SQL(
            """
            WITH term AS (
                SELECT *, lag(paid_until) OVER (
                           PARTITION BY partner_id ORDER BY joined_on, id) AS before
                  FROM customer_tier_enrolment WHERE id IN %(terms)s),
            life AS (
                SELECT *, count(*) FILTER (
                           WHERE before IS NULL OR joined_on > before + %(late)s) OVER (
                           PARTITION BY partner_id ORDER BY joined_on, id) AS life
                  FROM term),
            numbered AS (
                SELECT row_number() OVER member - 1 AS renewals,
                       lead(id) OVER member AS next, paid_until, left_on
                  FROM life WINDOW member AS (
                       PARTITION BY partner_id, life ORDER BY joined_on, id)),
            fate AS (
                SELECT renewals, next IS NULL AS is_last,
                       paid_until + %(late)s < %(today)s
                       OR COALESCE(left_on <= %(today)s, FALSE) AS is_over
                  FROM numbered)
            SELECT renewals, count(*) FILTER (WHERE is_last AND is_over),
                   count(*) FILTER (WHERE is_last AND NOT is_over)
              FROM fate GROUP BY renewals
            """,
            terms=terms.subselect(),
            late=LATE.days,
            today=ladder._today(),
        )

    @api.model
    def _prepare_lines(self, fates: Fates, model: Renewal | None) -> list[dict]:
        """Values of a line for each renewal: those that were due, those to come."""
        numbers = len(fates.ended) + (AHEAD if model else 0)
        return [self._prepare_line(fates, model, times) for times in range(numbers)]

    @api.model
    def _prepare_line(self, fates: Fates, model: Renewal | None, times: int) -> dict:
        renewed = fates.renewed(times + 1)
        due = renewed + sum(fates.ended[times : times + 1])
        running = sum(fates.running[times : times + 1])
        chance = renews(model, times) if model else 0.0
        return {
            "number": times + 1,
            "due": due,
            "renewed": renewed,
            "share": renewed / due if due else 0.0,
            "running": running,
            "chance": chance,
            "expected": running * chance,
        }

    @api.model
    def _sentence(self, fates: Fates, lines: list[dict], model: Renewal | None) -> str:
        if not model:
            return self.env._(
                "Too few renewals for a forecast: it takes 30 members whose first one "
                "was due and 10 whose second one was, some of whom have left."
            )
        if not sum(fates.running):
            return self.env._("No paid term runs at present.")
        return self.env._(
            "Of %(running)s members whose paid term runs, about %(expected)s will "
            "renew it. Those who have renewed before do so more often: chances differ "
            "from member to member, and the doubtful ones leave first (shifted "
            "beta-geometric model, fitted to what has become of %(members)s members).",
            running=sum(fates.running),
            expected=round(sum(line["expected"] for line in lines)),
            members=sum(fates.ended) + sum(fates.running),
        )
