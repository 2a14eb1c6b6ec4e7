from __future__ import annotations

import logging
from datetime import timedelta

import psycopg2

from odoo import fields, models
from odoo.exceptions import AccessError, UserError

_logger = logging.getLogger(__name__)

# What was received longer ago when it is entered, is history that somebody loads.
HISTORY = timedelta(days=7)


class CustomerComplaintCategory(models.Model):
    """What is always to be done about complaints of a category."""

    _inherit = "customer.complaint.category"

    activity_plan_id = fields.Many2one(
        "mail.activity.plan",
        domain="[('res_model', '=', 'customer.complaint')]",
        help="Started once for each complaint of this category, as soon as it has a "
        "handler. Also for the categories below that have none of their own.",
    )

    def _activity_plan(self, company):
        """Return the plan of this category, else of one above, that a company uses."""
        # sudo: customer.complaint.category - customers and salespeople complain, too
        category = self.sudo()
        # sudo: res.company - the companies above, whoever complains
        companies = company.sudo().parent_ids
        while category:
            plan = category.activity_plan_id
            if plan.active and (not plan.company_id or plan.company_id in companies):
                return plan
            category = category.parent_id
        return category.activity_plan_id


class CustomerComplaint(models.Model):
    """What is always to be done about such a complaint is planned by itself, once."""

    _inherit = "customer.complaint"

    started_plan_ids = fields.Many2many(
        "mail.activity.plan",
        "customer_complaint_started_plan_rel",
        string="Plans Started",
        readonly=True,
        copy=False,
        groups="base.group_user",
    )

    # === CRUD === #

    def write(self, vals):
        result = super().write(vals)
        beginning = self.env.context.get("customer_complaint_beginning")
        if not beginning and vals.keys() & {"category_id", "user_id", "kind"}:
            self._start_activity_plans()
        return result

    def _begin(self):
        result = super()._begin()
        self._start_activity_plans(is_new=True)
        return result

    # === BUSINESS === #

    def _start_activity_plans(self, is_new=False):
        """Start the plan of the category where it has not been started.

        :param is_new: the complaints have just been created; of those that are loaded
            from elsewhere, nothing is planned any more
        """
        # sudo: customer.complaint - planned by a setting, whoever complains
        for complaint in self.sudo().filtered("category_id"):
            plan = complaint.category_id._activity_plan(complaint.company_id)
            if not plan or plan in complaint.started_plan_ids:
                continue
            if is_new and complaint._is_loaded() or complaint._has_inherited(plan):
                complaint.started_plan_ids |= plan
            elif complaint._wants_activity_plan(plan):
                complaint.started_plan_ids |= plan
                complaint._try_activity_plan(plan)

    def _is_loaded(self) -> bool:
        """Whether a new complaint is an old one, or comes from a file."""
        context = self.env.context
        return bool(
            context.get("import_file")
            or context.get("install_mode")
            or context.get("mail_activity_automation_skip")
            or self.received_at < fields.Datetime.now() - HISTORY
        )

    def _has_inherited(self, plan) -> bool:
        """Whether the complaint it was split from has had the plan."""
        return plan in self.split_from_id.started_plan_ids

    def _wants_activity_plan(self, plan) -> bool:
        """Whether there is something to do, and somebody to do it."""
        return (
            self.kind == "complaint"
            and self.status in ("open", "waiting")
            and not self.merged_into_id
            and bool(self.user_id or not plan.has_user_on_demand)
        )

    def _try_activity_plan(self, plan):
        """Start a plan; one that cannot be started keeps no complaint from arriving."""
        try:
            with self.env.cr.savepoint():
                self._start_activity_plan(plan)
        except (UserError, AccessError, ValueError, psycopg2.DataError):
            _logger.exception("Plan %s of %s could not be started", plan.id, self.name)

    def _start_activity_plan(self, plan):
        """Plan the activities of a plan, in the language of whoever does them."""
        zone = self._tz(self.company_id)
        today = fields.Date.context_today(self.with_context(tz=zone))
        for template in plan.template_ids:
            user = self._activity_responsible(template)
            if user:
                # the handler has just been told about the complaint itself
                quiet = user == self.user_id
                self.with_context(
                    mail_activity_quick_update=quiet, lang=user.lang or self.env.lang
                ).activity_schedule(
                    activity_type_id=template.activity_type_id.id,
                    automated=False,
                    summary=template.summary,
                    note=template.note,
                    user_id=user.id,
                    date_deadline=template._get_date_deadline(today),
                )
        self._message_log(body=self.env._("Plan “%s” started.", plan.name))

    def _activity_responsible(self, template):
        """Return who does a part of a plan: as it says, if this person may know.

        Whoever the complaint is about, or may not read it, is passed over for the
        handler.
        """
        user = template._determine_responsible(self.user_id, self)["responsible"]
        if user and user != self.user_id:
            mine = self.with_user(user).with_company(self.company_id)
            if not self._can_handle(user) or not mine.has_access("read"):
                return self.user_id
        return user
