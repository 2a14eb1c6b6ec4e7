from odoo import api, fields, models
from odoo.tools import SQL

from ..models.customer_relationship_transition import TRIGGERS


class CustomerRelationshipTransitionReport(models.Model):
    """The transitions that stand, each with the stay that followed it."""

    _name = "customer.relationship.transition.report"
    _description = "Transition Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    segment_id = fields.Many2one("customer.segment", readonly=True)
    axis = fields.Selection(
        [("position", "Position"), ("condition", "Condition")], readonly=True
    )
    date = fields.Date(string="True Since", readonly=True)
    recorded_at = fields.Datetime(string="Recorded", readonly=True)
    cohort_month = fields.Date(
        string="Cohort", readonly=True,
        help="Month in which the customer first had a position.",
    )
    from_stage_id = fields.Many2one(
        "customer.relationship.stage", string="From Position", readonly=True
    )
    to_stage_id = fields.Many2one(
        "customer.relationship.stage", string="To Position", readonly=True
    )
    next_stage_id = fields.Many2one(
        "customer.relationship.stage", string="Next Position", readonly=True
    )
    from_condition_id = fields.Many2one(
        "customer.relationship.condition", string="From Condition", readonly=True
    )
    to_condition_id = fields.Many2one(
        "customer.relationship.condition", string="To Condition", readonly=True
    )
    next_condition_id = fields.Many2one(
        "customer.relationship.condition", string="Next Condition", readonly=True
    )
    from_kind = fields.Selection(
        selection="_selection_kind", string="From Kind", readonly=True
    )
    to_kind = fields.Selection(
        selection="_selection_kind", string="To Kind", readonly=True
    )
    trigger = fields.Selection(TRIGGERS, readonly=True)
    direction = fields.Selection(
        [
            ("entry", "Entry"),
            ("forward", "Forward"),
            ("skip", "Skip"),
            ("regression", "Regression"),
            ("reentry", "Re-entry"),
        ],
        readonly=True,
    )
    is_current = fields.Boolean(
        string="Still So", readonly=True, help="No later change of the same axis."
    )
    is_win_back = fields.Boolean(string="Win-back", readonly=True)
    is_regression = fields.Boolean(string="Regression", readonly=True)
    days_before = fields.Integer(
        string="Days in Stage Left", readonly=True, aggregator="avg",
        help="Days the customer had spent where this change found it.",
    )
    days_until_next = fields.Integer(
        string="Days in Stage", readonly=True, aggregator="avg",
        help="Days from this change to the next one; empty while it lasts.",
    )

    @property
    def _table_query(self):
        return SQL("SELECT NULL::integer AS id WHERE FALSE")

    @api.model
    def _selection_kind(self):
        return self.env["customer.relationship.condition"]._fields["kind"].selection

    @api.model
    @api.readonly
    def get_funnel(self, domain=None):
        return {
            "steps": [], "matrix": {"stages": [], "cells": []},
            "regressions": 0, "win_backs": 0,
        }
