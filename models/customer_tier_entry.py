from odoo import fields, models

from .loose_many2one import LooseMany2one


class CustomerTierEntry(models.Model):
    """What a document adds to a measure: a rebuildable cache.

    Only for measures that need the lines of documents (categories, exclusions,
    units, margin, points); the others read :class:`customer.purchase` itself.
    """

    _name = "customer.tier.entry"
    _inherit = "customer.derived"
    _description = "Qualifying Entry"
    _order = "counts_on desc, id desc"
    _log_access = False
    _spared_as = "customer.purchase"
    _derived_columns = (
        "measure_id",
        "counting",
        "source",
        "res_id",
        "partner_id",
        "company_id",
        "counts_on",
        "date",
        "value",
    )
    _derived_key = ("measure_id", "counting", "source", "res_id")
    _derived_day = "counts_on"

    measure_id = LooseMany2one(
        "customer.tier.measure", required=True, readonly=True, ondelete="cascade"
    )
    counting = fields.Integer(
        required=True,
        readonly=True,
        help="Version of the ladder since which the measure is counted so.",
    )
    source = fields.Char(required=True, readonly=True)
    res_id = fields.Integer(
        string="Document", required=True, readonly=True, aggregator=None
    )
    partner_id = LooseMany2one(
        "res.partner",
        string="Customer",
        required=True,
        readonly=True,
        ondelete="cascade",
    )
    company_id = LooseMany2one(
        "res.company", required=True, readonly=True, ondelete="cascade"
    )
    counts_on = fields.Date(
        required=True,
        readonly=True,
        help="Day of the window: a credit note counts on the day of its original.",
    )
    date = fields.Date(
        required=True, readonly=True, help="Day since which it is known."
    )
    value = fields.Float(readonly=True, help="Money in the currency of the company.")

    _document_unique = models.Constraint(
        "UNIQUE(measure_id, counting, source, res_id)", "A document counts once."
    )
    _account_idx = models.Index("(partner_id, measure_id, counts_on)")
