from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from ..models.customer_churn_score import VALUE_CLASSES
from ..models.customer_retention_play import CAUSES

# {what is told apart: the column of draws}
PARTS = {
    "play": "play_id",
    "value_class": "value_class",
    "segment": "segment_id",
    "cause": "cause",
}


class CustomerRetentionEffect(models.Model):
    """Did fighting churn help, for whom, and how sure is that?

    Everybody counts where chance put them (intention to treat), once the window is
    over. A line is about everybody, a play, or a kind of customers.
    """

    _name = "customer.retention.effect"
    _description = "Effect of Retention"
    _auto = False
    _order = "company_id, sequence, id"
    _rec_name = "part"

    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    sequence = fields.Integer(readonly=True)
    part = fields.Selection(
        [
            ("total", "Everybody"),
            ("play", "Play"),
            ("value_class", "Value"),
            ("segment", "Segment"),
            ("cause", "Cause"),
        ],
        string="Told Apart By",
        readonly=True,
    )
    play_id = fields.Many2one("customer.retention.play", readonly=True)
    value_class = fields.Selection(VALUE_CLASSES, readonly=True)
    segment_id = fields.Many2one("customer.segment", readonly=True)
    cause = fields.Selection(CAUSES, readonly=True)
    whom = fields.Char(string="Customers", compute="_compute_whom")
    treated_count = fields.Integer(string="Approached", readonly=True, aggregator=None)
    control_count = fields.Integer(string="Left Alone", readonly=True, aggregator=None)
    treated_share = fields.Float(
        string="Kept, Approached", compute="_compute_effect", aggregator=None
    )
    control_share = fields.Float(
        string="Kept, Left Alone", compute="_compute_effect", aggregator=None
    )
    verdict = fields.Selection(
        [
            ("helped", "Helped"),
            ("unclear", "Not Proven"),
            ("harmed", "Did Harm"),
            ("not_enough", "Not Enough Data"),
        ],
        compute="_compute_effect",
    )
    interval_text = fields.Char(
        string="Difference (95 %)",
        compute="_compute_effect",
        help="Points of the share that bought again: approached minus left alone.",
    )
    revenue_text = fields.Char(string="Revenue per Customer", compute="_compute_effect")
    margin_text = fields.Char(
        string="Margin after Offers",
        compute="_compute_effect",
        help="Per customer: approached minus left alone, with its interval.",
    )
    sentence = fields.Char(string="In Words", compute="_compute_effect")

    @property
    def _table_query(self) -> SQL:
        whole = self._part_sql("total", 0, None)
        parts = [
            self._part_sql(part, number, column)
            for number, (part, column) in enumerate(PARTS.items(), start=1)
        ]
        return SQL(
            "SELECT row_number() OVER (ORDER BY company_id, sequence,"
            " treated_count DESC, play_id, value_class, segment_id, cause)::int AS id,"
            " parts.* FROM (%s) parts",
            SQL(" UNION ALL ").join([whole, *parts]),
        )

    @api.model
    def _column_sql(self, name: str, column: str | None) -> SQL:
        """Return a column of draws, empty where they are not told apart by it."""
        if name == column:
            return SQL.identifier("draw", name)
        if name in ("play_id", "segment_id"):
            return SQL("NULL::int AS %s", SQL.identifier(name))
        return SQL("NULL::varchar AS %s", SQL.identifier(name))

    @api.model
    def _part_sql(self, part: str, number: int, column: str | None) -> SQL:
        """Return a line for each value of a column of draws whose window is over."""
        columns = [self._column_sql(name, column) for name in PARTS.values()]
        condition = SQL("TRUE")
        keys = SQL("draw.company_id")
        if column:
            name = SQL.identifier("draw", column)
            condition, keys = SQL("%s IS NOT NULL", name), SQL("%s, %s", keys, name)
        return SQL(
            """
            SELECT draw.company_id, %(number)s AS sequence, %(part)s AS part,
                   %(columns)s,
                   count(*) FILTER (WHERE NOT is_held_out)::int AS treated_count,
                   count(*) FILTER (WHERE is_held_out)::int AS control_count
              FROM customer_retention_draw draw
             WHERE draw.is_over AND %(condition)s
          GROUP BY %(keys)s
            """,
            number=number,
            part=part,
            columns=SQL(", ").join(columns),
            condition=condition,
            keys=keys,
        )

    # === COMPUTE === #

    @api.depends("part", "play_id", "value_class", "segment_id", "cause")
    @api.depends_context("lang")
    def _compute_whom(self):
        for line in self:
            names = {
                "play": line.play_id.name,
                "segment": line.segment_id.name,
            }
            if line.part in ("value_class", "cause"):
                selection = self._fields[line.part]._description_selection(self.env)
                names[line.part] = dict(selection).get(line[line.part])
            line.whom = names.get(line.part) or self.env._("Everybody")

    @api.depends("part", "treated_count", "control_count")
    @api.depends_context("lang")
    def _compute_effect(self):
        for part, lines in self.grouped("part").items():
            lines._set_effects(PARTS.get(part))

    def _set_effects(self, column: str | None):
        """Set what is known of the lines of one part.

        :param column: what they are told apart by
        """
        draws = self.env["customer.retention.draw"]
        among = Domain("company_id", "in", self.company_id.ids)
        effects = draws._effects(among, column)
        for line in self:
            effect = effects[line.company_id.id, line._value()]
            retained = effect["retained"]
            line.treated_share = effect["treated"].share
            line.control_share = effect["control"].share
            line.verdict = retained.code
            line.interval_text = line._points(retained)
            line.revenue_text = line._money(effect["revenue"])
            line.margin_text = line._money(effect["margin"])
            line.sentence = draws._effect_text(effect, line.company_id)

    def _value(self) -> int | str | None:
        """Return the value of draws by which a line is told apart."""
        column = PARTS.get(self.part)
        if not column:
            return None
        return self[column].id if column.endswith("_id") else self[column]

    def _draws_domain(self) -> Domain:
        column = PARTS.get(self.part)
        if not column:
            return Domain.TRUE
        return Domain(column, "=", self._value())

    def _points(self, effect) -> str | bool:
        if effect.code == "not_enough":
            return False
        return self.env._(
            "%(difference)s points (%(low)s to %(high)s)",
            difference=round(100 * effect.difference, 1),
            low=round(100 * effect.low, 1),
            high=round(100 * effect.high, 1),
        )

    def _money(self, effect) -> str | bool:
        if effect.code == "not_enough":
            return False
        return self.env._(
            "%(difference)s (%(low)s to %(high)s)",
            **{
                name: self.currency_id.format(getattr(effect, name))
                for name in ("difference", "low", "high")
            },
        )

    # === ACTIONS === #

    def action_open_draws(self):
        """Open the customers of a line."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "customer_retention.customer_retention_draw_action"
        )
        about = Domain("company_id", "=", self.company_id.id) & self._draws_domain()
        action["domain"] = list(about & Domain("is_over", "=", True))
        action["context"] = {}
        return action
