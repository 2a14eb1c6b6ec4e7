from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time

import pytz

from odoo import api, models
from odoo.fields import Command
from odoo.tools import split_every

from ..logic import history_csv
from ..logic.history_csv import Currency, Problem, Purchase, Reading

BATCH = 500
# External identifiers of what was loaded, in the module Odoo keeps for imports
MARKER_MODULE = "__import__"
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "sale_no_log_for_new_lines": True,
    "skip_procurement": True,
}


class CustomerHistoryImport(models.AbstractModel):
    """Loads purchases that were made elsewhere as confirmed orders.

    A caller reads a file (:meth:`_read`) and, when nothing is wrong with it, goes
    through :meth:`_load_batches`, committing after each batch. What is there already
    is passed over, so an interrupted load is simply started again.
    """

    _name = "customer.history.import"
    _description = "Import of a Purchase History"

    # ------------------------------------------------------------
    # Checking
    # ------------------------------------------------------------

    @api.model
    def _read(self, content: bytes, company, keep_duplicates: bool = False) -> Reading:
        """Check a CSV file for ``company``: its purchases, or all its errors.

        :param keep_duplicates: equal lines without a reference are separate purchases
        """
        reading = history_csv.read(
            content,
            self._gather_currencies(company),
            company.currency_id.name,
            datetime.now(pytz.timezone(company.retention_tz)).date(),
            keep_duplicates,
        )
        errors = tuple(self._check_customers(reading.purchases, company))
        return Reading((), errors, reading.warnings) if errors else reading

    def _gather_currencies(self, company) -> dict[str, Currency]:
        """The active currencies; foreign ones with the day of their first rate."""
        rates = self.env["res.currency.rate"]._read_group(
            [("company_id", "in", (False, company.root_id.id))],
            ["currency_id"],
            ["name:min"],
        )
        first_rates = {currency: first for currency, first in rates}
        digits = self.env["decimal.precision"].precision_get("Product Price")
        currencies = {}
        for currency in self.env["res.currency"].search([("active", "=", True)]):
            foreign = currency != company.currency_id
            first_rate_on = first_rates.get(currency, date.max) if foreign else None
            decimals = min(currency.decimal_places, digits)
            currencies[currency.name] = Currency(decimals, first_rate_on)
        return currencies

    def _check_customers(
        self, purchases: Sequence[Purchase], company
    ) -> Iterator[Problem]:
        """Complain about customers whose reference several accounts share."""
        found = self._find_customers({p.customer for p in purchases}, company)
        for purchase in purchases:
            count = len(found.get(purchase.customer, ()))
            if count > 1:
                values = {"text": purchase.customer, "count": count}
                yield Problem(purchase.line, "ambiguous_customer", values)

    # ------------------------------------------------------------
    # Loading
    # ------------------------------------------------------------

    @api.model
    def _load_batches(
        self, purchases: Sequence[Purchase], company
    ) -> Iterator[tuple[int, int]]:
        """Load what is not there yet, a batch at a time.

        :return: after each batch, how many purchases are done and how many there are
            to load; a batch is complete, so the caller may commit
        """
        importer = self.with_context(**QUIET).with_company(company)
        purchases = importer._drop_loaded(purchases, company)
        product = importer._get_product() if purchases else None
        done = 0
        for batch in split_every(BATCH, purchases, list):
            customers = importer._get_customers(batch, company)
            importer._create_orders(batch, customers, product, company)
            importer.env.flush_all()
            importer.env.invalidate_all()
            done += len(batch)
            yield done, len(purchases)

    @api.model
    def _finish(self, company):
        """Have the customers evaluated after a load.

        :return: the run, which the job works off, or the caller
        """
        return self.env["customer.evaluation.run"]._start("import", company.root_id)

    def _drop_loaded(
        self, purchases: Sequence[Purchase], company
    ) -> Sequence[Purchase]:
        """The purchases that no earlier load has brought."""
        names = {self._marker(company, p.key): p for p in purchases}
        loaded = (
            self.env["ir.model.data"]
            # sudo: ir.model.data - only says which orders exist
            .sudo()
            .search_fetch(
                [("module", "=", MARKER_MODULE), ("name", "in", list(names))], ["name"]
            )
            .mapped("name")
        )
        known = set(loaded)
        return [p for name, p in names.items() if name not in known]

    def _marker(self, company, key: str) -> str:
        """The name by which a loaded order is found again."""
        digest = hashlib.sha256(key.encode()).hexdigest()[:32]
        return f"customer_history_{company.id}_{digest}"

    def _mark(self, records, names: Iterable[str]) -> None:
        # sudo: ir.model.data - an importer need not be an administrator
        self.env["ir.model.data"].sudo().create(
            [
                {
                    "module": MARKER_MODULE,
                    "name": name,
                    "model": records._name,
                    "res_id": record.id,
                    "noupdate": True,
                }
                for record, name in zip(records, names, strict=True)
            ]
        )

    def _find_customers(self, references: Iterable[str], company) -> dict:
        """The accounts that carry these references: ``{reference: accounts}``."""
        partners = self.env["res.partner"].search_fetch(
            [
                ("ref", "in", list(references)),
                ("company_id", "in", [False, *company.parent_ids.ids]),
            ],
            ["ref", "commercial_partner_id"],
        )
        return {
            reference: records.commercial_partner_id
            for reference, records in partners.grouped("ref").items()
        }

    def _get_customers(self, batch: Sequence[Purchase], company) -> Mapping:
        """The account of every customer of a batch, made where there is none."""
        references = {purchase.customer: None for purchase in batch}
        found = self._find_customers(references, company)
        missing = [reference for reference in references if reference not in found]
        created = self.env["res.partner"].create(
            [self._prepare_customer_values(reference) for reference in missing]
        )
        return found | dict(zip(missing, created, strict=True))

    def _prepare_customer_values(self, reference: str) -> dict[str, object]:
        """A number says who it is only when it is called a customer."""
        name = reference
        if reference.isdigit():
            name = self.env._("Customer %(number)s", number=reference)
        return {"name": name, "ref": reference}

    def _get_product(self):
        """The product of all imported orders: not for sale, nothing to invoice."""
        name = "customer_history_product"
        product = self.env.ref(f"{MARKER_MODULE}.{name}", raise_if_not_found=False)
        if not product:
            product = self.env["product.product"].create(
                {
                    "name": self.env._("Imported purchase"),
                    "type": "service",
                    "sale_ok": False,
                    "purchase_ok": False,
                    "company_id": False,
                    "invoice_policy": "delivery",
                    "taxes_id": [Command.clear()],
                    "supplier_taxes_id": [Command.clear()],
                }
            )
            self._mark(product, [name])
        return product

    def _get_pricelist(self, code: str, company):
        """The pricelist that gives an order its currency; none for the company's own.

        It is archived, so that nobody is offered it for new quotations.
        """
        pricelists = self.env["product.pricelist"]
        if code == company.currency_id.name:
            return pricelists
        name = f"customer_history_pricelist_{company.id}_{code}"
        pricelist = self.env.ref(f"{MARKER_MODULE}.{name}", raise_if_not_found=False)
        if not pricelist:
            currency = self.env["res.currency"].search([("name", "=", code)])
            pricelist = pricelists.create(
                {
                    "name": self.env._(
                        "Imported purchases (%(currency)s)", currency=code
                    ),
                    "currency_id": currency.id,
                    "company_id": company.id,
                    "active": False,
                }
            )
            self._mark(pricelist, [name])
        return pricelist

    def _create_orders(
        self, batch: Sequence[Purchase], customers: Mapping, product, company
    ) -> None:
        """Confirmed and locked orders with the true dates of the purchases."""
        pricelists = {
            code: self._get_pricelist(code, company)
            for code in {purchase.currency for purchase in batch}
        }
        orders = self.env["sale.order"].create(
            [
                self._prepare_order_values(
                    purchase,
                    customers[purchase.customer],
                    pricelists[purchase.currency],
                    product,
                    company,
                )
                for purchase in batch
            ]
        )
        self._mark(orders, (self._marker(company, p.key) for p in batch))
        # the weightier reason wins: nobody is told about what an import brought
        queue = self.env["customer.relationship.queue"]
        queue._enqueue(orders.partner_id.ids, "import")

    def _prepare_order_values(
        self, purchase: Purchase, customer, pricelist, product, company
    ) -> dict[str, object]:
        return {
            "partner_id": customer.id,
            "company_id": company.id,
            "pricelist_id": pricelist.id,
            "fiscal_position_id": False,
            "date_order": _noon(purchase.date, company.retention_tz),
            "state": "sale",
            "locked": True,
            "require_signature": False,
            "require_payment": False,
            "user_id": customer.user_id.id,
            "team_id": False,
            "client_order_ref": purchase.reference,
            "order_line": [
                Command.create(
                    {
                        "product_id": product.id,
                        "name": product.name,
                        "product_uom_qty": 1.0,
                        "price_unit": float(purchase.amount),
                        "discount": 0.0,
                        "tax_ids": [Command.clear()],
                        "analytic_distribution": False,
                    }
                )
            ],
        }


def _noon(day: date, zone: str) -> datetime:
    """Noon of a local day, as UTC without a zone: the way Odoo stores moments."""
    local = pytz.timezone(zone).localize(datetime.combine(day, time(12)))
    return local.astimezone(pytz.utc).replace(tzinfo=None)
