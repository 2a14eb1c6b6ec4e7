from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL


class CustomerProfilingExclusion(models.Model):
    """A customer who must not be profiled, from a day on.

    From then on the relationship is a bare row that says so. Purchases, contacts and
    the log stay in the database, since they follow documents and tell what was; yet
    record rules show them to nobody, and neither the analysis nor the figures of
    segments read them. What people recorded stays in sight. The day after its end
    the row is worked out anew.

    Only managers exclude a customer in every company at once. Only the last day
    changes afterwards, by the author or a manager.
    """

    _name = "customer.profiling.exclusion"
    _inherit = "customer.decision.mixin"
    _description = "Exclusion from Profiling"
    _order = "date_from desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company",
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
        help="Leave empty to exclude the customer in every company, as a manager.",
    )
    reason = fields.Char(required=True)
    date_from = fields.Date(
        string="From",
        required=True,
        default=lambda self: self._default_date(),
        help="First day of the exclusion.",
    )
    date_until = fields.Date(
        string="Until", help="Last day of the exclusion. Empty: no end."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Recorded By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )

    purpose_text = fields.Text(
        string="What the Profile Is For",
        compute="_compute_purpose_text",
        exportable=False,
    )

    @api.depends("company_id")
    @api.depends_context("lang", "company")
    def _compute_purpose_text(self):
        for exclusion in self:
            company = exclusion.company_id or self.env.company
            exclusion.purpose_text = company.with_env(self.env)._profiling_purpose()

    @api.model
    def _default_company_id(self):
        """Every company for managers, the own one for everybody else."""
        if self._is_manager():
            return self.env["res.company"]
        return super()._default_company_id()

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for exclusion in self:
            until = exclusion.date_until
            if until and until < exclusion.date_from:
                raise ValidationError(
                    self.env._(
                        "The exclusion would end before it begins. Choose a later "
                        "last day, or leave it empty."
                    )
                )

    @api.constrains("reason")
    def _check_reason(self):
        if any(not (exclusion.reason or "").strip() for exclusion in self):
            raise ValidationError(
                self.env._("Say why the customer is not profiled: others will read it.")
            )

    # === VISIBILITY === #

    @api.model
    def _same_company_sql(self, alias) -> SQL:
        """An exclusion in every company is seen from each where the customer is."""
        return SQL(
            "(%s OR %s IS NULL AND row.company_id = ANY(%s))",
            super()._same_company_sql(alias),
            SQL.identifier(alias, "company_id"),
            self.env.companies.root_id.ids,
        )

    # === CRUD === #

    @api.model
    def _prepare_decision(self, vals):
        vals = super()._prepare_decision(vals)
        if not vals.get("company_id") and not self._is_manager():
            raise UserError(
                self.env._(
                    "Only a manager excludes a customer in every company. Choose the "
                    "company, or ask a manager."
                )
            )
        return vals

    def _decide(self, more_partners=None):
        """Bare rows at once, also of the many who wait for the queue, and where
        nobody is evaluated because the company uses no positions.
        """
        result = super()._decide(more_partners)
        self.env["customer.relationship"]._strip_now(self.partner_id.ids)
        return result

    def _check_amendment(self, vals):
        result = super()._check_amendment(vals)
        others = self.filtered(lambda exclusion: exclusion.user_id != self.env.user)
        if others and not self._is_manager():
            raise UserError(
                self.env._(
                    "Only %(author)s or a manager ends this exclusion.",
                    author=others[0].user_id.name,
                )
            )
        return result

    @api.model
    def _get_amendable_fields(self):
        return {"date_until"}

    @api.model
    def _amendment_message(self):
        return self.env._(
            "An exclusion stays as it was recorded. Only its last day can be changed: "
            "end it and record a new one instead."
        )

    @api.model
    def _is_manager(self):
        """Whether the reader answers for the customers of everybody."""
        return self.env.su or self.env.user.has_group(
            "customer_retention.group_manager"
        )
