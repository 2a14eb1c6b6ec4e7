from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL, split_every

from .bulk_load import array_sql, int_array

# Rows of one INSERT of the backfill, and the columns it fills.
INSERT_BATCH = 5000
INTEGERS, TEXTS, DATES = SQL("int[]"), SQL("varchar[]"), SQL("date[]")
INSERTED = {
    "partner_id": INTEGERS,
    "ladder_id": INTEGERS,
    "company_id": INTEGERS,
    "from_tier_id": INTEGERS,
    "to_tier_id": INTEGERS,
    "direction": TEXTS,
    "date": DATES,
    "recorded_at": SQL("timestamp[]"),
    "cause": TEXTS,
    "trigger": TEXTS,
    "valid_until": DATES,
    "grant_id": INTEGERS,
    "version_id": INTEGERS,
    "evidence": SQL("jsonb[]"),
    "corrects_from": DATES,
    "is_live": SQL("boolean[]"),
}


class CustomerTierTransition(models.Model):
    """The log of tiers: appended to, read, and never rewritten."""

    _inherit = "customer.tier.transition"

    # === CRUD === #

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "The log of tiers is history and stays as it is. If the past changed, "
                "the next evaluation appends a correction."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        if self.partner_id:
            raise UserError(
                self.env._(
                    "The log of tiers is history and cannot be deleted. Delete or "
                    "anonymize the customer instead: the log then names nobody."
                )
            )

    # === RECORD === #

    @api.model
    def _record(self, rows: list[dict], live: bool):
        """Append rows to the log.

        :param live: one by one as far as others can tell; the past goes in bulk, and
            nobody is told
        :return: the created rows; none for the past
        """
        if live:
            return self.create(rows)
        for batch in split_every(INSERT_BATCH, rows):
            self._insert(list(batch))
        return self.browse()

    @api.model
    def _insert(self, rows: list[dict]) -> None:
        arrays = {name: [row.get(name) for row in rows] for name in INSERTED}
        arrays["evidence"] = [json.dumps(one) for one in arrays["evidence"]]
        self.env.cr.execute(
            SQL(
                "INSERT INTO customer_tier_transition (%s) SELECT * FROM unnest(%s)",
                SQL(", ").join(SQL.identifier(name) for name in INSERTED),
                SQL(", ").join(
                    array_sql(arrays[name], INSERTED[name]) for name in INSERTED
                ),
            )
        )

    def _act(self):
        """Do what a change of tier that has just happened brings about."""

    # === READ === #

    @api.model
    def _standing_log(
        self, ladder, holder_ids: list[int], until: date
    ) -> dict[int, list[tuple[date, int | None]]]:
        """Return {holder: [(day, tier)]} of a ladder, corrections applied, in order."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT log.partner_id, log.date, log.to_tier_id
                  FROM customer_tier_transition log
                 WHERE log.ladder_id = %s AND log.partner_id = ANY(%s)
                   AND log.date <= %s AND %s
              ORDER BY log.partner_id, log.date, log.id
                """,
                ladder.id,
                int_array(holder_ids),
                until,
                self._stands_sql(),
            )
        )
        log: dict[int, list] = defaultdict(list)
        for partner_id, day, tier_id in rows:
            log[partner_id].append((day, tier_id))
        return log
