from __future__ import annotations

from dataclasses import dataclass

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL
from odoo.tools.mail import email_normalize
from odoo.tools.sql import escape_psql

from ..logic import caller

# How well a caller's word fits; the better one is shown first.
EXACT, LIKELY, POSSIBLE = range(3)

# Partners looked at of one kind of search, before the best are chosen.
CANDIDATES = 200

# Shorter words cannot use the trigram indexes of document numbers.
DOCUMENT_TERM_LENGTH = 3

# Characters which a telephone number is written with besides its digits, as the
# index of the module `phone_validation` leaves them out.
PHONE_INDEX_PATTERN = r"[\s\\./\(\)\-]"


@dataclass(frozen=True, slots=True)
class CallerMatch:
    """A partner that may be calling, how likely, and by which word it was found."""

    partner_id: int
    rank: int
    text: str


class CustomerRelationship(models.Model):
    """The searches for a caller, each by an index that core keeps where there is one.

    Indexed are the beginnings of names, references and the numbers of documents.
    What is not (a part of a name, the end of a telephone number, an e-mail address,
    the customer's own order number) is one bounded reading of a table, done only
    when the faster ways found too little.
    """

    _inherit = "customer.relationship"

    @api.model
    def _caller_matches(self, term, limit):
        """Every partner that fits, by the fast searches and then by the slow ones."""
        if "@" in term:
            return self._caller_by_email(term)
        is_number = caller.looks_like_number(term)
        matches = [*self._caller_by_reference(term), *self._caller_by_document(term)]
        # A telephone number is hardly a part of a name: that reading is saved.
        matches += (
            self._caller_by_phone(term)
            if is_number
            else self._caller_by_name(term, limit)
        )
        return matches or self._caller_by_customer_reference(term)

    @api.model
    def _caller_by_email(self, term):
        """By address or a part of it; partners keep one normalized address."""
        address = email_normalize(term) or term.lower()
        pattern = f"%{escape_psql(address)}%"
        partners = self.env["res.partner"].search(
            [("email_normalized", "=like", pattern)], limit=CANDIDATES, order="id"
        )
        return [
            CallerMatch(
                one.id,
                EXACT if one.email_normalized == address else LIKELY,
                self._caller_text(one, one.email_normalized),
            )
            for one in partners
        ]

    @api.model
    def _caller_by_phone(self, term):
        """By the last digits, then compared in full; the best-known way to write it
        does not matter.
        """
        ranks = {"same": EXACT, "end": LIKELY}
        partners = self.env["res.partner"].search(
            Domain.OR(
                self._caller_phone_domain(name, caller.tail(term))
                for name in self._get_caller_phone_fields()
            ),
            limit=CANDIDATES,
        )
        matches = []
        for partner in partners:
            for name in self._get_caller_phone_fields():
                verdict = caller.compare_numbers(term, partner[name] or "")
                if verdict:
                    text = self._caller_text(partner, partner[name])
                    matches.append(CallerMatch(partner.id, ranks[verdict], text))
        return matches

    @api.model
    def _get_caller_phone_fields(self):
        """Fields of a contact that hold telephone numbers."""
        return ["phone"]

    @api.model
    def _caller_phone_domain(self, name, digits):
        """Numbers that end with some digits, whatever stands between them.

        With `phone_validation` installed its index answers. Else the cheap pattern
        leaves few numbers for the expression to look at.
        """
        Partner = self.env["res.partner"]
        Partner.flush_model([name])
        has_index = "phone_mobile_search" in Partner._fields

        def to_sql(_model, alias, _query):
            column = SQL.identifier(alias, name)
            if has_index:
                return SQL(
                    "regexp_replace(%s::text, %s, '', 'g') LIKE %s",
                    column,
                    PHONE_INDEX_PATTERN,
                    f"%{digits}",
                )
            return SQL(
                "%s LIKE %s AND regexp_replace(%s, '\\D', '', 'g') LIKE %s",
                column,
                f"%{'%'.join(digits)}%",
                column,
                f"%{digits}",
            )

        return Domain(name, "!=", False) & Domain.custom(to_sql=to_sql)

    @api.model
    def _caller_by_reference(self, term):
        """By internal reference or tax number, in the usual ways to write capitals."""
        spellings = self._caller_spellings(term)
        matches = []
        for name in ("ref", "vat"):
            partners = self.env["res.partner"].search(
                [(name, "in", spellings)], limit=CANDIDATES
            )
            matches += [
                CallerMatch(
                    one.id,
                    EXACT,
                    self.env._("Reference %(reference)s", reference=one[name]),
                )
                for one in partners
            ]
        return matches

    @api.model
    def _caller_by_document(self, term):
        """By the number of an order or an invoice, or by the end of it."""
        if len(term) < DOCUMENT_TERM_LENGTH or not any(map(str.isdigit, term)):
            return []
        is_end = term.isdigit()
        pattern = escape_psql(term)
        pattern = f"%{pattern}" if is_end else f"{pattern}%"
        by_number = Domain("name", "=ilike", pattern)
        is_invoice = Domain("move_type", "in", ("out_invoice", "out_refund"))
        by_reference = Domain("ref", "=ilike", escape_psql(term))
        return [
            *self._caller_documents("sale.order", by_number, term),
            *self._caller_documents("account.move", is_invoice & by_number, term),
            *self._caller_documents("account.move", is_invoice & by_reference, term),
        ]

    @api.model
    def _caller_by_customer_reference(self, term):
        """By the customer's own number of an order, which core does not index."""
        if len(term) < DOCUMENT_TERM_LENGTH or not any(map(str.isdigit, term)):
            return []
        spellings = self._caller_spellings(term)
        domain = Domain("client_order_ref", "in", spellings)
        return self._caller_documents("sale.order", domain, term)

    @api.model
    def _caller_documents(self, model, domain, term):
        """The customers of some documents that the reader may see."""
        if not self.env[model].has_access("read"):
            return []
        documents = self.env[model].search(domain, order="id desc", limit=CANDIDATES)
        matches = []
        for document in documents:
            names = (document.name or "", self._caller_own_number(document))
            is_exact = term.lower() in (name.lower() for name in names)
            matches.append(
                CallerMatch(
                    document.partner_id.id,
                    EXACT if is_exact else LIKELY,
                    self._caller_document_text(document),
                )
            )
        return matches

    @api.model
    def _caller_own_number(self, document):
        """What the customer calls a document."""
        is_order = document._name == "sale.order"
        return (document.client_order_ref if is_order else document.ref) or ""

    @api.model
    def _caller_document_text(self, document):
        own = self._caller_own_number(document)
        name = f"{document.name} ({own})" if own else document.name
        if document._name == "sale.order":
            return self.env._("Order %(name)s", name=name)
        return self.env._("Invoice %(name)s", name=name)

    @api.model
    def _caller_by_name(self, term, limit):
        """By the beginning of a name, and by parts of it if that found too little."""
        Partner = self.env["res.partner"]
        beginnings = Domain.OR(
            Domain("name", "=like", f"{escape_psql(spelling)}%")
            for spelling in self._caller_spellings(term)
        )
        partners = Partner.search(beginnings, limit=CANDIDATES)
        if len(partners) < limit:
            words = Domain.AND(
                Domain("complete_name", "ilike", escape_psql(word))
                for word in term.split()
            )
            partners |= Partner.search(words, limit=CANDIDATES, order="id")
        return [
            CallerMatch(
                one.id, self._caller_name_rank(term, one), self._caller_text(one)
            )
            for one in partners
        ]

    @api.model
    def _caller_name_rank(self, term, partner):
        name, asked = (partner.name or "").lower(), term.lower()
        if name == asked:
            return EXACT
        return LIKELY if name.startswith(asked) else POSSIBLE

    @api.model
    def _caller_spellings(self, term):
        """Ways to write capitals: an index of core tells them apart."""
        return list(
            dict.fromkeys(
                (term, term.lower(), term.upper(), term.capitalize(), term.title())
            )
        )

    @api.model
    def _caller_text(self, partner, found=""):
        """What was found: at the customer itself, or at one of its contacts."""
        if partner == partner.commercial_partner_id:
            return found or ""
        if not found:
            return self.env._("Contact %(contact)s", contact=partner.name or "")
        return self.env._(
            "%(found)s of %(contact)s", found=found, contact=partner.name or ""
        )
