from odoo import api, fields, models


class CustomerComplaint(models.Model):
    """Whether the user may read a complaint, for the rules of what hangs on it."""

    _inherit = "customer.complaint"

    is_readable = fields.Boolean(
        compute="_compute_is_readable",
        search="_search_is_readable",
        help="What the record rules of everything that belongs to a complaint ask.",
    )

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_is_readable(self):
        # sudo: customer.complaint - the user's own rights are what is asked
        readable = self.sudo(False)._filtered_access("read")
        for complaint in self:
            complaint.is_readable = complaint in readable

    @api.model
    def _search_is_readable(self, operator, value):
        if operator != "in":
            return NotImplemented
        # sudo: customer.complaint - the user's own rights are what is asked
        complaints = self.sudo(False).with_context(active_test=False)
        return [("id", "in", complaints._search([]))]

    @api.model
    def _take_over_accounts(self, partners):
        """Complaints that a merge of contacts has moved show to the right people."""
        complaints = (
            # sudo: customer.complaint - follows from the merge, whoever merges
            self.sudo()
            .with_context(active_test=False)
            .search(
                [
                    "|",
                    ("partner_id", "child_of", partners.ids),
                    ("account_id", "in", partners.ids),
                ]
            )
        )
        for name in ("account_id", "salesperson_id"):
            self.env.add_to_compute(self._fields[name], complaints)
