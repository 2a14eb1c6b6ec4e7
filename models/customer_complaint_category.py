from odoo import fields, models


class CustomerComplaintCategory(models.Model):
    """What went wrong, as the customer sees it: a tree."""

    _name = "customer.complaint.category"
    _inherit = "customer.tree.mixin"
    _description = "Complaint Category"
    _parent_store = True
    _order = "sequence, parent_path, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    parent_id = fields.Many2one(
        "customer.complaint.category",
        string="Belongs To",
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many(
        "customer.complaint.category", "parent_id", string="Contains"
    )
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
    is_safety = fields.Boolean(
        string="Safety at Stake", help="Complaints of this category are critical."
    )
    company_id = fields.Many2one("res.company", index="btree_not_null")
    sequence = fields.Integer(default=10)
    team_id = fields.Many2one(
        "customer.complaint.team",
        string="Handled by Team",
        help="In its company; also for the categories below, unless they say "
        "otherwise.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handler",
        domain="[('share', '=', False)]",
        help="Where a team assigns by category. Also for the categories below.",
    )
    guidance = fields.Html(
        translate=True, help="What the handler should know about these complaints."
    )
