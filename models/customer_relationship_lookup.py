from __future__ import annotations

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerRelationship(models.Model):
    """From contacts and documents to the relationship, for what others show of it."""

    _inherit = "customer.relationship"

    @api.model
    def _by_account(self, accounts) -> dict:
        """Return {account id: relationship} in the root of the current company.

        Relationships that the user may not see are left out, and all of them in a
        company that does not use positions and conditions.
        """
        root = self.env.company._retention_root()
        if not root.retention_use_stages:
            return {}
        relationships = self.with_context(active_test=False).search_fetch(
            [
                ("partner_id", "in", accounts._origin.ids),
                ("company_id", "=", root.id),
            ],
            ["partner_id", "stage_id", "condition_id"],
            order="id",
        )
        return {row.partner_id.id: row for row in relationships}

    @api.model
    def _search_accounts(self, path, operator, value):
        """Return the domain of the contacts whose relationship meets a condition.

        Without a relationship, everything about it is empty. Negations are left
        to the framework, which asks for the opposite and inverts it.
        """
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        relationships = self.with_context(active_test=False)
        here = Domain("company_id", "=", self.env.company.root_id.id)
        if operator == "in" and False in value:
            others = relationships._search(here & Domain(path, "not in", value))
            return Domain("commercial_partner_id", "not in", self._partners_sql(others))
        if path == "id" and operator in ("any", "any!"):
            condition = Domain(value)
        else:
            condition = Domain(path, operator, value)
        found = relationships._search(here & condition)
        return Domain("commercial_partner_id", "in", self._partners_sql(found))

    @api.model
    def _partners_sql(self, query) -> SQL:
        """Return the customers of the rows a query finds, as a subselect."""
        return query.subselect(SQL.identifier(query.table, "partner_id"))

    @api.model
    def _take_over(self, partners, vals: dict) -> None:
        """Hand salesperson and archived state of customers over to their rows.

        Who may see a customer must not wait for the next evaluation. When nobody
        is named any more, the evaluation finds the salesperson of the last order.
        Rows that a job is at work on are left to the queue: nobody waits for it.

        :param vals: what has just been written on the partners
        """
        names = {name for name in ("user_id", "active") if name in vals}
        if not vals.get("user_id"):
            names.discard("user_id")
        accounts = partners.filtered(lambda one: one == one.commercial_partner_id)
        if not names or not accounts:
            return
        self.flush_model(names)
        for name in names:
            # The row is a cache: no access right, no automation asks for this.
            self.env.cr.execute(
                SQL(
                    "UPDATE customer_relationship SET %(field)s = %(value)s"
                    " WHERE id IN (SELECT id FROM customer_relationship"
                    " WHERE partner_id = ANY(%(ids)s)"
                    " AND %(field)s IS DISTINCT FROM %(value)s"
                    " ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)",
                    field=SQL.identifier(name),
                    value=vals[name],
                    ids=accounts.ids,
                )
            )
        self.invalidate_model(names)
