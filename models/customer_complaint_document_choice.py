from __future__ import annotations

from datetime import datetime

from odoo import api, fields, models
from odoo.tools import format_date

# Documents of each kind that are offered, newest first.
SHOWN = 10
# Field: model, what counts, the date people know it by, its total.
DOCUMENTS = {
    "order_id": ("sale.order", [("state", "=", "sale")], "date_order", "amount_total"),
    "move_id": (
        "account.move",
        [("state", "=", "posted"), ("move_type", "in", ("out_invoice", "out_receipt"))],
        "invoice_date",
        "amount_total",
    ),
}


class CustomerDocumentChoiceMixin(models.AbstractModel):
    """What a complaint is about, for handlers without access to orders and invoices.

    They are told number, day and total of the customer's recent ones, nothing else.
    """

    _name = "customer.document.choice.mixin"
    _description = "Choice Among a Customer's Documents"

    document_choices = fields.Json(
        string="Order or Invoice",
        compute="_compute_document_choices",
        groups="customer_retention.group_complaint_user",
        help="The latest orders and invoices of the customer.",
    )

    @api.depends("partner_id", "company_id", *DOCUMENTS)
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_document_choices(self):
        """Nothing for whoever may read the documents and chooses among all of them."""
        for record in self:
            names = [
                name
                for name in DOCUMENTS
                if not record[name]._origin.has_access("read")
            ]
            # sudo: res.partner - which customer a contact belongs to
            account = record.partner_id.sudo().commercial_partner_id._origin
            record.document_choices = bool(account and names) and [
                record._prepare_document_choice(name, account) for name in names
            ]

    def _prepare_document_choice(self, name, account):
        """The documents for one field: ``{field, documents: [{id, name, text}]}``."""
        model, domain, day, total = DOCUMENTS[name]
        company = self.company_id or self.env.company
        documents = (
            self.env[model]
            # sudo: sale.order, account.move - number, day and total, for handlers
            .sudo()
            .search(
                [
                    *domain,
                    ("partner_id", "child_of", account.id),
                    ("company_id", "child_of", company._retention_root().id),
                ],
                order=f"{day} desc, id desc",
                limit=SHOWN,
            )
        )
        return {
            "field": name,
            "documents": [
                {
                    "id": document.id,
                    "name": document.display_name,
                    "text": " · ".join(
                        (
                            document.display_name,
                            self._choice_day(document[day]),
                            document.currency_id.format(document[total]),
                        )
                    ),
                }
                for document in documents
            ],
        }

    @api.model
    def _choice_day(self, moment):
        """The day of a document; an order has the time as well."""
        if not moment:
            return ""
        if isinstance(moment, datetime):
            moment = fields.Datetime.context_timestamp(self, moment)
        return format_date(self.env, moment)
