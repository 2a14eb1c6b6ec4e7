from __future__ import annotations

from collections import defaultdict
from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL
from odoo.tools.misc import format_date

from ..logic.abuse import History, signs
from .customer_recovery_action import COMMITTED

HANDLERS = "customer_retention.group_complaint_user"


class CustomerComplaint(models.Model):
    """Signs that somebody may live on complaints: reasons for a person to look."""

    _inherit = "customer.complaint"

    abuse_text = fields.Text(
        string="Signs of Abuse",
        compute="_compute_abuse_text",
        groups=HANDLERS,
        help="They ask for a person's decision on remedies; they never keep anybody "
        "from complaining.",
    )

    @api.depends("account_id", "company_id")
    @api.depends_context("lang")
    def _compute_abuse_text(self):
        found = self._abuse_signs()
        trusted = self.env["customer.recovery.trust"]._verdicts(self.account_id)
        for complaint in self:
            sentences = [
                complaint._sign_sentence(sign) for sign in found.get(complaint, ())
            ]
            decision = trusted.get(complaint._abuse_key())
            if decision is not None and (sentences or not decision):
                sentences.append(complaint._trust_sentence(decision))
            complaint.abuse_text = "\n".join(sentences) or False

    # === WORDS === #

    def _sign_sentence(self, sign):
        """Say what the sign is, in figures, and when it goes by itself."""
        values = dict(sign.values)
        until = format_date(self.env, sign.expires_on)
        if sign.code == "complaints_per_order":
            return self.env._(
                "Complaints within a year: %(complaints)s; orders in the same time: "
                "%(orders)s. This sign goes by itself by %(until)s.",
                complaints=values["complaints"],
                orders=values["orders"],
                until=until,
            )
        if sign.code == "refund_share":
            return self.env._(
                "Got %(refunded)s for a revenue of %(revenue)s within a year. This "
                "sign goes by itself by %(until)s.",
                refunded=self.currency_id.format(values["refunded"]),
                revenue=self.currency_id.format(values["revenue"]),
                until=until,
            )
        return self.env._(
            "Other customers with the same address, bank account or tax number got "
            "something, too: %(names)s. This sign goes by itself by %(until)s.",
            names=", ".join(values["names"]),
            until=until,
        )

    def _trust_sentence(self, is_trusted):
        if is_trusted:
            return self.env._("A person decided to trust this customer.")
        return self.env._("A person decided to look at every remedy.")

    # === BUSINESS === #

    def _abuse_key(self):
        return (self.account_id.id, self.company_id._retention_root().id)

    def _automatic_cautions(self):
        """Return {complaint: why nothing may come about here without a person}.

        Only asked for what nobody decides: people decide themselves.
        """
        if not self.env.user._is_superuser():
            return {}
        found = self._abuse_signs()
        trusted = self.env["customer.recovery.trust"]._verdicts(self.account_id)
        cautions = {}
        for complaint in self:
            is_trusted = trusted.get(complaint._abuse_key())
            if complaint.deviation:
                cautions[complaint] = "repeated"
            elif is_trusted is False or (found.get(complaint) and is_trusted is None):
                cautions[complaint] = "suspect"
        return cautions

    def _abuse_signs(self):
        """Return {complaint: signs of its customer as of today}."""
        found = {}
        for root, complaints in self.grouped(
            lambda one: one.company_id._retention_root()
        ).items():
            accounts = complaints.account_id
            if not root or not accounts:
                continue
            today = root._retention_today()
            histories = self._abuse_histories(accounts, root)
            limits = root._abuse_thresholds()
            by_account = {
                account: signs(histories[account.id], today, limits)
                for account in accounts
            }
            for complaint in complaints:
                if by_account.get(complaint.account_id):
                    found[complaint] = by_account[complaint.account_id]
        return found

    @api.model
    def _abuse_histories(self, accounts, root):
        """Return {id of a customer: history}; companies share customers."""
        window = root._abuse_thresholds().window
        since = root._retention_today() - timedelta(days=window + 1)
        # sudo: customer.complaint - figures of all that happened, whoever may see it
        sudo = self.sudo().with_context(active_test=False)
        complaints = sudo._complained_of(accounts, root, since)
        purchases = sudo._bought_by(accounts, root, since)
        given = sudo._given_to(root, since)
        linked = sudo._linked_identities(accounts, list(given))
        return {
            account.id: History(
                complaints=complaints[account.id],
                orders=[one.date for one in purchases[account.id] if one.is_purchase],
                refunds=given.get(account.id, []),
                revenue=[(one.date, one.amount) for one in purchases[account.id]],
                linked={
                    name: [day for day, _amount in given[other]]
                    for other, name in linked[account.id]
                },
            )
            for account in accounts
        }

    @api.model
    def _complained_of(self, accounts, root, since):
        """Return {id of a customer: [days of complaints]}, none that we noticed."""
        days = defaultdict(list)
        for complaint in self.search_fetch(
            [
                ("account_id", "in", accounts.ids),
                ("company_id", "child_of", root.id),
                ("kind", "=", "complaint"),
                ("channel", "!=", "noticed"),
                ("merged_into_id", "=", False),
                ("received_at", ">=", root._retention_day_start(since)),
            ],
            ["account_id", "received_at"],
        ):
            days[complaint.account_id.id].append(
                root._retention_day(complaint.received_at)
            )
        return days

    @api.model
    def _bought_by(self, accounts, root, since):
        """Return {id of a customer: [purchases and what was taken back]}."""
        purchases = defaultdict(list)
        for purchase in self.env["customer.purchase"].search_fetch(
            [
                ("partner_id", "in", accounts.ids),
                ("company_id", "=", root.id),
                ("date", ">=", since),
            ],
            ["partner_id", "date", "amount", "is_purchase"],
        ):
            purchases[purchase.partner_id.id].append(purchase)
        return purchases

    @api.model
    def _given_to(self, root, since):
        """Return {id of a customer: [(day, amount)]} of what a company gave."""
        given = defaultdict(list)
        for action in self.env["customer.recovery.action"].search_fetch(
            [
                ("company_id", "child_of", root.id),
                ("state", "in", COMMITTED),
                ("approved_at", ">=", root._retention_day_start(since)),
                ("approved_amount", ">", 0),
                ("account_id", "!=", False),
            ],
            ["account_id", "approved_at", "approved_amount"],
        ):
            given[action.account_id.id].append(
                (root._retention_day(action.approved_at), action.approved_amount)
            )
        return given

    @api.model
    def _linked_identities(self, accounts, others):
        """Return {id of a customer: [(id, name) of others with the same identity]}.

        :param others: ids of customers who got something
        """
        linked = defaultdict(list)
        if not others:
            return linked
        self.env["res.partner"].flush_model(["email", "vat", "street", "zip", "name"])
        self.env["res.partner.bank"].flush_model()
        for account_id, other_id, name in self.env.execute_query(
            SQL(
                """
                SELECT one.id, other.id, other.name
                  FROM res_partner one
                  JOIN res_partner other
                    ON other.id <> one.id AND other.id IN %(others)s
                 WHERE one.id IN %(accounts)s
                   AND (
                        lower(trim(one.email)) = lower(trim(other.email))
                     OR (one.vat = other.vat AND one.vat <> '')
                     OR (lower(trim(one.street)) = lower(trim(other.street))
                         AND one.zip = other.zip AND one.street <> '')
                     OR EXISTS (
                        SELECT FROM res_partner_bank mine
                          JOIN res_partner_bank yours
                            ON yours.sanitized_acc_number = mine.sanitized_acc_number
                         WHERE mine.partner_id = one.id
                           AND yours.partner_id = other.id
                        )
                   )
                """,
                others=tuple(others),
                accounts=tuple(accounts.ids),
            )
        ):
            linked[account_id].append((other_id, name))
        return linked

    # === ACTIONS === #

    def action_decide_on_abuse(self):
        """Ask a person what the signs mean."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Decide on the Signs"),
            "res_model": "customer.recovery.trust",
            "view_mode": "form",
            "target": "new",
            "context": {
                "default_partner_id": self.account_id.id,
                "default_company_id": self.company_id.id,
            },
        }
