from __future__ import annotations

from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from .bulk_load import int_array
from .loose_many2one import LooseMany2one

TRIGGERS = [
    ("rule", "Rule"),
    ("person", "Person"),
    ("backfill", "Backfill"),
    ("import", "Import"),
    ("merge", "Merge"),
    ("correction", "Correction"),
]


class CustomerRelationshipTransition(models.Model):
    """A change of position or condition: append-only, with two dates.

    ``date`` is the day it became true, ``recorded_at`` the moment it was written
    down. A correction does not rewrite the log: its first row carries
    ``corrects_from``, the day from which nothing recorded before it stands any more.
    """

    _name = "customer.relationship.transition"
    _inherit = "customer.visible.mixin"
    _description = "Relationship Transition"
    _order = "date desc, id desc"
    _log_access = False

    # Steps and versions that the log names cannot be deleted, so that the millions of
    # rows of the first reading need no foreign keys to them. The one to the customer
    # stays: the merge of partners finds the table by it.
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null"
    )
    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    axis = fields.Selection(
        [("position", "Position"), ("condition", "Condition")],
        required=True,
        readonly=True,
    )
    from_stage_id = LooseMany2one(
        "customer.relationship.stage",
        string="From Position",
        readonly=True,
        ondelete="restrict",
    )
    to_stage_id = LooseMany2one(
        "customer.relationship.stage",
        string="To Position",
        readonly=True,
        ondelete="restrict",
    )
    from_condition_id = LooseMany2one(
        "customer.relationship.condition",
        readonly=True,
        ondelete="restrict",
    )
    to_condition_id = LooseMany2one(
        "customer.relationship.condition",
        readonly=True,
        ondelete="restrict",
    )
    date = fields.Date(string="True Since", required=True, readonly=True)
    recorded_at = fields.Datetime(string="Recorded", required=True, readonly=True)
    trigger = fields.Selection(TRIGGERS, required=True, readonly=True)
    direction = fields.Selection(
        [
            ("entry", "Entry"),
            ("forward", "Forward"),
            ("skip", "Skip"),
            ("regression", "Regression"),
            ("reentry", "Re-entry"),
        ],
        required=True,
        readonly=True,
        help="Entry: the first step. Skip: forward past at least one step. "
        "Re-entry: forward to a step the customer had reached before.",
    )
    cause = fields.Char(
        readonly=True, help="Technical code of what happened, for the explanation."
    )
    version_id = LooseMany2one(
        "customer.rule.version",
        string="Rule Version",
        readonly=True,
        ondelete="set null",
    )
    pin_id = fields.Many2one(
        "customer.relationship.pin",
        string="Decision",
        readonly=True,
        ondelete="set null",
    )
    facts = fields.Json(readonly=True, help="The facts the rule read.")
    corrects_from = fields.Date(readonly=True)
    is_live = fields.Boolean(
        readonly=True,
        help="Happened while the system was watching: activities were planned.",
    )
    explanation = fields.Char(compute="_compute_explanation")

    _account_idx = models.Index("(partner_id, company_id, axis, date)")
    # Corrections are few, and asked for with every row of the log.
    _correction_idx = models.Index("(partner_id) WHERE corrects_from IS NOT NULL")
    # The list: millions of rows would be sorted for the first page.
    _latest_idx = models.Index("(date DESC, id DESC)")

    # === CRUD === #

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._(
                "The log of transitions is history and stays as it is. If the past "
                "changed, the next evaluation appends a correction."
            )
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        if not self.partner_id:
            return
        raise UserError(
            self.env._(
                "The log of transitions is history and cannot be deleted. Delete or "
                "anonymize the customer instead: the log then no longer names anybody."
            )
        )

    # === READ === #

    @api.model
    def _standing_log(
        self, company, partner_ids: list[int], as_of: date
    ) -> dict[int, dict[str, list[tuple[date, int | None]]]]:
        """Return what the log says, corrections applied, until a day.

        :return: {account: {axis: [(day, step)]}} in order.
        """
        rows = self.env.execute_query(
            SQL(
                """
                SELECT log.partner_id, log.axis, log.date,
                       COALESCE(log.to_stage_id, log.to_condition_id)
                  FROM customer_relationship_transition log
                 WHERE log.company_id = %s AND log.partner_id = ANY(%s)
                   AND log.date <= %s AND %s
              ORDER BY log.partner_id, log.axis, log.date, log.id
                """,
                company.id,
                int_array(partner_ids),
                as_of,
                self._stands_sql(),
            )
        )
        log: dict[int, dict[str, list]] = defaultdict(lambda: defaultdict(list))
        for partner_id, axis, day, step in rows:
            log[partner_id][axis].append((day, step))
        return log

    @api.model
    def _stands_sql(self, alias: str = "log") -> SQL:
        """Return the condition that a row of the log was not corrected later."""
        return SQL(
            """NOT EXISTS (
                SELECT FROM customer_relationship_transition correction
                 WHERE correction.partner_id = %(log)s.partner_id
                   AND correction.company_id = %(log)s.company_id
                   AND correction.axis = %(log)s.axis
                   AND correction.corrects_from IS NOT NULL
                   AND correction.corrects_from <= %(log)s.date
                   AND correction.id > %(log)s.id
            )""",
            log=SQL.identifier(alias),
        )
