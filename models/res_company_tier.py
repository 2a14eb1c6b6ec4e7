from odoo import api, fields, models


class ResCompany(models.Model):
    """How a company works with tiers; the root company's settings count."""

    _inherit = "res.company"

    retention_use_tiers = fields.Boolean(string="Loyalty Tiers", default=True)
    tier_open_quotation_policy = fields.Selection(
        [
            ("keep", "Keep the prices"),
            ("warn", "Tell the salesperson"),
            ("recompute", "Compute the prices again"),
        ],
        string="Open Quotations When a Tier Changes",
        default="warn",
        required=True,
        help="What happens to quotations that were made with the prices of another "
        "tier.",
    )

    # === CRUD METHODS === #

    def write(self, vals):
        unused = self.filtered(lambda company: not company.retention_use_tiers)
        result = super().write(vals)
        if "retention_use_tiers" in vals:
            self._sync_tier_feature()
            unused._start_tiers()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _sync_tier_feature(self) -> None:
        """Show the menus of tiers while a company uses them."""
        # sudo: res.groups - a setting of the company, whoever may change it
        groups = self.env["res.groups"].sudo()
        employees = groups.env.ref("base.group_user")
        feature = groups.env.ref("customer_retention.group_use_tiers")
        if self._retention_tier_roots():
            employees._apply_group(feature)
        else:
            employees._remove_group(feature)

    def _start_tiers(self) -> None:
        """Have everybody looked at: while tiers were not used, nobody was."""
        for root in self & self._retention_tier_roots():
            self.env["customer.evaluation.run"]._start("tier", root)

    @api.model
    def _retention_tier_roots(self):
        """Return every root company that uses tiers."""
        # sudo: res.company - jobs look at all companies
        return self.sudo().search(
            [("parent_id", "=", False), ("retention_use_tiers", "=", True)]
        )
