from __future__ import annotations

from odoo import api, fields, models

# What a band or a hint reads: all of it at once.
SHOWN_FIELDS = (
    *("partner_id", "company_id", "danger", "value_at_risk", "yearly_value", "lost"),
    *("model_id", "is_probability", "evaluated_on"),
)


class CustomerChurnScore(models.Model):
    """The segment of the customer, to filter by and to look up accounts."""

    _inherit = "customer.churn.score"

    segment_id = fields.Many2one(
        "customer.segment",
        compute="_compute_segment_id",
        search="_search_segment_id",
    )

    @api.depends("relationship_id")
    def _compute_segment_id(self):
        for score in self:
            score.segment_id = score.relationship_id.segment_id

    def _search_segment_id(self, operator, value):
        return self._search_by_relationship("segment_id", operator, value)

    @api.model
    def _by_account(self, partners, company) -> dict:
        """Return {account id: score} of contacts in the root of a company.

        Scores that the user may not see are left out, and all of them where the
        company does not watch churn.
        """
        root = (company or self.env.company)._retention_root()
        if not (root.retention_use_stages and root.retention_use_churn):
            return {}
        accounts = partners.commercial_partner_id._origin
        scores = self.with_context(active_test=False).search_fetch(
            [("partner_id", "in", accounts.ids), ("company_id", "=", root.id)],
            SHOWN_FIELDS,
            order="id",
        )
        return {score.partner_id.id: score for score in scores}
