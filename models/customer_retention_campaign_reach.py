from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain

# Names that are told; the others are counted.
MOST_NAMES = 8


class CustomerRetentionCampaign(models.Model):
    """Who on the list of a campaign can be written to, and why the others cannot."""

    _inherit = "customer.retention.campaign"

    reachable_count = fields.Integer(
        string="Can Be Written To", compute="_compute_reach"
    )
    blocked_count = fields.Integer(
        string="Not Written To",
        compute="_compute_reach",
        help="No address, do not want mails or profiles, left alone or worked on.",
    )
    blocked_text = fields.Text(string="Why Not", compute="_compute_reach")
    hold_out_share = fields.Float(related="play_id.hold_out_share")

    @api.depends("partner_ids", "company_id", "state")
    @api.depends_context("lang")
    def _compute_reach(self):
        for campaign in self:
            reachable, blocked = campaign._split()
            campaign.reachable_count = len(reachable)
            campaign.blocked_count = sum(map(len, blocked.values()))
            campaign.blocked_text = "\n".join(
                campaign._blocked_line(why, partners)
                for why, partners in blocked.items()
                if partners
            )

    def _reachable(self):
        """Return the accounts that can be written to, whoever may see which."""
        return self._split()[0]

    def _split(self) -> tuple:
        """Return the accounts that can be written to, and ``{why: accounts}`` of the
        others.
        """
        # sudo: res.partner - addresses and block lists decide
        accounts = self.sudo().partner_ids._origin.commercial_partner_id
        refusing = accounts.filtered(lambda one: not one._accepts_retention_mail())
        if not self.company_id:
            return accounts[:0], {"mail": refusing, "alone": accounts - refusing}
        company = self.company_id._retention_root()
        # sudo: customer.retention.case - who is worked on, whoever does
        cases = self.env["customer.retention.case"].sudo()
        busy_ids = cases._busy_ids(company, company._retention_today())
        busy = (accounts - refusing).filtered(lambda one: one.id in busy_ids)
        # sudo: customer.churn.score - who may be approached unasked
        scores = self.env["customer.churn.score"].sudo()
        allowed = scores.search(
            scores._today_domain(company) & Domain("partner_id", "in", accounts.ids)
        ).partner_id
        others = accounts - refusing - busy
        alone = others - allowed
        return others - alone, {"mail": refusing, "busy": busy, "alone": alone}

    def _blocked_line(self, why: str, partners) -> str:
        """Say why some are not written to, and who they are."""
        labels = {
            "mail": self.env._("No address, or no mails wanted"),
            "busy": self.env._("Somebody works on them, or an earlier campaign does"),
            "alone": self.env._("Left alone, not profiled, or not scored yet"),
        }
        names = ", ".join(partners[:MOST_NAMES].mapped("display_name"))
        more = len(partners) - MOST_NAMES
        if more > 0:
            names = self.env._(
                "%(names)s and %(number)s more", names=names, number=more
            )
        return self.env._("%(why)s: %(names)s", why=labels[why], names=names)
