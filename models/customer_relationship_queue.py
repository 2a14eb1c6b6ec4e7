from odoo import fields, models


class CustomerRelationshipQueue(models.Model):
    """Partners whose relationship has to be looked at again: insert-only.

    Business transactions add rows and never update one, so that nobody waits for
    anybody. The account is resolved when the row is worked off.
    """

    _name = "customer.relationship.queue"
    _description = "Customers to Evaluate"
    _order = "id"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    reason = fields.Selection(
        [
            ("document", "Document"),
            ("decision", "Decision"),
            ("contact", "Contact"),
            ("import", "Import"),
            ("merge", "Merge"),
            ("reparent", "Change of Company"),
            ("partner", "Partner"),
        ],
        required=True,
    )
    queued_at = fields.Datetime(required=True)
