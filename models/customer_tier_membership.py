from __future__ import annotations

from odoo import fields, models

from .loose_many2one import LooseMany2one


class CustomerTierMembership(models.Model):
    """One account in its ladder: tier, until when, what is missing.

    A cache that the evaluation writes and anybody may throw away; grants,
    adjustments, enrolments, versions and the transition log are the truth.
    """

    _name = "customer.tier.membership"
    _description = "Tier of a Customer"
    _inherit = "customer.tier.visible.mixin"
    _order = "value desc, id desc"
    _rec_name = "partner_id"
    _log_access = False

    ladder_id = LooseMany2one(
        "customer.tier.ladder", required=True, readonly=True, ondelete="cascade"
    )
    partner_id = LooseMany2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
        help="The account, or the head of its group of companies or household.",
    )
    company_id = LooseMany2one(
        "res.company", readonly=True, ondelete="cascade", help="Empty: shared ladder."
    )
    currency_id = fields.Many2one(related="ladder_id.currency_id")
    user_id = LooseMany2one(
        "res.users", string="Salesperson", readonly=True, ondelete="set null"
    )
    active = fields.Boolean(default=True, readonly=True)

    # Verdict
    tier_id = LooseMany2one(
        "customer.tier",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        group_expand="_read_group_tier_ids",
        help="What the customer enjoys: earned, or granted.",
    )
    earned_tier_id = LooseMany2one(
        "customer.tier",
        readonly=True,
        ondelete="set null",
        help="What the customer holds by the ladder alone, without grants.",
    )
    measured_tier_id = LooseMany2one(
        "customer.tier",
        readonly=True,
        ondelete="set null",
        help="What today's figures alone would earn.",
    )
    previous_tier_id = LooseMany2one(
        "customer.tier", readonly=True, ondelete="set null"
    )
    highest_tier_id = LooseMany2one("customer.tier", readonly=True, ondelete="set null")
    since = fields.Date(readonly=True, string="Tier Since")
    valid_until = fields.Date(
        readonly=True,
        index="btree_not_null",
        help="Last day on which the tier is certain, as things stand today.",
    )
    qualified_on = fields.Date(readonly=True)
    grant_id = fields.Many2one(
        "customer.tier.grant",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    enrolment_id = fields.Many2one(
        "customer.tier.enrolment",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    version_id = LooseMany2one(
        "customer.rule.version", readonly=True, ondelete="set null"
    )

    # Figures of today's window
    window_from = fields.Date(readonly=True)
    window_until = fields.Date(readonly=True)
    value = fields.Float(
        readonly=True, string="Qualifying", help="The ladder's first measure today."
    )
    values = fields.Json(readonly=True, help="{measure id: value today}")
    next_tier_id = LooseMany2one("customer.tier", readonly=True, ondelete="set null")
    missing_next = fields.Float(
        readonly=True, help="What is missing of the first measure for the next tier."
    )
    missing_keep = fields.Float(
        readonly=True, help="What is missing of the first measure to keep the tier."
    )

    # Evaluation
    evaluated_on = fields.Date(readonly=True)
    next_evaluation_on = fields.Date(
        readonly=True, help="First day on which something can change by itself."
    )
    checkpoint = fields.Text(
        readonly=True,
        prefetch=False,
        groups="base.group_system",
        help="Where the next evaluation goes on, and a fingerprint of what led there.",
    )

    _holder_unique = models.Constraint(
        "UNIQUE(partner_id, ladder_id)", "One membership per customer and ladder."
    )
    _due_idx = models.Index("(ladder_id, next_evaluation_on)")
    _value_idx = models.Index("(ladder_id, value DESC, id DESC)")
    _user_idx = models.Index("(user_id, value DESC, id DESC)")
