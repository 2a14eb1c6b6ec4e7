from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ..logic.authority import (
    ADMINISTRATOR,
    AUTOMATIC,
    HANDLER,
    LEVELS,
    MANAGER,
    TEAM_MANAGER,
    Limit,
)
from .customer_complaint import SEVERITIES

LEVEL_NAMES = [
    (AUTOMATIC, "Automatic"),
    (HANDLER, "Handler"),
    (TEAM_MANAGER, "Team Manager"),
    (MANAGER, "Complaint Manager"),
    (ADMINISTRATOR, "Administrator"),
]
AMOUNTS = ("per_action", "per_complaint", "per_customer_year")


class CustomerRecoveryLimit(models.Model):
    """What a level of people may give without asking anybody.

    Of the limits that fit a complaint the most precise one counts: of its team before
    that of every team, of its severity before that of every severity, of its company
    before that of every company. A level without any gives nothing alone, except the
    administrator, who may give anything.
    """

    _name = "customer.recovery.limit"
    _description = "Recovery Limit"
    _order = "sequence, id"

    sequence = fields.Integer(compute="_compute_sequence", store=True)
    level = fields.Selection(LEVEL_NAMES, required=True, default=HANDLER)
    team_id = fields.Many2one(
        "customer.complaint.team",
        ondelete="cascade",
        help="Empty: every team. Counts for its members and its manager only. For "
        "whoever moved a complaint the team counts from which it came.",
    )
    severity = fields.Selection(
        SEVERITIES,
        help="Empty: any severity. What somebody recorded to make a complaint more "
        "serious raises the limits of others, not the own ones.",
    )
    company_id = fields.Many2one(
        "res.company", index="btree_not_null", help="Empty: every company."
    )
    currency_id = fields.Many2one(
        "res.currency",
        required=True,
        default=lambda self: self._default_currency_id(),
        help="Amounts are converted into the currency of the company concerned.",
    )
    may_decide = fields.Boolean(
        string="Decides Alone",
        default=True,
        help="Switched off: whatever has a value needs approval.",
    )
    per_action = fields.Monetary(help="Largest single action. 0: any amount.")
    per_complaint = fields.Monetary(
        help="Most for everything given on a complaint. 0: any amount."
    )
    per_customer_year = fields.Monetary(
        string="Per Customer and Year",
        help="Most for everything a customer got in the last twelve months. "
        "0: any amount.",
    )
    sentence = fields.Char(string="In Words", compute="_compute_sentence")

    _scope_unique = models.UniqueIndex(
        "(level, COALESCE(team_id, 0), COALESCE(severity, ''), "
        "COALESCE(company_id, 0))",
        "There is a limit for this level, team, severity and company already.",
    )
    _amounts_positive = models.Constraint(
        "CHECK(per_action >= 0 AND per_complaint >= 0 AND per_customer_year >= 0)",
        "A limit is not negative. Take away “Decides Alone” to allow nothing.",
    )

    @api.model
    def _default_currency_id(self):
        return self.env.company.currency_id

    # === COMPUTE === #

    @api.depends("level")
    def _compute_sequence(self):
        order = [level for level, _name in LEVEL_NAMES]
        for limit in self:
            limit.sequence = order.index(limit.level) if limit.level else 0

    @api.depends("may_decide", "currency_id", *AMOUNTS)
    @api.depends_context("lang")
    def _compute_sentence(self):
        for limit in self:
            limit.sentence = limit._in_words()

    def _in_words(self):
        """Return the limit as a sentence, so that a 0 is not misread."""
        if not self.may_decide:
            return self.env._("Asks before giving anything of value.")
        format_money = self.currency_id.format
        parts = []
        if self.per_action:
            amount = format_money(self.per_action)
            parts.append(self.env._("%s per action", amount))
        if self.per_complaint:
            amount = format_money(self.per_complaint)
            parts.append(self.env._("%s per complaint", amount))
        if self.per_customer_year:
            amount = format_money(self.per_customer_year)
            parts.append(self.env._("%s per customer and year", amount))
        if not parts:
            return self.env._("Gives any amount.")
        return self.env._("Gives up to %s.", ", ".join(parts))

    @api.depends("level", "team_id", "severity")
    def _compute_display_name(self):
        levels = dict(self._fields["level"]._description_selection(self.env))
        severities = dict(self._fields["severity"]._description_selection(self.env))
        for limit in self:
            names = (
                levels.get(limit.level),
                limit.team_id.name,
                severities.get(limit.severity),
            )
            limit.display_name = " · ".join(name for name in names if name)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        limits._check_own_level()
        limits._check_below_own()
        return limits

    def write(self, vals):
        self._check_own_level()
        result = super().write(vals)
        self._check_own_level()
        self._check_below_own()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_own_level(self):
        self._check_own_level()

    def _check_own_level(self):
        """Let nobody but an administrator set limits of the own level or above.

        :raise AccessError: a complaint manager does
        """
        if not self._is_bound():
            return
        if any(limit.level in (MANAGER, ADMINISTRATOR) for limit in self):
            raise AccessError(
                self.env._(
                    "Nobody sets the own limit. Ask an administrator to change limits "
                    "of complaint managers and administrators."
                )
            )

    def _check_below_own(self):
        """Let nobody but an administrator give others more than the own limit.

        :raise AccessError: a complaint manager does
        """
        if not self._is_bound():
            return
        managers = self._rows().filtered(lambda row: row.level == MANAGER)
        for limit in self.filtered("may_decide"):
            if not limit._is_below(managers._above(limit)):
                raise AccessError(
                    self.env._(
                        "Nobody lets others give more than the own limit of a "
                        "complaint manager, and 0 means any amount. Ask an "
                        "administrator."
                    )
                )

    def _is_bound(self):
        """Whether the person who sets limits has one."""
        user = self.env.user
        is_admin = user.has_group("customer_retention.group_admin")
        return not (user._is_superuser() or is_admin)

    def _above(self, limit):
        """Return the limits of complaint managers wherever another one counts."""
        return self.filtered(
            lambda row: all(
                not row[name] or not limit[name] or row[name] == limit[name]
                for name in ("team_id", "severity", "company_id")
            )
        )

    def _is_below(self, managers) -> bool:
        """Whether this gives no more than any of these, in its own currency."""
        if not managers or not all(managers.mapped("may_decide")):
            return False
        company = self.company_id or self.env.company
        today = fields.Date.context_today(self)
        for own in managers:
            for name in AMOUNTS:
                most = own.currency_id._convert(
                    own[name], self.currency_id, company, today
                )
                if most and not 0 < self[name] <= most:
                    return False
        return True

    # === BUSINESS === #

    @api.model
    def _rows(self):
        """Return all limits, once for a whole batch of decisions."""
        # sudo: customer.recovery.limit - decides about those who cannot read it, too
        return self.sudo().search([("level", "!=", False)])

    def _by_level(self, complaint, user) -> dict[str, Limit | None]:
        """Return the limit of each level on a complaint, in its company's currency.

        :param user: who decides; limits of a team he is not part of are not his, and
            neither his own word nor his own move raises a limit
        """
        severity = complaint._authority_severity(user)
        team = complaint._authority_team(user)
        fitting = self.filtered(lambda row: row._fits(complaint, severity, team))
        return {
            level: fitting._most_precise(level, complaint, user)
            for level in (*LEVELS, AUTOMATIC)
            if any(row.level == level for row in fitting)
        }

    def _fits(self, complaint, severity, team):
        return (
            self.company_id in (complaint.company_id, self.env["res.company"])
            and self.team_id in (team, self.env["customer.complaint.team"])
            and self.severity in (severity, False)
        )

    def _most_precise(self, level, complaint, user):
        """Return the limit that counts for a level; None: gives nothing alone."""
        rows = self.filtered(
            lambda row: (
                row.level == level
                and (not row.team_id or row.team_id._has_in_it(user, level))
            )
        )
        if not rows:
            return None
        row = max(
            rows,
            key=lambda row: (
                bool(row.team_id),
                bool(row.severity),
                bool(row.company_id),
            ),
        )
        return row._as_limit(complaint.company_id)

    def _as_limit(self, company):
        """Return the row as amounts of a company; 0 means any amount."""
        if not self.may_decide:
            return None
        today = fields.Date.context_today(self)
        amounts = {}
        for name in AMOUNTS:
            if self[name]:
                amount = self.currency_id._convert(
                    self[name], company.currency_id, company, today
                )
                amounts[name] = company.currency_id._exact(amount)
        return Limit(**amounts)
