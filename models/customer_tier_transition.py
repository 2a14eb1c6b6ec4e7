from odoo import fields, models

from .loose_many2one import LooseMany2one

CAUSES = [
    ("entry", "First tier"),
    ("earned", "Earned"),
    ("kept", "Renewed"),
    ("expired", "Conditions no longer met"),
    ("revoked", "Purchases were credited"),
    ("granted", "Granted"),
    ("grant_ended", "Grant ended"),
    ("enrolled", "Joined"),
    ("left", "Left"),
    ("ladder", "Another ladder"),
    ("rule", "Rules changed"),
    ("corrected", "Corrected"),
]


class CustomerTierTransition(models.Model):
    """A change of tier: append-only, with two dates and the evidence."""

    _name = "customer.tier.transition"
    _inherit = "customer.tier.visible.mixin"
    _description = "Change of Tier"
    _order = "date desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null"
    )
    ladder_id = LooseMany2one(
        "customer.tier.ladder",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    company_id = LooseMany2one("res.company", readonly=True, ondelete="cascade")
    from_tier_id = LooseMany2one("customer.tier", readonly=True, ondelete="set null")
    to_tier_id = LooseMany2one("customer.tier", readonly=True, ondelete="set null")
    direction = fields.Selection(
        [
            ("entry", "Entry"),
            ("up", "Up"),
            ("down", "Down"),
            ("same", "Renewed"),
            ("exit", "Exit"),
        ],
        required=True,
        readonly=True,
    )
    date = fields.Date(string="True Since", required=True, readonly=True)
    recorded_at = fields.Datetime(string="Recorded", required=True, readonly=True)
    cause = fields.Selection(CAUSES, required=True, readonly=True)
    trigger = fields.Selection(
        [
            ("rule", "Rule"),
            ("person", "Person"),
            ("backfill", "Backfill"),
            ("import", "Import"),
            ("merge", "Merge"),
            ("correction", "Correction"),
        ],
        required=True,
        readonly=True,
    )
    valid_until = fields.Date(readonly=True)
    grant_id = fields.Many2one(
        "customer.tier.grant",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )
    version_id = LooseMany2one(
        "customer.rule.version", readonly=True, ondelete="set null"
    )
    evidence = fields.Json(
        readonly=True,
        groups="customer_retention.group_admin",  # documents of any company
        help="Window, measures with thresholds, rates and documents that were read.",
    )
    corrects_from = fields.Date(readonly=True)
    is_live = fields.Boolean(
        readonly=True,
        help="Happened while the system was watching: messages followed.",
    )

    _account_idx = models.Index("(partner_id, ladder_id, date)")
    # Corrections are few, and asked for with every row of the log.
    _correction_idx = models.Index("(partner_id) WHERE corrects_from IS NOT NULL")
    _latest_idx = models.Index("(date DESC, id DESC)")
