from __future__ import annotations

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import format_date

# Former complaints shown by name; the others are a number.
SHOWN = 5
OPEN = ("open", "waiting")


class CustomerComplaint(models.Model):
    """Who complains: the customer in a few facts, beside the form.

    Whoever handles complaints is told how the customer stands and how many orders are
    open, and opens only what the own rights allow. To others the card says no more than
    they may read.
    """

    _inherit = "customer.complaint"

    customer_card = fields.Json(
        compute="_compute_customer_card", groups="base.group_user"
    )

    @api.depends("account_id", "company_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_customer_card(self):
        """A constant number of queries for each company, whatever the number."""
        for company, complaints in self.grouped("company_id").items():
            accounts = complaints.account_id._origin
            standings = self._gather_card_standings(accounts, company)
            orders = self._gather_card_orders(accounts, company)
            former = self._gather_card_complaints(accounts, company)
            for complaint in complaints:
                account = complaint.account_id._origin
                complaint.customer_card = bool(account) and {
                    "id": account.id,
                    "name": account.display_name,
                    "place": account.city or "",
                    "account_manager": account.user_id.name or "",
                    "standing": standings.get(account.id),
                    "open_orders": None if orders is None else orders[account.id],
                    "may_open_orders": self.env["sale.order"].has_access("read"),
                    "complaints": complaint._prepare_card_complaints(
                        former[account.id]
                    ),
                    "warnings": complaint._customer_card_warnings(),
                }

    def _customer_card_warnings(self):
        """Sentences a handler should read before giving anything; others add theirs."""
        return []

    # === GATHER === #

    @api.model
    def _gather_card_standings(self, accounts, company):
        """Return {customer id: position, condition, revenue}, as far as may be seen."""
        relationships = self.env["customer.relationship"].with_company(company)
        readable = {}
        if relationships.has_access("read"):
            readable = relationships._by_account(accounts)
        rows = readable
        if self._is_told_standings():
            # sudo: customer.relationship - a few facts on who complains, for handlers
            rows = relationships.sudo()._by_account(accounts)
        return {
            account_id: {
                "relationship_id": account_id in readable and row.id,
                "position": row.stage_id.name or "",
                "condition": row.condition_id.name or "",
                "condition_kind": row.condition_id.kind or "",
                "revenue": row.currency_id.format(row.revenue_12m),
                "change": row.revenue_change if row.revenue_prev_12m else None,
                "last_purchase": row._describe_last_purchase(),
            }
            for account_id, row in rows.items()
        }

    @api.model
    def _is_told_standings(self) -> bool:
        return self.env.user.has_group("customer_retention.group_complaint_user")

    @api.model
    def _gather_card_orders(self, accounts, company):
        """Return {customer id: number of open orders}; None if one may not know."""
        orders = self.env["sale.order"]
        if not orders.has_access("read"):
            if not self._is_told_standings():
                return None
            # sudo: sale.order - how many are open, for whoever handles complaints
            orders = orders.sudo()
        contacts = (
            self.env["res.partner"]
            # sudo: res.partner - which contacts belong to the customer, nothing of them
            .sudo()
            .with_context(active_test=False)
            .search_fetch(
                [("commercial_partner_id", "in", accounts.ids)],
                ["commercial_partner_id"],
            )
        )
        numbers = defaultdict(int)
        for contact, number in orders._read_group(
            self._open_orders_domain(contacts, company), ["partner_id"], ["__count"]
        ):
            # sudo: res.partner - whose contact somebody is, nothing else
            numbers[contact.sudo().commercial_partner_id.id] += number
        return numbers

    @api.model
    def _open_orders_domain(self, contacts, company):
        """Quotations that are valid, and orders that are not all invoiced."""
        return [
            ("partner_id", "in", contacts.ids),
            ("company_id", "child_of", company.id),
            "|",
            "&",
            ("state", "in", ("draft", "sent")),
            "|",
            ("validity_date", "=", False),
            ("validity_date", ">=", company._retention_today()),
            "&",
            ("state", "=", "sale"),
            ("invoice_status", "in", ("no", "to invoice")),
        ]

    @api.model
    def _gather_card_complaints(self, accounts, company):
        """Return {customer id: its complaints, newest first}."""
        rows = self.with_context(active_test=False).search_fetch(
            [
                ("account_id", "in", accounts.ids),
                ("company_id", "=", company.id),
                ("kind", "=", "complaint"),
                ("merged_into_id", "=", False),
            ],
            ["name", "subject", "account_id", "received_at", "status", "outcome"],
            order="received_at desc, id desc",
        )
        found = defaultdict(self.browse)
        for account, complaints in rows.grouped("account_id").items():
            found[account.id] = complaints
        return found

    # === WORDS === #

    def _prepare_card_complaints(self, complaints):
        """What is said of the other complaints of the customer."""
        others = complaints - self._origin
        return {
            "number": len(others),
            "open": len(others.filtered(lambda one: one.status in OPEN)),
            "rows": [one._prepare_card_row() for one in others[:SHOWN]],
        }

    def _prepare_card_row(self):
        labels = {
            name: dict(self._fields[name]._description_selection(self.env))
            for name in ("status", "outcome")
        }
        ended = self.status not in OPEN
        words = labels["outcome"].get(self.outcome) if ended else None
        return {
            "id": self.id,
            "name": self.name,
            "subject": self.subject or "",
            "received": format_date(
                self.env, fields.Datetime.context_timestamp(self, self.received_at)
            ),
            "result": words or labels["status"][self.status],
            "is_open": not ended,
        }

    # === ACTION METHODS === #

    def action_open_customer_orders(self):
        """Open the open orders of the customer."""
        self.ensure_one()
        contacts = (
            self.env["res.partner"]
            .with_context(active_test=False)
            .search([("commercial_partner_id", "=", self.account_id.id)])
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Quotations and Orders Not Fully Invoiced"),
            "res_model": "sale.order",
            "view_mode": "list,form",
            "domain": self._open_orders_domain(contacts, self.company_id),
        }

    def action_open_customer_complaints(self):
        """Open the other complaints of the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Former Complaints"),
            "res_model": self._name,
            "view_mode": "list,form",
            "domain": [
                ("account_id", "=", self.account_id.id),
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
            ],
            "context": {"active_test": False},
        }
