from __future__ import annotations

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.fields import Domain
from odoo.tools import split_every

_logger = logging.getLogger(__name__)

# Days that the job makes up for when it did not run.
LOOK_BACK_DAYS = 7
# Customers congratulated in one transaction.
COMMIT_EVERY = 100


class CustomerBirthday(models.Model):
    """A day that somebody told us and agreed to be congratulated on.

    Kept apart from the contact: it is there for this alone, and goes with a click.
    """

    _name = "customer.birthday"
    _inherit = "customer.visible.mixin"
    _description = "Birthday of a Customer"
    _order = "partner_id, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self.env.company._retention_root(),
    )
    kind = fields.Selection(
        [("birth", "Born"), ("founding", "Founded")],
        string="What Happened",
        required=True,
        default="birth",
    )
    date = fields.Date(string="Day", required=True)
    agreed_on = fields.Date(
        required=True,
        default=fields.Date.context_today,
        help="When the customer agreed that the day is kept and used for wishes and "
        "gifts.",
    )

    # No unique index: the merge of partners would delete days, or fail. Two days of
    # customers who became one do no harm, there is one gift a year.
    @api.constrains("partner_id", "company_id")
    def _check_known(self):
        for birthday in self:
            # sudo: customer.birthday - whoever looks after the customer by now
            known = self.sudo().search_count(
                [
                    ("id", "!=", birthday.id),
                    ("partner_id", "=", birthday.partner_id.id),
                    ("company_id", "=", birthday.company_id.id),
                ],
                limit=1,
            )
            if known:
                raise ValidationError(
                    self.env._("The day of this customer is known already.")
                )

    @api.model
    def _cron_give_birthday_gifts(self) -> None:
        """Congratulate members on their day, and on those of the last week.

        What was given is on record, so that the next start gives nothing twice.
        """
        found = [
            one
            for company in self.env["res.company"]._retention_tier_roots()
            for one in self.with_company(company)._having_birthday(company)
        ]
        left = len(found)
        for batch in split_every(COMMIT_EVERY, found, list):
            for birthday, day in batch:
                birthday._congratulate(day)
            left -= len(batch)
            if not self.env["ir.cron"]._commit_progress(len(batch), remaining=left):
                break

    @api.model
    def _having_birthday(self, company) -> list:
        """Return [(record, day)] of those whose day was within the last days."""
        today = company._retention_today()
        days = [today - timedelta(days=number) for number in range(LOOK_BACK_DAYS)]
        found = []
        near = Domain("company_id", "=", company.id) & self._near_domain(days)
        for birthday in self.search(near):
            day = birthday._day_in_range(days)
            if day:
                found.append((birthday, day))
        return found

    @api.model
    def _near_domain(self, days) -> Domain:
        """Return who may have their day on some days: few of all the records."""
        dates = {(day.month, day.day) for day in days}
        if (2, 28) in dates:
            dates.add((2, 29))
        return Domain.OR(
            Domain("date.month_number", "=", month)
            & Domain("date.day_of_month", "=", number)
            for month, number in sorted(dates)
        )

    def _day_in_range(self, days):
        """Return the one of some days on which the customer's day falls, or None.

        Those born on 29 February are congratulated on the 28th in other years. The
        first birthday after somebody told the day counts, none before.
        """
        self.ensure_one()
        for day in days:
            if day > self.date and day >= self.agreed_on and self._falls_on(day):
                return day
        return None

    def _falls_on(self, day) -> bool:
        return fields.Date.add(self.date, years=day.year - self.date.year) == day

    def _congratulate(self, day) -> None:
        """Give the gift of the tier; what goes wrong concerns this customer only."""
        company = self.company_id
        partner = self.partner_id
        memberships = self.env["customer.tier.membership"]
        tier = memberships._standing_tiers(partner, company).get(partner.id)
        if not tier:
            return
        try:
            with self.env.cr.savepoint():
                tier._give("birthday", partner, day)
        except Exception:  # whatever another addon objects to
            _logger.exception("No birthday gift for %s", partner)
