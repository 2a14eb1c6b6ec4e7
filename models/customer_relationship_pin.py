from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.misc import format_date

END_FIELDS = ("ended_on", "ended_by", "overruled_by_id")


class CustomerRelationshipPin(models.Model):
    """A person's decision on position or condition; it wins until it ends.

    A decision is a record of what somebody decided: it can be ended, not rewritten.
    Of two decisions on the same axis of a customer that overlap, the one recorded
    later wins, and the earlier one ends on the first day of the later one: it decides
    until then, and stands again if the later one is withdrawn before.
    """

    _name = "customer.relationship.pin"
    _inherit = "customer.decision.mixin"
    _description = "Pinned Position or Condition"
    _order = "date_from desc, id desc"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    axis = fields.Selection(
        [("position", "Position"), ("condition", "Condition")],
        string="Decide On",
        required=True,
        default="position",
    )
    stage_id = fields.Many2one(
        "customer.relationship.stage",
        string="Position",
        ondelete="restrict",
        index="btree_not_null",
    )
    condition_id = fields.Many2one(
        "customer.relationship.condition",
        ondelete="restrict",
        index="btree_not_null",
    )
    reason = fields.Char(required=True)
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_date(),
        help="First day of the decision.",
    )
    date_until = fields.Date(
        string="Until",
        help="Last day of the decision. Empty: until somebody ends it.",
    )
    ended_on = fields.Date(
        readonly=True, help="Day from which the rules decide again.", copy=False
    )
    ended_by = fields.Many2one("res.users", readonly=True, copy=False)
    overruled_by_id = fields.Many2one(
        "customer.relationship.pin",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
        copy=False,
        help="The later decision, still planned when recorded, that ends this one.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Decided By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    state = fields.Selection(
        [("planned", "Planned"), ("running", "In force"), ("over", "Ended")],
        compute="_compute_state",
        search="_search_state",
    )

    @api.depends("axis", "stage_id", "condition_id", "date_until", "ended_on")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for pin in self:
            target = pin._target().name or ""
            pin.display_name = (
                self.env._(
                    "%(target)s until %(date)s",
                    target=target,
                    date=format_date(self.env, pin.date_until),
                )
                if pin.date_until
                else target
            )

    @api.depends("company_id", "date_from", "date_until", "ended_on")
    def _compute_state(self):
        for pin in self:
            today = (pin.company_id or self.env.company)._retention_today()
            start = pin.date_from or today
            # One that was withdrawn before it began never counts.
            has_ended = pin.ended_on and pin.ended_on <= max(today, start)
            if has_ended or (pin.date_until and pin.date_until < today):
                pin.state = "over"
            else:
                pin.state = "planned" if start > today else "running"

    def _search_state(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: res.company - the day of each company; rules choose what is readable
        roots = self.env["res.company"].sudo().search([("parent_id", "=", False)])
        return Domain.OR(
            self._state_domain(company, state) for company in roots for state in value
        )

    @api.model
    def _state_domain(self, company, state):
        """Decisions of a company that are in a state today."""
        today = company._retention_today()
        over = self._ended_domain(today) | Domain("date_until", "<", today)
        planned = Domain("date_from", ">", today)
        domains = {
            "over": over,
            "planned": ~over & planned,
            "running": ~over & ~planned,
        }
        return Domain("company_id", "=", company.id) & domains.get(state, Domain.FALSE)

    @api.model
    def _ended_domain(self, today):
        """Decisions that somebody has ended, those that never counted included."""
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s <= GREATEST(%s, %s::date), FALSE)",
                model._field_to_sql(alias, "ended_on", query),
                model._field_to_sql(alias, "date_from", query),
                today,
            )
        )

    # === CONSTRAINTS === #

    @api.constrains("axis", "stage_id", "condition_id")
    def _check_target(self):
        for pin in self:
            wanted, other = pin.stage_id, pin.condition_id
            if pin.axis == "condition":
                wanted, other = other, wanted
            if not wanted or other:
                raise ValidationError(pin._target_message())

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for pin in self:
            if pin.date_until and pin.date_until < pin.date_from:
                raise ValidationError(
                    self.env._(
                        "The decision would end on %(until)s, before it begins on "
                        "%(start)s. Choose a later last day, or leave it empty.",
                        until=format_date(self.env, pin.date_until),
                        start=format_date(self.env, pin.date_from),
                    )
                )

    @api.constrains("reason")
    def _check_reason(self):
        if any(not (pin.reason or "").strip() for pin in self):
            raise ValidationError(
                self.env._(
                    "Say why you decide otherwise than the rules: others will read it."
                )
            )

    @api.constrains("company_id", "stage_id", "condition_id")
    def _check_ladder(self):
        ladders = self._ladders()
        for pin in self:
            target = pin._target()
            ladder = ladders[pin.axis, pin.company_id]
            if target and target not in ladder:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is not used in %(company)s. Choose one of: "
                        "%(names)s.",
                        name=target.name,
                        company=pin.company_id.name,
                        names=", ".join(ladder.mapped("name")),
                    )
                )

    def _ladders(self):
        """The steps one can decide on: ``{(axis, company): steps}``."""
        axes = {
            "position": "customer.relationship.stage",
            "condition": "customer.relationship.condition",
        }
        # sudo: customer.rule.mixin - whoever decides in a company knows its ladder
        steps = {axis: self.env[model].sudo() for axis, model in axes.items()}
        return {
            (axis, company): steps[axis]._ladder(company)
            for axis, company in {(pin.axis, pin.company_id) for pin in self}
        }

    def _target_message(self):
        if self.axis == "condition":
            return self.env._(
                "A decision on the condition needs a condition, and no position."
            )
        return self.env._(
            "A decision on the position needs a position, and no condition."
        )

    def _target(self):
        """The step decided on, whichever axis it belongs to."""
        return self.condition_id if self.axis == "condition" else self.stage_id

    # === CRUD === #

    @api.model
    def _prepare_decision(self, vals):
        if any(vals.get(name) for name in END_FIELDS):
            raise UserError(
                self.env._(
                    "A new decision has not ended yet. Leave the end empty and give "
                    "its last day instead."
                )
            )
        # Nor has it by a default that the call brings along.
        return super()._prepare_decision({**vals, **dict.fromkeys(END_FIELDS, False)})

    @api.ondelete(at_uninstall=False)
    def _unlink_except_of_customer(self):
        if self.partner_id:
            raise UserError(
                self.env._(
                    "A decision is part of the customer's history and cannot be "
                    "deleted. End it instead."
                )
            )
