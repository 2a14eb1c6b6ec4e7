import ast

from odoo import api, fields, models


class CustomerComplaintTeam(models.Model):
    """The people who handle complaints, how they share them, and their hours."""

    _name = "customer.complaint.team"
    _description = "Complaint Team"
    _inherit = ["mail.alias.mixin", "rating.parent.mixin"]
    _order = "sequence, id"
    _check_company_auto = True
    _check_company_domain = models.check_company_domain_parent_of
    _rating_satisfaction_days = 90

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    manager_id = fields.Many2one(
        "res.users", string="Team Manager", domain="[('share', '=', False)]"
    )
    member_ids = fields.Many2many(
        "res.users",
        string="Members",
        domain="[('share', '=', False)]",
        help="Nobody: every handler sees the complaints of this team.",
    )
    calendar_id = fields.Many2one(
        "resource.calendar",
        string="Working Hours",
        check_company=True,
        help="Empty: the company's. None there: around the clock.",
    )
    assignment = fields.Selection(
        [
            ("manual", "By hand"),
            ("balanced", "To whom has least open"),
            ("salesperson", "To the customer's account manager"),
            ("category", "By category"),
        ],
        required=True,
        default="balanced",
        help="People on leave are skipped. Where the way leads to nobody, whoever of "
        "the members has least to do gets it.",
    )
    acknowledgement_template_id = fields.Many2one(
        "mail.template",
        string="Acknowledgement",
        domain="[('model', '=', 'customer.complaint')]",
        default=lambda self: self._default_acknowledgement_template_id(),
        help="Sent to the customer once, when a complaint arrives. Empty: nothing is.",
    )
    is_praise_acknowledged = fields.Boolean(string="Acknowledge Praise, Too")
    complaint_ids = fields.One2many("customer.complaint", "team_id")
    open_count = fields.Integer(string="Open", compute="_compute_open_count")

    def _default_company_id(self):
        return self.env.company

    def _default_acknowledgement_template_id(self):
        return self.env.ref(
            "customer_retention.mail_template_complaint_acknowledgement",
            raise_if_not_found=False,
        )

    def _compute_open_count(self):
        counts = dict(
            self.env["customer.complaint"]._read_group(
                [("team_id", "in", self.ids), ("status", "in", ("open", "waiting"))],
                groupby=["team_id"],
                aggregates=["__count"],
            )
        )
        for team in self:
            team.open_count = counts.get(team, 0)

    # === CRUD METHODS === #

    def write(self, vals):
        """The alias of a team creates complaints of its company."""
        result = super().write(vals)
        if "company_id" in vals:
            for team in self:
                # sudo: mail.alias - belongs to the team
                team.alias_id.sudo().write(team._alias_get_creation_values())
        return result

    def unlink(self):
        result = super().unlink()
        # the board of stages knows which teams work with which
        self.env.registry.clear_cache()
        return result

    # === ACTION METHODS === #

    def action_open_complaints(self):
        """Open the complaints of the team."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": "customer.complaint",
            "view_mode": "list,form",
            "domain": [("team_id", "=", self.id)],
            "context": {"default_team_id": self.id},
        }

    # === BUSINESS METHODS === #

    def _alias_get_creation_values(self):
        values = super()._alias_get_creation_values()
        values["alias_model_id"] = self.env["ir.model"]._get_id("customer.complaint")
        if self.id:
            defaults = ast.literal_eval(self.alias_defaults or "{}")
            defaults.update(team_id=self.id, company_id=self.company_id.id)
            values["alias_defaults"] = repr(defaults)
        return values

    @api.model
    def _responsible(self, company_id, category_id=None):
        """Return the team for a new complaint: of its category, else of its company.

        A branch without a team has that of the company it belongs to; a company
        without any has complaints without a team.
        """
        company = self.env["res.company"].browse(company_id)
        category = self.env["customer.complaint.category"].browse(category_id or [])
        # sudo: customer.complaint.team - customers and salespeople complain, too
        category = category.sudo()
        while category:
            team = category.team_id
            # sudo: res.company - the companies above, whoever complains
            if team.active and team.company_id in company.sudo().parent_ids:
                return team
            category = category.parent_id
        # sudo: res.company - the companies above, whoever complains
        teams = self.sudo().search([("company_id", "parent_of", company.id)])
        return next(
            (
                teams.filtered(lambda team, owner=owner: team.company_id == owner)[:1]
                # sudo: res.company - the companies above, whoever complains
                for owner in reversed(company.sudo().parent_ids)
                if owner in teams.company_id
            ),
            teams.browse(),
        )
