from __future__ import annotations

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.fields import Command
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager

from . import complaint_forms as forms

ENDED = ("resolved", "closed")


class ComplaintPortal(CustomerPortal):
    """My complaints: see them, answer, attach, say that it is not settled yet."""

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

    # === ONE ===#

    @http.route(
        "/my/complaints/<int:complaint_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def complaint(self, complaint_id, access_token=None, **query):
        """Show one complaint: how far it is, what happens next, what was said."""
        complaint = self._reachable_complaint(complaint_id, access_token)
        if not complaint:
            return request.redirect("/my")
        if complaint.id != complaint_id:
            return request.redirect(self._complaint_address(complaint, access_token))
        return self._render_complaint(complaint, access_token, query)

    @http.route(
        "/my/complaints/<int:complaint_id>/answer",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def complaint_answer(self, complaint_id, access_token=None, **post):
        """Add what the customer writes; ``reopen`` says that it is not settled."""
        complaint = self._reachable_complaint(complaint_id, access_token)
        if not complaint:
            raise NotFound()
        try:
            forms.check_not_colleague()
            text, files = forms.read_answer(post)
        except UserError as error:
            return self._render_complaint(complaint, access_token, post, str(error))
        message = complaint._post_from_customer(
            text, files, author=self._speaker(), wants_more=bool(post.get("reopen"))
        )
        # a late message has moved to the complaint that follows up
        following = complaint.browse(message.res_id)
        address = self._complaint_address(following, self._token_for(following))
        return request.redirect(f"{address}{'&' if '?' in address else '?'}sent=1", 303)

    @http.route(
        "/my/complaints/<int:complaint_id>/attachment/<int:attachment_id>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
    )
    def complaint_attachment(self, complaint_id, attachment_id, access_token=None):
        """Hand out an attachment of a message that the customer may read."""
        complaint = self._reachable_complaint(complaint_id, access_token)
        if not complaint:
            raise NotFound()
        readable = complaint._customer_messages().attachment_ids
        attachment = readable.filtered(lambda found: found.id == attachment_id)
        if not attachment:
            raise NotFound()
        # sudo: ir.attachment - it belongs to a message that was checked above
        stream = request.env["ir.binary"].sudo()._get_stream_from(attachment.sudo())
        return stream.get_response(as_attachment=True)

    # === INSIDE ===#

    def _reachable_complaint(self, complaint_id, access_token):
        """Return a complaint as superuser if this visitor may see it, else nothing.

        Every page and every change asks here again. A merged complaint leads to the
        one it was merged into, which has the same customer.
        """
        try:
            complaint = self._document_check_access(
                "customer.complaint", complaint_id, access_token
            )
        except (AccessError, MissingError):
            return None
        live = complaint._live()
        if live != complaint and live.account_id != complaint.account_id:
            return None
        return live

    def _token_for(self, complaint):
        """Return the token to go on with where the visitor came in by one."""
        try:
            complaint.with_user(request.env.user).check_access("read")
        except AccessError:
            # the visitor has just written into this complaint
            return complaint._portal_ensure_token()
        return None

    def _complaint_address(self, complaint, access_token):
        if not access_token:
            return complaint.access_url
        # the token of the complaint before a merger does not open the other one
        # sudo: customer.complaint - the token of a complaint that was opened by one
        token = complaint.sudo().access_token
        if not token or not consteq(token, access_token):
            token = complaint._portal_ensure_token()
        return f"{complaint.access_url}?access_token={token}"

    def _speaker(self):
        """Return who is logged in, unless it is a colleague or nobody."""
        user = request.env.user
        if user._is_public() or not user.partner_id.partner_share:
            return None
        return user.partner_id

    def _render_complaint(self, complaint, access_token, query, error=None):
        values = {
            **forms.complaint_values(complaint, query),
            "messages": complaint._customer_messages(),
            "is_ended": complaint.status in ENDED,
            "page_name": "complaint",
            "limit": forms.file_limit(),
        }
        values = self._get_page_view_values(
            complaint,
            access_token,
            values,
            "my_complaints_history",
            request.env.user._is_public(),
        )
        values["res_company"] = complaint.company_id
        response = forms.render("customer_retention.portal_my_complaint", values, error)
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cache-Control"] = "no-store"
        return response
