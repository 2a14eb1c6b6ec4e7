from __future__ import annotations

from odoo import models, tools


class ResUsers(models.Model):
    _name = "res.users"
    _inherit = ["res.users", "customer.referent"]

    def _retention_salesperson_ids(self) -> list[int | bool]:
        """Salespeople whose customers this user sees, for the record rules.

        The user, the members of the teams the user leads, and ``False`` for
        customers that nobody looks after. As with record rules, the answer is kept
        until a team or a membership changes.
        """
        self.ensure_one()
        return [*self._retention_led_ids(), False]

    def _sees_all_customers(self) -> bool:
        """Whether the user sees the customers of everybody in the own companies."""
        return self.has_groups(
            "customer_retention.group_manager,sales_team.group_sale_salesman_all_leads"
        )

    @tools.ormcache("self.id")
    def _retention_led_ids(self) -> tuple[int, ...]:
        members = (
            self.env["crm.team.member"]
            # sudo: crm.team.member - who leads whom decides, not who may read teams
            .sudo()
            .search(
                [
                    ("crm_team_id.user_id", "=", self.id),
                    ("crm_team_id.active", "=", True),
                ]
            )
        )
        return tuple(sorted({self.id, *members.user_id.ids}))

    def _at_work(self, moment):
        """Leave out who is archived, outside the company, or on leave at a moment."""
        active = self.filtered(lambda user: user.active and not user.share)
        if not active:
            return active
        absent = (
            self.env["resource.calendar.leaves"]
            # sudo: resource.calendar.leaves - whether somebody is there, not why not
            .sudo()
            .search(
                [
                    ("resource_id.user_id", "in", active.ids),
                    ("date_from", "<=", moment),
                    ("date_to", ">=", moment),
                    ("time_type", "=", "leave"),
                ]
            )
            .resource_id.user_id
        )
        return active - absent

    def _able(self, complaint):
        """Keep those who may handle a complaint: of its company, not concerned."""
        return self.filtered(
            lambda user: (
                complaint.company_id in user.company_ids and complaint._can_handle(user)
            )
        )
