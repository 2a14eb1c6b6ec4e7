from __future__ import annotations

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .loose_many2one import LooseMany2one

# Everybody is read again after so many days: windows of time move on.
READ_EVERY = timedelta(days=7)
# Accounts that are read in one statement.
SLICE = 10_000
COLUMNS = (
    "complaint_id",
    "complaint_since",
    "unpaid_since",
    "payment_change",
    "returned_12m",
    "price_change",
    "contact_lost_on",
    "contacts_left",
    "quiet_months",
)


class CustomerChurnSignal(models.Model):
    """What documents tell about a customer that no fact of the relationship tells.

    A rebuildable cache, one row per account and company, read as of ``read_on``: what
    depends on a window of time is a week old at most, what runs by the clock is kept
    as a date. Nothing is written when documents change; the accounts they belong to are
    read again by the job that evaluates them, and payments by the nightly one.
    """

    _name = "customer.churn.signal"
    _inherit = "customer.visible.mixin"
    _description = "Warning Signals of a Customer"
    _rec_name = "partner_id"
    _log_access = False

    partner_id = LooseMany2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    complaint_id = LooseMany2one(
        "customer.complaint",
        string="Oldest Open Complaint",
        readonly=True,
        ondelete="set null",
    )
    complaint_since = fields.Date(readonly=True, help="The day it was received.")
    unpaid_since = fields.Date(
        readonly=True, help="The day the oldest unpaid invoice was or will be due."
    )
    payment_change = fields.Float(
        string="Paid Later by (days)",
        readonly=True,
        aggregator="avg",
        help="Days after the due date of what was paid in the last six months, less "
        "those of the year before.",
    )
    returned_12m = fields.Monetary(string="Credited in 12 Months", readonly=True)
    price_change = fields.Float(
        string="Price Rise",
        readonly=True,
        aggregator="avg",
        help="Prices of the same products in the last 12 months against the 12 before, "
        "weighted by what was bought.",
    )
    contact_lost_on = fields.Date(
        string="Contact Left On",
        readonly=True,
        help="The day the last known contact person was archived.",
    )
    contacts_left = fields.Json(
        readonly=True,
        help="The day on which each archived contact had left, by its number.",
    )
    quiet_months = fields.Integer(
        readonly=True,
        aggregator=None,
        help="Months in which the customer never buys, a bit each, January the lowest.",
    )
    read_on = fields.Date(readonly=True, help="Documents were read as of this day.")
    payment_id = fields.Integer(
        readonly=True, aggregator=None, help="Payments are known up to this number."
    )

    _account_unique = models.Constraint(
        "UNIQUE(partner_id, company_id)", "Signals of a customer are read once."
    )
    _read_idx = models.Index("(company_id, read_on)")

    # === VISIBILITY === #

    @api.model
    def _own_customer_sql(self, alias) -> SQL:
        """Signals name the account, which has a relationship."""
        return self._own_row_sql(alias)

    # === READING === #

    @api.model
    def _read_accounts(self, company, as_of: date, account_ids: list[int]) -> int:
        """Read the documents of some accounts; return the number of rows written."""
        if not account_ids:
            return 0
        self.env.flush_all()
        scope = AccountScope.of(account_ids)
        signals = self._signal_fields()
        names = (*signals, "read_on", "payment_id")
        # sudo: customer.churn.signal - signals do not depend on who asks for them
        engine = self.sudo()
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO customer_churn_signal
                       (partner_id, company_id, %(columns)s)
                SELECT partner_id, %(company)s, %(known)s, %(as_of)s, COALESCE(
                       (SELECT max(id) FROM account_partial_reconcile), 0)
                  FROM (%(signals)s) fresh
                    ON CONFLICT (partner_id, company_id) DO UPDATE
                   SET (%(columns)s) = ROW(%(excluded)s)
                """,
                columns=SQL(", ").join(map(SQL.identifier, names)),
                known=SQL(", ").join(map(SQL.identifier, signals)),
                excluded=SQL(", ").join(
                    SQL.identifier("excluded", name) for name in names
                ),
                company=company.id,
                as_of=as_of,
                signals=engine._signals_sql(
                    company, as_of, engine._known_facts_sql(company, scope), scope
                ),
            )
        )
        written = self.env.cr.rowcount
        engine._delete_gone(company, scope)
        self.invalidate_model()
        return written

    @api.model
    def _signal_fields(self) -> tuple[str, ...]:
        """Return the fields that documents tell; modules add theirs."""
        return COLUMNS

    def _delete_gone(self, company, scope: AccountScope) -> None:
        """Forget accounts that are no customers any more or must not be profiled."""
        self.env.cr.execute(
            SQL(
                """
                DELETE FROM customer_churn_signal signal
                 WHERE company_id = %s AND %s AND NOT EXISTS (
                       SELECT FROM customer_relationship row
                        WHERE row.partner_id = signal.partner_id
                          AND row.company_id = signal.company_id
                          AND row.purchase_days > 0 AND NOT row.is_excluded)
                """,
                company.id,
                scope.condition(SQL("signal.partner_id")),
            )
        )

    @api.model
    def _read_stale(self, company, as_of: date) -> int:
        """Read the next accounts that nobody has read for a week, or that have paid.

        :return: how many; 0 when all is up to date.
        """
        self.env.flush_all()
        rows = self.env.execute_query(self._stale_sql(company, as_of))
        account_ids = [account_id for (account_id,) in rows]
        self._read_accounts(company, as_of, account_ids)
        return len(account_ids)

    def _stale_sql(self, company, as_of: date) -> SQL:
        """Return ``partner_id`` of accounts to be read, a slice of them at most.

        Payments are told by their numbers: of an account that has been read since,
        all of them are known.
        """
        return SQL(
            """
            (SELECT signal.partner_id FROM customer_churn_signal signal
              WHERE signal.company_id = %(company)s
                AND (signal.read_on <= %(last_week)s OR signal.read_on > %(as_of)s)
              LIMIT %(slice)s)
             UNION
            (SELECT row.partner_id FROM customer_relationship row
              WHERE %(scored)s AND NOT EXISTS (
                    SELECT FROM customer_churn_signal signal
                     WHERE signal.partner_id = row.partner_id
                       AND signal.company_id = row.company_id)
              LIMIT %(slice)s)
             UNION
            (SELECT signal.partner_id
               FROM account_partial_reconcile payment
               JOIN account_move_line line ON line.id = payment.debit_move_id
               JOIN %(mapping)s mapping ON mapping.partner_id = line.partner_id
               JOIN customer_churn_signal signal
                 ON signal.partner_id = mapping.account_id
                AND signal.company_id = %(company)s
                AND signal.payment_id < payment.id
              WHERE payment.id > (SELECT min(payment_id) FROM customer_churn_signal
                                   WHERE company_id = %(company)s)
              LIMIT %(slice)s)
            """,
            company=company.id,
            scored=self.env["customer.churn.score"]._scored_sql(company),
            as_of=as_of,
            last_week=as_of - READ_EVERY,
            mapping=self.env["customer.account"]._mapping_sql(),
            slice=SLICE,
        )

    @api.model
    def _known_facts_sql(self, company, scope: AccountScope) -> SQL:
        """Return the facts of customers as they are now."""
        return SQL(
            "SELECT * FROM customer_relationship row WHERE company_id = %s"
            " AND purchase_days > 0 AND NOT is_excluded AND %s",
            company.id,
            scope.condition(SQL("partner_id")),
        )
