from __future__ import annotations

import logging
from datetime import date, timedelta

import psycopg2

from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import SQL

from ..logic.care import REST, left_this_week
from ..logic.today import week_start
from .retries import each_apart

_logger = logging.getLogger(__name__)

# How somebody is asked, where a customer prefers nothing else.
DEFAULT_CHANNEL = "call"


class CustomerCarePlan(models.Model):
    """The nightly job: plan what is due, the greatest customers first."""

    _inherit = "customer.care.plan"

    @api.model
    def _cron_care(self) -> None:
        """Plan activities in each company that watches churn.

        A company is a commit. What was planned is on record, so that the next start
        plans nothing twice.
        """
        companies = self.env["res.company"]._churn_roots()
        each_apart(self.env, companies, self._plan_company)

    @api.model
    def _plan_company(self, company) -> int:
        """Plan what is due in a company, up to what its team can do this week.

        :return: number of activities planned
        """
        today = company._retention_today()
        since = company.retention_side_effects_from
        if not since or since > today:
            return 0
        before = left = left_this_week(
            company.churn_care_capacity, self._planned_this_week(company, today)
        )
        for plan in self._of_company(company):
            if left <= 0:
                break
            left -= plan._plan_due(company, today, left)
        return before - left

    @api.model
    def _planned_this_week(self, company, today: date) -> int:
        # sudo: customer.care.touch - the work of the whole team counts
        touches = self.env["customer.care.touch"].sudo()
        return touches.search_count(
            [
                ("company_id", "=", company.id),
                ("date", ">=", week_start(today)),
                ("date", "<=", today),
                ("activity_id", "!=", False),  # what was taken back is no work
            ]
        )

    def _plan_due(self, company, today: date, limit: int) -> int:
        """Plan what this plan asks for today; return how many activities."""
        self.ensure_one()
        due = self._due_sql(company, today)
        scores = self._whom(company, today, due, limit)
        occasions = self._occasions_of(due, scores.partner_id)
        planned = 0
        for score in scores:
            try:
                with self.env.cr.savepoint():
                    self._touch(score, occasions[score.partner_id.id], today)
                planned += 1
            except psycopg2.OperationalError:
                raise
            except UserError as error:
                _logger.warning(
                    "No care for customer %s: %s", score.partner_id.id, error
                )
            except Exception:  # whatever another addon objects to
                _logger.exception("No care for customer %s", score.partner_id.id)
        return planned

    def _whom(self, company, today: date, due: SQL, limit: int):
        """Return whom to care for: the greatest first, and nobody whom we have to leave
        alone.

        :param due: statement of ``partner_id``, whoever could be cared for
        """
        # sudo: customer.churn.score - the job's, whoever starts it
        scores = self.env["customer.churn.score"].sudo()
        calm = Domain.custom(
            to_sql=lambda model, alias, query: self._calm_sql(alias, today)
        )
        is_due = Domain.custom(
            to_sql=lambda model, alias, query: SQL(
                "%s IN (SELECT partner_id FROM (%s) due)",
                SQL.identifier(alias, "partner_id"),
                due,
            )
        )
        anybody, has_manager = Domain.TRUE, Domain("user_id.active", "=", True)
        return scores.search(
            scores._today_domain(company)
            & is_due
            & Domain("value_class", "in", self._value_classes())
            & (anybody if company.retention_responsible_id else has_manager)
            & calm,
            order="yearly_value desc, id desc",
            limit=limit,
        )

    @api.model
    def _calm_sql(self, alias: str, today: date) -> SQL:
        """Return whether a customer is neither angry, nor wants to be left alone, nor
        has been cared for just now.
        """
        return SQL(
            """(NOT EXISTS (
                SELECT FROM customer_relationship row
                 WHERE row.partner_id = %(partner)s AND row.company_id = %(company)s
                   AND row.complaint_open_count > 0
            ) AND NOT EXISTS (
                SELECT FROM %(members)s member
                  JOIN customer_contact_log contact
                    ON contact.partner_id = member.partner_id
                 WHERE member.account_id = %(partner)s
                   AND contact.company_id = %(company)s
                   AND contact.result = 'refused' AND contact.rest_until > %(today)s
            ) AND NOT EXISTS (
                SELECT FROM %(members)s member
                  JOIN customer_churn_snooze snooze
                    ON snooze.partner_id = member.partner_id
                 WHERE member.account_id = %(partner)s
                   AND snooze.company_id = %(company)s
                   AND snooze.rest_until > %(today)s
            ) AND NOT EXISTS (
                SELECT FROM %(members)s member
                  JOIN customer_care_touch touch
                    ON touch.partner_id = member.partner_id
                 WHERE member.account_id = %(partner)s
                   AND touch.company_id = %(company)s
                   AND touch.date > %(rested)s
            ))""",
            # of everybody: a scope for each row cannot be hashed
            members=self.env["customer.account"]._mapping_sql(),
            partner=SQL.identifier(alias, "partner_id"),
            company=SQL.identifier(alias, "company_id"),
            today=today,
            rested=today - timedelta(days=REST),
        )

    # === ACTIVITIES === #

    def _touch(self, score, occasion: date, today: date):
        """Ask the account manager to care about a customer, and keep that on record."""
        company = score.company_id
        partner = score.partner_id.with_company(company)
        user = company._retention_doer(score.user_id)
        if not user:
            raise UserError(self.env._("Nobody looks after the customer any more."))
        plan = self.with_context(lang=user.lang or self.env.lang)
        activity = partner.activity_schedule(
            activity_type_id=self._activity_type(partner).id,
            date_deadline=today,
            user_id=user.id,
            summary=plan._summary_for(partner, occasion),
            note=plan.note,
        )
        # sudo: customer.care.touch - a record of the job's own
        self.env["customer.care.touch"].sudo().create(
            {
                "plan_id": self.id,
                "partner_id": partner.id,
                "company_id": company.id,
                "user_id": user.id,
                "occasion": occasion,
                "date": today,
                "cost": self.cost,
                "activity_id": activity.id,
            }
        )

    def _summary_for(self, partner, occasion: date) -> str:
        """What to do, and how the customer wants to be addressed.

        :param occasion: the day of what it is about; modules say more about it.
        """
        if not partner.customer_care_address:
            return self.summary
        return self.env._(
            "%(what)s (address as “%(address)s”)",
            what=self.summary,
            address=partner.customer_care_address,
        )

    def _activity_type(self, partner):
        """Return a type of activity by the channel, or else a to-do."""
        channel = self.channel or partner.customer_care_channel or DEFAULT_CHANNEL
        types = self.env["mail.activity.type"]
        if self.kind in ("letter", "gift"):
            return self.env.ref("mail.mail_activity_data_todo")
        return types.search(
            [
                ("customer_contact_channel", "=", channel),
                ("res_model", "in", ("res.partner", False)),
            ],
            limit=1,
        ) or self.env.ref("mail.mail_activity_data_todo")
