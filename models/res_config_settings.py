from __future__ import annotations

from pathlib import Path

from odoo import api, fields, models
from odoo.modules.module import Manifest

COMPANY = "retention_company_id"


class ResConfigSettings(models.TransientModel):
    """Settings of the root company, and those of complaints of each company."""

    _inherit = "res.config.settings"

    retention_company_id = fields.Many2one(
        "res.company",
        default=lambda self: self._default_retention_company_id(),
        help="Branches share the settings of their root company.",
    )
    retention_purchase_source = fields.Selection(
        related=f"{COMPANY}.retention_purchase_source", readonly=False, required=True
    )
    retention_tz = fields.Selection(
        related=f"{COMPANY}.retention_tz", readonly=False, required=True
    )
    retention_evaluation_date = fields.Date(
        related=f"{COMPANY}.retention_evaluation_date", readonly=False
    )
    retention_use_stages = fields.Boolean(
        related=f"{COMPANY}.retention_use_stages", readonly=False
    )
    retention_side_effects_from = fields.Date(
        related=f"{COMPANY}.retention_side_effects_from", readonly=False
    )
    retention_side_effects_cap = fields.Integer(
        related=f"{COMPANY}.retention_side_effects_cap", readonly=False
    )
    retention_responsible_id = fields.Many2one(
        related=f"{COMPANY}.retention_responsible_id",
        readonly=False,
        domain=[("share", "=", False)],
    )
    retention_condition_months = fields.Integer(
        related=f"{COMPANY}.retention_condition_months", readonly=False
    )
    retention_run_text = fields.Char(compute="_compute_retention_run_text")
    retention_missing_bridges = fields.Char(
        compute="_compute_retention_missing_bridges",
        help="Parts of this product that belong to installed applications but cannot "
        "be found.",
    )

    retention_use_tiers = fields.Boolean(
        related=f"{COMPANY}.retention_use_tiers", readonly=False
    )
    tier_open_quotation_policy = fields.Selection(
        related=f"{COMPANY}.tier_open_quotation_policy", readonly=False, required=True
    )
    retention_profiling_purpose = fields.Text(
        related=f"{COMPANY}.retention_profiling_purpose", readonly=False
    )

    # Complaints: set up company by company, a branch may have its own
    retention_use_churn = fields.Boolean(
        related="company_id.retention_use_churn", readonly=False
    )
    churn_capacity = fields.Integer(related="company_id.churn_capacity", readonly=False)
    churn_horizon_days = fields.Integer(
        related="company_id.churn_horizon_days", readonly=False
    )
    churn_rest_days = fields.Integer(
        related="company_id.churn_rest_days", readonly=False
    )
    churn_care_capacity = fields.Integer(
        related="company_id.churn_care_capacity", readonly=False
    )
    churn_rotation_years = fields.Integer(
        related="company_id.churn_rotation_years", readonly=False
    )
    churn_key_share = fields.Float(related="company_id.churn_key_share", readonly=False)
    churn_small_share = fields.Float(
        related="company_id.churn_small_share", readonly=False
    )
    retention_use_complaints = fields.Boolean(
        related="company_id.retention_use_complaints", readonly=False
    )
    complaint_money_trifle = fields.Monetary(
        related="company_id.complaint_money_trifle",
        currency_field="currency_id",
        readonly=False,
    )
    complaint_money_high = fields.Monetary(
        related="company_id.complaint_money_high",
        currency_field="currency_id",
        readonly=False,
    )
    complaint_money_critical = fields.Monetary(
        related="company_id.complaint_money_critical",
        currency_field="currency_id",
        readonly=False,
    )
    complaint_customer_revenue = fields.Monetary(
        related="company_id.complaint_customer_revenue",
        currency_field="currency_id",
        readonly=False,
    )
    complaint_repeat_days = fields.Integer(
        related="company_id.complaint_repeat_days", readonly=False
    )
    complaint_has_team = fields.Boolean(compute="_compute_complaint_has_team")
    complaint_reopen_days = fields.Integer(
        related="company_id.complaint_reopen_days", readonly=False
    )
    complaint_duplicate_days = fields.Integer(
        related="company_id.complaint_duplicate_days", readonly=False
    )
    complaint_public_page = fields.Boolean(
        related="company_id.complaint_public_page", readonly=False
    )
    complaint_public_url = fields.Char(compute="_compute_complaint_public_url")
    recovery_goodwill_product_id = fields.Many2one(
        related="company_id.recovery_goodwill_product_id", readonly=False
    )
    recovery_guide_minimum = fields.Integer(
        related="company_id.recovery_guide_minimum", readonly=False
    )

    @api.model
    def _default_retention_company_id(self):
        return self.env.company._retention_root()

    @api.depends(COMPANY)
    def _compute_retention_run_text(self):
        """What is being evaluated at this moment, in a sentence."""
        for settings in self:
            run = self.env["customer.evaluation.run"].search(
                [
                    ("state", "in", ("waiting", "running")),
                    ("company_id", "in", (settings.retention_company_id.id, False)),
                ],
                order="state, id",
                limit=1,
            )
            settings.retention_run_text = self._describe_run(run)

    def _describe_run(self, run):
        if not run:
            return False
        if run.state == "waiting":
            return self.env._("All customers are about to be evaluated again.")
        return self.env._(
            "Customers are being evaluated: %(done)s of %(total)s.",
            done=run.done_count,
            total=run.total_count,
        )

    @api.depends(COMPANY)
    def _compute_retention_missing_bridges(self):
        """Name the bridges whose applications are installed without them."""
        installed = self.env["ir.module.module"]._installed()
        missing = [
            bridge
            for bridge, depends in self._shipped_bridges().items()
            if depends <= installed.keys()
            and not Manifest.for_addon(bridge, display_warning=False)
        ]
        self.retention_missing_bridges = ", ".join(sorted(missing))

    @api.depends("company_id")
    def _compute_complaint_has_team(self):
        teams = self.env["customer.complaint.team"]
        for settings in self:
            settings.complaint_has_team = teams._responsible(settings.company_id.id)

    @api.depends("company_id", "complaint_public_page")
    def _compute_complaint_public_url(self):
        for settings in self:
            path = settings.company_id._complaint_url()
            settings.complaint_public_url = path and (
                settings.company_id.get_base_url() + path
            )

    # === ACTION METHODS ===#

    def action_retention_evaluate(self):
        """Read all documents again and evaluate every customer of the company."""
        self.ensure_one()
        self.env["customer.evaluation.run"]._start("full", self.retention_company_id)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "Every customer will be evaluated in the background. You can go on "
                    "working."
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_create_complaint_team(self):
        """Create the first team of the company and open it."""
        self.ensure_one()
        team = self.company_id._create_complaint_team()
        return {
            "type": "ir.actions.act_window",
            "name": team.name,
            "res_model": team._name,
            "res_id": team.id,
            "views": [(False, "form")],
        }

    # === BUSINESS METHODS ===#

    @api.model
    def _shipped_bridges(self) -> dict[str, set[str]]:
        """Return {bridge: modules it needs} of the add-ons nested in this one."""
        root = Path(Manifest.for_addon("customer_retention").path) / "addons"
        bridges = {}
        for folder in root.glob("*/"):
            manifest = Manifest._from_path(str(folder))
            if manifest:
                bridges[folder.name] = set(manifest["depends"]) - {"customer_retention"}
        return bridges
