from odoo import fields, models

from .customer_derived import LooseMany2one


class CustomerTierEntry(models.Model):
    """What a document adds to a measure: a rebuildable cache.

    Only for measures that need the lines of documents (categories, exclusions,
    units, margin, points); the others read :class:`customer.purchase` itself.
    """

    _name = "customer.tier.entry"
    _inherit = "customer.derived"
    _description = "Qualifying Entry"
    _order = "date desc, id desc"
    _log_access = False
    _derived_columns = (
        "measure_id",
        "source",
        "res_id",
        "partner_id",
        "company_id",
        "date",
        "value",
    )
    _derived_key = ("measure_id", "source", "res_id")

    measure_id = LooseMany2one(
        "customer.tier.measure", required=True, readonly=True, ondelete="cascade"
    )
    source = fields.Char(required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document", model_field="source", required=True, readonly=True
    )
    partner_id = LooseMany2one(
        "res.partner", string="Customer", required=True, readonly=True, ondelete="cascade"
    )
    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    date = fields.Date(required=True, readonly=True)
    value = fields.Float(readonly=True, help="Money in the currency of the company.")

    _document_unique = models.Constraint(
        "UNIQUE(measure_id, source, res_id)", "A document counts once."
    )
    _account_idx = models.Index("(partner_id, measure_id, date)")
