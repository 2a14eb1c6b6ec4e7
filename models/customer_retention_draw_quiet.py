from __future__ import annotations

from datetime import date

from odoo import api, models
from odoo.tools import SQL


class CustomerRetentionDraw(models.Model):
    """Whoever is left alone from now on is not called as had been planned before."""

    _inherit = "customer.retention.draw"

    @api.model_create_multi
    def create(self, vals_list):
        draws = super().create(vals_list)
        draws.filtered("is_held_out")._take_back_plans()
        return draws

    def _take_back_plans(self) -> None:
        """Take back what was planned by itself: care, and to call at once."""
        # sudo: mail.activity - chance decides, whoever was asked
        activities = self.sudo().env["mail.activity"]
        touches = activities.env["customer.care.touch"]
        for company, draws in self.grouped("company_id").items():
            members = self.env["customer.account"]._members(draws.partner_id.ids)
            about = [
                ("company_id", "=", company.id),
                ("partner_id", "in", list(members)),
            ]
            for model, name in (
                ("customer.care.touch", "activity_id"),
                ("customer.churn.event", "contact_activity_id"),
            ):
                planned = activities.env[model].search([*about, (name, "!=", False)])
                planned = planned.filtered(f"{name}.active")
                activities |= planned[name]
                if planned._name == touches._name:
                    touches |= planned
        activities.unlink()
        touches.unlink()  # nobody has been asked: the occasion is still there


class CustomerRelationshipTransition(models.Model):
    """A step asks for nothing about a customer who is left alone."""

    _inherit = "customer.relationship.transition"

    def _to_approach(self, company, as_of: date):
        moves = super()._to_approach(company, as_of)
        if not moves or not company.retention_use_churn:
            return moves
        held_out = self.env["customer.retention.draw"]._held_out_ids(company, as_of)
        return moves.filtered(lambda move: move.partner_id.id not in held_out)


class CustomerChurnQuotation(models.Model):
    """The quotations of who is left alone are none to call about."""

    _inherit = "customer.churn.quotation"

    @api.model
    def _wanted_sql(self, companies) -> SQL:
        draws = self.env["customer.retention.draw"]
        return SQL(" AND ").join(
            [
                super()._wanted_sql(companies),
                *(self._not_of_sql(one, draws) for one in companies),
            ]
        )

    @api.model
    def _not_of_sql(self, company, draws) -> SQL:
        held_out = draws._held_out_ids(company, company._retention_today())
        return SQL(
            "NOT (quotation.company_id = %s AND quotation.partner_id = ANY(%s))",
            company.id,
            sorted(held_out),
        )
