from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from ..logic.quotation_danger import chance, chances
from .customer_churn_score import DANGERS
from .sentences import listed


class CustomerChurnQuotation(models.Model):
    """Open quotations by what is lost with them: the amount × the chance to lose it.

    Read from the periods of quotations and what the company's own past tells; nothing
    is stored. Bands are sized by the calls of the team, as those of customers.
    """

    _name = "customer.churn.quotation"
    _inherit = "customer.visible.mixin"
    _description = "Open Quotation at Risk"
    _order = "value_at_risk desc, id desc"
    _rec_name = "order_id"
    _auto = False
    _log_access = False

    order_id = fields.Many2one("sale.order", string="Quotation", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    amount = fields.Monetary(readonly=True, help="Net, in the company's currency.")
    opened_on = fields.Date(readonly=True)
    closed_on = fields.Date(string="Runs Out On", readonly=True)
    age_days = fields.Integer(string="Open for (days)", readonly=True, aggregator="avg")
    has_bought = fields.Boolean(string="Has Bought Before", readonly=True)
    lost = fields.Float(
        string="Chance to Lose It",
        readonly=True,
        aggregator="avg",
        help="Part of the company's quotations that were still open after so long and "
        "not won in the end; of customers who have or have not bought before.",
    )
    value_at_risk = fields.Monetary(
        readonly=True, help="The amount × the chance to lose it."
    )
    danger = fields.Selection(
        DANGERS,
        readonly=True,
        help="By value at risk, sized by the calls of the team: extreme are as many "
        "quotations as it can call about in a week, very high as many more in the "
        "next, high up to a month, moderate up to a quarter.",
    )
    reason_text = fields.Char(string="Why", compute="_compute_reason_text")

    @api.model
    def _own_customer_sql(self, alias) -> SQL:
        """Rows name the account, which has a relationship."""
        return self._own_row_sql(alias)

    @property
    def _table_query(self):
        companies = self.env["res.company"]._churn_roots()
        scores = self.env["customer.churn.score"]
        danger = SQL(" ").join(
            SQL("WHEN %s THEN %s", one.id, scores._danger_sql(one.churn_capacity))
            for one in companies
        )
        return SQL(
            """
            SELECT *, CASE company_id %(danger)s END AS danger
              FROM (SELECT *, count(*) OVER (PARTITION BY company_id) AS customers,
                           count(*) OVER (PARTITION BY company_id
                                          ORDER BY value_at_risk DESC) AS danger_rank
                      FROM (%(open)s) open) ranked
            """,
            danger=danger or SQL("WHEN 0 THEN NULL"),
            open=self._open_sql(companies),
        )

    def _open_sql(self, companies) -> SQL:
        """Return open quotations with the chance to lose them."""
        lost = SQL(" ").join(
            SQL("WHEN %s THEN %s", one.id, self._lost_sql(one)) for one in companies
        )
        return SQL(
            """
            SELECT *, round((GREATEST(amount, 0) * lost)::numeric, 2) AS value_at_risk
              FROM (SELECT *, CASE company_id %(lost)s END AS lost FROM (
                    SELECT quotation.order_id AS id, quotation.order_id,
                           quotation.partner_id, quotation.company_id, sale.user_id,
                           quotation.amount, quotation.opened_on, quotation.closed_on,
                           day.today - quotation.opened_on AS age_days,
                           COALESCE(row.purchase_days > 0, FALSE) AS has_bought
                      FROM customer_quotation quotation
                      JOIN sale_order sale ON sale.id = quotation.order_id
                      JOIN %(days)s day ON day.company_id = quotation.company_id
                 LEFT JOIN customer_relationship row
                        ON row.partner_id = quotation.partner_id
                       AND row.company_id = quotation.company_id
                     WHERE quotation.company_id = ANY(%(companies)s)
                       AND quotation.opened_on <= day.today
                       AND COALESCE(quotation.closed_on > day.today, TRUE)
                       AND row.is_excluded IS NOT TRUE
                       AND %(wanted)s) aged) weighed
            """,
            lost=lost or SQL("WHEN 0 THEN 0.0"),
            days=self.env["res.company"]._retention_days_sql(),
            companies=companies.ids,
            wanted=self._wanted_sql(companies),
        )

    @api.model
    def _wanted_sql(self, companies) -> SQL:
        """Return whether a ``quotation`` is one to call about: features leave out
        those of whom we have to leave alone.
        """
        return SQL("TRUE")

    @api.model
    def _curves(self, company) -> dict:
        """Return what the company's own quotations tell, of known and new customers."""
        today = company._retention_today()
        model = self.env["customer.churn.model"]._in_force(company, today).get(0)
        # sudo: customer.churn.model - everybody's quotations are weighed the same
        return (model.sudo().quotation_curves if model else None) or {}

    def _lost_sql(self, company) -> SQL:
        """Return the chance to lose a quotation of an age, as logic."""
        curves = self._curves(company)
        return SQL(
            "CASE WHEN has_bought THEN %s ELSE %s END",
            self._curve_sql(curves.get("known") or ()),
            self._curve_sql(curves.get("new") or ()),
        )

    @staticmethod
    def _curve_sql(curve) -> SQL:
        steps = [
            SQL("WHEN age_days >= %s THEN %s::float8", step, 1 - chance)
            for step, chance in reversed(chances(curve))
        ]
        return SQL("CASE %s END", SQL(" ").join(steps))

    # === WHY === #

    @api.depends("age_days", "has_bought", "company_id")
    @api.depends_context("lang")
    def _compute_reason_text(self):
        curves = {company: self._curves(company) for company in self.company_id}
        for quotation in self:
            group = "known" if quotation.has_bought else "new"
            quotation.reason_text = listed(
                self.env,
                (
                    quotation._customer_reason(),
                    quotation._age_reason(curves[quotation.company_id].get(group)),
                ),
            )

    def _age_reason(self, curve) -> str:
        """Return how many as old as this one were won, beside all of them."""
        if not curve or not curve[0][1]:
            return self.env._(
                "open for %(days)s days, too few are decided to learn from",
                days=self.age_days,
            )
        return self.env._(
            "after %(days)s days %(won)s %% are won, of all %(usual)s %%",
            days=self.age_days,
            won=round(100 * chance(curve, self.age_days)),
            usual=round(100 * chance(curve, 0)),
        )

    def _customer_reason(self) -> str:
        if self.has_bought:
            return self.env._("bought before")
        return self.env._("new customer")

    # === ACTIONS === #

    def action_open_order(self):
        """Open the quotation."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "res_id": self.order_id.id,
            "views": [(False, "form")],
        }


class CustomerChurnModel(models.Model):
    """Learns how long quotations lie before they are won."""

    _inherit = "customer.churn.model"

    quotation_curves = fields.Json(
        readonly=True,
        help="Quotations that were open for so long, and how many of them were won: of "
        "customers who had bought before, and of others.",
    )
