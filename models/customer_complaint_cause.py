from odoo import api, fields, models


class CustomerComplaintCause(models.Model):
    """Why it went wrong, as we found out: the bones of a fishbone and their parts.

    The category says what the customer saw, the cause what we have to change.
    """

    _name = "customer.complaint.cause"
    _inherit = "customer.tree.mixin"
    _description = "Cause of Complaints"
    _parent_store = True
    _order = "bone, parent_path, id"

    name = fields.Char(required=True, translate=True)
    bone = fields.Selection(
        [
            ("people", "People"),
            ("process", "Process"),
            ("product", "Product"),
            ("place", "Place"),
            ("policy", "Policy"),
            ("partner", "Partner"),
        ],
        string="Bone of the Fishbone",
        compute="_compute_bone",
        recursive=True,
        store=True,
        readonly=False,
        required=True,
        precompute=True,
        default="process",
    )
    parent_id = fields.Many2one(
        "customer.complaint.cause", string="Part of", index=True, ondelete="restrict"
    )
    parent_path = fields.Char(index=True)
    child_ids = fields.One2many("customer.complaint.cause", "parent_id")
    company_id = fields.Many2one("res.company", index="btree_not_null")
    active = fields.Boolean(default=True)

    @api.depends("parent_id.bone")
    def _compute_bone(self):
        for cause in self:
            cause.bone = cause.parent_id.bone or cause.bone or "process"
