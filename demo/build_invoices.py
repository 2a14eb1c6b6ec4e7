"""Makes invoices, advances and credit notes of the orders."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from odoo.fields import Command
from odoo.tools import split_every

from .build_records import BATCH, Records
from .plan_records import Invoice

# Share of an order's value that an advance invoice asks for
ADVANCE_PERCENT = 30


class InvoiceBuilder(Records):
    """Posted entries, a company at a time."""

    def make_invoices(self) -> None:
        """Post the invoices, a company at a time, then what was credited."""
        planned = {order.key: order for order in self.plan.orders}
        for key, company in self.companies.items():
            invoices = [
                i for i in self.plan.invoices if planned[i.order].company == key
            ]
            if not company.chart_template:
                continue
            advances = [invoice for invoice in invoices if invoice.down_payment]
            plain = [invoice for invoice in invoices if not invoice.down_payment]
            for invoice in advances:
                self.make_advance(invoice)
            for batch in split_every(BATCH, plain, list):
                self.post_invoices(batch)

    def post_invoices(self, batch: Sequence[Invoice]) -> None:
        # complete entries: Odoo need not look for missing lines after each line
        moves = (
            self.env["account.move"]
            .with_context(skip_invoice_sync=True)
            .create([self.prepare_invoice(invoice) for invoice in batch])
            .with_env(self.env)
        )
        moves._post(soft=False)
        credited = [
            (invoice, move)
            for invoice, move in zip(batch, moves, strict=True)
            if invoice.credited
        ]
        if credited:
            self.credit(credited)

    def prepare_invoice(self, invoice: Invoice) -> dict[str, object]:
        """An entry with all its lines: what was sold, and what the customer owes."""
        order = self.orders[invoice.order]
        order = order.with_company(order.company_id)
        rate = order.currency_id._get_conversion_rate(
            order.currency_id,
            order.company_id.currency_id,
            order.company_id,
            invoice.day,
        )
        lines = [self.prepare_sold(line, rate) for line in order.order_line]
        owed = {
            name: -sum(line[name] for line in lines)
            for name in ("amount_currency", "balance")
        }
        receivable = order.partner_invoice_id.property_account_receivable_id
        lines.append(
            {
                "display_type": "payment_term",
                "currency_id": order.currency_id.id,
                "account_id": receivable.id,
                "date_maturity": invoice.day,
                **owed,
            }
        )
        values = order._prepare_invoice()
        del values["invoice_line_ids"]
        return {
            **values,
            "fiscal_position_id": False,
            "invoice_date": invoice.day,
            "invoice_date_due": invoice.day,
            "date": invoice.day,
            "line_ids": [Command.create(line) for line in lines],
        }

    def prepare_sold(self, line, rate: float) -> dict[str, object]:
        """The entry's line for a line of an order."""
        accounts = line.product_id.product_tmpl_id.get_product_accounts()
        company, currency = line.company_id, line.currency_id
        amount = currency.round(line.product_uom_qty * line.price_unit)
        return {
            "display_type": "product",
            "product_id": line.product_id.id,
            "name": line.name,
            "account_id": accounts["income"].id,
            "quantity": line.product_uom_qty,
            "price_unit": line.price_unit,
            "tax_ids": [Command.clear()],
            "currency_id": currency.id,
            "amount_currency": -amount,
            "balance": -company.currency_id.round(amount * rate),
            "analytic_distribution": False,
            "sale_line_ids": [Command.link(line.id)],
        }

    def credit(self, credited: Sequence[tuple[Invoice, object]]) -> None:
        """Credit notes, some of them for a part of the quantities."""
        moves = self.env["account.move"].union(*(move for _i, move in credited))
        days = [invoice.credited_on for invoice, _move in credited]
        refunds = moves._reverse_moves(
            [{"date": day, "invoice_date": day, "ref": "Returned"} for day in days]
        )
        for (invoice, _move), refund in zip(credited, refunds, strict=True):
            for line in refund.invoice_line_ids if invoice.credited < 1 else ():
                line.quantity *= invoice.credited
        refunds._post(soft=False)

    def make_advance(self, invoice: Invoice) -> None:
        """An advance when the order comes in, the rest with the invoice."""
        order = self.orders[invoice.order]
        self.env["sale.advance.payment.inv"].with_company(order.company_id).create(
            {
                "advance_payment_method": "percentage",
                "amount": ADVANCE_PERCENT,
                "sale_order_ids": [Command.set(order.ids)],
            }
        ).create_invoices()
        self.post_on(order.invoice_ids, order.date_order.date())
        self.post_on(order._create_invoices(final=True), invoice.day)

    def post_on(self, moves, day: date) -> None:
        moves.write({"invoice_date": day, "date": day})
        moves._post(soft=False)
