from odoo import api, models
from odoo.tools import float_round
from odoo.tools.misc import formatLang

from ..logic import reading
from ..logic import rule as rule_logic
from .customer_rule_wording import DIGITS

# Decimals beyond which a value that misses its bound by a hair is shown equal to it.
MOST_DIGITS = 4

# Facts of which nothing but the last purchase is worth telling on its day.
SILENCE = ("days_since_last", "overdue_ratio")

# Days from which on an interval is shown in whole days; the web client does the same.
WHOLE_DAYS_FROM = 10


class CustomerRuleWording(models.AbstractModel):
    """Why a rule decided as it did: one sentence for each comparison that counted.

    A sentence names the fact, and behind it what the rule asks: "47 days since the
    last purchase, 2.2 × the usual 21 days (rule: more than 2 ×)".
    """

    _inherit = "customer.rule.wording"

    @api.model
    def _rule_readings(self, rule, values, as_of):
        """The comparisons that decided one rule about one customer.

        :param rule: a parsed rule, or the list of one
        :param values: stored facts by key; None where not known
        :return: empty for a rule without comparisons, and for one that cannot be
            read here because a module is not installed
        """
        node = self._readable_rule(rule)
        return reading.grounds(node, values, as_of, self._available_facts())

    @api.model
    def _readings_after(self, left, rule, values, as_of):
        """What decided a rule, preceded by what the clock ended of another one.

        Conditions follow one another: "at risk" is what is not merely cooling any
        more, which its own rule need not repeat.

        :param left: the rule of the step before, or None
        """
        facts, readings = (
            self._available_facts(),
            self._rule_readings(rule, values, as_of),
        )
        node = self._readable_rule(left)
        if left is None or rule_logic.holds(node, values, as_of, facts):
            return readings
        ended = reading.grounds(node, values, as_of, facts)
        clocked = (one.opposite() for one in ended if facts[one.fact].clocked)
        return (*clocked, *readings)

    @api.model
    def _readable_rule(self, rule):
        """A rule as a tree; always true when it cannot be read here."""
        if not isinstance(rule, list | str):
            return rule or rule_logic.ALWAYS
        try:
            return rule_logic.parse(rule, self._available_facts())
        except rule_logic.RuleError:
            return rule_logic.ALWAYS

    @api.model
    def _evidence_lines(self, readings, values, as_of, currency=None):
        """One sentence for each fact that decided, with all that was asked of it.

        :param readings: of :meth:`_rule_readings`
        :param as_of: the day the facts refer to
        """
        facts = self._available_facts()
        by_fact = {}
        for one in dict.fromkeys(readings):
            by_fact.setdefault(one.fact, []).append(one)
        return [
            self._evidence_line(asked, facts[key], values, as_of, currency)
            for key, asked in by_fact.items()
        ]

    @api.model
    def _evidence_line(self, asked, fact, values, as_of, currency):
        bounds = [self._bound_sentence(one, fact, currency) for one in asked]
        return self.env._(
            "%(evidence)s (rule: %(bound)s)",
            evidence=self._reading_sentence(asked, fact, values, as_of, currency),
            bound=", ".join(bounds),
        )

    # === THE FACT === #

    @api.model
    def _reading_sentence(self, asked, fact, values, as_of, currency=None):
        """What a fact is, without the rule: "47 days since the last purchase".

        :param asked: readings of this one fact; their bounds only decide on how
            many decimals are shown
        """
        label = self._start(self._fact_label(fact.key))
        if asked[0].value is None:
            return self.env._("%(fact)s: not known", fact=label)
        if fact.key in SILENCE and not asked[0].value:
            return self.env._("Bought on this very day")
        value = self._reading_value(asked, fact, currency)
        sentences = self._reading_sentences()
        if fact.key not in sentences:
            return self.env._("%(fact)s: %(value)s", fact=label, value=value)
        days = self._reading_days(asked[0], fact, values, as_of)
        return sentences[fact.key](days, value, self._reading_interval(values))

    @api.model
    def _fact_sentence(self, key, values, as_of, currency=None):
        """What a fact is, whatever a rule may ask of it; empty when not known."""
        value = self._read_fact(key, values, as_of)
        if value is None:
            return ""
        fact = self._available_facts()[key]
        asked = [reading.Reading(key, "=", None, value)]
        return self._reading_sentence(asked, fact, values, as_of, currency)

    @api.model
    def _read_fact(self, key, values, as_of):
        """The value of a fact on a day; None when it is not known, or no fact."""
        fact = self._available_facts().get(key)
        return fact and reading.read(fact, values, as_of)

    @api.model
    def _reading_sentences(self):
        """Facts that are told in a sentence of their own, from the days, the value
        and the usual interval, each as a text.
        """
        return {
            **self._elapsed_sentences(),
            **self._rhythm_sentences(),
            "revenue_trend": lambda days, value, usual: self.env._(
                "Revenue of 12 months: %(percent)s of the 12 months before",
                percent=value,
            ),
        }

    @api.model
    def _elapsed_sentences(self):
        """Facts that count days, as :meth:`_reading_sentences`."""
        return {
            "days_since_last": lambda days, value, usual: self.env._(
                "%(days)s since the last purchase", days=days
            ),
            "days_since_first": lambda days, value, usual: self.env._(
                "%(days)s since the first purchase", days=days
            ),
            "days_since_contact": lambda days, value, usual: self.env._(
                "%(days)s since the last contact", days=days
            ),
            "days_since_first_quotation": lambda days, value, usual: self.env._(
                "%(days)s since the first quotation", days=days
            ),
            "last_gap_days": lambda days, value, usual: self.env._(
                "%(days)s between the last two purchases", days=days
            ),
            "tenure_days": lambda days, value, usual: self.env._(
                "%(days)s from the first to the last purchase", days=days
            ),
        }

    @api.model
    def _rhythm_sentences(self):
        """Facts measured by the usual interval, as :meth:`_reading_sentences`."""
        return {
            "overdue_ratio": lambda days, value, usual: self.env._(
                "%(days)s since the last purchase, %(ratio)s the usual %(usual)s",
                days=days,
                ratio=value,
                usual=usual,
            ),
            "last_gap_ratio": lambda days, value, usual: self.env._(
                "%(days)s between the last two purchases, %(ratio)s the usual "
                "%(usual)s",
                days=days,
                ratio=value,
                usual=usual,
            ),
            "tenure_ratio": lambda days, value, usual: self.env._(
                "%(days)s from the first to the last purchase, %(ratio)s the usual "
                "%(usual)s",
                days=days,
                ratio=value,
                usual=usual,
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
        """A number of days: "21 days", "7.5 days", "1 day".

        From ten days on a fraction of a day tells nothing: it is rounded away.
        """
        digits = 0 if abs(days) >= WHOLE_DAYS_FROM else 1
        # Half a day upwards, as in the web client; `round` goes to the even number.
        number = self._rounded(float_round(days, precision_digits=digits), digits)
        if round(float(days), 1) == 1:
            return self.env._("%(number)s day", number=number)
        return self.env._("%(number)s days", number=number)

    @api.model
    def _reading_value(self, asked, fact, currency):
        """A value that does not look like a bound unless it is that bound."""
        value = asked[0].value
        if fact.kind not in ("ratio", "decimal") or fact.key == "revenue_trend":
            return self._format_fact(fact.key, value, currency)
        digits = DIGITS[fact.kind]
        while digits < MOST_DIGITS and any(
            round(value, digits) == one.bound != value for one in asked
        ):
            digits += 1
        return self._with_unit(fact, formatLang(self.env, value, digits=digits))

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
        return {
            "=": value,
            "!=": self.env._("not %(value)s", value=value),
            "<": self.env._("less than %(value)s", value=value),
            "<=": self.env._("at most %(value)s", value=value),
            ">": self.env._("more than %(value)s", value=value),
            ">=": self.env._("at least %(value)s", value=value),
            "in": self.env._("one of %(value)s", value=value),
            "not in": self.env._("none of %(value)s", value=value),
        }[operator]
