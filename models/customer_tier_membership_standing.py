from __future__ import annotations

from collections.abc import Iterable

from odoo import api, models
from odoo.tools import SQL, ormcache

from .bulk_load import int_array
from .customer_account import AccountScope


class CustomerTierMembership(models.Model):
    """Which tier benefits go by, for prices and programs that everybody may use.

    A seller who may not see a customer's membership still sells at the customer's
    prices: these look-ups ask for no access right and return no more than tiers.
    """

    _inherit = "customer.tier.membership"

    @api.model
    def _standing_sql(self, account_ids: Iterable[int], company) -> SQL:
        """Return a relation of the tiers that accounts enjoy in a company.

        Columns: ``account_id``, ``ladder_id``, ``membership_id`` and ``tier_id`` (NULL:
        in a ladder, but on none of its steps), one row per member. The company's own
        ladders come before shared ones. Whoever is in a group enjoys the tier of its
        head.

        :param company: any company; its main company decides
        """
        self._flush_standing()
        account_ids = list(account_ids)
        root = self.env["res.company"].browse(self._root_company_id(company.id))
        return SQL(
            """(
            SELECT DISTINCT ON (account.id) account.id AS account_id,
                   ladder.id AS ladder_id, membership.id AS membership_id,
                   membership.tier_id
              FROM unnest(%(accounts)s) account(id)
              JOIN %(days)s root ON root.company_id = %(root)s
              JOIN res_company company
                ON company.id = root.company_id AND company.retention_use_tiers
              JOIN customer_tier_ladder ladder
                ON ladder.active AND COALESCE(ladder.company_id = %(root)s, TRUE)
                %(heads)s
              JOIN customer_tier_membership membership
                ON membership.ladder_id = ladder.id AND membership.active
               AND membership.partner_id
                   = COALESCE(own.head_id, shared.head_id, account.id)
          ORDER BY account.id, ladder.company_id NULLS LAST,
                   ladder.sequence, ladder.id)""",
            accounts=int_array(account_ids),
            days=self.env["res.company"]._retention_days_sql(),
            root=root.id,
            heads=self._join_standing_heads_sql(root, AccountScope.of(account_ids)),
        )

    @api.model
    def _join_standing_heads_sql(self, root, scope: AccountScope) -> SQL:
        """Return the joins of who stands for an account in a group, as of today."""
        heads = self.env["customer.account.group"]._heads_sql
        return SQL(
            """
            LEFT JOIN %(own_heads)s own
              ON own.account_id = account.id AND ladder.company_id IS NOT NULL
             AND ladder.rolls_up_groups AND %(own_today)s
            LEFT JOIN %(shared_heads)s shared
              ON shared.account_id = account.id AND ladder.company_id IS NULL
             AND ladder.rolls_up_groups AND %(shared_today)s""",
            own_heads=heads(root, scope),
            shared_heads=heads(None, scope),
            own_today=self._today_sql("own"),
            shared_today=self._today_sql("shared"),
        )

    @api.model
    @ormcache("company_id")
    def _root_company_id(self, company_id: int) -> int:
        """Return the main company; it never changes, and prices ask for it often."""
        return self.env["res.company"].browse(company_id)._retention_root().id

    @api.model
    def _today_sql(self, alias: str) -> SQL:
        """Return whether a row of :meth:`_heads_sql` counts on the day of ``root``."""
        return SQL(
            "COALESCE(%(alias)s.date_from <= root.today, TRUE)"
            " AND COALESCE(%(alias)s.date_until >= root.today, TRUE)",
            alias=SQL.identifier(alias),
        )

    @api.model
    def _flush_standing(self) -> None:
        """Have in the database what :meth:`_standing_sql` reads."""
        self.flush_model(["partner_id", "ladder_id", "tier_id", "active"])
        ladder = self.env["customer.tier.ladder"]
        ladder.flush_model(["active", "company_id", "sequence", "rolls_up_groups"])
        self.env["res.company"].flush_model(["retention_use_tiers"])

    @api.model
    def _standing_tiers(self, partners, company=None) -> dict:
        """Return {partner id: tier} of contacts and accounts, whoever asks.

        :param company: default: the company of the user
        """
        accounts = {
            partner.id: partner.commercial_partner_id._origin.id for partner in partners
        }
        relation = self._standing_sql(
            {account for account in accounts.values() if account},
            company or self.env.company,
        )
        found = dict(
            self.env.execute_query(
                SQL("SELECT account_id, tier_id FROM %s standing", relation)
            )
        )
        tiers = self.env["customer.tier"]
        return {
            partner: tiers.browse(found[account])
            for partner, account in accounts.items()
            if found.get(account)
        }
