from odoo import api, models
from odoo.tools.misc import formatLang

from ..logic import reading
from ..logic import rule as rule_logic
from .customer_rule_wording import DIGITS

# Decimals beyond which a value that misses its bound by a hair is shown equal to it.
MOST_DIGITS = 4


class CustomerRuleWording(models.AbstractModel):
    """Why a rule decided as it did: one sentence for each comparison that counted.

    A sentence names the fact, and behind it what the rule asks: "47 days since the
    last purchase, 2.2 × the usual 21 days (rule: more than 2 ×)".
    """

    _inherit = "customer.rule.wording"

    @api.model
    def _evidence_lines(self, rule, values, as_of, currency=None):
        """The sentences for one rule and the facts of one customer.

        :param rule: a parsed rule, or the list of one
        :param values: stored facts by key; None where not known
        :param as_of: the day the facts refer to
        :return: empty for a rule without comparisons, and for one that cannot be
            read here because a module is not installed
        """
        facts = self._available_facts()
        if isinstance(rule, list | str):
            try:
                rule = rule_logic.parse(rule, facts)
            except rule_logic.RuleError:
                return []
        readings = reading.grounds(rule, values, as_of, facts)
        return [
            self._evidence_line(one, facts[one.fact], values, as_of, currency)
            for one in dict.fromkeys(readings)
        ]

    @api.model
    def _evidence_line(self, one, fact, values, as_of, currency):
        return self.env._(
            "%(evidence)s (rule: %(bound)s)",
            evidence=self._reading_sentence(one, fact, values, as_of, currency),
            bound=self._bound_sentence(one, fact, currency),
        )

    # === THE FACT === #

    @api.model
    def _reading_sentence(self, one, fact, values, as_of, currency=None):
        """What a fact is, without the rule: "47 days since the last purchase".

        :param one: a :class:`~..logic.reading.Reading`; its ``bound`` only decides
            on how many decimals are shown
        """
        if one.value is None:
            return self.env._(
                "%(fact)s: not known", fact=self._start(self._fact_label(fact.key))
            )
        sentences = self._reading_sentences()
        if fact.key not in sentences:
            return self.env._(
                "%(fact)s: %(value)s",
                fact=self._start(self._fact_label(fact.key)),
                value=self._reading_value(one, fact, currency),
            )
        days = self._reading_days(one, fact, values, as_of)
        return sentences[fact.key](days, self._reading_value(one, fact, currency),
                                   self._reading_interval(values))

    @api.model
    def _reading_sentences(self):
        """Facts that are told in a sentence of their own, from the days, the value
        and the usual interval, each as a text.
        """
        _ = self.env._
        return {
            "days_since_last": lambda days, value, usual: _(
                "%(days)s since the last purchase", days=days
            ),
            "days_since_first": lambda days, value, usual: _(
                "%(days)s since the first purchase", days=days
            ),
            "days_since_contact": lambda days, value, usual: _(
                "%(days)s since the last contact", days=days
            ),
            "days_since_first_quotation": lambda days, value, usual: _(
                "%(days)s since the first quotation", days=days
            ),
            "overdue_ratio": lambda days, value, usual: _(
                "%(days)s since the last purchase, %(ratio)s the usual %(usual)s",
                days=days, ratio=value, usual=usual,
            ),
            "last_gap_days": lambda days, value, usual: _(
                "%(days)s between the last two purchases", days=days
            ),
            "last_gap_ratio": lambda days, value, usual: _(
                "%(days)s between the last two purchases, %(ratio)s the usual "
                "%(usual)s",
                days=days, ratio=value, usual=usual,
            ),
            "tenure_days": lambda days, value, usual: _(
                "%(days)s from the first to the last purchase", days=days
            ),
            "tenure_ratio": lambda days, value, usual: _(
                "%(days)s from the first to the last purchase, %(ratio)s the usual "
                "%(usual)s",
                days=days, ratio=value, usual=usual,
            ),
            "revenue_trend": lambda days, value, usual: _(
                "Revenue of 12 months: %(percent)s of the 12 months before",
                percent=value,
            ),
        }

    @api.model
    def _reading_days(self, one, fact, values, as_of):
        """The days a fact counts, or divides."""
        if fact.kind == "days":
            return self._format_days(one.value)
        base = values.get(fact.base) if fact.base else None
        if base is None:
            return ""
        return self._format_days((as_of - base).days if fact.clocked else base)

    @api.model
    def _reading_interval(self, values):
        interval = values.get("usual_interval")
        return self._format_days(interval) if interval else ""

    @api.model
    def _format_days(self, days):
        """A number of days: "21 days", "7.5 days", "1 day"."""
        number = self._rounded(days, 1)
        if round(float(days), 1) == 1:
            return self.env._("%(number)s day", number=number)
        return self.env._("%(number)s days", number=number)

    @api.model
    def _reading_value(self, one, fact, currency):
        """A value that does not look like the bound unless it is the bound."""
        if fact.kind not in ("ratio", "decimal") or fact.key == "revenue_trend":
            return self._format_fact(fact.key, one.value, currency)
        digits = DIGITS[fact.kind]
        while digits < MOST_DIGITS and self._looks_equal(one, digits):
            digits += 1
        number = formatLang(self.env, one.value, digits=digits)
        return self._with_unit(fact, number)

    @api.model
    def _looks_equal(self, one, digits):
        rounded = round(float(one.value), digits)
        return rounded == one.bound and rounded != one.value

    @api.model
    def _with_unit(self, fact, number):
        unit = self._fact_unit(fact)
        return f"{number} {unit}" if unit else number

    @api.model
    def _start(self, label):
        """A label as the beginning of a sentence."""
        return label[:1].upper() + label[1:]

    # === THE RULE === #

    @api.model
    def _bound_sentence(self, one, fact, currency=None):
        """What a rule asks of a fact: "more than 2 ×", "at least 3"."""
        values = one.bound if isinstance(one.bound, tuple) else (one.bound,)
        texts = [self._bound_value(value, fact, currency) for value in values]
        return self._bound_wording(one.operator, ", ".join(texts))

    @api.model
    def _bound_value(self, value, fact, currency):
        if fact.key == "revenue_trend":
            return self.env._(
                "%(percent)s%%", percent=self._format_number(value * 100, 0)
            )
        text = self._format_constant(fact.key, value, currency)
        if fact.kind == "days":
            return self._format_days(value)
        return text if fact.kind in ("money", "choice") else self._with_unit(fact, text)

    @api.model
    def _bound_wording(self, operator, value):
        _ = self.env._
        return {
            "=": value,
            "!=": _("not %(value)s", value=value),
            "<": _("less than %(value)s", value=value),
            "<=": _("at most %(value)s", value=value),
            ">": _("more than %(value)s", value=value),
            ">=": _("at least %(value)s", value=value),
            "in": _("one of %(value)s", value=value),
            "not in": _("none of %(value)s", value=value),
        }[operator]
