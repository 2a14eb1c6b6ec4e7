"""Puts the planned demo company into a database, in bulk and without a mail."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from datetime import time as clock

import pytz

from odoo import SUPERUSER_ID
from odoo.fields import Command
from odoo.tools import SQL, split_every

from . import words
from .build_complaints import ComplaintBuilder
from .complaints import plan_complaints
from .plan import Customer, Invoice, Order, Plan

_logger = logging.getLogger(__name__)

BATCH = 250
MARKER_MODULE = "__demo__"
MARKER = "customer_retention_company_europe"
QUIET = {
    "tracking_disable": True,
    "mail_create_nosubscribe": True,
    "mail_auto_subscribe_no_notify": True,
    "mail_activity_quick_update": True,
    "no_reset_password": True,
    "sale_no_log_for_new_lines": True,
    "skip_procurement": True,
    "skip_pdf_attachment_generation": True,
}
TIME_ZONES = {"main": "America/New_York", "europe": "Europe/Berlin"}
EUROPE = "Harbourline Supplies Europe"
# Share of an order's value that an advance invoice asks for
ADVANCE_PERCENT = 30

# Login, which is the password too → name, company, groups
USERS = {
    "leader": (
        "Selma Halvorsund",
        "main",
        (
            "sales_team.group_sale_salesman_all_leads",
            "customer_retention.group_manager",
        ),
    ),
    "sales": ("Theo Fenwright", "main", ("sales_team.group_sale_salesman",)),
    "sales2": ("Ines Ravenscroft", "main", ("sales_team.group_sale_salesman",)),
    "sales3": ("Jonas Lambrecht", "europe", ("sales_team.group_sale_salesman",)),
    "accountant": ("Vera Eberlin", "main", ("account.group_account_invoice",)),
}
PORTAL_LOGIN = "customer"
TEAMS = {
    "main": ("Trade Customers", "leader", ("leader", "sales", "sales2")),
    "europe": ("Trade Customers Europe", "sales3", ("sales3",)),
}


class Builder:
    """Makes the records of a plan, and remembers which stands for which key."""

    def __init__(self, env, plan: Plan) -> None:
        self.env = env(user=SUPERUSER_ID, context={**env.context, **QUIET})
        self.plan = plan
        self.companies: dict = {}
        self.users: dict = {}
        self.teams: dict = {}
        self.products: dict = {}
        self.pricelists: dict = {}
        self.partners: dict = {}
        self.orders: dict = {}

    def build(self) -> None:
        """Make everything, once: a second call finds the company there."""
        if self.env.ref(f"{MARKER_MODULE}.{MARKER}", raise_if_not_found=False):
            return
        for step in (
            self.make_companies,
            self.make_rates,
            self.make_users,
            self.make_products,
            self.make_customers,
            self.make_orders,
            self.make_invoices,
            self.make_talks,
            self.make_todos,
            self.make_decisions,
            self.make_complaints,
            self.evaluate,
            self.learn_from_complaints,
        ):
            started = time.monotonic()
            step()
            self.env.flush_all()
            seconds = time.monotonic() - started
            _logger.info("Demo company: %s in %.1f s", step.__name__, seconds)

    # --- companies, currencies, people ---

    def make_companies(self) -> None:
        """The company that is there, and one in Europe; both can invoice."""
        main = self.env.ref("base.main_company")
        europe = self.make_europe()
        self.companies = {"main": main, "europe": europe}
        self.env["ir.model.data"].create(
            {
                "module": MARKER_MODULE,
                "name": MARKER,
                "model": europe._name,
                "res_id": europe.id,
                "noupdate": True,
            }
        )
        # the superuser has to see both, and people to look at them as well
        for xmlid in ("base.user_root", "base.user_admin"):
            self.env.ref(xmlid).company_ids = [Command.link(europe.id)]
        for key, company in self.companies.items():
            company.retention_tz = TIME_ZONES[key]
            self.make_accounts(company)
        self.env = self.env(
            context={**self.env.context, "allowed_company_ids": [main.id, europe.id]}
        )

    def make_europe(self):
        """A company that counts in euros, for the customers over there."""
        euro = self.env.ref("base.EUR")
        euro.active = True
        europe = self.env["res.company"].create(
            {"name": EUROPE, "currency_id": euro.id}
        )
        # given to a new company itself, a country makes Odoo install its localisation
        # and an address makes it ask a service on the network
        europe.partner_id.write(
            {
                "country_id": self.env.ref("base.de").id,
                "street": "12 Harbour Way",
                "zip": "28195",
                "city": "Bremen",
                "email": "hello@harbourline.example",
            }
        )
        return europe

    def make_accounts(self, company) -> None:
        """A chart of accounts where there is none."""
        if not company.chart_template:
            currency = company.currency_id
            template = self.env["account.chart.template"]
            template._load("generic_coa", company, install_demo=False)
            company.currency_id = currency

    def make_rates(self) -> None:
        """Monthly rates, except where somebody keeps them already."""
        codes = {currency for _company, currency, _day in self.plan.rates}
        currencies = {code: self.env.ref(f"base.{code}") for code in sorted(codes)}
        for currency in currencies.values():
            currency.active = True
        rates = self.env["res.currency.rate"]
        known = {
            (rate.company_id.id, rate.currency_id.id, rate.name)
            for rate in rates.search([])
        }
        values = []
        for (key, code, day), rate in self.plan.rates.items():
            company, currency = self.companies[key], currencies[code]
            place = (company.id, currency.id, day)
            if place not in known and currency != company.currency_id:
                names = ("company_id", "currency_id", "name")
                values.append({**dict(zip(names, place, strict=True)), "rate": rate})
        rates.create(values)

    def make_users(self) -> None:
        """Salespeople, their leader and an accountant, who sign in with their role."""
        employees = self.env.ref("base.group_user")
        for login, (name, company, groups) in USERS.items():
            records = [self.env.ref(group) for group in groups]
            values = self.prepare_user(login, company, [employees, *records])
            self.users[login] = self.env["res.users"].create({**values, "name": name})
        self.users["leader"].company_ids = [
            Command.link(company.id) for company in self.companies.values()
        ]
        for key, (name, leader, members) in TEAMS.items():
            self.teams[key] = self.env["crm.team"].create(
                {
                    "name": name,
                    "company_id": self.companies[key].id,
                    "user_id": self.users[leader].id,
                    "member_ids": [Command.set([self.users[m].id for m in members])],
                }
            )

    def prepare_user(self, login: str, company: str, groups: Iterable) -> dict:
        """Values of a user whose password is the login, free of the logins there."""
        taken = self.env["res.users"].with_context(active_test=False)
        while taken.search_count([("login", "=", login)]):
            login += ".retention"
        return {
            "login": login,
            "password": login,
            "email": f"{login}@harbourline.example",
            "tz": TIME_ZONES[company],
            "company_id": self.companies[company].id,
            "company_ids": [Command.set(self.companies[company].ids)],
            "group_ids": [Command.set([group.id for group in groups])],
        }

    # --- what is sold, and to whom ---

    def make_products(self) -> None:
        """The catalogue, with net prices: taxes would only slow the demo down."""
        # goods would need a warehouse and deliveries where stock is kept
        goods = "service" if "stock.warehouse" in self.env else "consu"
        for category, products in words.PRODUCTS.items():
            place = self.env["product.category"].create({"name": category})
            records = self.env["product.product"].create(
                [
                    {
                        "name": name,
                        "list_price": price,
                        "categ_id": place.id,
                        "type": "service" if category == "Services" else goods,
                        "invoice_policy": "delivery",
                        "company_id": False,
                        "taxes_id": [Command.clear()],
                        "supplier_taxes_id": [Command.clear()],
                    }
                    for name, price in products
                ]
            )
            self.products |= {record.name: record for record in records}

    def make_customers(self) -> None:
        partners = self.env["res.partner"]
        planned = self.plan.customers
        accounts = partners.create([self.prepare_customer(c) for c in planned])
        self.partners = {c.key: a for c, a in zip(planned, accounts, strict=True)}
        contacts = [(c, person) for c in planned for person in c.contacts]
        records = partners.create(
            [
                {
                    "parent_id": self.partners[customer.key].id,
                    "name": person.name,
                    "function": person.function,
                    "email": person.email,
                    "phone": person.phone,
                }
                for customer, person in contacts
            ]
        )
        for (_customer, person), record in zip(contacts, records, strict=True):
            self.partners[person.key] = record
        for customer in planned:
            if customer.currency:
                partner = self.partners[customer.key]
                company = self.companies[customer.company]
                pricelist = self.get_pricelist(customer.company, customer.currency)
                partner.with_company(company).property_product_pricelist = pricelist
        self.make_portal_user()

    def prepare_customer(self, customer: Customer) -> dict[str, object]:
        state = customer.state and self.env.ref(customer.state)
        industry = customer.industry and self.env.ref(customer.industry)
        return {
            "name": customer.name,
            "is_company": customer.is_company,
            "ref": f"DEMO-{customer.key[1:]}",
            "street": customer.street,
            "zip": customer.zip,
            "city": customer.city,
            "state_id": state.id if state else False,
            "country_id": self.env.ref(f"base.{customer.country}").id,
            "industry_id": industry.id if industry else False,
            "email": customer.email,
            "phone": customer.phone,
            "user_id": self.users[customer.salesperson].id,
        }

    def get_pricelist(self, company: str, currency: str):
        """The pricelist of a company's customers who pay in another currency."""
        key = (company, currency)
        if key not in self.pricelists:
            self.pricelists[key] = self.env["product.pricelist"].create(
                {
                    "name": f"Export {currency}",
                    "currency_id": self.env.ref(f"base.{currency}").id,
                    "company_id": self.companies[company].id,
                }
            )
        return self.pricelists[key]

    def make_portal_user(self) -> None:
        """A customer's buyer who may look at the own orders."""
        customer = next(
            c for c in self.plan.customers if c.habit == "steady" and c.contacts
        )
        portal = self.env.ref("base.group_portal")
        values = self.prepare_user(PORTAL_LOGIN, customer.company, [portal])
        partner = self.partners[customer.contacts[0].key]
        del values["email"]
        self.env["res.users"].create({**values, "partner_id": partner.id})

    # --- orders ---

    def make_orders(self) -> None:
        """Orders and quotations in the order of their days."""
        planned = sorted(self.plan.orders, key=lambda order: (order.day, order.key))
        delivered = {invoice.order for invoice in self.plan.invoices}
        for batch in split_every(BATCH, planned, list):
            records = self.env["sale.order"].create(
                [self.prepare_order(order, order.key in delivered) for order in batch]
            )
            for order, record in zip(batch, records, strict=True):
                self.orders[order.key] = record
            self.env.flush_all()
        # people made the quotations before they were confirmed, not today
        self.env.cr.execute(
            SQL(
                """UPDATE sale_order
                      SET create_date = date_order - interval '3 days' * (id %% 4)
                    WHERE id = ANY(%s)""",
                [record.id for record in self.orders.values()],
            )
        )
        self.env.invalidate_all()

    def prepare_order(self, order: Order, delivered: bool) -> dict[str, object]:
        company = self.companies[order.company]
        pricelist = order.currency and self.get_pricelist(order.company, order.currency)
        lines = self.prepare_lines(order, delivered)
        moment = datetime.combine(order.day, clock(9 + len(lines), len(order.key) * 3))
        local = pytz.timezone(TIME_ZONES[order.company]).localize(moment)
        return {
            "partner_id": self.partners[order.contact or order.customer].id,
            "company_id": company.id,
            "pricelist_id": pricelist.id if pricelist else False,
            "fiscal_position_id": False,
            "date_order": local.astimezone(pytz.utc).replace(tzinfo=None),
            "validity_date": order.valid_until,
            "state": order.state,
            "user_id": self.users[order.salesperson].id,
            "team_id": self.teams[order.company].id,
            "require_signature": False,
            "require_payment": False,
            "order_line": lines,
        }

    def prepare_lines(self, order: Order, delivered: bool) -> list[Command]:
        rate = self.get_rate(order)
        return [
            Command.create(
                {
                    "product_id": self.products[line.product].id,
                    "name": line.product,
                    "product_uom_qty": line.quantity,
                    "qty_delivered": line.quantity if delivered else 0.0,
                    "price_unit": round(line.price * rate, 2),
                    "discount": 0.0,
                    "tax_ids": [Command.clear()],
                    "analytic_distribution": False,
                }
            )
            for line in order.lines
        ]

    def get_rate(self, order: Order) -> float:
        """What one unit of the company's currency is worth in that of the order."""
        key = (order.company, order.currency, order.day.replace(day=1))
        return self.plan.rates.get(key, 1.0)

    # --- invoices ---

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

    # --- people and decisions ---

    def make_talks(self) -> None:
        """Conversations of the past, on the customers."""
        comment = self.env.ref("mail.mt_comment").id
        done = self.env.ref("mail.mt_activities").id
        types = {
            "call": self.env.ref("mail.mail_activity_data_call").id,
            "visit": self.env.ref("mail.mail_activity_data_meeting").id,
        }
        values = []
        for talk in self.plan.talks:
            user = self.users.get(talk.author)
            author = user.partner_id if user else self.partners[talk.author]
            activity = types.get(talk.kind)
            values.append(
                {
                    "model": "res.partner",
                    "res_id": self.partners[talk.customer].id,
                    "author_id": author.id,
                    "email_from": author.email_formatted,
                    "date": datetime.combine(talk.day, clock(14, 30)),
                    "body": talk.text,
                    "message_type": "notification" if activity else "email",
                    "subtype_id": done if activity else comment,
                    "mail_activity_type_id": activity,
                    "record_name": self.partners[talk.customer].name,
                }
            )
        self.env["mail.message"].create(values)

    def make_todos(self) -> None:
        model = self.env["ir.model"]._get("res.partner")
        call = self.env.ref("mail.mail_activity_data_call")
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model.id,
                    "res_id": self.partners[todo.customer].id,
                    "activity_type_id": call.id,
                    "summary": todo.summary,
                    "user_id": self.users[todo.user].id,
                    "date_deadline": todo.due,
                }
                for todo in self.plan.todos
            ]
        )

    def make_decisions(self) -> None:
        """Judgements of fit, pins, and customers who must not be profiled."""
        by_key = {customer.key: customer for customer in self.plan.customers}
        self.env["customer.fit"].create(
            [
                {
                    "partner_id": self.partners[fit.customer].id,
                    "company_id": self.companies[fit.company].id,
                    "date": fit.day,
                    "user_id": self.users[by_key[fit.customer].salesperson].id,
                    "note": fit.note,
                    **fit.answers,
                }
                for fit in self.plan.fits
            ]
        )
        self.env["customer.relationship.pin"].create(self.prepare_pins())
        self.env["customer.profiling.exclusion"].create(
            [
                {
                    "partner_id": self.partners[key].id,
                    "company_id": self.companies[by_key[key].company].id,
                    "reason": "Asked not to be profiled.",
                    "date_from": self.plan.today - timedelta(60),
                    "user_id": self.users["leader"].id,
                }
                for key in self.plan.excluded
            ]
        )

    def prepare_pins(self) -> list[dict[str, object]]:
        """Values of the pins whose target an administrator has not removed."""
        values = []
        for pin in self.plan.pins:
            name = "stage" if pin.axis == "position" else "condition"
            xmlid = f"customer_retention.customer_relationship_{name}_{pin.target}"
            target = self.env.ref(xmlid, raise_if_not_found=False)
            if target:
                values.append(
                    {
                        "partner_id": self.partners[pin.customer].id,
                        "company_id": self.companies[pin.company].id,
                        "axis": pin.axis,
                        f"{name}_id": target.id,
                        "reason": pin.reason,
                        "date_from": pin.day,
                        "date_until": pin.until,
                        "user_id": self.users["leader"].id,
                    }
                )
        return values

    # --- complaints ---

    def make_complaints(self) -> None:
        """A year of complaints, and those who handle them."""
        self.complaints = ComplaintBuilder(self, plan_complaints(self.plan))
        self.complaints.build()

    def learn_from_complaints(self) -> None:
        """What purchases say about them; they have been read by now."""
        self.complaints.finish()

    # --- evaluation ---

    def evaluate(self) -> None:
        """Have everything in place when the first person looks: no job has to run."""
        # Decisions were looked at before the segments had been measured: what that
        # recorded would be corrected at once.
        self.env.cr.execute("DELETE FROM customer_relationship_transition")
        self.env.cr.execute("DELETE FROM customer_relationship")
        self.env.invalidate_all()
        runs = self.env["customer.evaluation.run"]
        queue = self.env["customer.relationship.queue"]
        queue._flush()
        self.env.cr.execute(SQL("DELETE FROM customer_relationship_queue"))
        runs.search([("state", "=", "waiting")]).unlink()
        runs._start("install")._work_off()
