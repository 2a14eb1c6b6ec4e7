from __future__ import annotations

from odoo import api, models

from .customer_relationship_caller_search import CANDIDATES, EXACT

# Customers shown at once, and the longest word that is looked for.
SHOWN = 8
LONGEST_TERM = 100


class CustomerRelationship(models.Model):
    """Who is calling: one search by whatever a caller tells."""

    _inherit = "customer.relationship"

    @api.model
    @api.readonly
    def find_caller(self, term, limit=SHOWN):
        """Find customers by name, telephone, e-mail, document number or reference.

        The reader's access rules hold, for relationships as for contacts and
        documents.

        :param term: what the caller tells, at least two characters
        :param limit: how many customers at most
        :return: the best first: ``id`` of the relationship (None for a contact
            without one), ``partner_id``, ``name``, ``detail``, ``match`` (what was
            found) and whether it is ``exact``, ``stage``, ``condition``,
            ``condition_kind``, whether it is ``excluded`` from profiling, and
            ``owner``, in words, where somebody else looks after the customer
        """
        self.browse().check_access("read")
        term = self._caller_term(term)
        if len(term) < 2:
            return []
        limit = min(max(limit, 1), CANDIDATES) if isinstance(limit, int) else SHOWN
        return self._caller_cards(self._caller_matches(term, limit))[:limit]

    @api.model
    def _caller_term(self, term):
        """What is asked for, in one line of readable characters."""
        text = term if isinstance(term, str) else ""
        readable = "".join(one if one.isprintable() else " " for one in text)
        return " ".join(readable[:LONGEST_TERM].split())

    # === CARDS === #

    @api.model
    def _caller_cards(self, matches):
        """One card an account, the likeliest first, among them the best customers."""
        best = self._caller_best(matches)
        accounts = self.env["res.partner"].browse(best)._filtered_access("read")
        rows = self._caller_rows(accounts)
        owners = self._caller_owners(set(accounts.ids) - rows.keys())
        cards = [
            (
                self._caller_order(best[one.id], rows.get(one.id)),
                {
                    **self._caller_card(one, best[one.id], rows.get(one.id)),
                    "owner": owners.get(one.id),
                },
            )
            for one in accounts
        ]
        return [card for _order, card in sorted(cards, key=lambda pair: pair[0])]

    @api.model
    def _caller_best(self, matches):
        """The best match of every account: ``{account id: match}``."""
        mapping = self.env["customer.account"]._account_ids(
            match.partner_id for match in matches
        )
        best = {}
        for match in sorted(matches, key=lambda one: one.rank):
            account = mapping.get(match.partner_id)
            if account:
                best.setdefault(account, match)
        return best

    @api.model
    def _caller_rows(self, accounts):
        """The relationship of each account, the current company's before others."""
        here = self.env.company._retention_root()
        rows = self.search([("partner_id", "in", accounts.ids)])
        by_company = rows.sorted(lambda row: row.company_id == here)
        return {row.partner_id.id: row for row in by_company}

    @api.model
    def _caller_owners(self, account_ids):
        """Whose customers these are, of those the reader does not look after.

        :return: ``{account id: "customer of …"}`` for those who are customers of one
            of the reader's companies
        """
        # sudo: customer.relationship - whose customer it is, as on the contact, no more
        rows = self.sudo().search(
            [
                ("partner_id", "in", list(account_ids)),
                ("company_id", "in", self.env.companies._retention_root().ids),
                ("is_excluded", "=", False),
            ]
        )
        return {
            row.partner_id.id: self.env._("customer of %s", row.user_id.name)
            if row.user_id
            else self.env._("customer of a colleague")
            for row in rows
        }

    @api.model
    def _caller_order(self, match, row):
        return (match.rank, not row, -(row.revenue_12m if row else 0), match.partner_id)

    @api.model
    def _caller_card(self, account, match, row):
        shown = row if row and not row.is_excluded else self.browse()
        details = (account.city, account.phone, account.email)
        return {
            "id": row.id if row else None,
            "partner_id": account.id,
            "name": account.display_name,
            "detail": " · ".join(detail for detail in details if detail),
            "match": match.text,
            "exact": match.rank == EXACT,
            "stage": shown.stage_id.name or None,
            "condition": shown.condition_id.name or None,
            "condition_kind": shown.condition_kind or None,
            "excluded": bool(row and row.is_excluded),
        }
