from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date


class CustomerChurnEvent(models.Model):
    """With what a customer was won back: the case that ended with the return."""

    _inherit = "customer.churn.event"

    won_back_case_id = fields.Many2one(
        "customer.retention.case",
        string="Won Back By",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The case about this loss that ended with the return.",
    )
    won_back_play_id = fields.Many2one(
        "customer.retention.play",
        string="Won Back With",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
        help="The play of that case. Empty: came back without being fought for.",
    )
    won_back_text = fields.Char(string="With What", compute="_compute_won_back_text")
    return_text = fields.Char(
        string="Return", compute="_compute_return_text", exportable=False
    )

    @api.depends("won_back_case_id.offer_ids.state", "won_back_play_id")
    def _compute_won_back_text(self):
        for event in self:
            # sudo: customer.retention.case - what was tried with a loss one sees
            won = event.sudo()
            given = won.won_back_case_id.offer_ids.filtered(
                lambda offer: offer.state == "given"
            )
            names = [won.won_back_play_id.name, *given.mapped("name")]
            event.won_back_text = " · ".join(filter(None, names)) or False

    @api.depends("returned_on", "days_away")
    @api.depends_context("lang")
    def _compute_return_text(self):
        for event in self:
            event.return_text = event.returned_on and self.env._(
                "Came back on %(day)s, after %(days)s days without a purchase.",
                day=format_date(self.env, event.returned_on),
                days=event.days_away,
            )

    @api.model
    def _refresh_won_back(self, company) -> None:
        """Bring up to date which case brought whom back, of losses that have cases."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_churn_event event
                   SET (won_back_case_id, won_back_play_id)
                     = (fresh.case_id, fresh.play_id)
                  FROM (SELECT known.id, won.id AS case_id, won.play_id
                          FROM customer_churn_event known
                     LEFT JOIN LATERAL (
                               SELECT tried.id, tried.play_id
                                 FROM customer_retention_case tried
                                WHERE tried.event_id = known.id
                                  AND tried.kind = 'win_back'
                                  AND tried.state = 'kept'
                             ORDER BY tried.closed_on DESC, tried.id DESC
                                LIMIT 1) won ON known.state = 'returned'
                         WHERE known.id IN (
                               SELECT event_id FROM customer_retention_case
                                WHERE company_id = %s)) fresh
                 WHERE fresh.id = event.id
                   AND (event.won_back_case_id, event.won_back_play_id)
                       IS DISTINCT FROM (fresh.case_id, fresh.play_id)
                """,
                company.id,
            )
        )
        self.invalidate_model(["won_back_case_id", "won_back_play_id"])
