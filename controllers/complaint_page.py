from __future__ import annotations

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import AccessError, MissingError, UserError
from odoo.http import request
from odoo.tools import consteq

from odoo.addons.portal.controllers.portal import CustomerPortal

from . import complaint_forms as forms

ENDED = ("resolved", "closed")


class ComplaintPage(CustomerPortal):
    """One complaint of mine: see it, answer, attach, say that it is not settled yet."""

    # === PAGES ===#

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
            return self._redirect_away(complaint_id)
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
            user = request.env.user
            who = None if user._is_public() else f"user {user.id}"
            forms.limit("answer", forms.ANSWERS_PER_HOUR, who)
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
        "/my/complaints/<int:complaint_id>/rate",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def complaint_rate(self, complaint_id, **post):
        """Keep how the customer found it: the same question as behind the mail."""
        complaint = self._reachable_complaint(complaint_id, None)
        survey = complaint and self._survey_of(complaint)
        if not survey:
            raise NotFound()
        kept = survey._receive(post)
        return request.redirect(f"{complaint.access_url}?rated={int(kept)}#rate", 303)

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

    def _redirect_away(self, complaint_id):
        """Lead whoever is not signed in back here afterwards, everybody else home."""
        if request.env.user._is_public():
            return request.redirect_query(
                "/web/login", {"redirect": f"/my/complaints/{complaint_id}"}
            )
        return request.redirect("/my")

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

    def _survey_of(self, complaint):
        """Return what the customer who is logged in is asked; a link is not enough."""
        survey = complaint.survey_ids.browse()
        if self._speaker() and complaint.with_user(request.env.user).has_access("read"):
            survey = complaint._customer_survey()
        return survey

    def _render_complaint(self, complaint, access_token, query, error=None):
        """Render one complaint: its status, what was said, what may be answered."""
        survey = self._survey_of(complaint).with_context(lang=request.env.lang)
        values = {
            **forms.complaint_values(complaint, query),
            **survey._page_values(is_complete=query.get("rated") == "1"),
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
