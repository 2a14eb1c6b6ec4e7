"""Makes the companies of the demo, their currencies and the people who work there."""

from __future__ import annotations

from collections.abc import Iterable

from odoo.fields import Command

from .build_records import TIME_ZONES, Records

MARKER_MODULE = "__demo__"
MARKER = "customer_retention_company_europe"
EUROPE = "Harbourline Supplies Europe"

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
TEAMS = {
    "main": ("Trade Customers", "leader", ("leader", "sales", "sales2")),
    "europe": ("Trade Customers Europe", "sales3", ("sales3",)),
}


class CompanyBuilder(Records):
    """Companies, rates, users and teams."""

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
            # the day of the server may be tomorrow over there
            company.retention_side_effects_from = company._retention_today()
            company.resource_calendar_id.tz = TIME_ZONES[key]
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
