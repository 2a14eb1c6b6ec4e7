from datetime import timedelta

from odoo import fields, models


class CustomerComplaint(models.Model):
    """Asks the customer, some time after the resolution, whether it was good."""

    _inherit = "customer.complaint"

    survey_ids = fields.One2many("customer.complaint.survey", "complaint_id")

    def _record_event(self, event, at=None, **details):
        result = super()._record_event(event, at=at, **details)
        if event == "resolved":
            self._plan_surveys(at or fields.Datetime.now())
        if event == "reopened" or details.get("reason") == "merged":
            # sudo: customer.complaint.survey - nobody writes surveys by hand
            waiting = self.sudo().survey_ids.filtered(
                lambda one: one.state == "waiting"
            )
            waiting._cancel()
        return result

    def _plan_surveys(self, resolved_at) -> None:
        """Have the customers of complaints asked, once for each complaint."""
        asked = self.filtered(
            lambda complaint: (
                complaint.kind == "complaint"
                and complaint.channel != "noticed"
                and complaint.company_id.complaint_use_survey
                and complaint.email_from
            )
        )
        # sudo: customer.complaint.survey - nobody writes surveys by hand
        surveys = self.env["customer.complaint.survey"].sudo()
        known = surveys.search(
            [("complaint_id", "in", asked.ids), ("state", "!=", "cancelled")]
        ).complaint_id
        surveys.create(
            [
                {
                    "complaint_id": complaint.id,
                    "due_at": resolved_at
                    + timedelta(hours=complaint.company_id.complaint_survey_hours),
                }
                for complaint in asked - known
            ]
        )

    def _customer_survey(self):
        """Return what the customer is asked about this complaint, if anything.

        The newest one; nobody is asked about what is open.
        """
        # sudo: customer.complaint.survey - the callers checked whose complaint it is
        surveys = self.sudo().survey_ids
        if self.status not in ("resolved", "closed"):
            return surveys.browse()
        return surveys.filtered(lambda one: one.state != "cancelled").sorted("id")[-1:]

    def _rating_get_parent_field_name(self):
        return "team_id"

    def _rating_get_operator(self):
        return self.user_id.partner_id
