from odoo import http
from odoo.http import request

from ..models.customer_retention_campaign_refusal import PATH


class CampaignRefusalController(http.Controller):
    """The page behind “no more mails”: looking at it changes nothing."""

    @http.route(
        f"{PATH}/<string:token>",
        type="http",
        auth="public",
        methods=["GET"],
        readonly=True,
        sitemap=False,
    )
    def show_refusal(self, token):
        """Ask once more, since programs follow links, too."""
        return self._render_refusal(token)

    # The signed link is the proof; mail programs send no token of a page (RFC 8058).
    @http.route(
        f"{PATH}/<string:token>",
        type="http",
        auth="public",
        methods=["POST"],
        csrf=False,
        sitemap=False,
    )
    def refuse(self, token, **form):
        """Write to lists with this address no more."""
        campaign, partner = self._refusal_of(token)
        campaign._refuse(partner)
        return self._render_refusal(token)

    def _refusal_of(self, token):
        return request.env["customer.retention.campaign"]._from_refusal(token)

    def _render_refusal(self, token):
        campaign, partner = self._refusal_of(token)
        lang = partner.lang or request.env.lang
        values = {
            "company": campaign.company_id or request.env.company,
            "partner": partner,
            "is_refused": partner.is_blacklisted,
            "action": f"{PATH}/{token}",
        }
        page = request.env["ir.ui.view"].with_context(lang=lang)
        return page._render_template("customer_retention.campaign_refusal_page", values)
