from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import SQL

from ..models.customer_churn_score import DANGERS, VALUE_CLASSES

# How far back a contact makes somebody known, and a messenger the way to reach one.
KNOWN_DAYS = 730
REACHED_DAYS = 365


class CustomerDependence(models.Model):
    """Which customers hang on one person, and how much goes along with that person.

    A row per customer at risk or not: who knows them, by whom they are reached, and
    since when they have the same account manager.
    """

    _name = "customer.dependence"
    _inherit = "customer.visible.mixin"
    _description = "Dependence on One Person"
    _auto = False
    _order = "yearly_value desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one("res.users", string="Account Manager", readonly=True)
    active = fields.Boolean(readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    danger = fields.Selection(DANGERS, readonly=True)
    yearly_value = fields.Monetary(string="A Year's Worth", readonly=True)
    value_at_risk = fields.Monetary(readonly=True)
    person_count = fields.Integer(
        string="People There",
        readonly=True,
        aggregator="avg",
        help="Contacts we have at the customer.",
    )
    knower_count = fields.Integer(
        string="Known By",
        readonly=True,
        aggregator="avg",
        help="Colleagues with a contact on record in two years, the account manager "
        "included: contacts they logged, and activities they marked done. Messages, "
        "and what was done before contacts were recorded, do not count.",
    )
    managed_since = fields.Date(
        readonly=True, help="Last hand-over, or else the first purchase."
    )
    is_single_contact = fields.Boolean(string="Single Contact", readonly=True)
    is_known_by_one = fields.Boolean(string="Known by One", readonly=True)
    is_private_only = fields.Boolean(
        string="Private Messenger Only",
        readonly=True,
        help="All contacts of a year went through a private messenger of an employee.",
    )
    is_rotation_due = fields.Boolean(string="Rotation Due", readonly=True)
    single_contact_value = fields.Monetary(
        string="Revenue with a Single Contact",
        readonly=True,
        help="A year's worth of customers with a single contact.",
    )
    known_by_one_value = fields.Monetary(
        string="Revenue Known by One Person",
        readonly=True,
        help="A year's worth of customers whom nobody else knows: what may go when "
        "the account manager goes.",
    )
    private_only_value = fields.Monetary(
        string="Revenue by Private Messenger Only",
        readonly=True,
        help="A year's worth of customers reached by a private messenger only.",
    )
    rotation_due_value = fields.Monetary(
        string="Revenue with Rotation Due",
        readonly=True,
        help="A year's worth of customers whose rotation is due.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT known.*,
                   CASE WHEN is_single_contact THEN yearly_value ELSE 0 END
                       AS single_contact_value,
                   CASE WHEN is_known_by_one THEN yearly_value ELSE 0 END
                       AS known_by_one_value,
                   CASE WHEN is_private_only THEN yearly_value ELSE 0 END
                       AS private_only_value,
                   CASE WHEN is_rotation_due THEN yearly_value ELSE 0 END
                       AS rotation_due_value
              FROM (%s) known
            """,
            self._known_sql(),
        )

    def _known_sql(self) -> SQL:
        return SQL(
            """
            SELECT score.id, score.active, score.partner_id, score.company_id,
                   score.user_id,
                   score.value_class, score.danger, score.yearly_value,
                   score.value_at_risk, people.number AS person_count,
                   touch.knowers AS knower_count,
                   COALESCE(handed.since, row.first_purchase_on) AS managed_since,
                   people.number <= 1 AS is_single_contact,
                   touch.knowers <= 1 AS is_known_by_one,
                   COALESCE(touch.private_only, FALSE) AS is_private_only,
                   score.user_id IS NOT NULL AND root.churn_rotation_years > 0
                       AND COALESCE(handed.since, row.first_purchase_on)
                           + make_interval(years => root.churn_rotation_years)
                           <= day.today AS is_rotation_due
              FROM customer_churn_score score
              JOIN res_company root ON root.id = score.company_id
              JOIN %(days)s day ON day.company_id = score.company_id
         LEFT JOIN customer_relationship row
                ON row.partner_id = score.partner_id
               AND row.company_id = score.company_id
      CROSS JOIN LATERAL (%(people)s) people
      CROSS JOIN LATERAL (%(touch)s) touch
      CROSS JOIN LATERAL (%(handed)s) handed
            """,
            days=self.env["res.company"]._retention_days_sql(),
            people=self._people_sql(),
            touch=self._touch_sql(),
            handed=self._handed_sql(),
        )

    @api.model
    def _people_sql(self) -> SQL:
        """Return how many people we know there; a person is one of themselves."""
        return SQL(
            """
            SELECT count(*) FILTER (WHERE NOT person.is_company) AS number
              FROM res_partner person
             WHERE person.commercial_partner_id = score.partner_id AND person.active
               AND (person.id = score.partner_id OR person.type = 'contact')
            """
        )

    @api.model
    def _touch_sql(self) -> SQL:
        """Return who was in touch, the account manager included, and whether by a
        private messenger alone.
        """
        return SQL(
            """
            SELECT count(DISTINCT contact.user_id)
                     + (score.user_id IS NOT NULL AND NOT COALESCE(
                           bool_or(contact.user_id = score.user_id), FALSE))::int
                       AS knowers,
                   bool_and(contact.channel = 'private')
                       FILTER (WHERE contact.date > day.today - %(year)s)
                       AS private_only
              FROM customer_contact_log contact
             WHERE contact.partner_id = score.partner_id
               AND contact.company_id = score.company_id
               AND contact.date > day.today - %(known)s
               AND contact.result != 'unreached'
            """,
            year=REACHED_DAYS,
            known=KNOWN_DAYS,
        )

    @api.model
    def _handed_sql(self) -> SQL:
        return SQL(
            """
            SELECT max(handover.date) AS since
              FROM customer_handover_line line
              JOIN customer_handover handover ON handover.id = line.handover_id
             WHERE line.partner_id = score.partner_id
               AND line.company_id = score.company_id AND handover.state = 'done'
            """
        )

    # === ACTIONS === #

    def action_hand_over(self):
        """Prepare a hand-over of the chosen customers of one account manager."""
        self.check_access("read")
        lines = [(0, 0, {"partner_id": one.partner_id.id}) for one in self]
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Hand Over"),
            "res_model": "customer.handover",
            "views": [(False, "form")],
            "context": {
                "default_from_user_id": self.user_id[:1].id,
                "default_company_id": self.company_id[:1].id,
                "default_line_ids": lines,
            },
        }
