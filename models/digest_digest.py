from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

COMPLAINTS = "customer_retention.group_complaint_user"
RELATIONSHIPS = "customer_retention.group_user"


class DigestDigest(models.Model):
    """Complaints and customers won back, in the figures that core sends by mail.

    Everybody reads the figures of what they may open: record rules apply. A digest of
    somebody without the group leaves them out, which core does on an access error.
    """

    _inherit = "digest.digest"

    kpi_customer_complaint_received = fields.Boolean("Complaints Received")
    kpi_customer_complaint_received_value = fields.Integer(
        compute="_compute_kpi_customer_complaint_received_value"
    )
    kpi_customer_complaint_in_time = fields.Boolean("Complaints Resolved in Time")
    kpi_customer_complaint_in_time_value = fields.Integer(
        compute="_compute_kpi_customer_complaint_in_time_value"
    )
    kpi_customer_complaint_missed = fields.Boolean("Complaint Deadlines Missed")
    kpi_customer_complaint_missed_value = fields.Integer(
        compute="_compute_kpi_customer_complaint_missed_value"
    )
    kpi_customer_at_risk = fields.Boolean("Customers Newly at Risk")
    kpi_customer_at_risk_value = fields.Integer(
        compute="_compute_kpi_customer_at_risk_value"
    )
    kpi_customer_won_back = fields.Boolean("Customers Won Back")
    kpi_customer_won_back_value = fields.Integer(
        compute="_compute_kpi_customer_won_back_value"
    )

    # === COMPUTE === #

    def _compute_kpi_customer_complaint_received_value(self):
        self._check_kpi_group(COMPLAINTS)
        self._calculate_company_based_kpi(
            "customer.complaint",
            "kpi_customer_complaint_received_value",
            date_field="received_at",
            additional_domain=[("kind", "=", "complaint")],
        )

    def _compute_kpi_customer_complaint_in_time_value(self):
        """Resolved in the period, and the deadline for it was kept each time."""
        self._check_kpi_group(COMPLAINTS)
        resolution = Domain("kind", "=", "resolution")
        kept = resolution & Domain("state", "=", "kept")
        broken = resolution & Domain("is_breached", "=", True)
        self._calculate_company_based_kpi(
            "customer.complaint",
            "kpi_customer_complaint_in_time_value",
            date_field="resolved_at",
            additional_domain=Domain("clock_ids", "any", kept)
            & Domain("clock_ids", "not any", broken),
        )

    def _compute_kpi_customer_complaint_missed_value(self):
        """Promises to customers that were due in the period and not kept."""
        self._check_kpi_group(COMPLAINTS)
        self._calculate_company_based_kpi(
            "customer.complaint.clock",
            "kpi_customer_complaint_missed_value",
            date_field="deadline",
            additional_domain=[
                ("is_breached", "=", True),
                ("kind", "!=", "internal"),
            ],
        )

    def _compute_kpi_customer_at_risk_value(self):
        self._calculate_condition_kpi("kpi_customer_at_risk_value", "at_risk")

    def _compute_kpi_customer_won_back_value(self):
        self._calculate_condition_kpi("kpi_customer_won_back_value", "won_back")

    def _compute_kpis_actions(self, company, user):
        actions = super()._compute_kpis_actions(company, user)
        complaints = self._kpi_action("customer_complaint_action")
        transitions = self._kpi_action("customer_relationship_transition_report_action")
        return {
            **actions,
            "kpi_customer_complaint_received": complaints,
            "kpi_customer_complaint_in_time": complaints,
            "kpi_customer_complaint_missed": complaints,
            "kpi_customer_at_risk": transitions,
            "kpi_customer_won_back": transitions,
        }

    def _compute_kpis(self, company, user):
        """Leave out the change of what is good when it falls: core colors it red."""
        kpis = super()._compute_kpis(company, user)
        no_gains = self._kpis_without_gain()
        for kpi in kpis:
            if kpi["kpi_name"] in no_gains:
                for column in ("kpi_col1", "kpi_col2", "kpi_col3"):
                    kpi[column].pop("margin", None)
        return kpis

    # === BUSINESS === #

    @api.model
    def _kpis_without_gain(self) -> frozenset[str]:
        """Return the figures of which more is not better."""
        return frozenset(
            (
                "kpi_customer_at_risk",
                "kpi_customer_complaint_missed",
                "kpi_customer_complaint_received",
            )
        )

    def _check_kpi_group(self, group):
        if not self.env.user.has_group(group):
            raise AccessError(
                self.env._("These figures are for those who work with what they count.")
            )

    def _kpi_action(self, name):
        menu = self.env.ref("customer_retention.customer_retention_menu_root")
        return f"customer_retention.{name}?menu_id={menu.id}"

    def _calculate_condition_kpi(self, name, kind):
        """Count the customers who came into a kind of condition.

        Changes have a day, not a time: the period is from its first day to before its
        last one. They belong to the root of a company, and those that were corrected
        since count no more.
        """
        self._check_kpi_group(RELATIONSHIPS)
        start, end, companies = self._get_kpi_compute_parameters()
        log = self.env["customer.relationship.transition"]
        stands = Domain.custom(
            to_sql=lambda model, alias, query: log._stands_sql(alias)
        )
        came = Domain(
            [
                ("axis", "=", "condition"),
                ("to_condition_id.kind", "=", kind),
                ("company_id", "in", companies._retention_root().ids),
                ("date", ">=", fields.Date.to_date(start)),
                ("date", "<", fields.Date.to_date(end)),
            ]
        )
        found = log._read_group(
            came & stands, ["company_id"], ["partner_id:count_distinct"]
        )
        counts = {company.id: count for company, count in found}
        for digest in self:
            root = (digest.company_id or self.env.company)._retention_root()
            digest[name] = counts.get(root.id, 0)
