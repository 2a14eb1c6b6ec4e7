from functools import reduce

from odoo import api, models
from odoo.tools import float_repr
from odoo.tools.misc import format_date, formatLang

from ..logic import catalog
from ..logic import rule as rule_logic

# Decimals shown of a number, by the kind of its fact.
DIGITS = {"integer": 0, "days": 0, "decimal": 1, "ratio": 1, "money": 2}

# Facts that count days and may have a fraction.
INTERVALS = ("interval_median", "interval_mean", "usual_interval")


class CustomerRuleWording(models.AbstractModel):
    """Rules and facts in the reader's words: the one place that phrases them.

    A bridge that stores another fact on the relationship and registers it in
    ``logic.catalog`` appears here by itself, under the label of its field.
    """

    _name = "customer.rule.wording"
    _description = "Wording of Rules"

    # === FACTS === #

    @api.model
    def _available_facts(self):
        """The facts a rule may name in this database, by key.

        The catalogue belongs to the process. A fact counts here when every
        column it is read from exists, that is, when its bridge is installed.
        """
        fields = self.env["customer.relationship"]._fields
        return {
            key: fact
            for key, fact in catalog.FACTS.items()
            if all(column in fields for column in fact.stored_keys)
        }

    @api.model
    def _fact_catalog(self):
        """What a person has to know of each fact to use it in a rule.

        :return: ``{key: {"key", "label", "help", "theme", "kind", "unit",
            "operators", "choices"}}``, the last two as lists of ``[code, label]``
        """
        texts = self._fact_texts()
        themes = self._fact_themes()
        return {
            key: {
                "key": key,
                "label": self._fact_label(key, texts),
                "help": self._fact_help(key, texts),
                "theme": themes.get(key) or self.env._("More"),
                "kind": fact.kind,
                "unit": self._fact_unit(fact),
                "operators": self._operator_choices(fact),
                "choices": [
                    [value, self._choice_label(key, value)] for value in fact.choices
                ],
            }
            for key, fact in self._available_facts().items()
        }

    @api.model
    def _fact_label(self, key, texts=None):
        """Name of a fact, as it stands inside a sentence."""
        texts = self._fact_texts() if texts is None else texts
        if key in texts:
            return texts[key][0]
        return self._field_text(key, "_description_string") or key

    @api.model
    def _fact_help(self, key, texts=None):
        """What a fact means, in one sentence."""
        texts = self._fact_texts() if texts is None else texts
        if key in texts:
            return texts[key][1]
        return self._field_text(key, "_description_help") or ""

    @api.model
    def _field_text(self, key, description):
        field = self.env["customer.relationship"]._fields.get(key)
        return field and getattr(field, description)(self.env)

    @api.model
    def _fact_unit(self, fact):
        """Unit in which a rule gives the value of a fact, empty for plain numbers."""
        if fact.kind == "money":
            return self.env.company._retention_root().currency_id.symbol
        if fact.kind == "ratio":
            return "×"
        counts_days = fact.kind == "days" or fact.key in INTERVALS
        return self.env._("days") if counts_days else ""

    # === OPERATORS AND VALUES === #

    @api.model
    def _operator_choices(self, fact):
        return [
            [operator, self._operator_label(operator, fact.kind == "choice")]
            for operator in fact.operators
        ]

    @api.model
    def _operator_label(self, operator, of_choice=False):
        """The word or sign of an operator; of a choice it is a word."""
        words = {
            "in": self.env._("is one of"),
            "not in": self.env._("is none of"),
            "<=": "≤",
            ">=": "≥",
            "!=": self.env._("is not") if of_choice else "≠",
            "=": self.env._("is") if of_choice else "=",
        }
        return words.get(operator, operator)

    @api.model
    def _choice_label(self, key, value):
        """Label of one value of a choice fact, from its field."""
        field = self.env["customer.relationship"]._fields.get(key)
        if field is None or field.type != "selection":
            return value
        return dict(field._description_selection(self.env)).get(value, value)

    @api.model
    def _format_number(self, value, digits):
        """A number in the reader's format, without superfluous decimals.

        :param digits: decimals that are shown in any case; a rule may have more,
            and none of them may be lost
        """
        wanted = 0 if float(value).is_integer() else digits
        exact = float_repr(value, 9).rstrip("0").partition(".")[2]
        return formatLang(self.env, value, digits=max(wanted, len(exact)))

    @api.model
    def _format_constant(self, key, value, currency=None):
        """A constant of a rule, exactly as it decides; no unit but the currency."""
        fact = self._available_facts().get(key)
        if isinstance(value, str):
            return self._choice_label(key, value)
        text = self._format_number(value, DIGITS.get(fact and fact.kind, 0))
        if fact and fact.kind == "money" and currency:
            return self._with_currency(text, currency)
        return text

    @api.model
    def _with_currency(self, text, currency):
        if currency.position == "after":
            return f"{text}\N{NO-BREAK SPACE}{currency.symbol}"
        return f"{currency.symbol}\N{NO-BREAK SPACE}{text}"

    @api.model
    def _format_fact(self, key, value, currency=None):
        """The value of a fact with its unit, rounded for reading.

        :param key: a fact or a stored column such as ``last_purchase_on``
        :param currency: the company's, for money
        :return: an empty text when the value is not known
        """
        if value is None or value is False:
            return ""
        if hasattr(value, "isoformat"):
            return format_date(self.env, value)
        if isinstance(value, str):
            return self._choice_label(key, value)
        fact = self._available_facts().get(key)
        kind = fact.kind if fact else "decimal"
        if kind == "money" and currency:
            return formatLang(self.env, value, currency_obj=currency)
        if key == "revenue_trend":
            return self.env._("%(percent)s%%", percent=self._rounded(value * 100, 0))
        if kind == "days" or key in INTERVALS:
            return self._format_days(value)
        text = self._rounded(value, DIGITS[kind])
        unit = self._fact_unit(fact) if fact else ""
        if not unit or kind == "money":
            return text
        return self.env._("%(number)s %(unit)s", number=text, unit=unit)

    @api.model
    def _rounded(self, value, digits):
        rounded = round(float(value), digits)
        return formatLang(
            self.env, rounded, digits=0 if rounded.is_integer() else digits
        )

    # === SENTENCES === #

    @api.model
    def _rule_sentence(self, rule, currency=None):
        """A rule in words: "purchase days ≥ 3 and revenue > $ 500".

        :param rule: text or list of a valid rule
        :raise RuleError: it is none over the facts that are available
        """
        facts = self._available_facts()
        return self._phrase(rule_logic.parse(rule or [], facts), currency)

    @api.model
    def _phrase(self, node, currency=None, inside=False):
        """Words of a syntax tree; in brackets when it stands inside another."""
        if isinstance(node, rule_logic.Compare):
            return self._comparison_sentence(
                node.fact, node.operator, node.value, currency
            )
        if isinstance(node, rule_logic.Not):
            part = self._phrase(node.part, currency, inside=False)
            return self.env._("not (%(condition)s)", condition=part)
        if not node.parts:
            return self.env._("always")
        joined = reduce(
            self._join_all if isinstance(node, rule_logic.All) else self._join_any,
            [self._phrase(part, currency, inside=True) for part in node.parts],
        )
        return f"({joined})" if inside else joined

    @api.model
    def _join_all(self, left, right):
        return self.env._("%(left)s and %(right)s", left=left, right=right)

    @api.model
    def _join_any(self, left, right):
        return self.env._("%(left)s or %(right)s", left=left, right=right)

    @api.model
    def _comparison_sentence(self, fact, operator, value, currency=None):
        """One comparison in words: "purchase days ≥ 3"."""
        values = value if isinstance(value, tuple | list) else (value,)
        known = self._available_facts().get(fact)
        return self.env._(
            "%(fact)s %(operator)s %(value)s",
            fact=self._fact_label(fact),
            operator=self._operator_label(
                operator, bool(known) and known.kind == "choice"
            ),
            value=", ".join(
                self._format_constant(fact, one, currency) for one in values
            ),
        )

    @api.model
    def _definition_sentence(self, definition, currency=None):
        """What leads to a step, from its versioned definition.

        :return: never empty; a rule that cannot be read here is named as such
        """
        if "usual_interval" in definition:
            number = self._format_number(definition["usual_interval"], 1)
            return self.env._("a purchase every %(days)s days", days=number)
        if definition.get("manual_only"):
            return self.env._("by a person's decision only")
        try:
            return self._rule_sentence(definition.get("rule"), currency)
        except rule_logic.RuleError:
            return self._skipped_sentence(definition.get("rule"))

    @api.model
    def _definition_details(self, definition):
        """What a versioned definition decides besides the rule; may be empty."""
        parts = []
        if definition.get("active") is False:
            parts.append(self.env._("archived"))
        if definition.get("minimum_days"):
            days = definition["minimum_days"]
            parts.append(self.env._("stays at least %(days)s days", days=days))
        if definition.get("direction") == "both":
            parts.append(self.env._("forward and back"))
        return " · ".join(parts)

    @api.model
    def _skipped_sentence(self, rule):
        """Why a rule is skipped, or an empty text for a rule that is not."""
        try:
            missing = rule_logic.missing_facts(rule or [], self._available_facts())
            if not missing:
                rule_logic.parse(rule or [], self._available_facts())
                return ""
        except rule_logic.RuleError as error:
            return self._rule_error_message(error)
        return self.env._(
            "Skipped: it names %(facts)s, which no installed app provides. Install "
            "the app again or change the rule.",
            facts=", ".join(f"“{name}”" for name in sorted(missing)),
        )
