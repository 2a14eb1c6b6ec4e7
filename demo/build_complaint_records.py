"""What every part of the builder of complaints knows."""

from __future__ import annotations

from datetime import datetime

import pytz

from .complaints import Case

PREFIX = "customer_retention.customer_"


class ComplaintRecords:
    """Complaints of a plan, beside the records that another builder made."""

    def __init__(self, builder, cases: tuple[Case, ...]) -> None:
        self.builder = builder
        self.env = builder.env(
            context={
                **builder.env.context,
                "customer_complaint_acknowledge_later": True,
                "mail_notrack": True,
                "mail_create_nolog": True,
            }
        )
        self.cases = cases
        self.handlers: dict = {}
        self.teams: dict = {}
        self.complaints: dict = {}

    def find(self, model: str, key: str):
        """A seed, unless it has been deleted."""
        name = f"{PREFIX}{model}_{key}"
        found = key and self.env.ref(name, raise_if_not_found=False)
        return found or self.env[f"customer.{model.replace('_', '.')}"].browse()

    def utc(self, case: Case, moment: datetime) -> datetime:
        zone = self.builder.companies[case.order.company].retention_tz
        local = pytz.timezone(zone).localize(moment)
        return local.astimezone(pytz.utc).replace(tzinfo=None)
