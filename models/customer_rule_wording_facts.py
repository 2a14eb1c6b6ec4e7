from odoo import api, models


class CustomerRuleWording(models.AbstractModel):
    """Names and explanations of the facts of the product."""

    _inherit = "customer.rule.wording"

    @api.model
    def _fact_groups(self):
        """Return (heading, {fact: (label, explanation)}) of what facts are about.

        Later features add theirs.
        """
        return [
            (self.env._("Purchases"), self._purchase_fact_texts()),
            (self.env._("Revenue"), self._revenue_fact_texts()),
            (self.env._("Rhythm"), self._rhythm_fact_texts()),
            (self.env._("Rhythm"), self._silence_fact_texts()),
            (self.env._("Quotations and contact"), self._contact_fact_texts()),
            (self.env._("Fit"), self._fit_fact_texts()),
        ]

    @api.model
    def _fact_texts(self):
        """Label and explanation of every fact, by key."""
        return {
            key: text
            for _theme, texts in self._fact_groups()
            for key, text in texts.items()
        }

    @api.model
    def _fact_themes(self):
        """Heading of each fact in a list of facts."""
        return {key: theme for theme, texts in self._fact_groups() for key in texts}

    @api.model
    def _purchase_fact_texts(self):
        return {
            "purchase_count": (
                self.env._("purchases"),
                self.env._("Number of documents that count as a purchase, ever."),
            ),
            "purchase_days": (
                self.env._("purchase days"),
                self.env._(
                    "Number of different days on which the customer bought, ever."
                ),
            ),
            "days_since_first": (
                self.env._("days since the first purchase"),
                self.env._(
                    "Days from the first purchase to the day of the evaluation."
                ),
            ),
            "days_since_last": (
                self.env._("days since the last purchase"),
                self.env._("Days from the last purchase to the day of the evaluation."),
            ),
            "tenure_days": (
                self.env._("days from the first to the last purchase"),
                self.env._("How long the customer has been buying, in days."),
            ),
            "tenure_ratio": (
                self.env._("days from the first to the last purchase ÷ usual interval"),
                self.env._(
                    "For how many of its own usual intervals the customer has been "
                    "buying: 4 means for four times its usual interval."
                ),
            ),
            "category_count_12m": (
                self.env._("categories bought in 12 months"),
                self.env._("Number of product categories bought in the last 365 days."),
            ),
        }

    @api.model
    def _revenue_fact_texts(self):
        return {
            "revenue_total": (
                self.env._("revenue"),
                self.env._("Net of taxes and credit notes, in company currency, ever."),
            ),
            "revenue_12m": (
                self.env._("revenue of 12 months"),
                self.env._("Net revenue of the last 365 days, in company currency."),
            ),
            "revenue_prev_12m": (
                self.env._("revenue of the 12 months before"),
                self.env._("Net revenue of the 365 days before the last 365 days."),
            ),
            "revenue_trend": (
                self.env._("revenue of 12 months ÷ the 12 months before"),
                self.env._(
                    "Revenue of 12 months ÷ the 12 months before: 0.8 means that a "
                    "fifth has been lost."
                ),
            ),
            "average_basket": (
                self.env._("average basket"),
                self.env._("Net revenue per purchase, in company currency."),
            ),
        }

    @api.model
    def _rhythm_fact_texts(self):
        return {
            "interval_median": (
                self.env._("median of the days between purchases"),
                self.env._(
                    "Median of the days between two purchase days of the customer."
                ),
            ),
            "interval_mean": (
                self.env._("average of the days between purchases"),
                self.env._(
                    "Mean of the days between two purchase days of the customer."
                ),
            ),
            "usual_interval": (
                self.env._("usual interval"),
                self.env._(
                    "The customer's own median interval, or the one of its segment "
                    "while there are fewer than three purchase days."
                ),
            ),
            "interval_source": (
                self.env._("source of the usual interval"),
                self.env._("Whether the customer has a rhythm of its own already."),
            ),
        }

    @api.model
    def _silence_fact_texts(self):
        return {
            "overdue_ratio": (
                self.env._("days since the last purchase ÷ usual interval"),
                self.env._(
                    "How overdue the next purchase is: 2 means that the customer has "
                    "been silent for twice its usual interval."
                ),
            ),
            "last_gap_days": (
                self.env._("days between the last two purchases"),
                self.env._("Days between the last two purchase days."),
            ),
            "last_gap_ratio": (
                self.env._("days between the last two purchases ÷ usual interval"),
                self.env._(
                    "How unusual the silence before the last purchase was: 3 means "
                    "three times as long as usual."
                ),
            ),
        }

    @api.model
    def _contact_fact_texts(self):
        return {
            "days_since_first_quotation": (
                self.env._("days since the first quotation"),
                self.env._(
                    "Days from the first quotation to the day of the evaluation."
                ),
            ),
            "open_quotation_count": (
                self.env._("open quotations"),
                self.env._(
                    "Number of quotations that are open on the day of the evaluation."
                ),
            ),
            "open_quotation_value": (
                self.env._("value of open quotations"),
                self.env._(
                    "Untaxed value of the open quotations, in company currency."
                ),
            ),
            "days_since_contact": (
                self.env._("days since the last contact"),
                self.env._("Days since a person wrote, called or met the customer."),
            ),
        }

    @api.model
    def _fit_fact_texts(self):
        latest = self.env._("Answer of the latest assessment of the customer's fit.")
        return {
            "fit_need": (self.env._("fit: has the need"), latest),
            "fit_can_pay": (self.env._("fit: can pay"), latest),
            "fit_reachable": (self.env._("fit: reachable"), latest),
            "fit_right_to_buy": (self.env._("fit: has the right to buy"), latest),
            "fit_core_value": (self.env._("fit: suits our core value"), latest),
            "fit_recommends": (self.env._("fit: recommends us"), latest),
            "fit_yes_count": (
                self.env._("fit: answers yes"),
                self.env._(
                    "How many questions of the latest assessment are answered yes."
                ),
            ),
        }
