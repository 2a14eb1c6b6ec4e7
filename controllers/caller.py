from werkzeug.urls import url_encode

from odoo import http
from odoo.http import request


class CallerController(http.Controller):
    """Opens the card of a caller, for telephone systems that can open a link."""

    @http.route(
        "/retention/caller", type="http", auth="user", methods=["GET"], readonly=True
    )
    def open_caller(self, number=None, term=None):
        """Lead to the one customer with this number, or to the search for it.

        :param number: telephone number in any format
        :param term: anything else a caller tells: name, e-mail, document number
        """
        user = request.env.user
        if not user._is_internal():
            # As everywhere in Odoo: visitors of the portal are led to their pages.
            return request.redirect("/web/login_successful")
        if not user.has_group("customer_retention.group_user"):
            return request.redirect("/odoo")
        # An address that says "+84…" without encoding arrives as " 84…": the digits
        # are compared from the right, so that nothing is lost.
        asked = (number or "").strip() or (term or "").strip()
        cards = request.env["customer.relationship"].find_caller(asked, limit=2)
        likely = [card for card in cards if card["exact"]] or cards
        if len(likely) == 1 and likely[0]["id"]:
            return request.redirect(f"/odoo/retention/{likely[0]['id']}")
        return request.redirect(f"/odoo/caller?{url_encode({'term': asked})}")
