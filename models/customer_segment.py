from math import isfinite

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import SQL

MEMBERSHIP_FIELDS = {
    "account_kind",
    "industry_ids",
    "country_ids",
    "company_id",
    "sequence",
    "active",
}


class CustomerSegment(models.Model):
    """Customers with a similar rhythm: whom one is compared with.

    The first segment that fits an account is its segment. The usual interval of
    a segment stands in for customers with fewer than three purchase days; it is
    versioned like a rule.
    """

    _name = "customer.segment"
    _inherit = ["customer.versioned.mixin", "customer.referent"]
    _description = "Customer Segment"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index=True,
        domain=[("parent_id", "=", False)],
        help="Leave empty to use it in every company.",
    )
    account_kind = fields.Selection(
        string="Customers",
        selection=[
            ("any", "Everybody"),
            ("company", "Companies"),
            ("person", "Individuals"),
        ],
        default="any",
        required=True,
    )
    industry_ids = fields.Many2many("res.partner.industry", string="Industries")
    country_ids = fields.Many2many("res.country", string="Countries")
    usual_interval = fields.Float(
        string="Usual Interval (days)",
        default=60.0,
        required=True,
        help="Days between two purchases assumed for a customer of this segment "
        "who has bought on fewer than three days.",
    )
    measured_interval = fields.Float(
        string="Measured Interval (days)",
        readonly=True,
        help="Median over the customers of the segment with an own rhythm, at the "
        "last weekly run.",
    )
    measured_count = fields.Integer(string="Customers Measured", readonly=True)
    # Of all companies beside each other: read by nobody but the screens of a row.
    medians = fields.Json(
        readonly=True,
        groups=fields.NO_ACCESS,
        help="Median of each fact over the segment, by company, at the last run.",
    )

    @api.constrains("usual_interval")
    def _check_usual_interval(self):
        for segment in self:
            if not (isfinite(segment.usual_interval) and segment.usual_interval >= 1):
                raise ValidationError(
                    self.env._(
                        "The usual interval of “%(name)s” is at least one day.",
                        name=segment.name,
                    )
                )

    def _definition(self):
        self.ensure_one()
        return {"usual_interval": self.usual_interval}

    @api.model
    def _get_definition_fields(self):
        return ["usual_interval"]

    @api.model
    def _decides(self, vals):
        return bool(MEMBERSHIP_FIELDS & vals.keys()) or super()._decides(vals)

    @api.model
    def _segment_sql(self, company_id, partner):
        """The segment of a partner as an SQL expression: the first one that fits.

        :param partner: SQL alias of ``res_partner``
        """
        # sudo: customer.segment - everybody is evaluated by the same segments
        segments = self.sudo().search([("company_id", "in", (company_id, False))])
        if not segments:
            return SQL("NULL::int")
        return SQL(
            "CASE %s END",
            SQL(" ").join(
                SQL("WHEN %s THEN %s", segment._membership_sql(partner), segment.id)
                for segment in segments
            ),
        )

    def _membership_sql(self, partner):
        """Whether a partner belongs to this segment, as an SQL expression."""
        self.ensure_one()
        terms = [SQL("TRUE")]
        if self.account_kind != "any":
            terms.append(
                SQL(
                    "COALESCE(%s.is_company, FALSE) = %s",
                    partner,
                    self.account_kind == "company",
                )
            )
        if self.industry_ids:
            terms.append(
                SQL("%s.industry_id = ANY(%s)", partner, self.industry_ids.ids)
            )
        if self.country_ids:
            terms.append(SQL("%s.country_id = ANY(%s)", partner, self.country_ids.ids))
        return SQL(" AND ").join(terms)
