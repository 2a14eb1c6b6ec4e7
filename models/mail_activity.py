from odoo import models

from odoo.addons.mail.tools.discuss import Store

# Whose plans leave the words to the types.
PLANNED = ("customer.complaint", "customer.retention.case")


class MailActivity(models.Model):
    """Activities of a plan have no words of their own: the conversation names them.

    It shows the words, else the name, which core does not send. What the types are
    called is in the language of whoever reads it.
    """

    _inherit = "mail.activity"

    def _to_store_defaults(self, target):
        return [
            *super()._to_store_defaults(target),
            Store.Attr(
                "display_name",
                predicate=lambda one: one.res_model in PLANNED,
            ),
        ]
