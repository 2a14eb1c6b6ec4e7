from __future__ import annotations

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerTierMembership(models.Model):
    """From contacts and documents to the membership, for what others show of it."""

    _inherit = "customer.tier.membership"

    @api.model
    def _by_account(self, partners, company=None) -> dict:
        """Return {account id: membership} in the main company of a company.

        Contacts lead to their account, an account to the head of its group.
        Memberships that the user may not see are left out, as are all of a company
        that does not use tiers.

        :param company: default: the company of the user
        """
        accounts = partners.commercial_partner_id._origin
        if not accounts:
            return {}
        relation = self._standing_sql(accounts.ids, company or self.env.company)
        found = dict(
            self.env.execute_query(
                SQL("SELECT account_id, membership_id FROM %s standing", relation)
            )
        )
        visible = self.search([("id", "in", list(found.values()))])
        by_id = {row.id: row for row in visible}
        return {
            account_id: by_id[row_id]
            for account_id, row_id in found.items()
            if row_id in by_id
        }

    @api.model
    def _search_accounts(self, path, operator, value):
        """Return the domain of the contacts whose membership meets a condition.

        Without a membership, everything about it is empty. Negations are left to
        the framework, which asks for the opposite and inverts it.
        """
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        root = self.env.company._retention_root()
        here = Domain("company_id", "in", (root.id, False))
        if operator == "in" and False in value:
            others = self._search(here & Domain(path, "not in", value))
            holders = self._holders_sql(others, root)
            return Domain("commercial_partner_id", "not in", holders)
        found = self._search(here & Domain(path, operator, value))
        return Domain("commercial_partner_id", "in", self._holders_sql(found, root))

    @api.model
    def _holders_sql(self, query, root) -> SQL:
        """Return the accounts of the rows a query finds: holders, and who is in their
        groups today, as far as the ladder looks at groups.
        """
        return SQL(
            """(SELECT holder.partner_id FROM customer_tier_membership holder
                 WHERE holder.id IN %(found)s
                 UNION
                SELECT head.account_id FROM customer_tier_membership holder
                  JOIN customer_tier_ladder ladder
                    ON ladder.id = holder.ladder_id AND ladder.rolls_up_groups
                  JOIN %(heads)s head
                    ON head.head_id = holder.partner_id
                   AND (head.is_shared OR ladder.company_id IS NOT NULL)
                  JOIN %(days)s root
                    ON root.company_id = %(root)s AND %(today)s
                 WHERE holder.id IN %(found)s)""",
            found=query.subselect(),
            heads=self.env["customer.account.group"]._heads_sql(root),
            days=self.env["res.company"]._retention_days_sql(),
            root=root.id,
            today=self._today_sql("head"),
        )
