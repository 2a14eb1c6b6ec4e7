from functools import reduce

from odoo import api, models
from odoo.tools import float_repr
from odoo.tools.misc import format_date, formatLang

from ..logic import catalog
from ..logic import rule as rule_logic

# Decimals shown of a number, by the kind of its fact.
DIGITS = {"integer": 0, "days": 0, "decimal": 1, "ratio": 1, "money": 2}


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
        is_interval = fact.key in ("interval_median", "interval_mean", "usual_interval")
        return self.env._("days") if fact.kind == "days" or is_interval else ""

    @api.model
    def _fact_texts(self):
        """Label and explanation of the facts of the product, by key."""
        return {
            **self._purchase_fact_texts(),
            **self._revenue_fact_texts(),
            **self._rhythm_fact_texts(),
            **self._contact_fact_texts(),
            **self._fit_fact_texts(),
        }

    @api.model
    def _fact_themes(self):
        """Heading of each fact of the product in a list of facts."""
        _ = self.env._
        return {
            key: theme
            for theme, texts in (
                (_("Purchases"), self._purchase_fact_texts()),
                (_("Revenue"), self._revenue_fact_texts()),
                (_("Rhythm"), self._rhythm_fact_texts()),
                (_("Quotations and contact"), self._contact_fact_texts()),
                (_("Fit"), self._fit_fact_texts()),
            )
            for key in texts
        }

    @api.model
    def _purchase_fact_texts(self):
        _ = self.env._
        return {
            "purchase_count": (
                _("purchases"),
                _("Number of documents that count as a purchase, ever."),
            ),
            "purchase_days": (
                _("purchase days"),
                _("Number of different days on which the customer bought, ever."),
            ),
            "days_since_first": (
                _("days since the first purchase"),
                _("Days from the first purchase to the day of the evaluation."),
            ),
            "days_since_last": (
                _("days since the last purchase"),
                _("Days from the last purchase to the day of the evaluation."),
            ),
            "tenure_days": (
                _("days from the first to the last purchase"),
                _("How long the customer has been buying, in days."),
            ),
            "tenure_ratio": (
                _("tenure ratio"),
                _(
                    "Days from the first to the last purchase ÷ the usual interval: "
                    "for how many of its own intervals the customer has been buying."
                ),
            ),
            "category_count_12m": (
                _("categories bought in 12 months"),
                _("Number of product categories bought in the last 365 days."),
            ),
        }

    @api.model
    def _revenue_fact_texts(self):
        _ = self.env._
        return {
            "revenue_total": (
                _("revenue"),
                _("Net of taxes and credit notes, in company currency, ever."),
            ),
            "revenue_12m": (
                _("revenue of 12 months"),
                _("Net revenue of the last 365 days, in company currency."),
            ),
            "revenue_prev_12m": (
                _("revenue of the 12 months before"),
                _("Net revenue of the 365 days before the last 365 days."),
            ),
            "revenue_trend": (
                _("revenue trend"),
                _(
                    "Revenue of 12 months ÷ the 12 months before: 0.8 means that a "
                    "fifth has been lost."
                ),
            ),
            "average_basket": (
                _("average basket"),
                _("Net revenue per purchase, in company currency."),
            ),
        }

    @api.model
    def _rhythm_fact_texts(self):
        _ = self.env._
        return {
            "interval_median": (
                _("median interval"),
                _("Median of the days between two purchase days of the customer."),
            ),
            "interval_mean": (
                _("mean interval"),
                _("Mean of the days between two purchase days of the customer."),
            ),
            "usual_interval": (
                _("usual interval"),
                _(
                    "The customer's own median interval, or the one of its segment "
                    "while there are fewer than three purchase days."
                ),
            ),
            "interval_source": (
                _("source of the usual interval"),
                _("Whether the customer has a rhythm of its own already."),
            ),
            "overdue_ratio": (
                _("overdue ratio"),
                _(
                    "Days since the last purchase ÷ the usual interval: 2 means "
                    "twice as long as usual."
                ),
            ),
            "last_gap_days": (
                _("last gap"),
                _("Days between the last two purchase days."),
            ),
            "last_gap_ratio": (
                _("last gap ratio"),
                _(
                    "The last gap ÷ the usual interval: how unusual the silence "
                    "before the last purchase was."
                ),
            ),
        }

    @api.model
    def _contact_fact_texts(self):
        _ = self.env._
        return {
            "days_since_first_quotation": (
                _("days since the first quotation"),
                _("Days from the first quotation to the day of the evaluation."),
            ),
            "open_quotation_count": (
                _("open quotations"),
                _("Number of quotations that are open on the day of the evaluation."),
            ),
            "open_quotation_value": (
                _("value of open quotations"),
                _("Untaxed value of the open quotations, in company currency."),
            ),
            "days_since_contact": (
                _("days since the last contact"),
                _("Days since a person wrote, called or met the customer."),
            ),
        }

    @api.model
    def _fit_fact_texts(self):
        _ = self.env._
        latest = _("Answer of the latest assessment of the customer's fit.")
        return {
            "fit_need": (_("fit: has the need"), latest),
            "fit_can_pay": (_("fit: can pay"), latest),
            "fit_reachable": (_("fit: reachable"), latest),
            "fit_right_to_buy": (_("fit: has the right to buy"), latest),
            "fit_core_value": (_("fit: suits our core value"), latest),
            "fit_recommends": (_("fit: recommends us"), latest),
            "fit_yes_count": (
                _("fit: answers yes"),
                _("How many questions of the latest assessment are answered yes."),
            ),
        }

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
        _ = self.env._
        words = {
            "in": _("is one of"),
            "not in": _("is none of"),
            "<=": "≤",
            ">=": "≥",
            "!=": _("is not") if of_choice else "≠",
            "=": _("is") if of_choice else "=",
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
        """A rule in words: "purchase days ≥ 3 and overdue ratio ≤ 2".

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
        """One comparison in words: "overdue ratio ≤ 2"."""
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
        _ = self.env._
        parts = []
        if definition.get("active") is False:
            parts.append(_("archived"))
        if definition.get("minimum_days"):
            days = definition["minimum_days"]
            parts.append(_("stays at least %(days)s days", days=days))
        if definition.get("direction") == "both":
            parts.append(_("forward and back"))
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

    # === ERRORS === #

    @api.model
    def _rule_error_message(self, error):
        """What is wrong with a rule and what to do, for a ``RuleError``."""
        values = self._error_values(error)
        messages = {
            **self._syntax_messages(values),
            **self._fact_messages(values),
            **self._value_messages(values),
        }
        return messages.get(error.code) or self.env._("This is not a rule.")

    @api.model
    def _error_values(self, error):
        """Values of an error in the reader's words; empty texts for the others."""
        known = self._available_facts()
        values = dict.fromkeys(
            ("size", "limit", "position", "count", "token", "connective", "term")
            + ("fact", "instead", "operator", "allowed", "value", "choices", "key"),
            "",
        )
        values.update(error.values)
        key = values["key"] = values["fact"]
        of_choice = key in known and known[key].kind == "choice"
        if key in known:
            values["fact"] = self._fact_label(key)
        if values["instead"]:
            values["instead"] = self._fact_label(values["instead"])
        values["allowed"] = " ".join(
            self._operator_label(one, of_choice) for one in values["allowed"]
        )
        values["choices"] = ", ".join(
            self._choice_label(key, one) for one in values["choices"]
        )
        values["operator"] = self._operator_label(values["operator"], of_choice)
        return values

    @api.model
    def _syntax_messages(self, values):
        _ = self.env._
        return {
            "text_too_long": _(
                "The rule is too long: %(size)s bytes of text, at most %(limit)s are "
                "possible. Split it over several steps.",
                size=values["size"],
                limit=values["limit"],
            ),
            "not_json": _(
                "The rule cannot be read from character %(position)s on. Write it as "
                'in [["purchase_days", ">=", 3]], or use the editor.',
                position=values["position"],
            ),
            "not_a_list": _(
                "A rule is a list of comparisons, as in "
                '[["purchase_days", ">=", 3]]. Use the editor.'
            ),
            "too_many_comparisons": _(
                "The rule has %(count)s comparisons; at most %(limit)s are possible. "
                "Split it over several steps.",
                count=values["count"],
                limit=values["limit"],
            ),
            "too_deep": _(
                "The rule is nested too deeply; at most %(limit)s levels are "
                "possible. Simplify its brackets.",
                limit=values["limit"],
            ),
            "unknown_connective": _(
                "“%(token)s” does not connect comparisons. Use & (and), | (or) or "
                "! (not).",
                token=values["token"],
            ),
            "missing_operand": _(
                "A comparison is missing after “%(connective)s”. Add it, or remove "
                "“%(connective)s”.",
                connective=values["connective"],
            ),
            "malformed_term": _(
                "“%(term)s” is not a comparison. Give a fact, an operator and a "
                'value, as in ["purchase_days", ">=", 3].',
                term=values["term"],
            ),
        }

    @api.model
    def _fact_messages(self, values):
        _ = self.env._
        return {
            "dotted_path": _(
                "“%(fact)s” reads another record. A rule may only name the facts in "
                "the list; choose one of them.",
                fact=values["fact"],
            ),
            "unknown_fact": _(
                "“%(fact)s” is no fact about a customer. Choose one from the list.",
                fact=values["fact"],
            ),
            "date_fact": _(
                "A rule does not compare dates, since it has to mean the same every "
                "day. Use “%(instead)s” instead of “%(fact)s”.",
                fact=values["fact"],
                instead=values["instead"],
            ),
            "unknown_operator": _(
                "“%(operator)s” is no operator. Use one of = ≠ < ≤ > ≥, or “is one "
                "of” and “is none of”.",
                operator=values["operator"],
            ),
            "operator_not_allowed": _(
                "“%(fact)s” cannot be compared with “%(operator)s”. Use one of: "
                "%(allowed)s.",
                fact=values["fact"],
                operator=values["operator"],
                allowed=values["allowed"],
            ),
        }

    @api.model
    def _value_messages(self, values):
        return {**self._list_messages(values), **self._number_messages(values)}

    @api.model
    def _list_messages(self, values):
        _ = self.env._
        return {
            "single_value_expected": _(
                "Give “%(fact)s” a single value, or choose “is one of”.",
                fact=values["fact"],
            ),
            "list_expected": _(
                "Give “%(fact)s” a list of values, or choose “is”.",
                fact=values["fact"],
            ),
            "empty_list": _(
                "Choose at least one value for “%(fact)s”, or remove this comparison.",
                fact=values["fact"],
            ),
            "too_many_values": _(
                "“%(fact)s” is compared with %(count)s values; at most %(limit)s are "
                "possible. Use ≥ and ≤ instead.",
                fact=values["fact"],
                count=values["count"],
                limit=values["limit"],
            ),
            "not_a_choice": _(
                "“%(value)s” is not possible for “%(fact)s”. Choose one of: "
                "%(choices)s.",
                fact=values["fact"],
                value=values["value"],
                choices=values["choices"],
            ),
        }

    @api.model
    def _number_messages(self, values):
        _ = self.env._
        return {
            "not_a_number": _(
                "“%(fact)s” is compared with a number; “%(value)s” is none. Enter a "
                "number.",
                fact=values["fact"],
                value=values["value"],
            ),
            "not_finite": _(
                "“%(value)s” is no number to compare “%(fact)s” with. Enter an "
                "ordinary number.",
                fact=values["fact"],
                value=values["value"],
            ),
            "not_whole": _(
                "“%(fact)s” is counted in whole numbers; “%(value)s” is none. Enter a "
                "whole number.",
                fact=values["fact"],
                value=values["value"],
            ),
            "number_out_of_range": _(
                "“%(value)s” is too large or too small for “%(fact)s”. Enter a number "
                "that can occur.",
                fact=values["fact"],
                value=values["value"],
            ),
        }
