from __future__ import annotations

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.http import request

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from . import complaint_forms as forms

# Complaints that one login may send.
FORMS_PER_HOUR = 20


class ComplaintPortal(CustomerPortal):
    """My complaints: the list of them, and a new one."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "complaint_count" in counters:
            Complaint = request.env["customer.complaint"]
            values["complaint_count"] = (
                Complaint.search_count(self._complaint_domain())
                if Complaint.has_access("read")
                else 0
            )
        return values

    def _complaint_domain(self):
        """Return whose complaints the list shows: those of the own customer."""
        account = request.env.user.partner_id.commercial_partner_id
        return [
            "|",
            ("account_id", "=", account.id),
            ("partner_id", "=", request.env.user.partner_id.id),
            ("merged_into_id", "=", False),
        ]

    # === LIST ===#

    @http.route(
        ["/my/complaints", "/my/complaints/page/<int:page>"],
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def complaints(self, page=1, **query):
        """Show the customer's complaints, the latest first."""
        Complaint = request.env["customer.complaint"]
        domain = self._complaint_domain()
        if not Complaint.has_access("read"):
            domain = [("id", "=", False)]
            # sudo: customer.complaint - an empty list, for whom nothing is there
            Complaint = Complaint.sudo()
        pager = portal_pager(
            url="/my/complaints",
            total=Complaint.search_count(domain),
            page=page,
            step=self._items_per_page,
        )
        found = Complaint.search(
            domain,
            order="received_at desc, id desc",
            limit=self._items_per_page,
            offset=pager["offset"],
        )
        return request.render(
            "customer_retention.portal_my_complaints",
            {
                **self._prepare_portal_layout_values(),
                # sudo: customer.complaint - what was found with the reader's rights
                "complaints": found.sudo(),
                "page_name": "complaint",
                "pager": pager,
                "default_url": "/my/complaints",
            },
        )

    # === NEW ===#

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def complaint_form(self, **query):
        """Show the form, with the customer's own latest orders to choose from."""
        return self._render_complaint_form(query)

    @http.route(
        "/my/complaints/new",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def complaint_create(self, **post):
        """Take in a complaint of the customer who is logged in."""
        text = forms.clean_text(post.get("text"))
        try:
            if not text:
                raise UserError(request.env._("Please tell us what happened."))
            files = forms.read_files()
            forms.limit("own form", FORMS_PER_HOUR, who=f"user {request.env.uid}")
        except UserError as error:
            return self._render_complaint_form(post, error=str(error))
        # sudo: customer.complaint - customers may not create; all is chosen here
        Complaint = request.env["customer.complaint"].sudo()
        complaint = Complaint._receive_from_public(
            self._prepare_complaint_values(post, text), files
        )
        return request.redirect(f"{complaint.access_url}?new=1", 303)

    def _render_complaint_form(self, values, error=None):
        return forms.render_form(
            "customer_retention.portal_complaint_new",
            {
                **self._prepare_portal_layout_values(),
                "page_name": "complaint",
                "complaint_new": True,
                "orders": self._own_orders(),
                "values": values,
            },
            error,
        )

    def _own_orders(self):
        """Return the latest orders of the customer who is logged in.

        Only of companies whose complaints this login opens: one about another would
        be out of sight once it is sent.
        """
        companies = request.env.user.company_ids
        account = request.env.user.partner_id.commercial_partner_id
        return (
            request.env["sale.order"]
            # sudo: sale.order - own orders, whatever rights the portal has on sales
            .sudo()
            .search(
                [
                    ("partner_id", "child_of", account.id),
                    ("company_id", "in", companies.ids),
                    ("state", "=", "sale"),
                ],
                order="date_order desc",
                limit=20,
            )
        )

    def _prepare_complaint_values(self, post, text):
        """Return the values of a complaint; an order counts only if it is their own."""
        chosen = str(post.get("order_id") or "")
        order = self._own_orders().filtered(lambda order: str(order.id) == chosen)
        partner = request.env.user.partner_id
        company = order.company_id or partner.company_id & request.env.user.company_ids
        company = company or request.env.company
        return {
            "text": text,
            "kind": "complaint",
            "channel": "portal",
            "company_id": company.id,
            "partner_id": partner.id,
            "order_id": order.id,
            "remedy_sought_ids": [Command.set(forms.ticked_remedies())],
            "is_kept_from_salesperson": bool(post.get("keep")),
        }
