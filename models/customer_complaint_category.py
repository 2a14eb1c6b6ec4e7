from odoo import api, fields, models


class CustomerComplaintCategory(models.Model):
    """What went wrong, as the customer sees it: a tree."""

    _name = "customer.complaint.category"
    _description = "Complaint Category"
    _parent_store = True
    _order = "complete_name"

    name = fields.Char(required=True, translate=True)
    complete_name = fields.Char(
        compute="_compute_complete_name", recursive=True, store=True
    )
    parent_id = fields.Many2one(
        "customer.complaint.category", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("customer.complaint.category", "parent_id")
    active = fields.Boolean(default=True)
    driver = fields.Selection(
        [
            ("core", "Core Service Failure"),
            ("encounter", "Service Encounter Failure"),
            ("response", "Response to Service Failure"),
            ("pricing", "Pricing"),
            ("inconvenience", "Inconvenience"),
            ("competition", "Competition"),
            ("ethics", "Ethical Problems"),
            ("involuntary", "Involuntary Switching"),
        ],
        help="Which of the drivers of churn it belongs to, for comparisons.",
    )
    is_safety = fields.Boolean(string="Safety at Stake")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    team_id = fields.Many2one("customer.complaint.team", string="Handled by Team")
    user_id = fields.Many2one("res.users", string="Handler")
    guidance = fields.Html(translate=True)
    activity_plan_id = fields.Many2one("mail.activity.plan")

    @api.depends("name", "parent_id.complete_name")
    def _compute_complete_name(self):
        for category in self:
            parent = category.parent_id.complete_name
            category.complete_name = (
                f"{parent} / {category.name}" if parent else category.name
            )

    @api.depends("complete_name")
    def _compute_display_name(self):
        for category in self:
            category.display_name = category.complete_name
