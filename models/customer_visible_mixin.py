from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerVisibleMixin(models.AbstractModel):
    """What is known about a customer in a company, as visible as the relationship.

    Heirs have ``partner_id`` and ``company_id``; their record rules ask for the two
    fields. Each company decides for itself who looks after a customer and whether
    the customer is profiled.
    """

    _name = "customer.visible.mixin"
    _description = "Visible as the Relationship"

    is_own_customer = fields.Boolean(
        string="Own Customer",
        compute="_compute_visibility",
        search="_search_is_own_customer",
        exportable=False,
        help="In this company you look after the customer, you lead somebody who "
        "does, or nobody does.",
    )
    is_profiled = fields.Boolean(
        string="Profiled",
        compute="_compute_visibility",
        search="_search_is_profiled",
        exportable=False,
        help="The customer is not excluded from profiling in this company today.",
    )

    # A record stays about its customer and its company, which not every heir has.
    @api.depends("partner_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_visibility(self):
        for name in ("is_own_customer", "is_profiled"):
            # sudo: customer.visible.mixin - says which of the given records are visible
            rows = self.sudo().with_context(active_test=False)
            found = rows.search([("id", "in", self._origin.ids), (name, "=", True)])
            for record in self:
                record[name] = record._origin.id in found._ids

    def _search_is_own_customer(self, operator, value):
        return self._search_visibility(self._own_customer_sql, operator, value)

    def _search_is_profiled(self, operator, value):
        return self._search_visibility(self._profiled_sql, operator, value)

    @api.model
    def _search_visibility(self, condition, operator, value):
        """Return the domain of ``True``; the framework inverts it for the others."""
        if operator != "in":
            return NotImplemented
        if False in value:
            return Domain.TRUE  # it comes along with True only
        return Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s", condition(alias), to_flush=model._whereabouts()
            )
        )

    @api.model
    def _whereabouts(self) -> list:
        """Fields that say whom a record is about, and where.

        They may follow from a document that has just been created: they have to be in
        the database before anybody asks.
        """
        fields_about = (self._fields.get(name) for name in ("partner_id", "company_id"))
        return [field for field in fields_about if field and field.store]

    @api.model
    def _same_company_sql(self, alias) -> SQL:
        """Return whether the relationship ``row`` is in the company of ``alias``."""
        return SQL("row.company_id = %s", SQL.identifier(alias, "company_id"))

    @api.model
    def _own_customer_sql(self, alias) -> SQL:
        """Return whether the user looks after the customer of ``alias``.

        Where a contact has no relationship, that of its account decides, and where
        the account has none either, the salesperson of the account. The first two
        look-ups answer for nearly all records, a single one or a million.
        """
        user_ids = self.env.user._retention_salesperson_ids()
        return SQL(
            """(%(has_own_row)s
                OR NOT EXISTS (
                    SELECT FROM customer_relationship row
                     WHERE row.partner_id = %(partner)s AND %(same_company)s
                ) AND EXISTS (
                    SELECT FROM %(mapping)s mapping
                      JOIN res_partner account ON account.id = mapping.account_id
                 LEFT JOIN customer_relationship row
                        ON row.partner_id = account.id AND %(same_company)s
                     WHERE mapping.partner_id = %(partner)s
                       AND %(looked_after)s
                ))""",
            # What the last branch reads has to be in the database.
            to_flush=[
                self.env["res.partner"]._fields[name]
                for name in ("user_id", "commercial_partner_id")
            ],
            has_own_row=self._own_row_sql(alias, user_ids),
            partner=SQL.identifier(alias, "partner_id"),
            same_company=self._same_company_sql(alias),
            mapping=self.env["customer.account"]._mapping_sql(),
            looked_after=self._looked_after_sql(
                SQL(
                    "CASE WHEN row.id IS NULL THEN account.user_id ELSE row.user_id END"
                ),
                user_ids,
            ),
        )

    @api.model
    def _own_row_sql(self, alias, user_ids=None) -> SQL:
        """Return whether the user looks after a relationship of that very partner.

        :param user_ids: whose customers the user sees, where that is known already
        """
        return SQL(
            """EXISTS (
                SELECT FROM customer_relationship row
                 WHERE row.partner_id = %s AND %s AND %s
            )""",
            SQL.identifier(alias, "partner_id"),
            self._same_company_sql(alias),
            self._looked_after_sql(SQL("row.user_id"), user_ids),
        )

    @api.model
    def _profiled_sql(self, alias) -> SQL:
        """Return whether the account of the customer of ``alias`` may be profiled.

        The exclusions themselves are asked: they are few, and count whether or not
        anybody has been evaluated since. ``row`` stands for the day in a company.
        """
        return SQL(
            """NOT EXISTS (
                SELECT FROM customer_profiling_exclusion exclusion
                  JOIN %(days)s row
                    ON (exclusion.company_id IS NULL
                        OR exclusion.company_id = row.company_id)
                   AND exclusion.date_from <= row.today
                   AND COALESCE(exclusion.date_until >= row.today, TRUE)
                  JOIN %(mapping)s excluded
                    ON excluded.partner_id = exclusion.partner_id
                  JOIN %(mapping)s mapping
                    ON mapping.account_id = excluded.account_id
                 WHERE mapping.partner_id = %(partner)s AND %(same_company)s
            )""",
            to_flush=self._exclusion_fields(),
            days=self.env["res.company"]._retention_days_sql(),
            mapping=self.env["customer.account"]._mapping_sql(),
            partner=SQL.identifier(alias, "partner_id"),
            same_company=self._same_company_sql(alias),
        )

    @api.model
    def _exclusion_fields(self) -> list:
        """Fields that decide who is excluded: they have to be in the database."""
        exclusions = self.env["customer.profiling.exclusion"]
        names = ("partner_id", "company_id", "date_from", "date_until")
        return [
            self.env["res.partner"]._fields["commercial_partner_id"],
            *(exclusions._fields[name] for name in names),
        ]

    @api.model
    def _looked_after_sql(self, user, user_ids=None) -> SQL:
        """Return whether a salesperson is among those whose customers the user sees.

        Two conditions, each of which can use the index of salespeople.
        """
        if user_ids is None:
            user_ids = self.env.user._retention_salesperson_ids()
        return SQL(
            "(%s = ANY(%s) OR %s IS NULL)", user, [one for one in user_ids if one], user
        )
