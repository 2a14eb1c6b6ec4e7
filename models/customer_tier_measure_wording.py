from odoo import models
from odoo.tools.misc import format_amount, formatLang

MONEY = ("revenue", "margin")


class CustomerTierMeasure(models.Model):
    """Figures of a measure in the reader's words."""

    _inherit = "customer.tier.measure"

    def _is_money(self) -> bool:
        return self.metric in MONEY

    def _format_value(self, value) -> str:
        """Return a figure as a person reads it: money with its currency."""
        self.ensure_one()
        value = value or 0.0
        if self._is_money():
            currency = self.ladder_id.currency_id
            # cents are written where there are some
            is_whole = currency.decimal_places and value == round(value)
            return format_amount(
                self.env, value, currency, trailing_zeroes=not is_whole
            )
        digits = 0 if value == round(value) else 2
        return formatLang(self.env, value, digits=digits)

    def _format_amount_of(self, value) -> str:
        """Return a figure with what it counts, such as “5 purchases”."""
        self.ensure_one()
        number = self._format_value(value)
        texts = {
            "purchases": self.env._("%(number)s purchases", number=number),
            "purchase_days": self.env._("%(number)s purchase days", number=number),
            "units": self.env._("%(number)s units", number=number),
            "margin": self.env._("%(number)s margin", number=number),
            "points": self.env._("%(number)s points", number=number),
        }
        text = texts.get(self.metric, number)
        if not self.category_ids:
            return text
        names = ", ".join(self.category_ids.mapped("name"))
        return self.env._("%(amount)s of %(categories)s", amount=text, categories=names)
