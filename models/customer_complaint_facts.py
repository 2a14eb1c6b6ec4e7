from __future__ import annotations

from collections import defaultdict
from datetime import date

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.complaint_facts import ComplaintLife, complaint_tracks
from ..logic.history import Track
from .customer_account import AccountScope
from .customer_relationship_facts import FactQuestion

# Events after which a complaint is open, or is not any more.
OPEN_AFTER = {"reopened": True, "resolved": False, "closed": False}
COLUMNS = (
    "complaint_open_count",
    "complaint_count_12m",
    "complaint_last_on",
    "complaint_last_grade",
)


class CustomerRelationship(models.Model):
    """Facts about complaints, which rules of positions and conditions may name.

    `logic.complaint_facts` is their definition; here they are aggregated from the
    events of the complaints, for many accounts at once.
    """

    _inherit = "customer.relationship"

    complaint_open_count = fields.Integer(string="Open Complaints", readonly=True)
    complaint_count_12m = fields.Integer(
        string="Complaints in 12 Months", readonly=True
    )
    complaint_last_on = fields.Date(string="Last Complaint", readonly=True)
    complaint_last_grade = fields.Integer(
        string="Last Satisfaction",
        readonly=True,
        aggregator="avg",
        help="How the last complaint was handled, in the customer's eyes: from 1 to 5. "
        "0 when nobody answered.",
    )

    # === SQL === #

    @api.model
    def _added_fact_columns(self):
        return (*super()._added_fact_columns(), *COLUMNS)

    def _fact_sources(self, question: FactQuestion) -> dict[str, SQL]:
        return {
            **super()._fact_sources(question),
            "complained": self._complaint_facts_sql(question),
            "graded": self._complaint_grades_sql(question),
        }

    def _known_facts_sql(self) -> SQL:
        return SQL(
            """%s,
            COALESCE(complained.open_count, 0) AS complaint_open_count,
            COALESCE(complained.count_12m, 0) AS complaint_count_12m,
            complained.last_on AS complaint_last_on,
            graded.grade AS complaint_last_grade""",
            super()._known_facts_sql(),
        )

    def _complaint_facts_sql(self, question: FactQuestion) -> SQL:
        """Count the complaints of each account: open ones, those of 12 months."""
        return SQL(
            """
            SELECT partner_id,
                   count(*) FILTER (WHERE received_on <= %(as_of)s AND is_open)
                       AS open_count,
                   count(*) FILTER (WHERE received_on <= %(as_of)s
                                      AND received_on > %(year)s) AS count_12m,
                   max(received_on) FILTER (WHERE received_on <= %(as_of)s)
                       AS last_on,
                   LEAST(min(received_on) FILTER (WHERE received_on > %(as_of)s),
                         min(received_on) FILTER (WHERE received_on > %(year)s)
                             + %(days)s,
                         min(ahead_on)) AS turns_on
              FROM (%(lives)s) life
          GROUP BY partner_id
            """,
            **self._window_parameters(question),
            lives=self._complaint_lives_sql(question),
        )

    def _complaint_lives_sql(self, question: FactQuestion) -> SQL:
        """Return each complaint: is it open at the end of the day, and what is known
        already to happen later.
        """
        day = self._complaint_day_sql(SQL("event.at"))
        return SQL(
            """
            SELECT complaint.account_id AS partner_id, complaint.id AS complaint_id,
                   %(received)s AS received_on,
                   COALESCE(last.event = 'reopened', TRUE) AS is_open, ahead.ahead_on
              FROM %(complaints)s
         LEFT JOIN LATERAL (
                SELECT event.event FROM customer_complaint_event event
                 WHERE event.complaint_id = complaint.id
                   AND event.event = ANY(%(events)s) AND %(day)s <= %(as_of)s
              ORDER BY event.at DESC, event.id DESC LIMIT 1) last ON TRUE
         LEFT JOIN LATERAL (
                SELECT min(%(day)s) AS ahead_on FROM customer_complaint_event event
                 WHERE event.complaint_id = complaint.id
                   AND event.event = ANY(%(events)s) AND %(day)s > %(as_of)s
              ) ahead ON TRUE
            """,
            received=self._complaint_day_sql(SQL("complaint.received_at")),
            complaints=self._counted_complaints_sql(
                question.company_id, question.scope
            ),
            day=day,
            events=list(OPEN_AFTER),
            as_of=question.as_of,
        )

    def _complaint_grades_sql(self, question: FactQuestion) -> SQL:
        """Return the last grade each account gave; of one day, the worst."""
        return SQL(
            """
            SELECT partner_id,
                   (array_agg(grade ORDER BY answered_on DESC, grade)
                        FILTER (WHERE answered_on <= %(as_of)s))[1] AS grade,
                   min(answered_on) FILTER (WHERE answered_on > %(as_of)s) AS turns_on
              FROM (SELECT complaint.account_id AS partner_id,
                           survey.satisfaction::int AS grade,
                           %(day)s AS answered_on
                      FROM %(complaints)s
                      JOIN customer_complaint_survey survey
                        ON survey.complaint_id = complaint.id
                     WHERE survey.satisfaction IS NOT NULL) answer
          GROUP BY partner_id
            """,
            as_of=question.as_of,
            day=self._complaint_day_sql(SQL("survey.answered_at")),
            complaints=self._counted_complaints_sql(
                question.company_id, question.scope
            ),
        )

    def _counted_complaints_sql(self, company_id: int, scope) -> SQL:
        """Return the complaints that count, with the time zone of their company.

        One that was merged into another counts once: with the other.
        """
        return SQL(
            """(SELECT complaint.*, company.tz FROM customer_complaint complaint
                  JOIN %s company ON company.id = complaint.company_id
                 WHERE company.root_id = %s AND complaint.kind = 'complaint'
                   AND complaint.merged_into_id IS NULL AND %s) complaint""",
            self.env["res.company"]._retention_companies_sql(),
            company_id,
            scope.condition(SQL("complaint.account_id")),
        )

    @api.model
    def _complaint_day_sql(self, moment: SQL) -> SQL:
        """Return the local day of a moment, in the company of ``complaint``."""
        return self.env["res.company"]._retention_day_sql(moment, SQL("complaint.tz"))

    # === TRACKS === #

    @api.model
    def _gather_tracks(
        self, company, partner_ids: list[int], facts: frozenset[str]
    ) -> dict[int, list[Track]]:
        tracks = super()._gather_tracks(company, partner_ids, facts)
        if facts.isdisjoint(COLUMNS):
            return tracks
        lives = self._gather_complaint_lives(company, partner_ids)
        return {
            partner_id: [
                *tracks.get(partner_id, ()),
                *complaint_tracks(lives.get(partner_id, ())),
            ]
            for partner_id in partner_ids
        }

    @api.model
    def _gather_complaint_lives(
        self, company, partner_ids: list[int]
    ) -> dict[int, list[ComplaintLife]]:
        """Return {account: its complaints}, in one query."""
        turns = SQL(
            """FROM customer_complaint_event event
              WHERE event.complaint_id = complaint.id AND event.event = ANY(%s)
           ORDER BY event.at, event.id""",
            list(OPEN_AFTER),
        )
        answers = SQL(
            """FROM customer_complaint_survey survey
              WHERE survey.complaint_id = complaint.id
                AND survey.satisfaction IS NOT NULL
           ORDER BY survey.id"""
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT complaint.account_id, %(received)s,
                       ARRAY(SELECT %(day)s %(turns)s),
                       ARRAY(SELECT event.event::text %(turns)s),
                       ARRAY(SELECT %(answered)s %(answers)s),
                       ARRAY(SELECT survey.satisfaction::int %(answers)s)
                  FROM %(complaints)s
                """,
                received=self._complaint_day_sql(SQL("complaint.received_at")),
                day=self._complaint_day_sql(SQL("event.at")),
                turns=turns,
                answered=self._complaint_day_sql(SQL("survey.answered_at")),
                answers=answers,
                complaints=self._counted_complaints_sql(
                    company.id, AccountScope.of(partner_ids)
                ),
            )
        )
        lives: dict[int, list[ComplaintLife]] = defaultdict(list)
        for account_id, received, days, events, answered, grades in rows:
            lives[account_id].append(_to_life(received, days, events, answered, grades))
        return lives


def _to_life(received: date, days, events, answered, grades) -> ComplaintLife:
    states = (OPEN_AFTER[event] for event in events)
    return ComplaintLife(
        received,
        tuple(zip(days, states, strict=True)),
        tuple(zip(answered, grades, strict=True)),
    )
