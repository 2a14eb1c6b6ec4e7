from odoo import fields, models


class CustomerEvaluationRun(models.Model):
    """A piece of long work: evaluated in slices, restartable, with progress."""

    _name = "customer.evaluation.run"
    _description = "Evaluation Run"
    _order = "id desc"

    kind = fields.Selection(
        [
            ("install", "First evaluation"),
            ("rule", "Rule changed"),
            ("setting", "Setting changed"),
            ("import", "Import"),
            ("reconcile", "Weekly reconciliation"),
            ("full", "Full evaluation"),
        ],
        required=True, readonly=True,
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="cascade",
        help="Empty: every company.",
    )
    state = fields.Selection(
        [
            ("waiting", "Waiting"),
            ("running", "Running"),
            ("done", "Done"),
            ("failed", "Failed"),
        ],
        default="waiting", required=True, readonly=True, index=True,
    )
    phase = fields.Selection(
        [
            ("purchases", "Reading documents"),
            ("measure", "Measuring segments"),
            ("evaluate", "Evaluating customers"),
        ],
        default="purchases", required=True, readonly=True,
    )
    cursor_id = fields.Integer(
        string="Worked Off To", readonly=True, help="Last account of the last slice."
    )
    total_count = fields.Integer(string="Customers", readonly=True)
    done_count = fields.Integer(string="Done", readonly=True)
    moved_count = fields.Integer(string="Moves", readonly=True)
    progress = fields.Float(compute="_compute_progress")
    started_at = fields.Datetime(readonly=True)
    finished_at = fields.Datetime(readonly=True)
    report = fields.Json(readonly=True)
    report_text = fields.Text(compute="_compute_report_text", string="Report")
