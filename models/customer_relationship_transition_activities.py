from __future__ import annotations

import logging
from datetime import date

from odoo import fields, models
from odoo.exceptions import UserError

_logger = logging.getLogger(__name__)


class CustomerRelationshipTransition(models.Model):
    """Plans the activities of the steps that customers arrive at, live ones only."""

    _inherit = "customer.relationship.transition"

    def _run_side_effects(self, company, as_of: date) -> None:
        """Plan the activities of the steps that customers have just arrived at.

        A step that a customer has left again in the same go asks for nothing.
        More than the company's cap in one run of a job is summed up in one activity,
        in however many slices the run does its work.
        """
        arrivals = {(move.partner_id, move.axis): move for move in self}
        planned = (
            self.browse()
            .union(*arrivals.values())
            .filtered(lambda move: move.is_live and move._get_plan())
            ._to_approach(company, as_of)
        )
        if not planned:
            return
        before = planned._count_planned_before(company)
        left = max(company.retention_side_effects_cap - before, 0)
        for move in planned[:left]:
            move._schedule_plan(as_of)
        if len(planned) > left:
            beyond = before + len(planned) - company.retention_side_effects_cap
            self._schedule_summary(company, as_of, beyond)

    def _to_approach(self, company, as_of: date):
        """Return the moves of customers whom somebody may approach: modules and other
        features leave out whom we have to leave alone.
        """
        return self

    def _count_planned_before(self, company) -> int:
        """Return how many moves asked for activities in earlier slices of the run."""
        started = self.env.context.get("customer_retention_run_started")
        if not started:
            return 0
        return self.search_count(
            [
                ("company_id", "=", company.id),
                ("is_live", "=", True),
                ("recorded_at", ">=", started.replace(microsecond=0)),
                ("id", "<", min(self.ids)),
                "|",
                ("to_stage_id.activity_plan_id", "!=", False),
                ("to_condition_id.activity_plan_id", "!=", False),
            ]
        )

    def _get_plan(self):
        self.ensure_one()
        # sudo: customer.rule.mixin - a plan is the same, whoever moved the customer
        step = (self.to_stage_id or self.to_condition_id).sudo()
        return step.activity_plan_id

    def _schedule_plan(self, as_of: date) -> None:
        """Plan the activities of a step; a plan nobody can follow is left out."""
        self.ensure_one()
        if self._get_plan().has_user_on_demand and not self._get_responsible():
            return
        try:
            with self.env.cr.savepoint():
                self._launch_plan(self._get_plan(), as_of)
        except UserError as error:
            _logger.warning(
                "No activities for customer %s: %s", self.partner_id.id, error
            )

    def _launch_plan(self, plan, as_of: date) -> None:
        wizard = (
            self.env["mail.activity.schedule"]
            .with_context(
                active_model="res.partner",
                active_ids=self.partner_id.ids,
                active_id=self.partner_id.id,
            )
            .create(
                {
                    "res_model": "res.partner",
                    "res_ids": str(self.partner_id.ids),
                    "plan_id": plan.id,
                    "plan_date": as_of,
                    "plan_on_demand_user_id": self._get_responsible().id,
                }
            )
        )
        wizard.action_schedule_plan()

    def _get_responsible(self):
        """Return who looks after the customer, or else after all customers."""
        self.ensure_one()
        row = self.env["customer.relationship"].search(
            [
                ("partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
            ]
        )
        return self.company_id._retention_doer(row.user_id)

    def _schedule_summary(self, company, as_of: date, count: int) -> None:
        """Tell the person responsible how many moves were left without a plan."""
        responsible = company.retention_responsible_id
        if not responsible:
            return
        summary = self.env._(
            "%(count)s customers moved without an activity plan", count=count
        )
        started = self.env.context.get("customer_retention_run_started")
        known = started and company.partner_id.activity_search(
            ["mail.mail_activity_data_todo"],
            user_id=responsible.id,
            additional_domain=[
                ("date_deadline", "=", as_of),
                ("create_date", ">=", started),
            ],
        )
        if known:
            known.summary = summary
            return
        company.partner_id.activity_schedule(
            "mail.mail_activity_data_todo",
            date_deadline=as_of,
            user_id=responsible.id,
            summary=summary,
            note=self.env._(
                "More customers moved at once than the settings allow activity plans "
                "for. Look at the list of transitions of %(day)s.",
                day=fields.Date.to_string(as_of),
            ),
        )
