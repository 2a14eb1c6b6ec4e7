from odoo import models
from odoo.tools import SQL

from ..logic.today import FRUITLESS
from .customer_account import AccountScope


class CustomerContactDay(models.Model):
    """What people recorded as a contact is one, whether or not a message tells it."""

    _inherit = "customer.contact.day"

    def _get_derived_sql(self, scope: AccountScope) -> SQL:
        return SQL(
            """
            %(messages)s UNION
            SELECT account.account_id AS partner_id, log.date
              FROM %(accounts)s account
              JOIN customer_contact_log log ON log.partner_id = account.partner_id
             WHERE log.result != %(fruitless)s
            """,
            messages=super()._get_derived_sql(scope),
            accounts=self.env["customer.account"]._customer_documents_sql(scope),
            fruitless=FRUITLESS,
        )
