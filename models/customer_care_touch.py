from odoo import api, fields, models


class CustomerCareTouch(models.Model):
    """That somebody was asked to care about a customer, and on which occasion: a log.

    It keeps the job from asking twice, tells what gifts cost, and whether it was done.
    """

    _name = "customer.care.touch"
    _inherit = "customer.visible.mixin"
    _description = "Planned Care"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    plan_id = fields.Many2one(
        "customer.care.plan",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
    )
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    user_id = fields.Many2one(
        "res.users", string="Asked", readonly=True, ondelete="set null"
    )
    occasion = fields.Date(
        required=True, readonly=True, help="The day of what it is about."
    )
    date = fields.Date(string="Planned On", required=True, readonly=True)
    cost = fields.Float(readonly=True)
    activity_id = fields.Many2one(
        "mail.activity", readonly=True, index="btree_not_null", ondelete="set null"
    )
    state = fields.Selection(
        [("planned", "Planned"), ("done", "Done"), ("cancelled", "Cancelled")],
        compute="_compute_state",
    )

    _occasion_idx = models.Index("(partner_id, plan_id, occasion)")
    _week_idx = models.Index("(company_id, date)")

    @api.depends("activity_id")
    def _compute_state(self):
        for touch in self:
            # sudo: mail.activity - whether it was done, whoever was asked
            activity = touch.sudo().activity_id
            open_or_done = "planned" if activity.active else "done"
            touch.state = open_or_done if activity else "cancelled"
