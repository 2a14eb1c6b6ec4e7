from __future__ import annotations

from pathlib import Path

from odoo import api, fields, models
from odoo.modules.module import Manifest

COMPANY = "retention_company_id"


class ResConfigSettings(models.TransientModel):
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
