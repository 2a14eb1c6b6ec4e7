from odoo import api, fields, models
from odoo.exceptions import UserError

from odoo.addons.base.models.ir_model import MODULE_UNINSTALL_FLAG

from .saved_values import show_saved


class CustomerRuleVersion(models.Model):
    """One version of one rule: append-only, in force from a date.

    On a given day the highest number decides whose ``date_from`` is empty or not
    later than that day.
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
    sentence = fields.Char(string="Rule", compute="_compute_sentence")
    details = fields.Char(
        compute="_compute_sentence",
        help="Minimum stay, direction and whatever else was decided besides the rule.",
    )
    subject = fields.Char(
        compute="_compute_subject", help="Position, condition or segment it defines."
    )
    company_id = fields.Many2one("res.company", readonly=True, index="btree_not_null")
    create_uid = fields.Many2one("res.users", string="Author", readonly=True)
    create_date = fields.Datetime(string="Recorded On", readonly=True)

    _number_unique = models.Constraint(
        "UNIQUE(res_model, res_id, number)",
        "This version of the rule has been saved by somebody else meanwhile. "
        "Reload the page and try again.",
    )

    @api.depends("definition")
    @api.depends_context("lang")
    def _compute_sentence(self):
        wording = self.env["customer.rule.wording"]
        for version in self:
            definition = version.definition or {}
            currency = version.company_id.currency_id
            version.sentence = wording._definition_sentence(definition, currency)
            version.details = wording._definition_details(definition)

    @api.depends("res_model", "res_id")
    def _compute_subject(self):
        saved = show_saved(self, ("subject",))
        for res_model, versions in saved.grouped("res_model").items():
            # sudo: customer.versioned.mixin - who reads a version may know the name
            records = self.env[res_model].sudo().browse(versions.mapped("res_id"))
            names = {record.id: record.display_name for record in records.exists()}
            for version in versions:
                version.subject = names.get(version.res_id) or self.env._("(deleted)")

    # === CRUD === #

    def write(self, vals):
        if vals:
            raise UserError(
                self.env._(
                    "A version of a rule is history and stays as it is. Change the "
                    "position, condition or segment instead: that adds a version."
                )
            )
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_history(self):
        if not self.env.context.get(MODULE_UNINSTALL_FLAG):
            raise UserError(
                self.env._(
                    "A version of a rule is history and cannot be deleted: past "
                    "changes of customers refer to it."
                )
            )

    # === BUSINESS === #

    @api.model
    def _record(self, record, definition, date_from=None):
        """Append the next version of a record's definition.

        :param record: a single record that decides about customers
        :param definition: plain values, as JSON keeps them
        :param date_from: first day in force, nothing for always
        :return: the new version
        """
        record.ensure_one()
        return self.create(
            {
                "res_model": record._name,
                "res_id": record.id,
                "number": self._last_number(record) + 1,
                "date_from": date_from or False,
                "definition": definition,
                "company_id": record.company_id.id,
            }
        )

    @api.model
    def _last_number(self, record):
        latest = self.search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)],
            order="number desc",
            limit=1,
        )
        return latest.number
