from odoo import api, fields, models
from odoo.tools import SQL


class CustomerRecoveryTally(models.Model):
    """Rows that approvals change, so that two at once see each other.

    The sums that limits are about are read from the actions; a row here only says how
    often something was approved. A transaction that began before another one changed
    the row fails when it changes it, too, and is tried again by the server.
    """

    _name = "customer.recovery.tally"
    _description = "Tally of Approvals"
    _log_access = False
    _rec_name = "key"

    key = fields.Char(required=True)
    number = fields.Integer(required=True)

    _key_unique = models.Constraint("UNIQUE(key)", "There is one row for each key.")

    @api.model
    def _touch(self, keys):
        """Change the rows of these keys, in an order that avoids deadlocks."""
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_recovery_tally (key, number)
                SELECT key, 1 FROM unnest(%s) WITH ORDINALITY AS one (key, place)
              ORDER BY place
                    ON CONFLICT (key) DO UPDATE
                   SET number = customer_recovery_tally.number + 1
                """,
                sorted(set(keys)),
            )
        )
