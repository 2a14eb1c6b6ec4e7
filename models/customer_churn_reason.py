from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

GROUPS = [
    ("service", "Service Failure and Recovery"),
    ("value", "Value Proposition"),
    ("other", "Other"),
]
NATURES = [
    ("natural", "Natural"),
    ("competitive", "Competitive"),
    ("fault", "Our Fault"),
    ("malicious", "Bad Faith"),
    ("other", "Other"),
]
NATURE_HELP = (
    "Natural: the need or the customer is gone, nobody could help it. Competitive: "
    "somebody else was better, nearer or cheaper. Our fault: we failed. Bad faith: the "
    "customer did not mean to pay or play fair. Proposed by the main reason."
)


class CustomerChurnReason(models.Model):
    """Why customers leave: drivers in three groups, and what they consist of.

    The drivers follow Keaveney (Journal of Marketing 59, 1995).
    """

    _name = "customer.churn.reason"
    _inherit = "customer.tree.mixin"
    _description = "Reason to Leave"
    _parent_store = True
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    question = fields.Char(
        string="As Customers Would Say It",
        translate=True,
        help="The answer customers can choose when we ask them, and what colleagues "
        "read. Empty: customers are not offered it, colleagues read the name.",
    )
    sequence = fields.Integer(default=10)
    parent_id = fields.Many2one(
        "customer.churn.reason", string="Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("customer.churn.reason", "parent_id")
    group = fields.Selection(
        GROUPS,
        compute="_compute_group",
        recursive=True,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        default="other",
    )
    nature = fields.Selection(
        NATURES,
        compute="_compute_character",
        recursive=True,
        store=True,
        readonly=False,
        precompute=True,
        help=NATURE_HELP,
    )
    is_avoidable = fields.Boolean(
        string="Avoidable",
        compute="_compute_character",
        recursive=True,
        store=True,
        readonly=False,
        precompute=True,
        help="We could have prevented it.",
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: every company."
    )
    active = fields.Boolean(default=True)

    @api.depends("question")
    def _compute_display_name(self):
        return super()._compute_display_name()

    def _own_name(self) -> str:
        """Plain words first: the name is for those who read studies."""
        return self.question or self.name

    @api.model
    def _named(self, operator, name):
        plain = Domain("question", operator, name) | Domain("name", operator, name)
        return self.with_context(active_test=False).search(plain)

    @api.depends("parent_id.group")
    def _compute_group(self):
        for reason in self:
            reason.group = reason.parent_id.group or reason.group or "other"

    @api.depends("parent_id.nature", "parent_id.is_avoidable")
    def _compute_character(self):
        """A part is like its whole, unless somebody said otherwise."""
        for reason in self:
            if not reason.nature:
                reason.nature = reason.parent_id.nature
                reason.is_avoidable = reason.parent_id.is_avoidable

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        users = (
            ("customer.churn.event", "main_reason_id"),
            ("customer.churn.event", "reason_ids"),
            ("customer.churn.mention", "reason_id"),
            (self._name, "parent_id"),
        )
        for name, field in users:
            # sudo: customer.churn.reason - used is used, by whomever
            model = self.env[name].sudo().with_context(active_test=False)
            used = Domain(field, "in", self.ids)
            if name == self._name:
                used &= Domain("id", "not in", self.ids)
            if model.search_count(used, limit=1):
                raise UserError(
                    self.env._(
                        "Losses are explained by this reason, or it has parts, so it "
                        "cannot be deleted. Archive it instead: what was said stays "
                        "readable."
                    )
                )

    def _way_ids(self) -> frozenset[int]:
        """Return the ids of these reasons and of those above them."""
        return frozenset(
            int(part)
            # sudo: customer.churn.reason - ids are compared, nothing of them is shown
            for reason in self.sudo()
            for part in (reason.parent_path or "").split("/")
            if part
        )

    @api.model
    def _asked(self, company):
        """Return the reasons customers of a company can choose from."""
        # sudo: customer.churn.reason - customers are asked, who may read no reasons
        return self.sudo().search(
            [("question", "!=", False), ("company_id", "in", (False, company.id))]
        )
