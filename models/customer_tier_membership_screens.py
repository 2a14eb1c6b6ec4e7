from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..logic.tier_outlook import whole_percent

# Days before the end of a tier in which somebody should look after it.
RISK_DAYS = 60
# Part of the next threshold that may be missing for “close to the next tier”.
CLOSE_PART = 0.2
# Changes of tier shown in a history.
MOST_CHANGES = 100


class CustomerTierMembership(models.Model):
    """What the screens of a membership show, and where they lead."""

    _inherit = "customer.tier.membership"

    partner_city = fields.Char(related="partner_id.city", string="City")
    tier_color = fields.Integer(related="tier_id.color", string="Color of the Tier")
    tier_icon = fields.Char(related="tier_id.icon", string="Icon of the Tier")
    is_granted = fields.Boolean(
        string="Granted",
        compute="_compute_is_granted",
        search="_search_is_granted",
        help="The tier was granted by a person; the ladder alone gives another one.",
    )
    is_at_risk = fields.Boolean(
        string="At Risk",
        compute="_compute_is_at_risk",
        search="_search_is_at_risk",
        help="The tier ends within 60 days unless the customer buys more.",
    )
    is_close_to_next = fields.Boolean(
        string="Close to the Next Tier",
        compute="_compute_is_close_to_next",
        search="_search_is_close_to_next",
        help="At most a fifth of the next threshold is missing.",
    )
    progress = fields.Float(
        compute="_compute_progress",
        help="How much of the way to the next tier is done, in percent.",
    )
    headline = fields.Char(
        string="Tier in a Line",
        compute="_compute_headline",
        help="What the customer enjoys, until when, and what is earned.",
    )
    tier_card = fields.Json(compute="_compute_tier_card")
    transition_ids = fields.One2many(
        "customer.tier.transition",
        string="Changes of Tier",
        compute="_compute_decisions",
    )
    grant_ids = fields.One2many(
        "customer.tier.grant", string="Grants", compute="_compute_decisions"
    )
    adjustment_ids = fields.One2many(
        "customer.tier.adjustment", string="Adjustments", compute="_compute_decisions"
    )

    # === COMPUTE === #

    @api.depends("grant_id", "tier_id", "earned_tier_id")
    def _compute_is_granted(self):
        for row in self:
            row.is_granted = bool(row.grant_id) and row.tier_id != row.earned_tier_id

    def _search_is_granted(self, operator, value):
        if operator != "in":
            return NotImplemented
        differs = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IS DISTINCT FROM %s",
                SQL.identifier(alias, "tier_id"),
                SQL.identifier(alias, "earned_tier_id"),
            )
        )
        return Domain("grant_id", "!=", False) & differs

    @api.depends("valid_until", "missing_keep", "tier_id")
    def _compute_is_at_risk(self):
        for row in self:
            row.is_at_risk = bool(
                row.tier_id
                and row.valid_until
                and row.missing_keep > 0
                and row.valid_until <= row._risk_day()
            )

    def _search_is_at_risk(self, operator, value):
        if operator != "in":
            return NotImplemented
        return (
            Domain("tier_id", "!=", False)
            & Domain("missing_keep", ">", 0)
            & Domain("valid_until", "<=", self._risk_day())
        )

    def _risk_day(self):
        company = (self[:1].company_id or self.env.company)._retention_root()
        return company._retention_today() + timedelta(days=RISK_DAYS)

    @api.depends("value", "missing_next", "next_tier_id")
    def _compute_is_close_to_next(self):
        for row in self:
            total = row.value + row.missing_next
            row.is_close_to_next = bool(
                row.next_tier_id and 0 < row.missing_next <= CLOSE_PART * total
            )

    def _search_is_close_to_next(self, operator, value):
        if operator != "in":
            return NotImplemented
        near = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%(missing)s <= %(part)s * (%(value)s + %(missing)s)",
                missing=SQL.identifier(alias, "missing_next"),
                value=SQL.identifier(alias, "value"),
                part=CLOSE_PART,
            )
        )
        return (
            Domain("next_tier_id", "!=", False) & Domain("missing_next", ">", 0) & near
        )

    @api.depends("value", "missing_next", "next_tier_id")
    def _compute_progress(self):
        for row in self:
            total = row.value + row.missing_next
            if not row.next_tier_id:
                row.progress = 100.0 if row.tier_id else 0.0
            elif total > 0:
                row.progress = whole_percent(row.value / total)
            else:
                row.progress = 0.0

    @api.depends("tier_id", "earned_tier_id", "valid_until", "grant_id")
    @api.depends_context("lang")
    def _compute_headline(self):
        for row in self:
            row.headline = row._describe_standing()

    @api.depends("tier_id", "value", "next_tier_id", "headline")
    @api.depends_context("lang")
    def _compute_tier_card(self):
        progress = self._progress_by_id()
        for row in self:
            row.tier_card = row._prepare_tier_card(progress[row.id])

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_decisions(self):
        """What is known of the same customer and ladder, newest first."""
        for row in self:
            domain = [
                ("partner_id", "=", row.partner_id.id),
                ("ladder_id", "=", row.ladder_id.id),
            ]
            row.transition_ids = self._seen("transition", domain, MOST_CHANGES)
            row.grant_ids = self._seen("grant", domain)
            row.adjustment_ids = self._seen("adjustment", domain)

    @api.model
    def _seen(self, kind: str, domain: list, limit: int | None = None):
        """Return decisions of a kind, none for who may not see any."""
        decisions = self.env[f"customer.tier.{kind}"]
        if not decisions.has_access("read"):
            return decisions
        return decisions.search(domain, limit=limit)

    @api.model
    def _read_group_tier_ids(self, tiers, domain):
        """Show every tier of the ladders in use, also those without members."""
        ladder_ids = tiers.ladder_id.ids
        if not ladder_ids:
            root = self.env.company._retention_root()
            # sudo: customer.tier.ladder - which tiers there are, in an empty list
            every_ladder = self.env["customer.tier.ladder"].sudo()
            ladders = every_ladder.search(
                [("company_id", "in", (root.id, False))], limit=1
            )
            ladder_ids = ladders.ids
        found = tiers.search([("ladder_id", "in", ladder_ids)])
        return (tiers | found).sorted()

    # === WORDS === #

    def _describe_standing(self) -> str:
        """Return the tier, until when and why, and what is earned if that differs."""
        self.ensure_one()
        if not self.tier_id:
            return self.env._("No tier yet")
        text = self._describe_until()
        if not self.is_granted:
            return text
        if not self.earned_tier_id:
            return self.env._("%(tier)s — earns no tier", tier=text)
        return self.env._(
            "%(tier)s — earns %(earned)s", tier=text, earned=self.earned_tier_id.name
        )

    def _describe_until(self) -> str:
        words = {"tier": self.tier_id.name}
        if self.is_granted:
            # sudo: customer.tier.grant - why and until when is part of the tier shown
            grant = self.sudo().grant_id
            reasons = dict(grant._fields["reason"]._description_selection(self.env))
            words["reason"] = reasons.get(grant.reason, "").lower()
            return self.env._(
                "%(tier)s until %(date)s (%(reason)s)",
                date=format_date(self.env, grant.date_until),
                **words,
            )
        if self.valid_until:
            return self.env._(
                "%(tier)s until %(date)s",
                date=format_date(self.env, self.valid_until),
                **words,
            )
        return self.tier_id.name

    def _prepare_tier_card(self, progress: dict) -> dict:
        """Return what a badge with a progress bar needs."""
        self.ensure_one()
        return {
            "id": self.id,
            "tier": self.tier_id.name or "",
            "icon": self.tier_id.icon or "fa-circle-o",
            "color": self.tier_id.color,
            "headline": self.headline,
            "granted": self.is_granted,
            "at_risk": self.is_at_risk,
            "progress": progress,
        }

    # === ACTION METHODS === #

    @api.readonly
    def get_explanation(self):
        """Return why the customer has this tier, and what is missing, in words."""
        self.check_access("read")
        self.ensure_one()
        return self._explain()

    def action_open_partner(self):
        """Open the contact."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_grant(self):
        """Open a new grant for this customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Grant a Tier"),
            "res_model": "customer.tier.grant",
            "views": [(False, "form")],
            "target": "new",
            "context": {
                "default_partner_id": self.partner_id.id,
                "tier_ladder_id": self.ladder_id.id,
            },
        }

    def action_open_ladder(self):
        """Open the ladder this membership is in."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "customer.tier.ladder",
            "res_id": self.ladder_id.id,
            "views": [(False, "form")],
        }
