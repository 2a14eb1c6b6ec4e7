from odoo import fields, models

from ..logic.authority import HANDLER


class CustomerComplaintTeam(models.Model):
    """What a team may give away in a month."""

    _inherit = "customer.complaint.team"

    currency_id = fields.Many2one(related="company_id.currency_id")
    recovery_budget = fields.Monetary(
        string="Recovery per Month",
        help="What the team and its manager may give in a calendar month; beyond it a "
        "complaint manager is asked. 0: no budget.",
    )
    recovery_spent = fields.Monetary(
        string="Given This Month", compute="_compute_recovery_spent"
    )

    _recovery_budget_positive = models.Constraint(
        "CHECK(recovery_budget >= 0)", "A budget is not negative."
    )

    def _compute_recovery_spent(self):
        # sudo: customer.recovery.action - a sum, whoever may see the complaints
        spent = self.env["customer.recovery.action"].sudo()._spent_by_team(self)
        for team in self:
            team.recovery_spent = spent.get(team, 0.0)

    def _has_in_it(self, user, level):
        """Whether limits of this team for a level count for what a user decides.

        Nobody takes the limits of handlers of a team who is not part of it.
        """
        if level != HANDLER or user._is_superuser():
            return True
        return user in self.member_ids | self.manager_id
