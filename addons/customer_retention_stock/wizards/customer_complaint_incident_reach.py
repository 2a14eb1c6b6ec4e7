from odoo import api, fields, models


class CustomerComplaintIncidentReach(models.TransientModel):
    _inherit = "customer.complaint.incident.reach"

    lot_ids = fields.Many2many(
        "stock.lot",
        string="Out of the Lots",
        compute="_compute_lot_ids",
        store=True,
        readonly=False,
        help="Lots or serial numbers they got. Empty: every lot.",
    )

    @api.depends("incident_id")
    def _compute_lot_ids(self):
        for reach in self:
            reach.lot_ids = reach.incident_id.lot_ids

    @api.depends("lot_ids")
    def _compute_line_ids(self):
        return super()._compute_line_ids()

    def _narrower(self):
        narrower = super()._narrower()
        # sudo: stock.lot - who got it, whoever may open the warehouse
        lots = self.sudo().lot_ids._origin
        return {**narrower, "lots": lots} if lots else narrower
