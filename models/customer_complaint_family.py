from odoo import fields, models


class CustomerComplaint(models.Model):
    """How complaints belong together: merged, split, followed up, of one failure."""

    _inherit = "customer.complaint"

    merged_into_id = fields.Many2one(
        "customer.complaint", readonly=True, copy=False, index="btree_not_null"
    )
    split_from_id = fields.Many2one(
        "customer.complaint", readonly=True, copy=False, index="btree_not_null"
    )
    follow_up_of_id = fields.Many2one(
        "customer.complaint", readonly=True, copy=False, index="btree_not_null"
    )
    incident_id = fields.Many2one(
        "customer.complaint.incident",
        index="btree_not_null",
        copy=False,
        help="One failure that several customers complain about.",
    )
