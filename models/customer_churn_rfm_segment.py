from __future__ import annotations

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError
from odoo.tools import SQL

from ..logic.rfm import HIGHEST, LOWEST, Box
from .loose_many2one import LooseMany2one

RANGES = (
    ("recency_from", "recency_to"),
    ("frequency_from", "frequency_to"),
    ("monetary_from", "monetary_to"),
)
DECIDES = {name for pair in RANGES for name in pair} | {
    "sequence",
    "active",
    "company_id",
}


class CustomerChurnRfmSegment(models.Model):
    """Customers who bought as lately, as often and as much: a name and what to do.

    The first one that fits is a customer's segment.
    """

    _name = "customer.churn.rfm.segment"
    _inherit = "customer.referent"
    _description = "RFM Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    color = fields.Integer(string="Color Index")
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        ondelete="cascade",
        help="Leave empty to use it in every company.",
    )
    advice = fields.Char(
        translate=True, help="What to do with these customers, in a few words."
    )
    recency_from = fields.Integer(default=LOWEST, required=True, aggregator=None)
    recency_to = fields.Integer(default=HIGHEST, required=True, aggregator=None)
    frequency_from = fields.Integer(default=LOWEST, required=True, aggregator=None)
    frequency_to = fields.Integer(default=HIGHEST, required=True, aggregator=None)
    monetary_from = fields.Integer(
        string="Revenue From", default=LOWEST, required=True, aggregator=None
    )
    monetary_to = fields.Integer(
        string="Revenue To", default=HIGHEST, required=True, aggregator=None
    )
    customer_count = fields.Integer(
        string="Customers", compute="_compute_customer_count"
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_customer_count(self):
        groups = self.env["customer.churn.score"]._read_group(
            [("rfm_segment_id", "in", self.ids)], ["rfm_segment_id"], ["__count"]
        )
        numbers = {segment.id: number for segment, number in groups}
        for segment in self:
            segment.customer_count = numbers.get(segment.id, 0)

    @api.constrains(*(name for pair in RANGES for name in pair))
    def _check_ranges(self):
        for segment in self:
            try:
                segment._box()
            except ValueError as error:
                raise ValidationError(
                    self.env._(
                        "The scores of “%(name)s” go from 1, the worst fifth, to 5, "
                        "the best; the first is not above the second.",
                        name=segment.name,
                    )
                ) from error

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        segments = super().create(vals_list)
        self._changed()
        return segments

    def write(self, vals):
        result = super().write(vals)
        if DECIDES & vals.keys():
            self._changed()
        return result

    def unlink(self):
        result = super().unlink()
        self._changed()
        return result

    # === BUSINESS === #

    def _box(self) -> Box:
        self.ensure_one()
        return Box(*((self[low], self[high]) for low, high in RANGES))

    @api.model
    def _changed(self):
        """Have the customers named again."""
        self.env.registry.clear_cache()
        self.env["res.company"]._churn_score_soon()

    @api.model
    def _segment_sql(self, company) -> SQL:
        """Return the segment of R, F and M as an SQL expression, as logic.rfm."""
        segments = self._boxes(company.id)
        if not segments:
            return SQL("NULL::int")
        return SQL(
            "CASE %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", _fits_sql(box), segment_id)
                for segment_id, box in segments
            ),
        )

    @api.model
    @tools.ormcache("company_id")
    def _boxes(self, company_id: int) -> tuple[tuple[int, Box], ...]:
        """Return the segments of a company with their scores, in their order."""
        # sudo: customer.churn.rfm.segment - everybody is named by the same segments
        segments = self.sudo().search([("company_id", "in", (company_id, False))])
        return tuple((segment.id, segment._box()) for segment in segments)

    # === ACTIONS === #

    def action_open_customers(self):
        """Open the customers of the segment."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_retention.customer_churn_score_action"
        )
        action["domain"] = [("rfm_segment_id", "=", self.id)]
        action["context"] = {}
        action["display_name"] = self.name
        return action


class CustomerChurnScore(models.Model):
    """Which segment a customer is in."""

    _inherit = "customer.churn.score"

    rfm_segment_id = LooseMany2one(
        "customer.churn.rfm.segment",
        string="RFM Segment",
        readonly=True,
        ondelete="set null",
        index="btree_not_null",
    )


def _fits_sql(box: Box) -> SQL:
    columns = ("recency_score", "frequency_score", "monetary_score")
    ranges = (box.recency, box.frequency, box.monetary)
    return SQL(" AND ").join(
        SQL("%s BETWEEN %s AND %s", SQL.identifier("placed", column), low, high)
        for column, (low, high) in zip(columns, ranges, strict=True)
    )
