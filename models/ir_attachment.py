from odoo import models


class IrAttachment(models.Model):
    _name = "ir.attachment"
    _inherit = ["customer.held.mixin", "ir.attachment"]

    _held_place = ("res_model", "res_id")
    _held_content = frozenset(
        {
            "datas",
            "raw",
            "db_datas",
            "store_fname",
            "url",
            "type",
            "name",
            "res_model",
            "res_id",
            "res_field",
        }
    )
