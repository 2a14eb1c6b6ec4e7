from odoo import api, fields, models


class ResCompany(models.Model):
    """Whether a company works with complaints, and what it needs to begin."""

    _inherit = "res.company"

    retention_use_complaints = fields.Boolean(string="Complaints", default=True)
    complaint_team_ids = fields.One2many(
        "customer.complaint.team", "company_id", string="Complaint Teams"
    )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: ir.sequence - whoever may create a company
        self.env["ir.sequence"].sudo()._create_complaint_sequences(companies)
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "retention_use_complaints" in vals:
            self._sync_complaint_feature()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _sync_complaint_feature(self) -> None:
        """Show the menus of complaints while a company uses them."""
        # sudo: res.groups - a setting of the company, whoever may change it
        employees = self.env.ref("base.group_user").sudo()
        # sudo: res.groups - a setting of the company, whoever changes it
        feature = self.env.ref("customer_retention.group_use_complaints").sudo()
        # sudo: res.company - whether any company uses complaints
        if self.sudo().search_count([("retention_use_complaints", "=", True)], limit=1):
            employees._apply_group(feature)
        else:
            employees._remove_group(feature)

    @api.model
    def _number_complaints(self) -> None:
        """Give every company that has none its sequence of complaints."""
        sequences = self.env["ir.sequence"]
        for company in self.search([]):  # pylint: disable=no-search-all
            sequences._complaint_sequence(company)

    def _create_complaint_team(self):
        """Give a company its first team; members and address come later."""
        self.ensure_one()
        return self.env["customer.complaint.team"].create(
            {"name": self.env._("Customer Complaints"), "company_id": self.id}
        )
