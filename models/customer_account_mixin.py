from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerAccountMixin(models.AbstractModel):
    """Something about a customer of a company: what else is known about the two."""

    _name = "customer.account.mixin"
    _description = "Something about a Customer"

    def _account_key(self) -> tuple[int, int]:
        return self.partner_id.id, self.company_id.id

    def _relationships(self) -> dict:
        """Return ``{(customer id, company id): relationship}`` of these rows."""
        return self._rows_by_account("customer.relationship")

    def _rows_by_account(self, model_name: str) -> dict:
        """Return ``{(customer id, company id): row}`` of a model that has one row each,
        the archived ones included.
        """
        rows = self.env[model_name].with_context(active_test=False)
        found = rows.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        return {(row.partner_id.id, row.company_id.id): row for row in found}

    @api.model
    def _search_by_relationship(self, name: str, operator, value):
        """Return the domain of rows by a many2one of the relationship they are about.

        What is asked for may be nothing, too; rows without relationship are not found.
        """
        if operator != "in":
            return NotImplemented
        ids, column = [one for one in value if one], SQL.identifier("row", name)
        condition = SQL("%s = ANY(%s)", column, ids)
        if len(ids) < len(value):
            condition = SQL("(%s OR %s IS NULL)", condition, column)
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                """EXISTS (
                    SELECT FROM customer_relationship row
                     WHERE row.partner_id = %s AND row.company_id = %s AND %s)""",
                SQL.identifier(alias, "partner_id"),
                SQL.identifier(alias, "company_id"),
                condition,
                to_flush=self.env["customer.relationship"]._fields[name],
            )
        )

    @api.model
    def _of_account(self, vals: dict) -> dict:
        """Return values about the whole customer and company, in place of one of its
        people and one of its branches.
        """
        # sudo: res.partner - the company of a contact one may see decides
        partner = self.env["res.partner"].sudo().browse(vals["partner_id"])
        company = self.env["res.company"].browse(vals["company_id"])
        return {
            **vals,
            "partner_id": partner.commercial_partner_id.id,
            "company_id": company._retention_root().id,
        }
