from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date

from odoo import api, models

# Only code of this module can put these objects into a context: a ladder that is
# saved records one version, not one for each of its parts; and only a dialog of ours
# lets a change count from another day than today.
SAVING = object()


@dataclass(frozen=True)
class CountingFrom:
    """The first day of what is saved."""

    day: date


# Fields that decide as they are.
PLAIN_FIELDS = (
    "active",
    "sequence",
    "enrolment",
    "fee_months",
    "counts_before_joining",
    "counts_shipping",
    "pending_days",
    "window",
    "window_months",
    "period",
    "year_start_day",
    "upgrade",
    "validity",
    "validity_months",
    "downgrade",
    "grace_days",
    "pauses_on_hold",
    "rolls_up_groups",
)
# Records that decide, and lists of them.
REFERENCES = ("currency_id", "fee_product_id")
REFERENCE_LISTS = ("excluded_product_ids", "excluded_category_ids")
PARTS = ("measure_ids", "point_rule_ids", "tier_ids")


class CustomerTierLadder(models.Model):
    """What decides in a ladder, as one definition: one version for each save."""

    _inherit = "customer.tier.ladder"

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._with_canonical_rule(vals) for vals in vals_list]
        ladders = super(CustomerTierLadder, self._saving()).create(vals_list)
        return ladders.with_env(self.env)

    def write(self, vals):
        vals = self._with_canonical_rule(vals)
        return super(CustomerTierLadder, self._saving()).write(vals)

    def _saving(self):
        return self.with_context(customer_retention_ladder=SAVING)

    @api.model
    def _with_canonical_rule(self, vals):
        """The same values with the rule in its one canonical text.

        :raise ValidationError: it is no rule
        """
        if "rule" not in vals:
            return vals
        canonical = self.env["customer.rule.mixin"]._canonical_rule
        return {**vals, "rule": canonical(vals["rule"])}

    # === VERSIONS === #

    def _definition(self):
        """Everything that decides in this ladder."""
        self.ensure_one()
        ladder = self.with_context(active_test=False)
        return {
            **{name: ladder[name] for name in PLAIN_FIELDS},
            "year_start_month": int(ladder.year_start_month),
            **{name: ladder[name].id for name in REFERENCES},
            **{name: sorted(ladder[name].ids) for name in REFERENCE_LISTS},
            "rule": json.loads(ladder.rule or "[]"),
            "measures": [one._definition() for one in ladder.measure_ids.sorted()],
            "point_rules": [
                one._definition() for one in ladder.point_rule_ids.sorted("id")
            ],
            "tiers": [one._definition() for one in ladder.tier_ids.sorted()],
        }

    @api.model
    def _get_definition_fields(self):
        return [
            *PLAIN_FIELDS,
            "year_start_month",
            *REFERENCES,
            *REFERENCE_LISTS,
            "rule",
            *PARTS,
        ]

    def _parts_changed(self):
        """A part of these ladders was saved by itself: record what they say now."""
        if self.env.context.get("customer_retention_ladder") is SAVING:
            return
        latest = self._latest_definitions()
        for ladder in self:
            definition = ladder._definition()
            if latest.get(ladder.id) != definition:
                ladder._record_version(definition)
                ladder._queue_rule_run()

    def _latest_definitions(self):
        """What these ladders say by their newest versions, by id."""
        # sudo: customer.rule.version - whoever may change a ladder adds to its versions
        versions = self.env["customer.rule.version"].sudo()
        found = versions.search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)],
            ["res_id", "definition"],
            order="number",
        )
        return {version.res_id: version.definition for version in found}

    def _counting_from(self, day):
        """The same ladders: what is saved through them counts from a day on."""
        return self.with_context(customer_retention_counting_from=CountingFrom(day))

    def _version_date_from(self):
        """A change counts from today on, or from the day that a dialog of ours says;
        not before what is planned already, which the definition contains.
        """
        counting = self.env.context.get("customer_retention_counting_from")
        if isinstance(counting, CountingFrom):
            return counting.day
        day = super()._version_date_from()
        return day and max(day, self._last_planned_day() or day)

    def _last_planned_day(self):
        # sudo: customer.rule.version - whoever may change a ladder adds to its versions
        versions = self.env["customer.rule.version"].sudo()
        about = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        return versions.search(about, order="number desc", limit=1).date_from

    def _has_judged(self):
        """Whether anybody has been looked at by this ladder yet."""
        # sudo: customer.tier.membership - whether there is any, whoever may see it
        members = self.env["customer.tier.membership"].sudo()
        members = members.with_context(active_test=False)
        return bool(members.search_count([("ladder_id", "=", self.id)], limit=1))

    def _today(self) -> date:
        """The day these ladders' members are evaluated as of."""
        company = self.company_id
        return company._retention_today() if company else self._shared_today()

    # === EVALUATION === #

    def _queue_rule_run(self):
        """Look at all members again, once per transaction and company."""
        if not self or self._is_run_needless():
            return
        data = self.env.cr.precommit.data
        if "customer_retention.tier_run" not in data:
            data["customer_retention.tier_run"] = set()
            self.env.cr.precommit.add(self._start_tier_runs)
        data["customer_retention.tier_run"].update(
            ladder.company_id.id for ladder in self
        )

    @api.model
    def _start_tier_runs(self):
        company_ids = self.env.cr.precommit.data.pop("customer_retention.tier_run", ())
        runs = self.env["customer.evaluation.run"]
        if False in company_ids:
            runs._start("tier")
            return
        for company in self.env["res.company"].browse(sorted(company_ids)):
            runs._start("tier", company)


class CustomerTier(models.Model):
    """What a tier takes is part of the definition of its ladder."""

    _inherit = "customer.tier"

    def _definition(self):
        """What is versioned of it."""
        self.ensure_one()
        return {
            "id": self.id,
            "sequence": self.sequence,
            "active": self.active,
            "match": self.match,
            "conditions": [
                {
                    "measure_id": condition.measure_id.id,
                    "at_least": condition.at_least,
                    "keep_at_least": condition.keep_at_least,
                }
                for condition in self.condition_ids.sorted("id")
            ],
        }


class CustomerTierMeasure(models.Model):
    """What a measure counts is part of the definition of its ladder."""

    _inherit = "customer.tier.measure"

    def _definition(self):
        """What is versioned of it."""
        self.ensure_one()
        return {
            "id": self.id,
            "metric": self.metric,
            "category_ids": sorted(self.category_ids.ids),
        }


class CustomerTierPointRule(models.Model):
    """A rate is part of the definition of its ladder."""

    _inherit = "customer.tier.point.rule"

    def _definition(self):
        """What is versioned of it."""
        self.ensure_one()
        return {
            "id": self.id,
            "rate": self.rate,
            "category_ids": sorted(self.category_ids.ids),
            "date_from": self.date_from and self.date_from.isoformat(),
            "date_until": self.date_until and self.date_until.isoformat(),
        }
