import json

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain

from ..logic import rule as rule_logic

DEFINITION_FIELDS = ("rule", "manual_only", "minimum_days", "sequence", "active")


class CustomerRuleMixin(models.AbstractModel):
    """A step of a ladder: data an administrator edits, versioned on every change.

    A ladder is the steps of one company. The steps without a company are the ladder
    of every company that has no active step of its own.
    """

    _name = "customer.rule.mixin"
    _inherit = "customer.versioned.mixin"
    _description = "Versioned Rule"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    description = fields.Text(
        translate=True, help="What this step means, for the people who work with it."
    )
    sequence = fields.Integer(default=lambda self: self._default_sequence())
    color = fields.Integer()
    active = fields.Boolean(default=True)
    fold = fields.Boolean(
        string="Folded in Kanban",
        help="Fold this column in the kanban view when it is empty.",
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        help="Leave empty to share it with every company that has no ladder of "
        "its own.",
    )
    rule = fields.Text(
        default="[]",
        copy=True,
        help="Condition over the facts of the customer. An empty rule holds for "
        "everybody.",
    )
    manual_only = fields.Boolean(
        string="By Decision Only",
        help="No rule leads here: only a person's decision does.",
    )
    minimum_days = fields.Integer(
        string="Minimum Stay (days)",
        help="A rule does not move the customer on before this many days have "
        "passed. A decision by a person may.",
    )
    activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        domain=[("res_model", "=", "res.partner")],
        ondelete="set null",
        help="Activities planned on the customer when it arrives here.",
    )
    rule_sentence = fields.Char(
        string="Rule in Words", compute="_compute_rule_sentence"
    )
    rule_warning = fields.Char(
        compute="_compute_rule_sentence",
        help="Why the rule is skipped, when it names a fact that is not installed.",
    )

    customer_count = fields.Integer(
        compute="_compute_customer_count",
        help="Customers you may see who stand here now.",
    )

    @api.model
    def _default_sequence(self):
        """A new step goes to the end, where it disturbs no other."""
        last = self.with_context(active_test=False).search(
            [], order="sequence desc", limit=1
        )
        return last.sequence + 10

    @api.depends("rule", "manual_only", "company_id")
    @api.depends_context("lang")
    def _compute_rule_sentence(self):
        wording = self.env["customer.rule.wording"]
        for record in self:
            currency = record.company_id.currency_id
            definition = {"rule": record.rule, "manual_only": record.manual_only}
            record.rule_sentence = wording._definition_sentence(definition, currency)
            record.rule_warning = not record.manual_only and (
                wording._skipped_sentence(record.rule)
            )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_count(self):
        field = self._customer_field()
        counts = dict(
            self.env["customer.relationship"]._read_group(
                [(field, "in", self.ids)], groupby=[field], aggregates=["__count"]
            )
        )
        for record in self:
            record.customer_count = counts.get(record._origin, 0)

    # === CONSTRAINTS === #

    @api.constrains("minimum_days")
    def _check_minimum_days(self):
        if any(record.minimum_days < 0 for record in self):
            raise ValidationError(
                self.env._("A minimum stay has no negative days. Enter 0 for none.")
            )

    @api.constrains("active", "company_id")
    def _check_shared_ladder(self):
        """The ladder that companies fall back on keeps a step to stand on."""
        # sudo: customer.rule.mixin - the last step counts, whoever may see it
        if not self.sudo().search_count([("company_id", "=", False)], limit=1):
            raise ValidationError(self._last_step_message())

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._with_canonical_rule(vals) for vals in vals_list])

    def write(self, vals):
        if "company_id" in vals:
            self._check_keeps_ladder(vals["company_id"])
        if "rule" in vals and any(record.rule != vals["rule"] for record in self):
            vals = self._with_canonical_rule(vals)
        return super().write(vals)

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if "name" in (default or {}):
            return vals_list
        return [
            {**vals, "name": self.env._("%(name)s (copy)", name=record.name)}
            for record, vals in zip(self, vals_list, strict=True)
        ]

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = self.filtered(lambda record: record._is_used())
        if used:
            raise UserError(
                self.env._(
                    "Customers are or were in %(names)s, so it cannot be deleted. "
                    "Archive it instead: the history stays readable.",
                    names=", ".join(f"“{name}”" for name in used.mapped("name")),
                )
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_last(self):
        domain = [("company_id", "=", False), ("id", "not in", self.ids)]
        # sudo: customer.rule.mixin - the last step counts, whoever may see it
        if not self.sudo().search_count(domain, limit=1):
            raise UserError(self._last_step_message())

    @api.model
    def _last_step_message(self):
        return self.env._(
            "The shared ladder needs at least one active step, since companies "
            "without a ladder of their own use it. Add or restore another one first."
        )

    def _check_keeps_ladder(self, company_id):
        """Refuse to move a step with a history to another ladder."""
        company_id = company_id or False
        moved = self.filtered(lambda record: record.company_id.id != company_id)
        used = moved.filtered(lambda record: record._is_used())
        if used:
            raise UserError(
                self.env._(
                    "Customers are or were in “%(name)s”, so it stays in its ladder. "
                    "Duplicate it and choose the company of the copy.",
                    name=used[0].name,
                )
            )

    def _is_used(self):
        """Whether a customer, a decision or the history refers to this step."""
        self.ensure_one()
        for model in (
            "customer.relationship.transition",
            "customer.relationship.pin",
            "customer.relationship",
        ):
            # sudo: customer.visible.mixin, customer.relationship - use by rows not seen
            users = self.env[model].sudo().with_context(active_test=False)
            domain = Domain.OR(
                [(field.name, "=", self.id)]
                for field in users._fields.values()
                if field.store and field.comodel_name == self._name
            )
            if users.search_count(domain, limit=1):
                return True
        return False

    # === ACTIONS === #

    def action_open_customers(self):
        """The customers who stand here now."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_retention.customer_relationship_action"
        )
        domain = [(self._customer_field(), "=", self.id)]
        return {
            **action,
            "domain": domain,
            "context": {},
            "path": False,
            "display_name": self.name,
        }

    # === LADDER === #

    @api.model
    def _customer_field(self):
        """Name of the field of a relationship that holds a step of this kind."""
        raise NotImplementedError

    @api.model
    def _ladder(self, company):
        """The active steps that count for a main company, in their order.

        Its own ladder replaces the shared one as soon as it has an active step.
        """
        own = self.search([("company_id", "=", company.id)])
        return own or self.search([("company_id", "=", False)])

    # === VERSIONS === #

    def _definition(self):
        self.ensure_one()
        definition = {name: self[name] for name in self._get_definition_fields()}
        return {**definition, "rule": json.loads(self.rule or "[]")}

    @api.model
    def _get_definition_fields(self):
        return list(DEFINITION_FIELDS)

    @api.model
    def _decides(self, vals):
        return "company_id" in vals or super()._decides(vals)

    @api.model
    def _with_canonical_rule(self, vals):
        """The same values with the rule in its one canonical text.

        :raise ValidationError: it is no rule, with what to do about it
        """
        if "rule" not in vals:
            return vals
        return {**vals, "rule": self._canonical_rule(vals["rule"])}

    @api.model
    def _canonical_rule(self, rule):
        wording = self.env["customer.rule.wording"]
        try:
            node = rule_logic.parse(rule or [], wording._available_facts())
        except rule_logic.RuleError as error:
            raise ValidationError(wording._rule_error_message(error)) from error
        return json.dumps(rule_logic.serialize(node))
