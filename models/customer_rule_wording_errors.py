from odoo import api, models


class CustomerRuleWording(models.AbstractModel):
    """What is wrong with a rule that was refused, and what to do about it."""

    _inherit = "customer.rule.wording"

    @api.model
    def _rule_error_message(self, error):
        """What is wrong with a rule and what to do, for a ``RuleError``."""
        values = self._error_values(error)
        messages = {
            **self._limit_messages(values),
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
    def _limit_messages(self, values):
        return {
            "text_too_long": self.env._(
                "The rule is too long: %(size)s bytes of text, at most %(limit)s are "
                "possible. Split it over several steps.",
                size=values["size"],
                limit=values["limit"],
            ),
            "too_many_comparisons": self.env._(
                "The rule has %(count)s comparisons; at most %(limit)s are possible. "
                "Split it over several steps.",
                count=values["count"],
                limit=values["limit"],
            ),
            "too_deep": self.env._(
                "The rule is nested too deeply; at most %(limit)s levels are "
                "possible. Simplify its brackets.",
                limit=values["limit"],
            ),
        }

    @api.model
    def _syntax_messages(self, values):
        return {
            "not_json": self.env._(
                "The rule cannot be read from character %(position)s on. Write it as "
                'in [["purchase_days", ">=", 3]], or use the editor.',
                position=values["position"],
            ),
            "not_a_list": self.env._(
                "A rule is a list of comparisons, as in "
                '[["purchase_days", ">=", 3]]. Use the editor.'
            ),
            "unknown_connective": self.env._(
                "“%(token)s” does not connect comparisons. Use & (and), | (or) or "
                "! (not).",
                token=values["token"],
            ),
            "missing_operand": self.env._(
                "A comparison is missing after “%(connective)s”. Add it, or remove "
                "“%(connective)s”.",
                connective=values["connective"],
            ),
            "malformed_term": self.env._(
                "“%(term)s” is not a comparison. Give a fact, an operator and a "
                'value, as in ["purchase_days", ">=", 3].',
                term=values["term"],
            ),
        }

    @api.model
    def _fact_messages(self, values):
        return {
            "dotted_path": self.env._(
                "“%(fact)s” reads another record. A rule may only name the facts in "
                "the list; choose one of them.",
                fact=values["fact"],
            ),
            "unknown_fact": self.env._(
                "“%(fact)s” is no fact about a customer. Choose one from the list.",
                fact=values["fact"],
            ),
            "date_fact": self.env._(
                "A rule does not compare dates, since it has to mean the same every "
                "day. Use “%(instead)s” instead of “%(fact)s”.",
                fact=values["fact"],
                instead=values["instead"],
            ),
            "unknown_operator": self.env._(
                "“%(operator)s” is no operator. Use one of = ≠ < ≤ > ≥, or “is one "
                "of” and “is none of”.",
                operator=values["operator"],
            ),
            "operator_not_allowed": self.env._(
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
        return {
            "single_value_expected": self.env._(
                "Give “%(fact)s” a single value, or choose “is one of”.",
                fact=values["fact"],
            ),
            "list_expected": self.env._(
                "Give “%(fact)s” a list of values, or choose “is”.",
                fact=values["fact"],
            ),
            "empty_list": self.env._(
                "Choose at least one value for “%(fact)s”, or remove this comparison.",
                fact=values["fact"],
            ),
            "too_many_values": self.env._(
                "“%(fact)s” is compared with %(count)s values; at most %(limit)s are "
                "possible. Use ≥ and ≤ instead.",
                fact=values["fact"],
                count=values["count"],
                limit=values["limit"],
            ),
            "not_a_choice": self.env._(
                "“%(value)s” is not possible for “%(fact)s”. Choose one of: "
                "%(choices)s.",
                fact=values["fact"],
                value=values["value"],
                choices=values["choices"],
            ),
        }

    @api.model
    def _number_messages(self, values):
        return {
            "not_a_number": self.env._(
                "“%(fact)s” is compared with a number; “%(value)s” is none. Enter a "
                "number.",
                fact=values["fact"],
                value=values["value"],
            ),
            "not_finite": self.env._(
                "“%(value)s” is no number to compare “%(fact)s” with. Enter an "
                "ordinary number.",
                fact=values["fact"],
                value=values["value"],
            ),
            "not_whole": self.env._(
                "“%(fact)s” is counted in whole numbers; “%(value)s” is none. Enter a "
                "whole number.",
                fact=values["fact"],
                value=values["value"],
            ),
            "number_out_of_range": self.env._(
                "“%(value)s” is too large or too small for “%(fact)s”. Enter a number "
                "that can occur.",
                fact=values["fact"],
                value=values["value"],
            ),
        }
