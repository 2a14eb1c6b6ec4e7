from calendar import monthrange
from datetime import date
from itertools import pairwise

from odoo import api, fields, models
from odoo.tools.misc import format_date

# Any year with a 29 February.
LEAP_YEAR = 2024

POLICY_FIELDS = (
    "rule",
    "enrolment",
    "fee_product_id",
    "fee_months",
    "counts_before_joining",
    "measure_ids.name",
    "excluded_product_ids",
    "excluded_category_ids",
    "counts_shipping",
    "pending_days",
    "window",
    "window_months",
    "period",
    "year_start_month",
    "year_start_day",
    "upgrade",
    "validity",
    "validity_months",
    "downgrade",
    "grace_days",
)


class CustomerTierLadder(models.Model):
    """The policy of a ladder as sentences, computed from its fields."""

    _inherit = "customer.tier.ladder"

    policy_text = fields.Text(
        string="Policy in Words",
        compute="_compute_policy_text",
        help="What the settings of this ladder mean, as one would tell a customer.",
    )
    rule_sentence = fields.Char(
        string="For Whom, in Words", compute="_compute_rule_sentence"
    )
    rule_warning = fields.Char(
        compute="_compute_rule_sentence",
        help="Why the rule is skipped, when it names a fact that is not installed.",
    )
    tiers_warning = fields.Char(
        compute="_compute_tiers_warning",
        help="Tiers in which nobody stays, since the next one takes no more.",
    )
    window_text = fields.Char(string="Window in Words", compute="_compute_window_text")

    @api.depends(*POLICY_FIELDS)
    @api.depends_context("lang")
    def _compute_policy_text(self):
        for ladder in self:
            ladder.policy_text = " ".join(
                sentence for sentence in ladder._policy_sentences() if sentence
            )

    @api.depends("rule", "company_id", "currency_id")
    @api.depends_context("lang")
    def _compute_rule_sentence(self):
        wording = self.env["customer.rule.wording"]
        for ladder in self:
            ladder.rule_sentence = wording._definition_sentence(
                {"rule": ladder.rule or "[]", "manual_only": False}, ladder.currency_id
            )
            ladder.rule_warning = wording._skipped_sentence(ladder.rule or "[]")

    @api.depends(
        "tier_ids.name", "tier_ids.sequence", "tier_ids.condition_ids.at_least"
    )
    @api.depends_context("lang")
    def _compute_tiers_warning(self):
        """Only where one figure decides: several conditions may well differ."""
        for ladder in self:
            tiers = ladder.tier_ids.sorted(
                lambda one: (one.sequence, one._origin.id or 0)
            )
            same = [
                (below, tier)
                for below, tier in pairwise(tiers)
                if max(len(below.condition_ids), len(tier.condition_ids)) <= 1
                and tier.threshold <= below.threshold
            ]
            ladder.tiers_warning = " ".join(
                self.env._(
                    "%(tier)s takes no more than %(below)s: nobody stays in %(below)s.",
                    tier=tier.name,
                    below=below.name,
                )
                for below, tier in same
            )

    @api.depends("window", "window_months", "period", *POLICY_FIELDS[-6:])
    @api.depends_context("lang")
    def _compute_window_text(self):
        for ladder in self:
            ladder.window_text = ladder._describe_window()

    # === SENTENCES === #

    def _policy_sentences(self) -> list[str]:
        """Return what the ladder means, one sentence a decision, in its order."""
        self.ensure_one()
        return [
            self._describe_members(),
            self._describe_counted(),
            self._describe_left_out(),
            self._describe_pending(),
            self._describe_upgrade(),
            self._describe_validity(),
            self._describe_downgrade(),
        ]

    def _describe_members(self) -> str:
        if self.enrolment == "automatic":
            if (self.rule or "[]") == "[]":
                return self.env._("Every customer is a member.")
            return self.env._("Every customer who meets the condition is a member.")
        sentences = [self.env._("Customers become members by joining.")]
        if self.fee_product_id:
            sentences.append(
                self.env._(
                    "A paid fee is good for %(months)s months.", months=self.fee_months
                )
            )
        if self.counts_before_joining:
            sentences.append(self.env._("What they bought before counts as well."))
        return " ".join(sentences)

    def _describe_counted(self) -> str:
        names = [measure.name for measure in self.measure_ids if measure.name]
        return self.env._(
            "Counted: %(measures)s, over %(window)s.",
            measures=", ".join(names) or self.env._("net revenue"),
            window=self._describe_window(),
        )

    def _describe_window(self) -> str:
        """Return the time over which purchases count, in words."""
        if self.window == "rolling":
            if self.window_months == 1:
                return self.env._("the last month")
            return self.env._("the last %(months)s months", months=self.window_months)
        if self.window == "anniversary":
            return self.env._("the customer's membership year")
        if self.window == "lifetime":
            return self.env._("all the time")
        texts = {
            "month": self.env._("the calendar month"),
            "quarter": self.env._("the quarter"),
            "half": self.env._("the half-year"),
            "year": self.env._("the year"),
        }
        text = texts.get(self.period, "")
        if self.period == "month" or (self.year_start_month, self.year_start_day) == (
            "1",
            1,
        ):
            return text
        return self.env._(
            "%(period)s (the year begins on %(day)s)",
            period=text,
            day=self._describe_year_start(),
        )

    def _describe_year_start(self) -> str:
        month = int(self.year_start_month)
        last = monthrange(LEAP_YEAR, month)[1]
        day = date(LEAP_YEAR, month, min(self.year_start_day, last))
        return format_date(self.env, day, date_format="d MMMM")

    def _describe_left_out(self) -> str:
        names = [
            *self.excluded_category_ids.mapped("name"),
            *self.excluded_product_ids.mapped("display_name"),
        ]
        taxes = (
            self.env._("Taxes do not count.")
            if self.counts_shipping
            else self.env._("Taxes and shipping do not count.")
        )
        if not names:
            return taxes
        left_out = self.env._("Left out: %(names)s.", names=", ".join(names))
        return f"{taxes} {left_out}"

    def _describe_pending(self) -> str:
        if not self.pending_days:
            return ""
        return self.env._(
            "A purchase counts after %(days)s days, a credit note at once.",
            days=self.pending_days,
        )

    def _describe_upgrade(self) -> str:
        if self.upgrade == "next_period":
            return self.env._("A tier is reached with the next period.")
        return self.env._("A tier is reached at once.")

    def _describe_validity(self) -> str:
        if self.validity == "period":
            return self.env._("It is kept for the rest of the period and the next one.")
        if self.validity == "months":
            return self.env._(
                "It is kept for %(months)s months.", months=self.validity_months
            )
        return self.env._("It is kept as long as the keep thresholds are met.")

    def _describe_downgrade(self) -> str:
        if self.downgrade == "never":
            return self.env._("It is never taken away.")
        grace = self.grace_days and self.env._(
            "Who falls short has %(days)s days of grace.", days=self.grace_days
        )
        fall = (
            self.env._("Then the customer goes down one tier.")
            if self.downgrade == "one_step"
            else self.env._("Then the customer goes down to the tier that is earned.")
        )
        return f"{grace} {fall}" if grace else fall
