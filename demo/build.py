"""Puts the planned demo company into a database, in bulk and without a mail."""

from __future__ import annotations

import logging
import time

from odoo.tools import SQL

from .build_churn import ChurnBuilder
from .build_companies import MARKER, MARKER_MODULE, CompanyBuilder
from .build_complaints import ComplaintBuilder
from .build_customers import CustomerBuilder
from .build_invoices import InvoiceBuilder
from .build_orders import OrderBuilder
from .build_people import PeopleBuilder
from .build_tiers import TierBuilder
from .complaints import plan_complaints

_logger = logging.getLogger(__name__)


class Builder(
    CompanyBuilder, CustomerBuilder, OrderBuilder, InvoiceBuilder, PeopleBuilder
):
    """Makes the records of a plan, and remembers which stands for which key."""

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
            self.make_tiers,
            self.evaluate,
            self.learn_from_complaints,
            self.grant_tiers,
            self.watch_churn,
        ):
            started = time.monotonic()
            step()
            self.env.flush_all()
            seconds = time.monotonic() - started
            _logger.info("Demo company: %s in %.1f s", step.__name__, seconds)

    # --- complaints ---

    def make_complaints(self) -> None:
        """A year of complaints, and those who handle them."""
        self.complaints = ComplaintBuilder(self, plan_complaints(self.plan))
        self.complaints.build()

    def learn_from_complaints(self) -> None:
        """What purchases say about them; they have been read by now."""
        self.complaints.finish()

    # --- churn ---

    def watch_churn(self) -> None:
        """Learn who may leave from the years of orders, and begin to fight."""
        ChurnBuilder(self).build()

    # --- tiers ---

    def make_tiers(self) -> None:
        """A customer program for each company."""
        self.tiers = TierBuilder(self)
        self.tiers.build()

    def grant_tiers(self) -> None:
        """What people grant, by what customers earn."""
        self.tiers.finish()

    # --- evaluation ---

    def evaluate(self) -> None:
        """Have everything in place when the first person looks: no job has to run."""
        # Decisions were looked at before the segments had been measured: what that
        # recorded would be corrected at once.
        self.env.cr.execute("DELETE FROM customer_tier_transition")
        self.env.cr.execute("DELETE FROM customer_tier_membership")
        self.env.cr.execute("DELETE FROM customer_relationship_transition")
        self.env.cr.execute("DELETE FROM customer_relationship")
        self.env.invalidate_all()
        runs = self.env["customer.evaluation.run"]
        queue = self.env["customer.relationship.queue"]
        queue._flush()
        self.env.cr.execute(SQL("DELETE FROM customer_relationship_queue"))
        runs.search([("state", "=", "waiting")]).unlink()
        runs._start("install")._work_off()
