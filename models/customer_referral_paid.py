from __future__ import annotations

from odoo import api, models
from odoo.tools import SQL

from .customer_account import AccountScope


class CustomerReferral(models.Model):
    """Who paid for something since he was brought, and who got everything back."""

    _inherit = "customer.referral"

    @api.model
    def _search_paid(self):
        """Referrals that wait and whose customer, who had not bought before, has paid
        for something. Who works here brings nobody and is brought by nobody.
        """
        accounts = self.env["customer.account"]
        new = SQL(
            "NOT %s AND EXISTS (SELECT FROM %s outsider"
            " WHERE outsider.partner_id = referral.referrer_id)",
            self._had_bought_sql(),
            accounts._customer_documents_sql(),
        )
        outsiders = accounts._customer_documents_sql(self._brought_scope("waiting"))
        return self._search_by_payment("waiting", outsiders, SQL("EXISTS"), new)

    @api.model
    def _search_credited(self):
        """Referrals that were rewarded and whose customer got everything back."""
        scope = self._brought_scope("rewarded")
        everybody = self.env["customer.account"]._mapping_sql(scope)
        return self._search_by_payment("rewarded", everybody, SQL("NOT EXISTS"))

    @api.model
    def _brought_scope(self, state) -> AccountScope:
        """Return the customers of the referrals in a state: nobody else's documents
        are read.
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT account.account_id FROM customer_referral referral"
                "  JOIN %s account ON account.partner_id = referral.partner_id"
                " WHERE referral.state = %s",
                self.env["customer.account"]._mapping_sql(),
                state,
            )
        )
        return AccountScope.of(account_id for (account_id,) in rows)

    @api.model
    def _search_by_payment(self, state, accounts, paid, condition=None):
        """Return the referrals in a state whose customer has paid, or has not.

        Purchases are read once: for each referral a server that knows little of the
        tables would read them all.

        :param accounts: relation of the partners whose purchases are looked at
        :param paid: EXISTS or NOT EXISTS
        """
        self.env.flush_all()
        rows = self.env.execute_query(
            SQL(
                """
                WITH paid AS MATERIALIZED (%(purchases)s)
                SELECT referral.id FROM customer_referral referral
                  JOIN %(mapping)s account ON account.partner_id = referral.partner_id
                 WHERE referral.state = %(state)s AND %(paid)s (
                       SELECT FROM paid
                        WHERE paid.account_id = account.account_id
                          AND paid.company_id = referral.company_id
                          AND paid.date >= COALESCE(
                              referral.recorded_on, referral.date))
                   AND %(condition)s
              ORDER BY referral.id
                """,
                mapping=self.env["customer.account"]._mapping_sql(),
                state=state,
                paid=paid,
                purchases=SQL(" UNION ALL ").join(self._paid_purchases_sql(accounts)),
                condition=condition or SQL("TRUE"),
            )
        )
        # sudo: customer.referral - the job works for every company
        return self.sudo().browse(referral_id for (referral_id,) in rows)

    @api.model
    def _had_bought_sql(self) -> SQL:
        """Return whether the customer of ``referral`` had bought before somebody
        recorded it.
        """
        return SQL(
            """EXISTS (
                SELECT FROM customer_purchase bought
                  JOIN %s holder ON holder.account_id = bought.partner_id
                 WHERE holder.partner_id = referral.partner_id
                   AND bought.company_id = referral.company_id AND bought.is_purchase
                   AND bought.date < COALESCE(referral.recorded_on, referral.date))""",
            self.env["customer.account"]._mapping_sql(),
        )

    def _had_bought(self) -> bool:
        self.flush_model()
        return bool(
            self.env.execute_query(
                SQL(
                    "SELECT FROM customer_referral referral WHERE id = %s AND %s",
                    self.id,
                    self._had_bought_sql(),
                )
            )
        )

    @api.model
    def _paid_purchases_sql(self, accounts: SQL) -> list[SQL]:
        """Return relations of purchases that are paid and were not credited wholly.

        Each has ``account_id``, ``company_id`` (the root company's) and ``date``.
        Other kinds of documents add theirs.

        :param accounts: relation of the partners to look at, with their account
        """
        return [
            SQL(
                """
                SELECT account.account_id, company.root_id AS company_id,
                       COALESCE(move.invoice_date, move.date) AS date
                  FROM account_move move
                  JOIN %(accounts)s account ON account.partner_id = move.partner_id
                  JOIN %(companies)s company ON company.id = move.company_id
                  JOIN LATERAL (%(kept)s) kept ON kept.amount > 0
                 WHERE move.move_type IN ('out_invoice', 'out_receipt')
                   AND move.state = 'posted'
                   AND move.payment_state IN ('paid', 'in_payment')
                """,
                accounts=accounts,
                companies=self.env["res.company"]._retention_companies_sql(),
                kept=self._kept_sql(),
            )
        ]

    @api.model
    def _kept_sql(self) -> SQL:
        """Return the ``amount`` that is left of the paid invoice ``move``, together
        with what was invoiced for the same orders.

        A return may be credited from the order, without a word of the invoice. What
        was credited of an invoice that nobody has paid takes nothing off others.
        """
        return SQL(
            """
            SELECT sum(part.amount_untaxed_signed) AS amount
              FROM (SELECT move.id
                     UNION
                    SELECT id FROM account_move WHERE reversed_entry_id = move.id
                     UNION
                    SELECT other.move_id FROM account_move_line line
                      JOIN sale_order_line_invoice_rel rel
                        ON rel.invoice_line_id = line.id
                      JOIN sale_order_line_invoice_rel link
                        ON link.order_line_id = rel.order_line_id
                      JOIN account_move_line other ON other.id = link.invoice_line_id
                     WHERE line.move_id = move.id) family
              JOIN account_move part ON part.id = family.id
         LEFT JOIN account_move original ON original.id = part.reversed_entry_id
             WHERE part.state = 'posted'
               AND (part.payment_state IN ('paid', 'in_payment')
                    OR part.move_type = 'out_refund')
               AND (original.id IS NULL
                    OR original.payment_state IN ('paid', 'in_payment'))
            """
        )
