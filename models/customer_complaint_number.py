from __future__ import annotations

from collections import defaultdict
from datetime import date

import pytz

from odoo import api, fields, models
from odoo.exceptions import UserError

SEQUENCE_CODE = "customer.complaint"
PREFIX = "C/%(range_y)s/"
PADDING = 5


class CustomerComplaint(models.Model):
    """Numbers by company and year, such as C/26/00014: to read out on the phone.

    A complaint is never lost for want of a number: a sequence that somebody deleted
    comes back behind the last number given, one that cannot be used is done without.
    """

    _inherit = "customer.complaint"

    @api.model
    def _fill_in_numbers(self, vals_list):
        """Give a number to all values that come without one."""
        waiting = defaultdict(list)
        for vals in vals_list:
            if vals.get("name", "/") in ("/", False, ""):
                waiting[self._numbering(vals)].append(vals)
        for (company, day), group in waiting.items():
            numbers = self._next_numbers(company, day, len(group))
            for vals, number in zip(group, numbers, strict=True):
                vals["name"] = number

    @api.model
    def _numbering(self, vals) -> tuple[models.BaseModel, date]:
        """Return the company and the first day of the year that number it."""
        company = self.env["res.company"].browse(vals["company_id"])
        moment = fields.Datetime.to_datetime(vals.get("received_at"))
        moment = moment or fields.Datetime.now()
        tz = pytz.timezone(self._tz(company))
        local = pytz.utc.localize(moment).astimezone(tz)
        return company, local.date().replace(month=1, day=1)

    @api.model
    def _next_numbers(self, company, day, count) -> list[str]:
        """Return numbers of a company that no complaint has yet."""
        # sudo: ir.sequence - customers and handlers take numbers, too
        sequence = self.env["ir.sequence"].sudo()._complaint_sequence(company)
        numbers = []
        for _attempt in range(3):
            wanted = count - len(numbers)
            try:
                drawn = sequence._draw_complaint_numbers(day, wanted)
            except UserError:  # somebody wrote a prefix that nobody understands
                break
            taken = self._taken_numbers(company, drawn)
            numbers += [number for number in drawn if number not in taken]
            if len(numbers) == count:
                return numbers
        return numbers + self._numbers_after_last(company, day, count - len(numbers))

    @api.model
    def _taken_numbers(self, company, numbers) -> set[str]:
        taken = (
            # sudo: customer.complaint - a number is given once, whoever sees by whom
            self.sudo()
            .with_context(active_test=False)
            .search([("company_id", "=", company.id), ("name", "in", numbers)])
        )
        return set(taken.mapped("name"))

    @api.model
    def _numbers_after_last(self, company, day, count) -> list[str]:
        """Return numbers of the usual form without the help of a sequence."""
        start = self._last_number(company, day) + 1
        return [
            f"C/{day:%y}/{number:0{PADDING}}" for number in range(start, start + count)
        ]

    @api.model
    def _last_number(self, company, day) -> int:
        """Return the highest number of the usual form in a year; 0 without any."""
        names = (
            # sudo: customer.complaint - a number is given once, whoever sees by whom
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    ("company_id", "=", company.id),
                    ("name", "=like", f"C/{day:%y}/%"),
                ],
            )
            .mapped("name")
        )
        tails = [name.rpartition("/")[2] for name in names]
        return max((int(tail) for tail in tails if tail.isdecimal()), default=0)


class IrSequence(models.Model):
    """The numbers of complaints: one sequence for each company, by year."""

    _inherit = "ir.sequence"

    @api.model
    def _complaint_sequence(self, company):
        """Return the sequence of complaints of a company, made when it is missing."""
        found = self.search_fetch(
            [("code", "=", SEQUENCE_CODE), ("company_id", "in", (company.id, False))],
            order="company_id",
            limit=1,
        )
        return found or self._create_complaint_sequences(company)

    @api.model
    def _create_complaint_sequences(self, companies):
        return self.create(
            [
                {
                    "name": f"Complaints {company.name}",
                    "code": SEQUENCE_CODE,
                    "company_id": company.id,
                    "prefix": PREFIX,
                    "padding": PADDING,
                    "use_date_range": True,
                }
                for company in companies
            ]
        )

    def _draw_complaint_numbers(self, day, count) -> list[str]:
        """Draw numbers of the year that begins on ``day``."""
        self.ensure_one()
        if not self.use_date_range:
            return [self._next_do() for _number in range(count)]
        year = self.env["ir.sequence.date_range"].search_fetch(
            [
                ("sequence_id", "=", self.id),
                ("date_from", "<=", day),
                ("date_to", ">=", day),
            ],
            limit=1,
        ) or self._create_complaint_year(day)
        year = year.with_context(ir_sequence_date_range=year.date_from)
        return [year._next() for _number in range(count)]

    def _create_complaint_year(self, day):
        """Begin a year behind the numbers given without this sequence."""
        year = self._create_date_range_seq(fields.Date.to_string(day))
        last = self.env["customer.complaint"]._last_number(self.company_id, day)
        if last:
            year.number_next = last + 1
        return year
