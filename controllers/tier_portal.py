from __future__ import annotations

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.http import content_disposition, request

from odoo.addons.portal.controllers.portal import CustomerPortal

CERTIFICATE = "customer_retention.customer_tier_certificate_report"


class TierPortal(CustomerPortal):
    """My membership: the tier, what is missing to the next, benefits, history."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        if "membership_count" in counters:
            values["membership_count"] = len(self._own_memberships())
        return values

    def _own_memberships(self):
        """Return the memberships of the customer who is logged in, as superuser."""
        memberships = request.env["customer.tier.membership"]
        return memberships._of_portal_user(request.env.user)

    @http.route(
        "/my/membership",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
        readonly=True,
    )
    def membership(self, **query):
        """Show the customer's membership, or those of several programs."""
        memberships = self._own_memberships()
        response = request.render(
            "customer_retention.portal_my_membership",
            {
                **self._prepare_portal_layout_values(),
                "memberships": [one._prepare_portal_values() for one in memberships],
                "messages_wanted": not self._is_silent(memberships),
                "page_name": "membership",
            },
        )
        response.headers["Cache-Control"] = "no-store"
        return response

    def _is_silent(self, memberships):
        """Whether the customer wants no messages from any of the companies."""
        opt_outs = request.env["customer.tier.opt.out"]
        account_ids = memberships.partner_id.commercial_partner_id.ids
        roots = request.env.user.company_ids._retention_root()
        return bool(account_ids) and all(
            opt_outs._silent_accounts(account_ids, root, root._retention_today())
            for root in roots
        )

    @http.route(
        "/my/membership/messages",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
    )
    def choose_messages(self, wanted="", **query):
        """Stop or resume e-mails about the own membership, as the customer chooses."""
        memberships = self._own_memberships()
        if not memberships:
            raise NotFound()
        user = request.env.user
        request.env["customer.tier.opt.out"]._choose(
            user.partner_id.commercial_partner_id,
            user.company_ids._retention_root(),
            wanted == "yes",
            request.env._("Chosen on the own page"),
        )
        return request.redirect("/my/membership")

    @http.route(
        "/my/membership/<int:membership_id>/certificate",
        type="http",
        auth="user",
        methods=["GET"],
        website=True,
    )
    def certificate(self, membership_id, **query):
        """Hand out the certificate of an own membership: a PDF, or a page to print
        where the program that makes PDFs is missing.
        """
        memberships = self._own_memberships()
        membership = memberships.filtered(lambda one: one.id == membership_id)
        if not membership.tier_id:
            raise NotFound()
        # sudo: ir.actions.report - of a membership that was checked above
        reports = request.env["ir.actions.report"].sudo()
        if reports.get_wkhtmltopdf_state() == "install":
            page, _kind = reports._render_qweb_html(CERTIFICATE, membership.ids)
            return request.make_response(page, headers=[("Cache-Control", "no-store")])
        pdf, _kind = reports._render_qweb_pdf(CERTIFICATE, membership.ids)
        name = request.env._("Certificate %s.pdf", membership.tier_id.name)
        return request.make_response(
            pdf,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Length", len(pdf)),
                ("Content-Disposition", content_disposition(name)),
                ("Cache-Control", "no-store"),
            ],
        )
