from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta

from odoo import api, models
from odoo.tools import SQL

from ..logic.history import FIT_QUESTIONS, Fit, History, Purchase, Quotation, Track
from ..logic.verdict import Pin
from .bulk_load import int_array
from .customer_relationship_rulebook import Rulebook


class CustomerRelationship(models.Model):
    """Reads everything that is known of some accounts, for `logic.replay`."""

    _inherit = "customer.relationship"

    def _gather_histories(
        self, company, partner_ids: list[int], book: Rulebook
    ) -> dict[int, History]:
        """Read what is known of some accounts, as far as a rule asks for it."""
        facts = frozenset().union(*(era.stored_facts for era in book.eras(None)))

        def rows(table, columns, of_company=company):
            return self._gather_rows(table, columns, partner_ids, of_company)

        purchases = rows("customer_purchase", ("date", "amount", "is_purchase"))
        quotations = rows("customer_quotation", ("opened_on", "closed_on", "amount"))
        fits = self._gather_decisions(
            "customer_fit", ("date", *FIT_QUESTIONS), partner_ids, company
        )
        categories: dict[int, list[tuple]] = {}
        if "category_count_12m" in facts:
            categories = self._gather_categories(company, partner_ids)
        contacts: dict[int, list[tuple]] = {}
        if "last_contact_on" in facts:
            contacts = rows("customer_contact_day", ("date",), None)
        tracks = self._gather_tracks(company, partner_ids, facts)
        return {
            partner_id: _to_history(
                purchases.get(partner_id, ()),
                quotations.get(partner_id, ()),
                contacts.get(partner_id, ()),
                fits.get(partner_id, ()),
                categories.get(partner_id, ()),
                tracks.get(partner_id, ()),
            )
            for partner_id in partner_ids
        }

    @api.model
    def _gather_tracks(
        self, company, partner_ids: list[int], facts: frozenset[str]
    ) -> dict[int, list[Track]]:
        """Return {account: courses of facts of other parts of the product}.

        :param facts: stored facts that a rule asks for
        """
        return {}

    def _gather_rows(
        self, table: str, columns: tuple[str, ...], partner_ids: list[int], company
    ) -> dict[int, list[tuple]]:
        """Return {account: rows} of a derived table; one query."""
        rows = self.env.execute_query(
            SQL(
                "SELECT partner_id, %s FROM %s WHERE partner_id = ANY(%s) AND %s"
                " ORDER BY partner_id",
                SQL(", ").join(SQL.identifier(name) for name in columns),
                SQL.identifier(table),
                int_array(partner_ids),
                SQL("company_id = %s", company.id) if company else SQL("TRUE"),
            )
        )
        return _by_first(rows)

    def _gather_categories(
        self, company, partner_ids: list[int]
    ) -> dict[int, list[tuple]]:
        """Return {account: (day, category) of its purchases}."""
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT partner_id, date, unnest(categ_ids)"
                " FROM customer_purchase"
                " WHERE partner_id = ANY(%s) AND company_id = %s",
                int_array(partner_ids),
                company.id,
            )
        )
        return _by_first(rows)

    def _gather_decisions(
        self, table: str, columns: tuple[str, ...], partner_ids: list[int], company
    ) -> dict[int, list[tuple]]:
        """Return {account: people's records}, in the order they were made."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mapping.account_id, %s
                  FROM %s decision
                  JOIN %s mapping ON mapping.partner_id = decision.partner_id
                 WHERE mapping.account_id = ANY(%s) AND decision.company_id = %s
              ORDER BY mapping.account_id, decision.id
                """,
                SQL(", ").join(SQL.identifier("decision", name) for name in columns),
                SQL.identifier(table),
                self.env["customer.account"]._mapping_sql(),
                int_array(partner_ids),
                company.id,
            )
        )
        return _by_first(rows)

    def _gather_pins(self, company, partner_ids: list[int]) -> dict[int, list[Pin]]:
        columns = (
            "id",
            "axis",
            "stage_id",
            "condition_id",
            "date_from",
            "date_until",
            "ended_on",
        )
        rows = self._gather_decisions(
            "customer_relationship_pin", columns, partner_ids, company
        )
        return {
            partner_id: [_to_pin(*values) for values in pins]
            for partner_id, pins in rows.items()
        }

    def _gather_segments(self, company, partner_ids: list[int]) -> dict[int, int]:
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT partner_id, segment_id FROM customer_relationship"
                    " WHERE company_id = %s AND partner_id = ANY(%s)",
                    company.id,
                    int_array(partner_ids),
                )
            )
        )


def _by_first(rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    grouped: dict[int, list[tuple]] = defaultdict(list)
    for key, *values in rows:
        grouped[key].append(tuple(values))
    return grouped


def _to_history(purchases, quotations, contacts, fits, categories, tracks) -> History:
    return History(
        purchases=tuple(
            Purchase(day, float(amount), bool(counts))
            for day, amount, counts in purchases
        ),
        quotations=tuple(
            Quotation(opened, closed, float(amount))
            for opened, closed, amount in quotations
        ),
        contact_days=tuple(day for (day,) in contacts),
        fits=tuple(Fit(day, tuple(answers)) for day, *answers in fits),
        categories=tuple(categories),
        tracks=tuple(tracks),
    )


def _to_pin(
    key: int,
    axis: str,
    stage_id: int | None,
    condition_id: int | None,
    starts: date,
    until: date | None,
    ended_on: date | None,
) -> Pin:
    ends = [until + timedelta(1) if until else None, ended_on]
    return Pin(
        key=key,
        axis=axis,
        target=stage_id if axis == "position" else condition_id,
        starts=starts,
        ends=min((day for day in ends if day), default=None),
    )
