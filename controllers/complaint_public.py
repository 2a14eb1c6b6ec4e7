from __future__ import annotations

import time

from werkzeug.exceptions import NotFound

from odoo import http
from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.http import request
from odoo.tools import email_normalize
from odoo.tools.misc import hash_sign, verify_hash_signed

from . import complaint_forms as forms

KINDS = ("complaint", "suggestion", "praise", "question")
SCOPE = "customer_complaint_form"
# Nobody types a complaint faster; a form is open for a day.
LEAST_SECONDS = 3
OPEN_HOURS = 24
# Per hour: forms from one address of the network, and per day forms that name the
# same e-mail address.
FORMS_PER_HOUR = 10
FORMS_PER_MAILBOX = 5


class PublicComplaints(http.Controller):
    """Complaining without an account, and seeing how far it is."""

    # === FORM ===#

    @http.route(
        ["/complaints", "/complaints/<string:slug>"],
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def form(self, slug=None, **query):
        """Show the form of a company or team; without a name, of this company."""
        elsewhere = forms.redirect_to_language()
        if elsewhere:
            return elsewhere
        place = self._place(slug)
        if not place:
            return self._render_closed()
        user = request.env.user
        values = {}
        if not user._is_public():
            partner = user.partner_id
            values = {
                "name": partner.name,
                "email": partner.email,
                "phone": partner.phone,
            }
        values["reference"] = forms.clean_line(query.get("reference"))
        return self._render_form(place, slug, values)

    @http.route(
        ["/complaints", "/complaints/<string:slug>"],
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def submit(self, slug=None, **post):
        """Take in what was filled in, and lead to its status page."""
        place = self._place(slug)
        if not place:
            return self._render_closed()
        if self._is_robot(post):
            # says thank you like to everybody, so that it learns nothing
            return request.render(
                "customer_retention.complaint_public_thanks", self._base(place)
            )
        try:
            complaint = self._create(place, post)
        except UserError as error:
            return self._render_form(place, slug, post, error=str(error))
        return request.redirect(f"{complaint._status_path()}?new=1", 303)

    # === STATUS ===#

    @http.route(
        "/complaints/status/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
        readonly=True,
    )
    def status(self, token, **query):
        """Show how far a complaint is and what happens next."""
        elsewhere = forms.redirect_to_language()
        if elsewhere:
            return elsewhere
        return self._render_status(self._complaint(token), token, query)

    @http.route(
        "/complaints/status/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def answer(self, token, **post):
        """Add to a complaint what its sender writes on the status page."""
        complaint = self._complaint(token)
        try:
            forms.check_not_colleague()
            forms.limit("answer", forms.ANSWERS_PER_HOUR)
            text, files = forms.read_answer(post)
        except UserError as error:
            return self._render_status(complaint, token, post, error=str(error))
        user = request.env.user
        is_verified = complaint._is_own_side(user)
        complaint._post_from_customer(
            text,
            files,
            author=user.partner_id if is_verified else None,
            is_verified=is_verified,
        )
        return request.redirect(f"/complaints/status/{token}?sent=1", 303)

    # === INSIDE ===#

    def _place(self, slug):
        """Return the company or team of an address, as superuser.

        None: there is none, or it takes no complaints here.
        """
        if slug:
            return request.env["res.company"]._complaint_places().get(slug)
        # sudo: res.company - its name and slug are public
        company = request.env.company.sudo()
        return company if company.complaint_public_page else None

    def _render_closed(self):
        """Say where else to turn to; nobody learns what companies there are."""
        # sudo: res.company - how to reach it is public
        company = request.env.company.sudo()
        values = {"res_company": company, "no_breadcrumbs": True}
        response = request.render("customer_retention.complaint_public_closed", values)
        response.status_code = 404
        return response

    def _complaint(self, token):
        complaint = request.env["customer.complaint"]._find_by_status_token(token)
        if not complaint:
            raise NotFound()
        return complaint

    def _base(self, place):
        """Return the values every page has: whose page it is."""
        company = place if place._name == "res.company" else place.company_id
        return {
            "place": place,
            "res_company": company,
            "no_breadcrumbs": True,
            "main_object": place,
        }

    def _render_form(self, place, slug, values, error=None):
        """Render the form, with the proof of when it was opened."""
        # sudo: ir.config_parameter - the secret that signs when the form was opened
        opened = hash_sign(
            request.env(su=True), SCOPE, time.time(), expiration_hours=OPEN_HOURS
        )
        return forms.render_form(
            "customer_retention.complaint_public_form",
            {
                **self._base(place),
                "action": f"/complaints/{slug}" if slug else "/complaints",
                "values": values,
                "kinds": self._kinds(),
                "opened": opened,
            },
            error,
        )

    def _kinds(self):
        kind = request.env["customer.complaint"]._fields["kind"]
        return [
            (value, label)
            for value, label in [
                ("complaint", request.env._("Something went wrong")),
                ("suggestion", request.env._("I have an idea")),
                ("question", request.env._("I have a question")),
                ("praise", request.env._("I want to praise")),
            ]
            if value in kind.get_values(request.env)
        ]

    def _render_status(self, complaint, token, query, error=None):
        """Render how far a complaint is; nobody may keep or pass on this page."""
        response = forms.render(
            "customer_retention.complaint_public_status",
            {
                **self._base(complaint.company_id),
                **forms.complaint_values(complaint, query),
                "token": token,
                "url": complaint.company_id.get_base_url()
                + f"/complaints/status/{token}",
            },
            error,
        )
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex"
        response.headers["Cache-Control"] = "no-store"
        return response

    def _is_robot(self, post) -> bool:
        """Return whether a program filled in the form.

        It fills in the field that people do not see, or is faster than anybody.
        """
        opened = self._opened(post)
        return bool(post.get("website")) or (
            opened is not None and time.time() - opened < LEAST_SECONDS
        )

    def _opened(self, post):
        """Return when the form was opened; None if it is too old or not ours."""
        try:
            # sudo: ir.config_parameter - the secret that signed the form
            return verify_hash_signed(
                request.env(su=True), SCOPE, post.get("opened") or ""
            )
        except (ValueError, TypeError, IndexError):
            return None

    def _create(self, place, post):
        """Create a complaint from what was sent.

        :raise UserError: something is missing, too much or too often
        """
        env = request.env
        text = forms.clean_text(post.get("text"))
        email = email_normalize(forms.clean_line(post.get("email")))
        if not text:
            raise UserError(env._("Please tell us what happened."))
        if not email:
            raise UserError(
                env._("Please give an e-mail address at which we can answer you.")
            )
        if self._opened(post) is None:
            raise UserError(
                env._("This page was open for a long time. Please send it once more.")
            )
        files = forms.read_files()
        forms.limit("form", FORMS_PER_HOUR)
        forms.limit("mailbox", FORMS_PER_MAILBOX, who=email, minutes=24 * 60)
        # sudo: customer.complaint - anybody may complain; every value is set here
        Complaint = env["customer.complaint"].sudo()
        return Complaint._receive_from_public(
            self._prepare_values(Complaint, place, post, email, text), files
        )

    def _prepare_values(self, Complaint, place, post, email, text):
        """Return the values of a complaint: each is chosen here, none taken over."""
        is_team = place._name == "customer.complaint.team"
        company = place.company_id if is_team else place
        user = request.env.user
        partner = Complaint._find_customer(email, company)
        # a colleague may fill in the form for somebody else
        if not user._is_public() and user.partner_id.partner_share:
            partner = user.partner_id
        kind = post.get("kind")
        reference = forms.clean_line(post.get("reference"))
        return {
            "text": text,
            "kind": kind if kind in KINDS else "complaint",
            "channel": "web",
            "company_id": company.id,
            "team_id": place.id if is_team else False,
            "partner_id": partner.id,
            "partner_name": forms.clean_line(post.get("name")),
            "email_from": email,
            "phone": forms.clean_line(post.get("phone")),
            "remedy_sought_ids": [Command.set(forms.ticked_remedies())],
            "is_kept_from_salesperson": bool(post.get("keep")),
            **Complaint._resolve_reference(reference, partner, company),
        }
