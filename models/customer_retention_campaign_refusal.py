from __future__ import annotations

from ast import literal_eval

from markupsafe import Markup

from odoo import api, models
from odoo.tools import hash_sign
from odoo.tools.mail import append_content_to_html

SCOPE = "customer_retention-campaign-refusal"
PATH = "/campaign/stop"


class CustomerRetentionCampaign(models.Model):
    """Whoever gets the mail of a campaign can say in it that it was the last one."""

    _inherit = "customer.retention.campaign"

    def _mail(self, partners):
        mails = super()._mail(partners)
        self._offer_refusal(mails)
        return mails

    def _offer_refusal(self, mails) -> None:
        """Put the link below each mail, and where mail programs look for it."""
        # sudo: res.partner - the language of whom core has just written to
        partners = self.env["res.partner"].sudo()
        for mail in mails:
            partner = partners.browse(mail.res_id)
            url = self._refusal_url(partner)
            headers = {
                **literal_eval(mail.headers or "{}"),
                "List-Unsubscribe": f"<{url}>",
                "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            }
            footer = self._refusal_footer(partner, url)
            mail.write(
                {
                    "headers": repr(headers),
                    "body_html": append_content_to_html(
                        mail.body_html, footer, plaintext=False
                    ),
                }
            )

    def _refusal_url(self, partner) -> str:
        self.ensure_one()
        # sudo: ir.config_parameter - the secret that signs links
        env = self.sudo().env
        token = hash_sign(env, SCOPE, [self.id, partner.id])
        return f"{self.get_base_url()}{PATH}/{token}"

    def _refusal_footer(self, partner, url: str) -> Markup:
        words = self.with_context(lang=partner.lang or self.env.lang).env._(
            "I do not want mails like this."
        )
        style = "font-size: 12px; color: #666; margin-top: 24px;"
        return Markup('<p style="%s"><a href="%s">%s</a></p>') % (style, url, words)

    @api.model
    def _from_refusal(self, token: str) -> tuple:
        """Return the campaign and the customer that a link names, or nothing twice."""
        links = self.env["customer.survey.link.mixin"]
        campaign_id, partner_id = links._verify_signed(SCOPE, token) or (None, None)
        # sudo: customer.retention.campaign, res.partner - the signature names them
        env = self.sudo().env
        campaign = env[self._name].browse(campaign_id).exists()
        partner = env["res.partner"].browse(partner_id).exists()
        if not (campaign and partner):
            return campaign.browse(), partner.browse()
        return campaign, partner

    def _refuse(self, partner) -> None:
        """Have nobody write to lists with this address any more, in core's way."""
        if not partner.email_normalized or partner.is_blacklisted:
            return
        # sudo: mail.blacklist - the customer asks for it without an account
        self.env["mail.blacklist"].sudo()._add(
            partner.email_normalized,
            message=self.env._("Asked for it in the mail of “%s”.", self.name),
        )
        partner.invalidate_recordset(["is_blacklisted"])
