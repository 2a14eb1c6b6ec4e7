from odoo import api, fields, models

ANSWERS = [("unknown", "Unknown"), ("yes", "Yes"), ("no", "No")]
QUESTIONS = (
    "need",
    "can_pay",
    "reachable",
    "right_to_buy",
    "core_value",
    "recommends",
)


class CustomerFit(models.Model):
    """A person's dated judgement whether a customer suits us and we suit them.

    The latest assessment counts from its day on, until the next one. It is not
    rewritten: whoever learns more records a new one. Only the note is completed.
    """

    _name = "customer.fit"
    _inherit = "customer.decision.mixin"
    _description = "Fit of a Customer"
    _order = "date desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    date = fields.Date(
        required=True,
        default=lambda self: self._default_date(),
        help="Day from which this assessment counts.",
    )
    user_id = fields.Many2one(
        "res.users",
        string="Assessed By",
        required=True,
        readonly=True,
        default=lambda self: self.env.user,
        copy=False,
    )
    need = fields.Selection(
        ANSWERS,
        string="Has the Need",
        default="unknown",
        required=True,
        help="Does the customer need what we offer?",
    )
    can_pay = fields.Selection(
        ANSWERS,
        default="unknown",
        required=True,
        help="Can the customer afford it, and pays its bills?",
    )
    reachable = fields.Selection(
        ANSWERS,
        default="unknown",
        required=True,
        help="Can we reach the people who decide?",
    )
    right_to_buy = fields.Selection(
        ANSWERS,
        string="Has the Right to Buy",
        default="unknown",
        required=True,
        help="May the customer buy it: law, contracts, authority?",
    )
    core_value = fields.Selection(
        ANSWERS,
        string="Fits Our Core Value",
        default="unknown",
        required=True,
        help="Is it the kind of customer we want to be best for?",
    )
    recommends = fields.Selection(
        ANSWERS,
        string="Recommends Us",
        default="unknown",
        required=True,
        help="Does the customer recommend us to others?",
    )
    yes_count = fields.Integer(string="Answers Yes", compute="_compute_yes_count")
    note = fields.Text()

    @api.depends(*QUESTIONS)
    def _compute_yes_count(self):
        for fit in self:
            fit.yes_count = sum(fit[question] == "yes" for question in QUESTIONS)

    @api.model
    def _get_amendable_fields(self):
        return {"note"}

    @api.model
    def _amendment_message(self):
        return self.env._(
            "An assessment stays as it was made, except for its note. Record a new "
            "assessment instead: the latest one counts."
        )
