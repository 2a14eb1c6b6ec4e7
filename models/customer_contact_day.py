from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from .customer_account import AccountScope
from .loose_many2one import LooseMany2one


class CustomerContactDay(models.Model):
    """Days on which people of both sides were in touch: a rebuildable cache.

    Contact is a message that left or entered the company through the conversation
    of the partner, an order or an invoice, or an activity somebody marked done.
    Internal notes, tracked changes and automatic messages are no contact.
    """

    _name = "customer.contact.day"
    _inherit = "customer.derived"
    _description = "Day of Human Contact"
    _order = "date desc, id desc"
    _log_access = False
    _derived_columns = ("partner_id", "date")
    _derived_key = _derived_columns

    partner_id = LooseMany2one(
        "res.partner", string="Customer", required=True, ondelete="cascade"
    )
    date = fields.Date(required=True, help="Local day of the first company.")

    _day_unique = models.Constraint("UNIQUE(partner_id, date)", "A day counts once.")

    @api.model
    def _same_company_sql(self, alias) -> SQL:
        """Contact has no company: it is seen in those where one sees the customer."""
        return SQL("row.company_id = ANY(%s)", self.env.companies.root_id.ids)

    @api.model
    def _profiled_sql(self, alias) -> SQL:
        """Somebody who is a customer, and whom none of these companies excludes."""
        return SQL(
            """(%s AND EXISTS (
                SELECT FROM customer_relationship row WHERE row.partner_id = %s AND %s
            ))""",
            super()._profiled_sql(alias),
            SQL.identifier(alias, "partner_id"),
            self._same_company_sql(alias),
        )

    def _get_derived_sql(self, scope: AccountScope) -> SQL:
        threads = (
            ("res.partner", SQL("res_partner"), SQL("id")),
            ("sale.order", SQL("sale_order"), SQL("partner_id")),
            ("account.move", SQL("account_move"), SQL("partner_id")),
        )
        return SQL(" UNION ").join(
            SQL(
                """
                SELECT account.account_id AS partner_id,
                       %(day)s AS date
                  FROM %(accounts)s account
                  JOIN %(table)s thread ON thread.%(column)s = account.partner_id
                  JOIN mail_message message
                    ON message.model = %(model)s AND message.res_id = thread.id
             LEFT JOIN mail_message_subtype subtype
                    ON subtype.id = message.subtype_id
                 WHERE %(human)s
                """,
                accounts=self.env["customer.account"]._customer_documents_sql(scope),
                table=table,
                column=column,
                model=model,
                day=self._get_clock()._retention_day_sql(SQL("message.date")),
                human=self._get_human_contact_sql(),
            )
            for model, table, column in threads
        )

    def _get_clock(self):
        """Return the company that says which day a contact was on.

        A conversation with a contact belongs to no company, and the day it took place
        is the same for all of them: one zone has to be right. It is that of the first
        main company. Where that is far from another one, the fact "days since the last
        contact" of the other one is off by one day at most; rows of its own for each
        company would be as many times more rows for that.
        """
        # sudo: res.company - only the time zone is read
        companies = self.env["res.company"].sudo()
        return companies.search([("parent_id", "=", False)], order="id", limit=1)

    def _get_human_contact_sql(self) -> SQL:
        """Return the condition on ``message`` and ``subtype`` for a human contact."""
        robot_id = self.env["ir.model.data"]._xmlid_to_res_id("base.partner_root")
        return SQL(
            """(
            message.date IS NOT NULL
            AND message.author_id IS DISTINCT FROM %s
            AND (
                message.mail_activity_type_id IS NOT NULL
                OR message.message_type IN ('comment', 'email', 'email_outgoing')
                   AND message.is_internal IS NOT TRUE
                   AND subtype.internal IS NOT TRUE
            ))""",
            robot_id or None,
        )
