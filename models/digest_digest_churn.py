from odoo import api, fields, models

RELATIONSHIPS = "customer_retention.group_user"


class DigestDigest(models.Model):
    """Customers lost and the money at risk, in the figures that core sends by mail."""

    _inherit = "digest.digest"

    kpi_customer_lost = fields.Boolean("Customers Lost")
    kpi_customer_lost_value = fields.Integer(compute="_compute_kpi_customer_lost_value")
    kpi_customer_value_at_risk = fields.Boolean("Value at Risk")
    kpi_customer_value_at_risk_value = fields.Monetary(
        compute="_compute_kpi_customer_value_at_risk_value"
    )

    def _compute_kpi_customer_lost_value(self):
        self._calculate_condition_kpi("kpi_customer_lost_value", "lost")

    def _compute_kpi_customer_value_at_risk_value(self):
        """The money at risk at the end of the period, as it was recorded by month."""
        self._check_kpi_group(RELATIONSHIPS)
        _start, end, _companies = self._get_kpi_compute_parameters()
        history = self.env["customer.churn.history"]
        last_day = fields.Date.to_date(end)
        for digest in self:
            root = (digest.company_id or self.env.company)._retention_root()
            rows = history._read_group(
                [("company_id", "=", root.id), ("month", "<=", last_day)],
                ["month:month"],
                ["value_at_risk:sum"],
                order="month:month desc",
                limit=1,
            )
            value = rows[0][1] if rows else 0.0
            digest.kpi_customer_value_at_risk_value = value

    @api.model
    def _kpis_without_gain(self) -> frozenset[str]:
        return super()._kpis_without_gain() | {
            "kpi_customer_lost",
            "kpi_customer_value_at_risk",
        }

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        return {
            **actions,
            "kpi_customer_lost": self._kpi_action(
                "customer_relationship_transition_report_action"
            ),
            "kpi_customer_value_at_risk": self._kpi_action(
                "customer_churn_score_action"
            ),
        }
