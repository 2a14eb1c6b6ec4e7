from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL


class CustomerTierMembership(models.Model):
    """Members who belong to people who work here: worth a second look."""

    _inherit = "customer.tier.membership"

    is_staff_account = fields.Boolean(
        string="Account of an Employee",
        compute="_compute_is_staff_account",
        search="_search_is_staff_account",
        exportable=False,
        help="Somebody of this customer works here: a user or employee, or somebody "
        "with the e-mail address of one.",
    )

    @api.depends("partner_id")
    def _compute_is_staff_account(self):
        # sudo: customer.tier.membership - says it of the records that were given
        rows = self.sudo().with_context(active_test=False)
        found = rows.search(
            [("id", "in", self._origin.ids), ("is_staff_account", "=", True)]
        )
        for row in self:
            row.is_staff_account = row._origin.id in found._ids

    def _search_is_staff_account(self, operator, value):
        if operator != "in":
            return NotImplemented
        if False in value:
            return Domain.TRUE  # it comes along with True only
        return Domain.custom(to_sql=lambda model, alias, query: self._staff_sql(alias))

    @api.model
    def _staff_sql(self, alias) -> SQL:
        """Return whether a contact of the customer of ``alias`` works here.

        The people who work here are few: their accounts are looked up once.
        """
        return SQL(
            """%(partner)s IN (
                WITH worker AS (
                    SELECT person.id, person.email_normalized
                      FROM res_partner person
                      JOIN res_users insider ON insider.partner_id = person.id
                     WHERE insider.share IS NOT TRUE
                 UNION
                    SELECT id, email_normalized FROM res_partner WHERE employee)
                SELECT mapping.account_id FROM %(mapping)s mapping
                  JOIN res_partner contact ON contact.id = mapping.partner_id
                 WHERE contact.id IN (SELECT id FROM worker)
                    OR contact.email_normalized IN (
                       SELECT email_normalized FROM worker
                        WHERE email_normalized IS NOT NULL))""",
            to_flush=[
                self.env["res.partner"]._fields[name]
                for name in ("commercial_partner_id", "email_normalized", "employee")
            ],
            partner=SQL.identifier(alias, "partner_id"),
            mapping=self.env["customer.account"]._mapping_sql(),
        )
