from __future__ import annotations

from datetime import date

from odoo import api, models
from odoo.tools import SQL


class CustomerAccountGroup(models.Model):
    """What each member brings into the group, for the explanation of its tier."""

    _inherit = "customer.account.group"

    @api.model
    def _of_head(self, partner, company=None):
        """Return the group whose head an account is; empty where it heads none."""
        # sudo: customer.account.group - by the account, whoever asks for its tier
        return self.sudo().search(
            [
                ("lead_id.commercial_partner_id", "=", partner.id),
                ("company_id", "in", (False, company.id) if company else (False,)),
            ],
            limit=1,
        )

    def _contributions(self, company, window: tuple[date, date]) -> list[dict]:
        """Return what the members bought and how much of it counts.

        :param company: root company; empty for all of them, as a shared ladder
            counts: amounts are in the currency of the present company then
        :param window: first and last day
        :return: the largest first: ``{"partner_id", "name", "is_here" (of all
            companies or one of the reader's), "share" (percent), "revenue",
            "counted", "date_from", "date_until"}``
        """
        self.ensure_one()
        target = (company or self.env.company).currency_id
        revenues = self._revenues(company, window, target)
        here = self.env["customer.tier.membership"]._companies_above()
        rows = []
        # sudo: res.partner - names of who qualifies together
        for member in self.sudo().member_ids:
            revenue = revenues.get(member.id, 0.0)
            rows.append(
                {
                    "partner_id": member.partner_id.id,
                    "name": member.partner_id.display_name,
                    "is_here": member.partner_id.company_id.id in (False, *here),
                    "share": member.share,
                    "revenue": revenue,
                    "counted": target.round(revenue * member.share / 100),
                    "date_from": member.date_from,
                    "date_until": member.date_until,
                }
            )
        return sorted(rows, key=lambda row: (-row["counted"], row["name"]))

    def _revenues(self, company, window, target) -> dict[int, float]:
        """Return {member: net revenue on its days of the window}, in a currency."""
        self._flush_heads()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT member.id, purchase.company_id, sum(purchase.amount)
                  FROM customer_account_group_member member
                  JOIN %(mapping)s mapping ON mapping.partner_id = member.partner_id
                  JOIN customer_purchase purchase
                    ON purchase.partner_id = mapping.account_id
                   AND purchase.date BETWEEN %(first)s AND %(last)s
                   AND COALESCE(purchase.date >= member.date_from, TRUE)
                   AND COALESCE(purchase.date <= member.date_until, TRUE)
                 WHERE member.group_id = %(group)s
                   AND (%(company)s::int IS NULL
                        OR purchase.company_id = %(company)s)
              GROUP BY member.id, purchase.company_id
                """,
                mapping=self.env["customer.account"]._mapping_sql(),
                first=window[0],
                last=window[1],
                group=self.id,
                company=company.id if company else None,
            )
        )
        revenues: dict[int, float] = {}
        for member_id, company_id, amount in rows:
            # sudo: res.company - the currency of purchases that count
            source = self.env["res.company"].sudo().browse(company_id)
            revenues[member_id] = revenues.get(
                member_id, 0.0
            ) + source.currency_id._convert(amount, target, source, window[1])
        return revenues
