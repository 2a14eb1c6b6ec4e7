from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from odoo import models
from odoo.tools import SQL
from odoo.tools.misc import format_date, formatLang

from ..logic.tier import Entry
from .customer_tier_membership_insight import TierInsight

# Documents that an explanation lists, the latest ones.
LISTED = 50


class CustomerTierMembership(models.Model):
    """The documents behind a tier, with what each of them adds."""

    _inherit = "customer.tier.membership"

    def _explain_documents(self, insight: TierInsight) -> dict:
        """Return what was counted in the window, the latest documents first.

        Of documents of companies that are not the reader's only the sum is told.
        """
        found = self._counted_documents(insight)
        foreign = self._foreign_documents(found)
        latest = [one for one in found.items() if one[0] not in foreign]
        names = self._document_names(key for key, _entries in latest[:LISTED])
        open_to_reader = self._readable_documents(names)
        lines = [
            self._explain_document(
                insight, key, entries, names.get(key), key in open_to_reader
            )
            for key, entries in latest[:LISTED]
        ]
        if len(latest) > LISTED:
            lines.append(self._explain_others(insight, latest[LISTED:]))
        others = [entry for key in foreign for entry in found[key]]
        return {
            "documents": lines,
            "elsewhere_text": self._explain_elsewhere(insight, others),
        }

    def _counted_documents(self, insight: TierInsight) -> dict[tuple, list[Entry]]:
        """Return {(source, id): entries} of the window, the latest first."""
        window = insight.now.window
        found: dict[tuple, list[Entry]] = defaultdict(list)
        for entry in insight.member.entries:
            if window and window.holds(entry.day) and entry.known_on <= insight.day:
                found[entry.document[:2]].append(entry)
        latest = sorted(
            found.items(), key=lambda item: (item[1][0].known_on, item[0]), reverse=True
        )
        return dict(latest)

    def _foreign_documents(self, keys: Iterable[tuple]) -> set[tuple]:
        """Return the documents of companies that are not the reader's; a ladder of one
        company counts none.
        """
        keys = list(keys)
        if self.company_id or not keys:
            return set()
        sources, ids = map(list, zip(*keys, strict=True))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT bought.source, bought.res_id FROM customer_purchase bought
                  JOIN unnest(%s::varchar[], %s::int[]) counted (source, res_id)
                 USING (source, res_id)
                 WHERE bought.company_id <> ALL(%s)
                """,
                sources,
                ids,
                self.env.companies.root_id.ids,
            )
        )
        return set(rows)

    def _explain_elsewhere(self, insight: TierInsight, entries: list[Entry]) -> str:
        amounts = self._explain_amounts(insight, entries)
        if not amounts:
            return ""
        return self.env._(
            "Purchases in other companies add %(amounts)s.", amounts=amounts
        )

    def _explain_document(
        self,
        insight: TierInsight,
        key: tuple,
        entries: list[Entry],
        name: str | None,
        may_open: bool,
    ) -> dict:
        source, res_id = key
        return {
            "name": name or self.env._("(deleted)"),
            "model": self._document_models()[source],
            "id": res_id if may_open else False,
            "date_text": format_date(self.env, entries[0].known_on),
            "value_text": self._explain_amounts(insight, entries),
            "counts_text": self._explain_counting(insight, entries[0]),
        }

    def _readable_documents(self, keys: Iterable[tuple]) -> set[tuple]:
        """Return the documents that the reader may open."""
        ids = defaultdict(list)
        for source, res_id in keys:
            ids[source].append(res_id)
        found = set()
        for source, res_ids in ids.items():
            records = self.env[self._document_models()[source]].browse(res_ids)
            readable = records._filtered_access("read")
            found |= {(source, res_id) for res_id in readable.ids}
        return found

    def _explain_others(self, insight: TierInsight, others: list[tuple]) -> dict:
        entries = [entry for _key, found in others for entry in found]
        return {
            "name": self.env._("%(count)s earlier documents", count=len(others)),
            "model": False,
            "id": False,
            "date_text": "",
            "value_text": self._explain_amounts(insight, entries),
            "counts_text": "",
        }

    def _explain_amounts(self, insight: TierInsight, entries: list[Entry]) -> str:
        """Return what documents add to each measure of the rules of the day."""
        sums: dict[int, float] = defaultdict(float)
        for entry in entries:
            sums[entry.measure] += entry.value
        asked = {one.measure for tier in insight.rules.tiers for one in tier.conditions}
        texts = []
        for key in sorted(asked & sums.keys(), key=insight.book.measure_of):
            measure = self._measure(insight.book, key)
            if measure:
                texts.append(measure._format_amount_of(round(sums[key], 6)))
        return ", ".join(texts)

    def _explain_counting(self, insight: TierInsight, entry: Entry) -> str:
        """Return how a document counts, where that is not plain."""
        _source, _id, rate, share = entry.document
        texts = []
        counts_on = entry.known_on + timedelta(days=insight.rules.pending_days)
        if entry.waits and entry.value > 0 and counts_on > insight.day:
            day = format_date(self.env, counts_on)
            texts.append(self.env._("counts from %(date)s", date=day))
        if entry.day != entry.known_on:
            texts.append(
                self.env._(
                    "credits a purchase of %(date)s",
                    date=format_date(self.env, entry.day),
                )
            )
        if rate and rate != 1:
            texts.append(
                self.env._("rate %(rate)s", rate=formatLang(self.env, rate, digits=4))
            )
        if share != 1:
            texts.append(
                self.env._(
                    "%(share)s %% counts", share=formatLang(self.env, 100 * share, 0)
                )
            )
        return ", ".join(texts)

    def _document_models(self) -> dict[str, str]:
        return {
            **self.env["customer.purchase"]._get_sources(),
            "adjustment": "customer.tier.adjustment",
        }

    def _document_names(self, keys) -> dict[tuple, str]:
        """Return {(source, id): name} of documents, one query a source."""
        by_source = defaultdict(list)
        for source, res_id in keys:
            by_source[source].append(res_id)
        names = {}
        for source, ids in by_source.items():
            # sudo: sale.order, account.move - their names explain a tier that is read
            documents = self.env[self._document_models()[source]].sudo().browse(ids)
            for document in documents.exists():
                names[source, document.id] = (
                    self.env._("Adjustment: %(reason)s", reason=document.reason)
                    if source == "adjustment"
                    else document.display_name
                )
        return names
