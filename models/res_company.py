from __future__ import annotations

from datetime import date, datetime

import pytz
from dateutil.relativedelta import relativedelta

from odoo import api, fields, models
from odoo.tools import SQL

from .bounds import check_bounds

# Settings that change what was bought, when, or as of which day: everybody has to
# be evaluated again.
RUN_FIELDS = {
    "retention_purchase_source",
    "retention_tz",
    "retention_evaluation_date",
    "retention_condition_months",
    "retention_use_stages",
}

BOUNDS = {
    "retention_side_effects_cap": (0, 100_000),
    "retention_condition_months": (0, 1200),
}

# Every document reads its company, with all columns of one prefetch group. Settings
# that few transactions ask for are a group of their own: one statement reads them all.
SETTINGS = "customer_retention"

# What a company may have of its own.
OWN_CONFIGURATION = (
    "customer.relationship.stage",
    "customer.relationship.condition",
    "customer.segment",
)


class ResCompany(models.Model):
    """Settings of customer retention; the root company's count for its branches."""

    _name = "res.company"
    _inherit = ["res.company", "customer.referent"]

    retention_purchase_source = fields.Selection(
        [
            ("order", "Confirmed orders less their credit notes"),
            ("invoice", "Posted invoices and credit notes"),
        ],
        string="What Counts as a Purchase",
        default="order",
        required=True,
        prefetch=SETTINGS,
    )
    retention_tz = fields.Selection(
        selection="_selection_retention_tz",
        string="Time Zone of Purchases",
        default="UTC",
        required=True,
        help="Decides on which day an order confirmed late in the evening counts.",
    )
    retention_evaluation_date = fields.Date(
        string="Evaluation Date",
        help="Evaluate customers as of this day instead of today. For demonstrations, "
        "training and tests.",
    )
    retention_use_stages = fields.Boolean(string="Relationship Stages", default=True)
    retention_side_effects_from = fields.Date(
        string="Plan Activities From",
        default=fields.Date.context_today,
        help="Activities are planned for changes from this day on. Empty: never.",
        prefetch=SETTINGS,
    )
    retention_side_effects_cap = fields.Integer(
        string="Activity Plans per Run",
        default=50,
        help="When more customers than this move in one run, the rest is summed up "
        "in one activity for the person responsible.",
        prefetch=SETTINGS,
    )
    retention_responsible_id = fields.Many2one(
        "res.users",
        string="Responsible for Retention",
        help="Gets the summaries. Empty: nobody does.",
        prefetch=SETTINGS,
    )
    retention_condition_months = fields.Integer(
        string="Months of Condition History",
        default=36,
        help="How many months back conditions are reconstructed when the history is "
        "read for the first time. 0: all of it.",
        prefetch=SETTINGS,
    )
    retention_condition_from = fields.Date(
        help="First day for which conditions are recorded; set by the first run.",
        prefetch=SETTINGS,
    )

    @api.model
    def _selection_retention_tz(self):
        return [(name, name) for name in pytz.all_timezones]

    @api.constrains(*BOUNDS)
    def _check_retention_numbers(self):
        check_bounds(self, BOUNDS)

    def write(self, vals):
        names = sorted(RUN_FIELDS & vals.keys())
        before = {company: company._run_settings(names) for company in self}
        result = super().write(vals)
        changed = self.filtered(
            lambda company: company._run_settings(names) != before[company]
        )
        if "retention_condition_months" in vals:
            changed._deepen_condition_history()
        for root in changed._retention_root():
            self.env["customer.evaluation.run"]._start("setting", root)
        if "retention_use_stages" in vals:
            self._sync_retention_features()
        return result

    def _run_settings(self, names):
        """What is set now, however a call spells it."""
        return [self[name] for name in names]

    def unlink(self):
        """Delete the steps and segments of the company: they are nobody else's."""
        own = [
            self.env[name]
            # sudo: customer.versioned.mixin - goes along, whoever deletes the company
            .sudo()
            .with_context(active_test=False)
            .search([("company_id", "in", self.ids)])
            for name in OWN_CONFIGURATION
        ]
        result = super().unlink()
        for records in own:
            records._without_run().unlink()
        return result

    @api.model
    def _sync_retention_features(self) -> None:
        """Show the menus of positions and conditions while a company uses them."""
        # sudo: res.groups - a setting of the company, whoever may change it
        groups = self.env["res.groups"].sudo()
        employees = groups.env.ref("base.group_user")
        feature = groups.env.ref("customer_retention.group_use_stages")
        if self._retention_roots():
            employees._apply_group(feature)
        else:
            employees._remove_group(feature)

    def _deepen_condition_history(self) -> None:
        """Record conditions from an earlier day on; what is recorded is kept."""
        for company in self:
            known = company.retention_condition_from
            months = company.retention_condition_months
            if not months:
                company.retention_condition_from = False
            elif known:
                wanted = company._retention_today() - relativedelta(months=months)
                company.retention_condition_from = min(known, wanted)

    def _retention_root(self):
        """Return the root companies: branches share customers and settings."""
        # sudo: res.company - a user of a branch may not read its parent
        return self.sudo().root_id

    def _retention_today(self) -> date:
        """Return the day everything is evaluated as of: a setting, or today."""
        self.ensure_one()
        root = self._retention_root()
        if root.retention_evaluation_date:
            return root.retention_evaluation_date
        return root._retention_calendar_day()

    def _retention_calendar_day(self) -> date:
        """Return the day it is now where the company is, whatever is evaluated."""
        return datetime.now(self._retention_zone()).date()

    def _retention_doer(self, user):
        """Return who does something about a customer whom a user looks after.

        That user; else, of somebody who has left or works elsewhere, the leader of the
        team; else whoever is responsible for retention. Empty if none of them is there.
        """
        self.ensure_one()
        if self._is_here(user):
            return user
        # sudo: crm.team.member - who led whom; archived along with a user
        places = self.env["crm.team.member"].sudo().with_context(active_test=False)
        places = places.search(
            [("user_id", "=", user.id)], order="active DESC, create_date DESC, id DESC"
        )
        leaders = user and places.crm_team_id.user_id
        candidates = [*(leaders or ()), self.retention_responsible_id]
        found = next(filter(self._is_here, candidates), user.browse())
        return found.with_env(self.env)

    def _is_here(self, user) -> bool:
        # sudo: res.users - whether a colleague still works in the company
        user = user.sudo()
        return user.active and self in user.company_ids._retention_root()

    @api.model
    def _retention_roots(self):
        """Return every root company that uses the relationship stages."""
        # sudo: res.company - jobs look at all companies
        return self.sudo().search(
            [("parent_id", "=", False), ("retention_use_stages", "=", True)]
        )

    @api.model
    def _retention_days_sql(self) -> SQL:
        """Return a relation of the root companies with their evaluation day.

        Columns: ``company_id``, ``today``.
        """
        return SQL(
            """(
            SELECT id AS company_id,
                   COALESCE(
                       retention_evaluation_date,
                       timezone(COALESCE(retention_tz, 'UTC'), %s::timestamptz)::date
                   ) AS today
              FROM res_company WHERE parent_id IS NULL
            )""",
            datetime.now(pytz.utc),
            to_flush=[
                self._fields[name]
                for name in ("retention_evaluation_date", "retention_tz", "parent_id")
            ],
        )

    @api.model
    def _retention_companies_sql(self) -> SQL:
        """Return a relation of all companies with what their root has set.

        Columns: ``id``, ``root_id``, ``tz``, ``source``, ``decimals`` (of the
        company currency).
        """
        return SQL(
            """(
            SELECT company.id, root.id AS root_id,
                   COALESCE(root.retention_tz, 'UTC') AS tz,
                   root.retention_purchase_source AS source,
                   currency.decimal_places AS decimals
              FROM res_company company
              JOIN res_company root
                ON root.id = split_part(company.parent_path, '/', 1)::int
              JOIN res_currency currency ON currency.id = root.currency_id
            )"""
        )
