"""Writes random histories into the derived tables, as if read from documents."""

from odoo.fields import Command
from odoo.tools import SQL

from ..logic.history import FIT_QUESTIONS


class DerivedRows:
    """Fills the derived tables of one company; no document stands behind the rows."""

    def __init__(self, env, company):
        self.env, self.company = env, company
        self.res_id = 10**8
        self.categories = {
            key: env["product.category"].create({"name": f"Category {key}"}).id
            for key in range(1, 5)
        }

    def store(self, partner, history):
        """Store everything of a history under a partner."""
        self.write_purchases(partner, history)
        self.write_quotations(partner, history)
        for day in set(history.contact_days):
            self.insert("customer_contact_day", partner_id=partner.id, date=day)
        for fit in history.fits:
            self.insert(
                "customer_fit",
                partner_id=partner.id,
                company_id=self.company.id,
                user_id=self.env.uid,
                date=fit.day,
                **dict(zip(FIT_QUESTIONS, fit.answers, strict=True)),
            )

    def write_purchases(self, partner, history):
        """Store the documents, with the gap to the purchase day before and, in the
        first one of a day, the categories of that day.
        """
        before = None
        sold = {day: set() for day, _key in history.categories}
        for day, key in history.categories:
            sold[day].add(self.categories[key])
        for item in sorted(history.purchases, key=lambda item: item.day):
            gap = None
            if item.counts:
                gap = (item.day - before).days or None if before else None
                before = item.day
            self.res_id += 1
            self.insert(
                "customer_purchase",
                source="order",
                res_id=self.res_id,
                partner_id=partner.id,
                company_id=self.company.id,
                date=item.day,
                amount=item.amount,
                is_purchase=item.counts,
                gap_days=gap,
                categ_ids=sorted(sold.pop(item.day, ())) or None,
            )

    def write_quotations(self, partner, history):
        """Store the periods; a period needs an order to refer to."""
        orders = self.env["sale.order"].create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "order_line": [Command.clear()],
                }
                for _quotation in history.quotations
            ]
        )
        for order, item in zip(orders, history.quotations, strict=True):
            self.insert(
                "customer_quotation",
                order_id=order.id,
                partner_id=partner.id,
                company_id=self.company.id,
                opened_on=item.opened,
                closed_on=item.closed,
                amount=item.amount,
            )

    def insert(self, table, **values):
        """Insert one row."""
        self.env.cr.execute(
            SQL(
                "INSERT INTO %s (%s) VALUES (%s)",
                SQL.identifier(table),
                SQL(", ").join(map(SQL.identifier, values)),
                SQL(", ").join(SQL("%s", value) for value in values.values()),
            )
        )
