from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import int_array


@dataclass(frozen=True, slots=True)
class AccountScope:
    """Which accounts a statement is about: some ids, a range of ids, or all.

    A range is read in the order of the tables and costs the same for every
    thousandth customer; ids are for a few.

    :param orders: of the orders of these accounts only some are to be read again;
        None for all of them.
    :param more: accounts that are looked at besides those of a range.
    :param partners: (partner, account) of those whose documents count, once they have
        been looked up; None before.
    """

    ids: tuple[int, ...] | None = None
    orders: tuple[int, ...] | None = None
    after: int | None = None
    until: int | None = None
    more: tuple[int, ...] = ()
    partners: tuple[tuple[int, int], ...] | None = None

    @classmethod
    def of(cls, account_ids: Iterable[int] | None) -> AccountScope:
        """Return the scope of some accounts; None stands for everybody."""
        return cls(None if account_ids is None else tuple(sorted(set(account_ids))))

    def condition(self, column: SQL) -> SQL:
        """Return the condition that keeps a statement to this scope."""
        if self.ids is not None:
            return SQL("%s = ANY(%s)", column, int_array(self.ids))
        if self.after is None:
            return SQL("TRUE")
        between = SQL("%s > %s AND %s <= %s", column, self.after, column, self.until)
        if not self.more:
            return between
        return SQL("(%s OR %s = ANY(%s))", between, column, int_array(self.more))

    def only(
        self, account_ids: Iterable[int], orders: Iterable[int] | None = None
    ) -> AccountScope:
        """Return the scope of some of the accounts of a scope of ids."""
        kept = set(account_ids)
        return replace(
            self,
            ids=tuple(sorted(kept)),
            orders=None if orders is None else tuple(sorted(orders)),
            partners=self.partners
            and tuple(pair for pair in self.partners if pair[1] in kept),
        )

    def including(self, account_ids: Iterable[int]) -> AccountScope:
        """Return the scope with some more accounts, of whom nothing was looked up."""
        if self.ids is not None:
            ids = tuple(sorted({*self.ids, *account_ids}))
            return replace(self, ids=ids, partners=None)
        return replace(self, more=tuple(sorted({*self.more, *account_ids})))

    def orders_condition(self, column: SQL) -> SQL:
        """Return the condition that keeps a statement to the orders to be read."""
        if self.orders is None:
            return SQL("TRUE")
        return SQL("%s = ANY(%s)", column, int_array(self.orders))

    @property
    def is_limited(self) -> bool:
        """Whether anybody is left out."""
        return self.ids is not None or self.after is not None

    def __bool__(self) -> bool:
        return self.ids is None or bool(self.ids)


@dataclass(frozen=True, slots=True)
class AccountOf(AccountScope):
    """The account that a column names, for a subquery of a statement about accounts.

    :param named: the column, with its table
    """

    named: SQL | None = None

    def condition(self, column: SQL) -> SQL:
        """Return the condition that the account is the one of the column."""
        return SQL("%s = %s", column, self.named)

    @property
    def is_limited(self) -> bool:
        """It always is to one."""
        return True


class CustomerAccount(models.AbstractModel):
    """Who is one customer: the only place that maps partners to accounts.

    An account is the commercial partner. Overriding :meth:`_mapping_sql` is enough
    to let several of them be evaluated as one; contacts and documents go on showing
    the relationship of their commercial partner.
    """

    _name = "customer.account"
    _description = "Account of a Customer"

    @api.model
    def _mapping_sql(self, scope: AccountScope | None = None) -> SQL:
        """Return a relation with the columns ``partner_id`` and ``account_id``.

        :param scope: only these accounts, found by an index.
        """
        condition = SQL("TRUE")
        if scope and scope.is_limited:
            condition = SQL(
                "(%s OR commercial_partner_id IS NULL AND %s)",
                scope.condition(SQL("commercial_partner_id")),
                scope.condition(SQL("id")),
            )
        return SQL(
            "(SELECT id AS partner_id,"
            " COALESCE(commercial_partner_id, id) AS account_id FROM res_partner"
            " WHERE %s)",
            condition,
        )

    @api.model
    def _account_ids(self, partner_ids: Iterable[int]) -> dict[int, int]:
        """Return {partner: account} for the partners that still exist."""
        partner_ids = list(partner_ids)
        if not partner_ids:
            return {}
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, account_id FROM %s mapping"
                    " WHERE partner_id = ANY(%s)",
                    self._mapping_sql(),
                    int_array(partner_ids),
                )
            )
        )

    @api.model
    def _members(self, account_ids: Iterable[int]) -> dict[int, int]:
        """Return {partner: account} of everybody who belongs to some accounts.

        What was recorded of a customer who has become a contact of another one since
        is found by it.
        """
        scope = AccountScope.of(account_ids)
        if not scope:
            return {}
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        return dict(
            self.env.execute_query(
                SQL("SELECT partner_id, account_id FROM %s m", self._mapping_sql(scope))
            )
        )

    @api.model
    def _customer_documents_sql(self, scope: AccountScope | None = None) -> SQL:
        """Return the partners whose documents count, with their account.

        Left out are our own companies, people who work here, and the visitors of
        the website who have not logged in. Columns and scope as in
        :meth:`_mapping_sql`. The planner knows how many an anti-join leaves, of
        ``NOT IN`` it thinks half.
        """
        if scope and scope.partners is not None:
            return SQL(
                "(SELECT * FROM unnest(%s, %s) AS known (partner_id, account_id))",
                int_array(partner_id for partner_id, _account_id in scope.partners),
                int_array(account_id for _partner_id, account_id in scope.partners),
            )
        public_id = self.env["ir.model.data"]._xmlid_to_res_id("base.group_public")
        return SQL(
            """(
            SELECT mapping.partner_id, mapping.account_id
              FROM %s mapping
             WHERE NOT EXISTS (
                    SELECT FROM res_company company
                     WHERE company.partner_id = mapping.account_id)
               AND NOT EXISTS (
                    SELECT FROM res_users insider
                     WHERE insider.partner_id = mapping.partner_id
                       AND insider.share IS NOT TRUE)
               AND NOT EXISTS (
                    SELECT FROM res_users visitor
                      JOIN res_groups_users_rel member ON member.uid = visitor.id
                     WHERE visitor.partner_id = mapping.partner_id
                       AND member.gid = %s)
               AND NOT EXISTS (
                    SELECT FROM res_partner person
                     WHERE person.id = mapping.partner_id AND person.employee)
            )""",
            self._mapping_sql(scope),
            public_id or None,
        )

    @api.model
    def _with_partners(self, scope: AccountScope) -> AccountScope:
        """Look up once whose documents count for a few accounts: several statements
        ask for them, which are planned in half the time without the look-up.
        """
        if scope.ids is None or scope.partners is not None:
            return scope
        self.env.flush_all()
        pairs = self.env.execute_query(
            SQL("SELECT * FROM %s known", self._customer_documents_sql(scope))
        )
        return replace(scope, partners=tuple(pairs))
