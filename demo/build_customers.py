"""Makes what is sold, and those to whom it is sold."""

from __future__ import annotations

from odoo.fields import Command

from . import words
from .build_records import Records
from .plan_records import Customer
from .plan_tiers import DISCOUNTS

PORTAL_LOGIN = "customer"


class CustomerBuilder(Records):
    """Products, customers, their contacts and pricelists."""

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

    def get_tier_pricelist(self, tier: str):
        """Prices of one of the higher tiers, some percent below the usual ones."""
        key = ("main", tier)
        if key not in self.pricelists and tier in DISCOUNTS:
            item = {"compute_price": "percentage", "percent_price": DISCOUNTS[tier]}
            self.pricelists[key] = self.env["product.pricelist"].create(
                {
                    "name": f"{tier} members",
                    "company_id": self.companies["main"].id,
                    "currency_id": self.companies["main"].currency_id.id,
                    "item_ids": [Command.create(item)],
                }
            )
        return self.pricelists.get(key, self.env["product.pricelist"])
