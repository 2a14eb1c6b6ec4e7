from __future__ import annotations

from datetime import date, timedelta

from odoo import api, models
from odoo.fields import Command
from odoo.tools import SQL

from ..logic import weighing
from ..logic.health import scaled, usual_points
from .customer_account import AccountScope
from .customer_churn_learning import SAMPLE
from .customer_relationship_facts import FactQuestion

# Whoever has not bought for longer was lost before: nothing is learned from that.
CUSTOMER_DAYS = 365


class CustomerChurnWeighing(models.Model):
    """Learns weights from who stopped buying after a past day.

    Two past days: what was learned on the earlier one is graded on the later one.
    """

    _inherit = "customer.churn.weighing"

    @api.model
    def _learn(self, company, as_of: date):
        """Learn the weights of a company; a new version only if they changed.

        :return: the version in force.
        """
        # sudo: customer.churn.weighing - weights do not depend on who asks for them
        engine = self.sudo()
        codes = engine._signal_codes()
        horizon = self.env["customer.churn.model"]._horizon(company, None)
        days = [as_of - timedelta(horizon * steps) for steps in (2, 1)]
        earlier, later = (engine._cases(company, day, horizon, codes) for day in days)
        values = {
            "company_id": company.id,
            "weighed_on": as_of,
            "customer_count": len(later),
            "lost_count": sum(case.lost for case in later),
            "graded_on": days[1],
            **engine._weigh(codes, earlier, later),
        }
        known = engine._in_force(company)
        if not later and not known:
            return known
        return engine.create(values) if engine._differs(known, values) else known

    @api.model
    def _weigh(self, codes, earlier, later) -> dict:
        """Values of a version: learned weights if they count, or usual ones."""
        usual = usual_points(codes)
        plain = [Command.create({"signal": c, "weight": usual[c]}) for c in codes]
        if not (weighing.can_learn(earlier) and weighing.can_learn(later)):
            return {"source": "usual", "line_ids": plain}
        learned = weighing.weigh(codes, earlier).points
        found = weighing.compare(learned, usual, codes, later)
        evidence = weighing.weigh(codes, later).evidence
        weights = {code: one.weight for code, one in evidence.items()}
        return {
            "source": "learned" if found.is_better else "usual",
            "learned_auc": found.learned,
            "usual_auc": found.usual,
            "line_ids": self._lines(weights if found.is_better else usual, evidence),
        }

    @staticmethod
    def _lines(weights, evidence):
        return [
            Command.create(
                {
                    "signal": code,
                    "weight": weight,
                    "error": evidence[code].error,
                    "customers": evidence[code].customers,
                    "lost_with": evidence[code].lost_with,
                    "lost_without": evidence[code].lost_without,
                }
            )
            for code, weight in weights.items()
        ]

    def _differs(self, known, values) -> bool:
        """Whether a version says anything that the one in force does not."""
        if not known or known.source != values["source"]:
            return True
        weights = {
            command[2]["signal"]: command[2]["weight"] for command in values["line_ids"]
        }
        points = scaled(weights) if any(weights.values()) else {}
        return points != {line.signal: line.points for line in known.line_ids}

    # === CASES === #

    def _cases(self, company, origin: date, horizon: int, codes) -> list[weighing.Case]:
        """Return customers as known on a day, and who bought no more afterwards."""
        sample = self.env["customer.churn.model"]._sample_sql(company, None)
        drawn = [account for (account,) in self.env.execute_query(sample)]
        if not drawn:
            return []
        self._create_fact_table(company, origin, AccountScope.of(drawn[:SAMPLE]))
        scores = self.env["customer.churn.score"]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT ARRAY[%(severities)s]::float8[], NOT EXISTS (
                       SELECT FROM customer_purchase bought
                        WHERE bought.partner_id = row.partner_id
                          AND bought.company_id = %(company)s AND bought.is_purchase
                          AND bought.date > %(origin)s AND bought.date <= %(until)s)
                  FROM churn_fact row JOIN (%(signals)s) signal USING (partner_id)
              ORDER BY row.partner_id
                """,
                severities=SQL(", ").join(
                    scores._severity_sql(code, origin) for code in codes
                ),
                company=company.id,
                origin=origin,
                until=origin + timedelta(horizon),
                signals=self.env["customer.churn.signal"]._signals_sql(
                    company,
                    origin,
                    SQL("SELECT * FROM churn_fact"),
                    AccountScope.of(drawn[:SAMPLE]),
                ),
            )
        )
        self.env.cr.execute("DROP TABLE churn_fact")
        return [weighing.Case(tuple(bad), lost) for bad, lost in rows]

    def _create_fact_table(self, company, origin: date, scope: AccountScope) -> None:
        """Keep the facts of a past day of those who were customers then."""
        # sudo: customer.segment - everybody is evaluated by the same segments
        segments = self.env["customer.segment"].sudo()
        segments = segments.search([])  # pylint: disable=no-search-all
        question = FactQuestion(
            company_id=company.id,
            as_of=origin,
            scope=scope,
            fallbacks=tuple((one.id, one.usual_interval) for one in segments),
        )
        self.env.cr.execute(
            SQL(
                """
                CREATE TEMPORARY TABLE churn_fact ON COMMIT DROP AS
                SELECT * FROM (%s) facts
                 WHERE purchase_days > 0 AND last_purchase_on > %s::date - %s
                """,
                self.env["customer.relationship"]._facts_sql(question),
                origin,
                CUSTOMER_DAYS,
            )
        )
