from odoo import api, fields, models


class CustomerRuleVersion(models.Model):
    """One version of one rule: append-only, in force from a date.

    :meth:`_definition_in_force` answers which definition decided on a given day:
    the highest number whose ``date_from`` is empty or not later than that day.
    """

    _name = "customer.rule.version"
    _description = "Rule Version"
    _order = "res_model, res_id, number desc"
    _rec_name = "number"

    res_model = fields.Char(string="Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Record", model_field="res_model", required=True, readonly=True
    )
    number = fields.Integer(string="Version", required=True, readonly=True)
    date_from = fields.Date(
        string="In Force From",
        readonly=True,
        help="First day on which this version decides. Empty: always.",
    )
    definition = fields.Json(required=True, readonly=True)
    sentence = fields.Char(compute="_compute_sentence")
    note = fields.Char(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    create_uid = fields.Many2one("res.users", string="Author", readonly=True)
    create_date = fields.Datetime(string="Recorded On", readonly=True)

    _number_unique = models.Constraint(
        "UNIQUE(res_model, res_id, number)",
        "This version of the rule has been saved by somebody else meanwhile. "
        "Reload the page and try again.",
    )

    @api.depends("definition")
    def _compute_sentence(self):
        self.sentence = False
