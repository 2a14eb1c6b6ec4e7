from __future__ import annotations

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools.misc import formatLang

from .customer_churn_score import WORTH_A_CALL
from .sentences import listed


class CustomerChurnScore(models.Model):
    """What other screens show of a score: the danger, the money and two reasons."""

    _inherit = "customer.churn.score"

    def _card(self) -> dict:
        """Return the band that stands on forms of the customer."""
        self.ensure_one()
        money = formatLang(self.env, self.value_at_risk, currency_obj=self.currency_id)
        return {
            "score_id": self.id,
            "title": self._danger_label(),
            "kind": self.danger,
            "money": self.env._("%(money)s at risk", money=money)
            if self.value_at_risk > 0
            else "",
            "reasons": (self.reasons or [])[:2],
        }

    def _cards(self) -> dict:
        """Return ``{(customer id, company id): band}`` of these scores: the loss that
        somebody declared, or else the danger.
        """
        losses = self.env["customer.churn.event"]._declared_of(self)
        cards = {one._account_key(): one._card() for one in self if one.danger}
        for key, loss in losses.items():
            cards[key] = {**cards.get(key, {}), **loss._card()}
        return cards

    def _danger_label(self) -> str:
        dangers = dict(self._fields["danger"]._description_selection(self.env))
        return dangers[self.danger]

    @api.model
    def _hints(self, partners, company) -> dict:
        """Return {account id: one quiet line} for whom somebody should talk to.

        Only of those who stand on the list of today: whoever is left alone on purpose
        gives no hint either.
        """
        known = self._by_account(partners, company)
        if not known:
            return {}
        root = (company or self.env.company)._retention_root()
        burning = [score.id for score in known.values() if score.danger in WORTH_A_CALL]
        if not burning:
            return {}
        # sudo: customer.churn.score - whom to leave alone, of those the reader sees
        today = self.sudo().search(
            Domain("id", "in", burning) & self._today_domain(root)
        )
        return {
            score.partner_id.id: score._hint()
            for score in known.values()
            if score.id in today._ids
        }

    def _hint(self) -> str:
        self.ensure_one()
        return self.env._(
            "Danger %(danger)s: %(reasons)s",
            danger=self._danger_label(),
            reasons=listed(self.env, (self.reasons or [])[:2]),
        )


class CustomerRelationship(models.Model):
    """The danger of losing the customer, on the relationship."""

    _inherit = "customer.relationship"

    churn_card = fields.Json(compute="_compute_churn_card")

    @api.depends("partner_id", "company_id")
    @api.depends_context("lang", "uid", "allowed_company_ids")
    def _compute_churn_card(self):
        scores = self.env["customer.churn.score"]
        for company, rows in self.grouped("company_id").items():
            known = scores._by_account(rows.partner_id, company)
            cards = scores.union(*known.values())._cards()
            for row in rows:
                key = (row.partner_id.id, row.company_id.id)
                row.churn_card = cards.get(key) or False
