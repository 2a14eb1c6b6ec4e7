from __future__ import annotations

from dataclasses import dataclass

from odoo import api, fields, models, tools
from odoo.fields import Domain

from .customer_complaint import SEVERITIES

# Only code of this module can put this object into a context: a policy that is saved
# records one version, not one for each of its lines.
SAVING = object()

SEVERITY_RANKS = {code: rank for rank, (code, _label) in enumerate(SEVERITIES)}


@dataclass(frozen=True)
class Case:
    """What of a complaint policies look at.

    Features that know more about customers add to ``standing``, by their own key.
    """

    company_id: int
    team_id: int
    category_ids: frozenset[int]
    severity: str
    standing: tuple[tuple[str, object], ...] = ()

    def standing_of(self, key):
        return dict(self.standing).get(key)


class CustomerComplaintPolicy(models.Model):
    """What is promised to whom, and what happens when it is forgotten.

    The first policy that fits a complaint is its policy. It is versioned: a clock
    keeps the version it was started with until somebody has it judged again.
    """

    _name = "customer.complaint.policy"
    _inherit = "customer.versioned.mixin"
    _description = "Complaint Policy"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        index="btree_not_null",
        domain=[("parent_id", "=", False)],
        help="Leave empty to use it in every company.",
    )

    # For which complaints
    team_ids = fields.Many2many(
        "customer.complaint.team", string="Teams", help="Empty: every team."
    )
    category_ids = fields.Many2many(
        "customer.complaint.category",
        string="Categories",
        help="These and what is below them. Empty: every category.",
    )
    severity = fields.Selection(
        SEVERITIES, string="From Severity", help="This one and what is graver."
    )
    stage_ids = fields.Many2many(
        "customer.relationship.stage",
        string="Positions",
        help="Positions of the customer. Empty: every customer.",
    )

    # What is promised
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        ondelete="restrict",
        help="Empty: those of the team. None there: the company's.",
    )
    target_ids = fields.One2many(
        "customer.complaint.policy.target", "policy_id", string="Promises", copy=True
    )
    escalation_ids = fields.One2many(
        "customer.complaint.escalation", "policy_id", copy=True
    )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        policies = super(CustomerComplaintPolicy, self._saving()).create(vals_list)
        self.env.registry.clear_cache()
        return policies.with_env(self.env)

    def write(self, vals):
        result = super(CustomerComplaintPolicy, self._saving()).write(vals)
        self.env.registry.clear_cache()
        return result

    def _saving(self):
        return self.with_context(customer_retention_policy=SAVING)

    # === VERSIONS === #

    def _definition(self):
        self.ensure_one()
        return {
            "calendar_id": self.calendar_id.id,
            "targets": [
                target._definition() for target in self.target_ids.sorted("kind")
            ],
            "escalations": [rung._definition() for rung in self.escalation_ids],
        }

    @api.model
    def _get_definition_fields(self):
        return ["calendar_id", "target_ids", "escalation_ids"]

    def _version_date_from(self):
        return fields.Date.context_today(self)

    def _queue_rule_run(self):
        """Nothing to evaluate: running clocks keep the version they have."""

    def _lines_changed(self):
        """A line of these policies was saved by itself: record what they say now."""
        if self.env.context.get("customer_retention_policy") is SAVING:
            return
        current = self._current_versions()
        for policy in self:
            definition = policy._definition()
            version = current.get(policy)
            if not version or version.definition != definition:
                policy._record_version(definition)

    def _current_versions(self):
        """The newest version of each policy, as ``{policy: version}``."""
        # sudo: customer.rule.version - the promise counts, whoever complains
        versions = self.env["customer.rule.version"].sudo()
        found = versions.search_fetch(
            [("res_model", "=", self._name), ("res_id", "in", self.ids)], order="number"
        )
        return {self.browse(version.res_id): version for version in found}

    # === WHICH ONE FITS === #

    @api.model
    def _fitting(self, complaints):
        """The policy of each complaint, as ``{complaint: policy}``, maybe empty.

        Policies of other companies never fit, whoever asks: complaints arrive by the
        mail gateway, which may read everything.
        """
        roots = complaints.company_id._retention_root()
        # sudo: customer.complaint.policy - the promise counts, whoever complains
        policies = self.sudo().search_fetch([("company_id", "in", [False, *roots.ids])])
        cases = policies._gather_cases(complaints)
        known = {}
        for case in set(cases.values()):
            known[case] = next(
                (policy for policy in policies if policy._fits(case)),
                policies.browse(),
            )
        return {complaint: known[case] for complaint, case in cases.items()}

    def _gather_cases(self, complaints):
        """What these policies look at of each complaint, as ``{complaint: Case}``."""
        standings = self._gather_standings(complaints)
        cases = {}
        for complaint in complaints:
            # sudo: customer.complaint.category, res.company - as in _fitting
            path = complaint.sudo().category_id.parent_path or ""
            cases[complaint] = Case(
                company_id=complaint.company_id._retention_root().id,
                team_id=complaint.team_id.id,
                category_ids=frozenset(int(key) for key in path.split("/") if key),
                severity=complaint.severity,
                standing=tuple(sorted(standings.get(complaint.id, {}).items())),
            )
        return cases

    def _gather_standings(self, complaints):
        """What the company thinks of the customers: ``{complaint id: {key: value}}``.

        Read only as far as a policy asks for it.
        """
        if not self._asks_for_standing() or not self.stage_ids:
            return {}
        stages = self._gather_positions(complaints)
        return {
            complaint.id: {
                "stage": stages.get(
                    (
                        complaint.account_id.id,
                        complaint.company_id._retention_root().id,
                    )
                )
            }
            for complaint in complaints
        }

    @api.model
    def _gather_positions(self, complaints):
        """Position by (account, company) of the customers who complain."""
        # sudo: customer.relationship - as in _fitting
        rows = self.env["customer.relationship"].sudo()
        found = rows.with_context(active_test=False).search_fetch(
            [("partner_id", "in", complaints.account_id.ids)],
            ["partner_id", "company_id", "stage_id"],
        )
        return {
            (row.partner_id.id, row.company_id.id): row.stage_id.id for row in found
        }

    def _fits(self, case):
        self.ensure_one()
        return self._fits_case(case) and self._fits_standing(case)

    def _fits_case(self, case):
        """Whether a complaint is one of those this policy is about."""
        if self.company_id and self.company_id.id != case.company_id:
            return False
        if self.team_ids and case.team_id not in self.team_ids._ids:
            return False
        if self.category_ids and not case.category_ids & set(self.category_ids._ids):
            return False
        if not self.severity:
            return True
        return SEVERITY_RANKS[case.severity] >= SEVERITY_RANKS[self.severity]

    def _fits_standing(self, case):
        """Whether the customer is one of those this policy is for.

        Whoever adds a criterion here adds it to :meth:`_gather_standings` and to
        :meth:`_asks_for_standing`, too.
        """
        if not self._asks_for_standing():
            return True
        return not self.stage_ids or case.standing_of("stage") in self.stage_ids._ids

    def _asks_for_standing(self):
        """Whether it depends on the customer and not only on the complaint."""
        return not self._ids_for_standing().isdisjoint(self._ids)

    @api.model
    @tools.ormcache()
    def _ids_for_standing(self):
        """Return the ids of the policies for some customers only: most are for all,
        and need not be asked one by one.
        """
        # sudo: customer.complaint.policy - whom policies are for, whoever complains
        policies = self.sudo().with_context(active_test=False)
        domain = Domain.OR([(name, "!=", False)] for name in self._standing_fields())
        return frozenset(policies.search(domain)._ids)

    @api.model
    def _standing_fields(self):
        """Names of the fields by which a policy is for some customers only."""
        return ["stage_ids"]
