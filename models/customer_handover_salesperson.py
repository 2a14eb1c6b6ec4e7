from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import int_array


class CustomerRelationship(models.Model):
    """Whose customer somebody is whose contact names nobody: a hand-over decides.

    A contact names one salesperson for all companies. Where it names none, each
    company goes by whoever sold last, and one that hands over gives only what is its
    own.
    """

    _inherit = "customer.relationship"

    def _salesperson_sql(self, question) -> SQL:
        handed = SQL(
            """(SELECT CASE handover.state WHEN 'done'
                       THEN COALESCE(line.to_user_id, handover.to_user_id)
                       ELSE handover.from_user_id END
                  FROM customer_handover_line line
                  JOIN customer_handover handover ON handover.id = line.handover_id
                 WHERE line.partner_id = partner.id AND line.company_id = %s
                   AND handover.state != 'draft'
              ORDER BY handover.date DESC, line.id DESC LIMIT 1)""",
            question.company_id,
        )
        return SQL(
            "COALESCE(partner.user_id, %s, %s)",
            handed,
            super()._salesperson_sql(question),
        )

    @api.model
    def _hand_to(self, account_ids: list[int], company, user) -> None:
        """Take over who looks after customers of one company from now on.

        Rows that a job is at work on are left to the queue: nobody waits for it.
        """
        self.env.flush_all()
        # The row is a cache: no access right, no automation asks for this.
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_relationship SET user_id = %s
                 WHERE id IN (SELECT id FROM customer_relationship
                               WHERE partner_id = ANY(%s) AND company_id = %s
                                 AND user_id IS DISTINCT FROM %s
                            ORDER BY id FOR NO KEY UPDATE SKIP LOCKED)
                """,
                user.id,
                int_array(account_ids),
                company.id,
                user.id,
            )
        )
        self.invalidate_model(["user_id"])
        self.env["customer.relationship.queue"]._enqueue(account_ids, "partner")
