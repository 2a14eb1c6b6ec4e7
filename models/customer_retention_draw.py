from __future__ import annotations

from datetime import date, timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..logic.holdout import held_out
from .customer_account import AccountOf
from .customer_churn_score import VALUE_CLASSES
from .customer_retention_play import CAUSES, KINDS

# Documents come late: windows that have just ended are looked at once more.
GRACE_DAYS = 7


class CustomerRetentionDraw(models.Model):
    """Whom chance chose to be approached or left alone, before anybody acted: a log.

    Everybody counts where chance put them, whatever people did afterwards. What came
    of it is measured once the window is over, and while it lasts.
    """

    _name = "customer.retention.draw"
    _inherit = ["customer.visible.mixin", "customer.guarded.mixin"]
    _description = "Hold-out Draw"
    _order = "drawn_on desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    play_id = fields.Many2one(
        "customer.retention.play",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    campaign_id = fields.Many2one(
        "customer.retention.campaign",
        readonly=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    kind = fields.Selection(KINDS, required=True, readonly=True)
    cause = fields.Selection(CAUSES, readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    segment_id = fields.Many2one("customer.segment", readonly=True, ondelete="set null")
    value = fields.Monetary(
        readonly=True, help="Value at risk, or what was lost, on the day of the draw."
    )
    drawn_on = fields.Date(required=True, readonly=True)
    last_purchase_on = fields.Date(
        string="Last Purchase",
        readonly=True,
        help="Before the draw: of the same day, too. What is bought later counts.",
    )
    until = fields.Date(required=True, readonly=True, help="Last day of the window.")
    hold_out_share = fields.Float(string="Left Alone (%)", readonly=True)
    is_held_out = fields.Boolean(string="Left Alone", readonly=True)
    broken_reason = fields.Char(
        string="Approached Nevertheless",
        readonly=True,
        help="Why a manager had somebody approached who was to be left alone. The "
        "customer still counts as left alone.",
    )

    # What came of it
    is_over = fields.Boolean(string="Window Over", readonly=True)
    bought_on = fields.Date(string="Next Purchase", readonly=True)
    revenue = fields.Monetary(readonly=True, help="Within the window.")
    offer_cost = fields.Monetary(string="Offers", readonly=True)
    net_margin = fields.Monetary(
        readonly=True, help="Margin of the revenue less what the offers cost."
    )

    _held_idx = models.Index("(company_id, until) WHERE is_held_out")
    _account_idx = models.Index("(partner_id, company_id, until)")
    _open_idx = models.Index("(company_id) WHERE is_over IS NOT TRUE")

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        draws = super().create(vals_list)
        draws._remember_last_purchases()
        return draws

    def _remember_last_purchases(self) -> None:
        """Keep what was bought before chance was asked, on the same day, too."""
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_retention_draw draw
                   SET last_purchase_on = (
                       SELECT max(purchase.date) FROM customer_purchase purchase
                        WHERE purchase.partner_id = draw.partner_id
                          AND purchase.company_id = draw.company_id
                          AND purchase.is_purchase AND purchase.date <= draw.drawn_on)
                 WHERE draw.id = ANY(%s)
                """,
                self.ids,
            )
        )
        self.invalidate_recordset(["last_purchase_on"])

    @api.ondelete(at_uninstall=False)
    def _unlink_except_drawn(self):
        if any(draw.partner_id for draw in self):
            raise UserError(
                self.env._(
                    "A draw stays: an experiment from which somebody can be taken out "
                    "afterwards proves nothing."
                )
            )

    # === WHO IS LEFT ALONE === #

    @api.model
    def _held_out_ids(self, company, on: date) -> set[int]:
        """Return the customers whom nobody is to approach on a day."""
        return set(self._held_out_days(company, on))

    @api.model
    def _held_out_days(self, company, on: date) -> dict[int, date]:
        """Return {customer whom nobody is to approach on a day: until when}.

        Whoever has become a contact of another customer binds that one.
        """
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.flush_model()
        return dict(
            self.env.execute_query(
                SQL(
                    "SELECT member.account_id, max(draw.until)"
                    " FROM customer_retention_draw draw"
                    " JOIN %s member ON member.partner_id = draw.partner_id"
                    " WHERE draw.company_id = %s AND draw.is_held_out"
                    " AND draw.until >= %s AND draw.drawn_on <= %s"
                    " AND draw.broken_reason IS NULL GROUP BY member.account_id",
                    self.env["customer.account"]._mapping_sql(),
                    company._retention_root().id,
                    on,
                    on,
                )
            )
        )

    @api.model
    def _drawn_ids(self, company, on: date) -> set[int]:
        """Return the customers of a running window, whichever way it was drawn."""
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.flush_model()
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT member.account_id FROM customer_retention_draw draw"
                " JOIN %s member ON member.partner_id = draw.partner_id"
                " WHERE draw.company_id = %s AND draw.until >= %s",
                self.env["customer.account"]._mapping_sql(),
                company._retention_root().id,
                on,
            )
        )
        return {account_id for (account_id,) in rows}

    @api.model
    def _running(self, partner, company, on: date):
        """Return the draw that binds a customer on a day."""
        account_id = partner.commercial_partner_id.id
        members = self.env["customer.account"]._members([account_id])
        # sudo: customer.retention.draw - whether one may be approached
        return self.sudo().search(
            [
                ("partner_id", "in", list(members)),
                ("company_id", "=", company._retention_root().id),
                ("until", ">=", on),
                ("drawn_on", "<=", on),
            ],
            order="is_held_out desc, until desc, id desc",
            limit=1,
        )

    # === DRAWING === #

    @api.model
    def _hold(self, company) -> None:
        """See what others draw in a company at the same time."""
        # sudo: customer.recovery.tally - its keys are made here
        self.env["customer.recovery.tally"].sudo()._touch([f"draw,{company.id}"])

    @api.model
    def _is_drawn_out(self, play, partner_id: int, on: date, window="") -> bool:
        """Ask chance: the same answer for a play, a customer and a day."""
        salt = f"{play.id}/{window or on.isoformat()}"
        return held_out(str(partner_id), salt, play.hold_out_share / 100.0)

    @api.model
    def _prepare_draw(self, play, company, on: date, is_held_out: bool, **values):
        return {
            "company_id": company.id,
            "play_id": play.id,
            "kind": play.kind,
            "drawn_on": on,
            "until": on + timedelta(days=play.window_days),
            "hold_out_share": play.hold_out_share,
            "is_held_out": is_held_out,
            **values,
        }

    def _break(self, reason: str):
        """Have somebody approached who was to be left alone; it stays on record."""
        self.write({"broken_reason": reason})

    # === MEASURING === #

    @api.model
    def _measure(self, company, as_of: date) -> None:
        """Bring what came of the windows of a company up to a day, with a statement.

        A window that was over is measured again for some days: documents come late.
        """
        self.env.flush_all()
        self.env.cr.execute(
            SQL(
                """
                UPDATE customer_retention_draw draw
                   SET (bought_on, revenue, offer_cost, net_margin, is_over)
                     = (fresh.bought_on, fresh.revenue, fresh.cost,
                        fresh.revenue * %(margin)s / 100 - fresh.cost, fresh.is_over)
                  FROM (%(results)s) fresh
                 WHERE fresh.id = draw.id
                   AND (draw.bought_on, draw.revenue, draw.offer_cost, draw.is_over)
                       IS DISTINCT FROM
                       (fresh.bought_on, fresh.revenue, fresh.cost, fresh.is_over)
                """,
                results=self._results_sql(company, as_of),
                margin=company.churn_margin_percent,
            )
        )
        self.invalidate_model()

    def _results_sql(self, company, as_of: date) -> SQL:
        """Return ``id, bought_on, revenue, cost, is_over`` of windows not over yet, or
        just now.

        Whatever was offered to the customer within the window counts, by whomever: who
        was left alone and got something nevertheless cost it all the same.
        """
        accounts = self.env["customer.account"]
        return SQL(
            """
            SELECT known.id, bought.first_on AS bought_on,
                   COALESCE(bought.revenue, 0) AS revenue,
                   COALESCE(given.cost, 0) AS cost,
                   known.until < %(as_of)s AS is_over
              FROM customer_retention_draw known
              JOIN %(mapping)s member ON member.partner_id = known.partner_id
        CROSS JOIN LATERAL (
                   SELECT min(purchase.date) FILTER (WHERE is_purchase) AS first_on,
                          sum(purchase.amount) AS revenue
                     FROM customer_purchase purchase
                    WHERE purchase.partner_id = member.account_id
                      AND purchase.company_id = known.company_id
                      AND purchase.date >= known.drawn_on
                      AND purchase.date > COALESCE(known.last_purchase_on, '-infinity')
                      AND purchase.date <= known.until) bought
        CROSS JOIN LATERAL (
                   SELECT sum(offer.approved_cost) AS cost
                     FROM customer_retention_offer offer
                     JOIN customer_retention_case opened
                       ON opened.id = offer.case_id
                     JOIN %(account)s spent ON spent.partner_id = opened.partner_id
                    WHERE offer.state IN ('approved', 'given')
                      AND opened.company_id = known.company_id
                      AND opened.opened_on BETWEEN known.drawn_on
                                               AND known.until) given
             WHERE known.company_id = %(company)s
               AND (known.is_over IS NOT TRUE
                    OR known.until >= %(as_of)s - %(grace)s)
            """,
            mapping=accounts._mapping_sql(),
            account=accounts._mapping_sql(AccountOf(named=SQL("member.account_id"))),
            grace=GRACE_DAYS,
            company=company.id,
            as_of=as_of,
        )


class CustomerChurnScore(models.Model):
    """Whoever is left alone is not on the list of whom to call."""

    _inherit = "customer.churn.score"

    @api.model
    def _today_domain(self, company):
        day = company._retention_today()
        held_out = self.env["customer.retention.draw"]._held_out_ids(company, day)
        domain = super()._today_domain(company)
        if held_out:
            domain &= fields.Domain("partner_id", "not in", sorted(held_out))
        return domain
