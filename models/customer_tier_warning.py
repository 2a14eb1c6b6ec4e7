from __future__ import annotations

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerTierWarning(models.Model):
    """What was said about a tier, once: append-only, so that nobody hears it twice."""

    _name = "customer.tier.warning"
    _inherit = "customer.tier.visible.mixin"
    _description = "Notice about a Tier"
    _order = "recorded_at desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index=True, ondelete="set null"
    )
    ladder_id = fields.Many2one(
        "customer.tier.ladder",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade"
    )
    tier_id = fields.Many2one(
        "customer.tier",
        readonly=True,
        ondelete="set null",
        help="The tier that was reached, is close, may be lost, or was lost.",
    )
    kind = fields.Selection(
        [
            ("reached", "Tier reached"),
            ("almost", "Almost there"),
            ("loss", "Tier may be lost"),
            ("lost", "Tier lost"),
        ],
        required=True,
        readonly=True,
    )
    level = fields.Integer(
        string="Days Before", readonly=True, help="60, 30 or 7 days before a loss."
    )
    due_on = fields.Date(
        string="Last Day of the Tier", readonly=True, help="If nothing more is bought."
    )
    transition_id = fields.Many2one(
        "customer.tier.transition",
        string="Change",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    date = fields.Date(required=True, readonly=True)
    recorded_at = fields.Datetime(string="Recorded", required=True, readonly=True)
    outcome = fields.Selection(
        [
            ("done", "Done"),
            ("opted_out", "Wants no messages"),
            ("no_address", "No e-mail address"),
            ("nobody", "Nobody looks after the customer"),
            ("summed_up", "Summed up for the person responsible"),
            ("failed", "Failed"),
        ],
        required=True,
        readonly=True,
        default="done",
    )

    _known_idx = models.Index("(partner_id, ladder_id, kind, date)")

    # === CRUD === #

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(
            self.env._("What was said about a tier is history and stays as it is.")
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_log(self):
        if self.partner_id:
            raise UserError(
                self.env._("What was said about a tier is history and stays.")
            )

    # === BUSINESS === #

    @api.model
    def _said_since(self, ladder, account_ids, kind, day: date):
        """Return what was said of a kind to some accounts, from a day on."""
        # sudo: customer.tier.warning - so that nobody hears it twice
        return self.sudo().search(
            [
                ("partner_id", "in", list(account_ids)),
                ("ladder_id", "=", ladder.id),
                ("kind", "=", kind),
                ("date", ">=", day),
            ]
        )

    @api.model
    def _count_in_run(self, company) -> int:
        """Return how much was done for a company in earlier slices of this run.

        :param company: root company; empty for shared ladders
        """
        started = self.env.context.get("customer_retention_run_started")
        if not started:
            return 0
        # sudo: customer.tier.warning - the limit counts for everybody
        return self.sudo().search_count(
            [
                ("company_id", "=", company.id),
                ("recorded_at", ">=", started.replace(microsecond=0)),
                ("outcome", "=", "done"),
            ]
        )

    # === GARBAGE COLLECTION === #

    @api.autovacuum
    def _gc_warnings_without_customer(self):
        """Forget what was said to customers who have been deleted."""
        limit = fields.Date.today() - timedelta(days=1)
        self.search([("partner_id", "=", False), ("date", "<", limit)]).unlink()
