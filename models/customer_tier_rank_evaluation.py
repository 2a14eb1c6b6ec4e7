from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .bulk_load import int_array


class CustomerTierTransition(models.Model):
    """A change of tier is news about the relationship where a rule asks for the tier.

    The fact is that of the evening before, so that nobody is looked at in a circle: the
    relationship is looked at once more and finds when the fact changes.
    """

    _inherit = "customer.tier.transition"

    @api.model
    def _record(self, rows, live):
        created = super()._record(rows, live)
        holder_ids = {row["partner_id"] for row in rows}
        if holder_ids and self._is_rank_asked_for():
            # sudo: customer.relationship.queue - only ids are written down
            queue = self.env["customer.relationship.queue"].sudo()
            queue._enqueue(
                self._enjoying_accounts(holder_ids), "decision" if live else "rule"
            )
        return created

    @api.model
    def _is_rank_asked_for(self) -> bool:
        """Whether a rule of positions or conditions ever asked for the tier."""
        self.env["customer.rule.version"].flush_model(["res_model", "definition"])
        return bool(
            self.env.execute_query(
                SQL(
                    """SELECT 1 FROM customer_rule_version
                        WHERE res_model LIKE 'customer.relationship.%%'
                          AND definition::text LIKE '%%tier_rank%%' LIMIT 1"""
                )
            )
        )

    @api.model
    def _enjoying_accounts(self, holder_ids) -> set[int]:
        """Return the holders and whoever enjoys their tiers, on whatever day."""
        groups = self.env["customer.account.group"]
        groups._flush_heads()
        rows = self.env.execute_query(
            SQL(
                """SELECT member.partner_id
                     FROM customer_account_group_member member
                     JOIN customer_account_group known ON known.id = member.group_id
                     JOIN %s lead ON lead.partner_id = known.lead_id
                    WHERE lead.account_id = ANY(%s)""",
                self.env["customer.account"]._mapping_sql(),
                int_array(holder_ids),
            )
        )
        return {*holder_ids, *(partner_id for (partner_id,) in rows)}
