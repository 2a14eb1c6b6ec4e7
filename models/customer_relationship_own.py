from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerRelationship(models.Model):
    """Who looks after a customer, as the record rule of salespeople asks for it."""

    _inherit = "customer.relationship"

    looked_after_by_id = fields.Many2one(
        "res.users",
        compute="_compute_looked_after_by_id",
        search="_search_looked_after_by_id",
        exportable=False,
    )

    @api.depends("user_id")
    def _compute_looked_after_by_id(self):
        for row in self:
            row.looked_after_by_id = row.user_id

    def _search_looked_after_by_id(self, operator, value):
        """Find rows by salesperson, nobody among them, without a promise of how few.

        Somebody who looks for own customers has the condition twice, in the rule and
        in the filter. The planner would take them for two, expect next to no row and
        sort all of them instead of reading the first from the index of the list.
        """
        if operator != "in":
            return NotImplemented
        users = [one for one in value if one]
        nobody = len(users) < len(value)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "COALESCE(%s = ANY(%s), %s)",
                model._field_to_sql(alias, "user_id", query),
                users,
                nobody,
            )
        )
