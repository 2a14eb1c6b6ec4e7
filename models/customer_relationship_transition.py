from odoo import fields, models

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
    down. A correction does not rewrite the log: its rows carry
    ``corrects_from``, the day from which they stand for what was recorded
    before.
    """

    _name = "customer.relationship.transition"
    _description = "Relationship Transition"
    _order = "date desc, id desc"
    _log_access = False

    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    axis = fields.Selection(
        [("position", "Position"), ("condition", "Condition")],
        required=True, readonly=True,
    )
    from_stage_id = fields.Many2one(
        "customer.relationship.stage", string="From Position", readonly=True,
        ondelete="restrict",
    )
    to_stage_id = fields.Many2one(
        "customer.relationship.stage", string="To Position", readonly=True,
        ondelete="restrict",
    )
    from_condition_id = fields.Many2one(
        "customer.relationship.condition", string="From Condition", readonly=True,
        ondelete="restrict",
    )
    to_condition_id = fields.Many2one(
        "customer.relationship.condition", string="To Condition", readonly=True,
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
        required=True, readonly=True,
    )
    cause = fields.Char(
        readonly=True, help="Technical code of what happened, for the explanation."
    )
    version_id = fields.Many2one(
        "customer.rule.version", string="Rule Version", readonly=True,
        ondelete="set null",
    )
    pin_id = fields.Many2one(
        "customer.relationship.pin", string="Decision", readonly=True,
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
