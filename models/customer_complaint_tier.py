from __future__ import annotations

from collections import defaultdict

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.complaint_facts import open_spans
from .customer_complaint import EMPLOYEES


class CustomerComplaint(models.Model):
    """The tier the customer had when the complaint was received."""

    _inherit = "customer.complaint"

    tier_id = fields.Many2one(
        "customer.tier",
        compute="_compute_tier_id",
        store=True,
        index="btree_not_null",
        ondelete="set null",
        groups=EMPLOYEES,
        help="Of the customer on the day the complaint was received.",
    )

    tier_color = fields.Integer(
        string="Color of the Tier", related="tier_id.color", groups=EMPLOYEES
    )
    tier_icon = fields.Char(
        string="Icon of the Tier", related="tier_id.icon", groups=EMPLOYEES
    )

    @api.depends("account_id", "company_id", "received_at")
    def _compute_tier_id(self):
        self.tier_id = False
        memberships = self.env["customer.tier.membership"]
        known = self.filtered("account_id")
        for (root, day), complaints in known.grouped(_received).items():
            tiers = memberships._tiers_on(
                root, dict.fromkeys(complaints.account_id.ids, day)
            )
            for complaint in complaints:
                complaint.tier_id = tiers.get(complaint.account_id.id, False)


class CustomerTierMembership(models.Model):
    """Nobody is taken down while a complaint is open."""

    _inherit = "customer.tier.membership"

    @api.model
    def _get_holds(self, holders, until, company=None):
        """Add the times in which a complaint of the customer, or of somebody who
        qualifies with it, was open.
        """
        holds = super()._get_holds(holders, until, company)
        found = defaultdict(list, {key: list(spans) for key, spans in holds.items()})
        relationships = self.env["customer.relationship"]
        for root in company or self.env["res.company"]._retention_tier_roots():
            accounts = self._accounts_of_holders(root, list(holders))
            lives = relationships._gather_complaint_lives(root, list(accounts))
            for account_id, complaints in lives.items():
                spans = [one for one in open_spans(complaints) if one[0] <= until]
                for holder_id in accounts[account_id]:
                    found[holder_id] += spans
        return {key: sorted(spans, key=_start) for key, spans in found.items() if spans}

    @api.model
    def _accounts_of_holders(self, company, holder_ids) -> dict[int, set[int]]:
        """Return {account: the holders for whom it counts, on whatever day}."""
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, head_id FROM %s head WHERE head_id = ANY(%s)",
                self.env["customer.account.group"]._heads_sql(company),
                holder_ids,
            )
        )
        accounts = defaultdict(set)
        for holder_id in holder_ids:
            accounts[holder_id].add(holder_id)
        for account_id, head_id in rows:
            accounts[account_id].add(head_id)
        return accounts


def _start(span):
    return span[0]


def _received(complaint):
    """Company and local day of a complaint."""
    moment = complaint.received_at or fields.Datetime.now()
    zone = complaint._tz(complaint.company_id)
    local = fields.Datetime.context_timestamp(complaint.with_context(tz=zone), moment)
    return complaint.company_id._retention_root(), local.date()
