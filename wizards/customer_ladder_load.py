from odoo import api, fields, models
from odoo.exceptions import UserError


class CustomerLadderLoad(models.TransientModel):
    """Replace a ladder of positions by a template, after showing what happens.

    The positions in use are archived, never deleted: the history refers to them.
    """

    _name = "customer.ladder.load"
    _description = "Load a Ladder"

    template_id = fields.Many2one("customer.ladder.template", required=True)
    company_id = fields.Many2one(
        "res.company",
        domain=[("parent_id", "=", False)],
        help="Leave empty for the ladder that is shared by all companies without "
        "one of their own.",
    )
    applies = fields.Selection(
        [
            ("today", "From today on: past positions stay as they were"),
            ("always", "For the past, too: the history is judged again"),
        ],
        string="The New Positions Count",
        default="today",
        required=True,
    )
    step_ids = fields.One2many(related="template_id.step_ids", string="New Positions")
    archived_ids = fields.Many2many(
        "customer.relationship.stage",
        string="Archived Positions",
        compute="_compute_archived_ids",
    )
    customer_count = fields.Integer(
        compute="_compute_archived_ids",
        help="Customers who stand on a position that will be archived.",
    )
    in_force = fields.Char(
        compute="_compute_in_force", help="The ladder that customers stand on now."
    )
    summary = fields.Char(compute="_compute_summary")

    @api.depends("company_id")
    def _compute_archived_ids(self):
        # sudo: customer.relationship - the number counts customers of everybody
        rows = self.env["customer.relationship"].sudo()
        stages = self.env["customer.relationship.stage"]
        for load in self:
            domain = [("company_id", "=", load.company_id.id)]
            load.archived_ids = stages.search(domain)
            load.customer_count = rows.search_count(
                [("stage_id", "in", load.archived_ids.ids)]
            )

    @api.depends("archived_ids")
    @api.depends_context("lang")
    def _compute_in_force(self):
        """The positions of today, under the name of the template they came from."""
        templates = self.env["customer.ladder.template"].search_fetch([])
        for load in self:
            load.in_force = load._in_force_sentence(templates)

    def _in_force_sentence(self, templates):
        stages = self.archived_ids.sorted()
        positions = " → ".join(stages.mapped("name"))
        template = templates.filtered(lambda one: one._is_ladder_of(stages))[:1]
        if not (positions and template):
            return positions
        return self.env._(
            "%(template)s: %(positions)s", template=template.name, positions=positions
        )

    @api.depends("company_id", "archived_ids", "template_id", "customer_count")
    def _compute_summary(self):
        for load in self:
            load.summary = load._summary_sentence()

    def _summary_sentence(self):
        """What pressing the button will do."""
        if not self.template_id:
            return self.env._("Choose a ladder to see what would change.")
        if self.archived_ids:
            return self.env._(
                "%(old)s positions are archived and %(new)s are created. Customers "
                "evaluated again in the background: %(customers)s.",
                old=len(self.archived_ids),
                new=len(self.step_ids),
                customers=self.customer_count,
            )
        if not self.company_id:
            return self.env._("%(new)s positions are created.", new=len(self.step_ids))
        return self.env._(
            "%(new)s positions are created for %(company)s, which then no longer uses "
            "the shared ladder.",
            new=len(self.step_ids),
            company=self.company_id.name,
        )

    def action_load(self):
        """Archive the present ladder, create the new one and show it."""
        self.ensure_one()
        if not self.step_ids:
            raise UserError(
                self.env._(
                    "“%(name)s” has no positions. Add some, or choose another "
                    "template.",
                    name=self.template_id.name,
                )
            )
        archived = self._counting(self.archived_ids)
        self._create_stages()
        archived.write({"active": False})
        return self.env["ir.actions.act_window"]._for_xml_id(
            "customer_retention.customer_relationship_stage_action"
        )

    def _counting(self, stages):
        """The same positions, whose changes count from the day that was chosen."""
        return stages._counting_always() if self.applies == "always" else stages

    def _create_stages(self):
        """Create the positions of the template, translated."""
        stages = self._counting(self.env["customer.relationship.stage"])
        steps = self.step_ids.sorted()
        created = stages.create(
            [
                {**step._prepare_stage_values(), "company_id": self.company_id.id}
                for step in steps
            ]
        )
        for step, stage in zip(steps, created, strict=True):
            step._copy_translations(stage)
        return created
