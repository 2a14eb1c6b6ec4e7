from odoo import api, models

# What a customer reads of the own complaint: what was told us, and where it stands.
# What we think, plan and find out is ours, whatever field it is in.
CUSTOMER_FIELDS = frozenset(
    {
        "id",
        "display_name",
        "name",
        "subject",
        "description",
        "kind",
        "channel",
        "company_id",
        "currency_id",
        "partner_id",
        "partner_name",
        "account_id",
        "email_from",
        "phone",
        "order_id",
        "order_line_ids",
        "product_id",
        "happened_on",
        "remedy_sought_ids",
        "is_kept_from_salesperson",
        "status",
        "received_at",
        "acknowledged_at",
        "answered_at",
        "promised_at",
        "promise_text",
        "decided_at",
        "resolved_at",
        "closed_at",
        "reopened_at",
        "merged_into_id",
        "follow_up_of_id",
        "active",
        "is_readable",
        "create_date",
        "write_date",
        "access_url",
        "access_token",
        "access_warning",
        "message_ids",
        "website_message_ids",
        "has_message",
        "message_is_follower",
        "message_needaction",
        "message_needaction_counter",
        "message_has_error",
        "message_has_error_counter",
        "message_has_sms_error",
    }
)


class CustomerComplaint(models.Model):
    """Whoever is no colleague reads a list of fields, and no other one."""

    _inherit = "customer.complaint"

    @api.model
    def _customer_fields(self):
        """Return the names of the fields that customers read."""
        return CUSTOMER_FIELDS

    @api.model
    def _search(self, domain, offset=0, limit=None, order=None, **kwargs):
        """Customers see the latest first: by our deadlines would tell them those."""
        is_colleague = self.env.su or self.env.user._is_internal()
        if order == self._order and not is_colleague:
            order = "received_at desc, id desc"
        return super()._search(domain, offset, limit, order, **kwargs)

    @api.model
    def _has_field_access(self, field, operation):
        """A field that anybody adds is not the customer's until somebody says so."""
        if not super()._has_field_access(field, operation):
            return False
        if self.env.su or self.env.user._is_internal():
            return True
        return operation == "read" and field.name in self._customer_fields()
