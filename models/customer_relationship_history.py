from __future__ import annotations

from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain
from odoo.tools.misc import format_date, format_datetime

# Entries shown of each kind; a history of daily moves is no reading.
MOST_ENTRIES = 200


class CustomerRelationship(models.Model):
    """What happened to a relationship and what people decided, newest first."""

    _inherit = "customer.relationship"

    def _gather_history(self, days):
        """The entries of every row: ``{id: [entry]}``.

        :param days: ``{id: the day it is told as of}``
        """
        entries = defaultdict(list)
        rows = {
            (row.partner_id.id, row.company_id.id): row for row in self if row._origin
        }
        for source in (
            self._transition_entries, self._pin_entries, self._fit_entries,
            self._exclusion_entries,
        ):
            for key, day, entry in source(rows):
                row = rows.get(key)
                if row and day <= days[row.id]:
                    entries[row._origin.id].append((day, entry))
        return defaultdict(list, {
            row_id: [
                entry
                for _day, entry in sorted(found, key=lambda one: one[0], reverse=True)
            ]
            for row_id, found in entries.items()
        })

    def _history_records(self, model, rows, order):
        """Records about the accounts of some rows, in their companies or in all."""
        partners = [partner_id for partner_id, _company_id in rows]
        companies = [company_id for _partner_id, company_id in rows]
        domain = Domain("partner_id", "in", partners) & Domain(
            "company_id", "in", [*companies, False]
        )
        # sudo: log and decisions - the history of rows that the reader may see
        return self.env[model].sudo().search(
            domain, order=order, limit=MOST_ENTRIES * max(len(rows), 1)
        )

    # === TRANSITIONS === #

    def _transition_entries(self, rows):
        log = self._history_records(
            "customer.relationship.transition", rows, "date desc, id desc"
        )
        corrections = self._corrections(log)
        for move in log:
            key = (move.partner_id.id, move.company_id.id)
            step = move.to_stage_id or move.to_condition_id
            entry = self._history_entry(move, move.axis, move.date)
            yield key, move.date, {
                **entry,
                "recorded_text": self.env._(
                    "recorded %(moment)s",
                    moment=format_datetime(self.env, move.recorded_at),
                ),
                "icon": move.to_stage_id.icon or "fa-circle-o",
                "color": step.color,
                "kind": move.to_condition_id.kind or False,
                "title": step.name or self.env._("None"),
                "sentence": move.explanation or "",
                "corrected": any(
                    day <= move.date and number > move.id
                    for number, day in corrections[(*key, move.axis)]
                ),
            }

    @api.model
    def _corrections(self, log):
        """Corrections by account and axis: their number in the log, and since when."""
        corrections = defaultdict(list)
        for move in log:
            if move.corrects_from:
                key = (move.partner_id.id, move.company_id.id, move.axis)
                corrections[key].append((move.id, move.corrects_from))
        return corrections

    # === DECISIONS === #

    def _pin_entries(self, rows):
        for pin in self._history_records(
            "customer.relationship.pin", rows, "date_from desc, id desc"
        ):
            step = pin.stage_id or pin.condition_id
            key = (pin.partner_id.id, pin.company_id.id)
            yield key, pin.date_from, {
                **self._history_entry(pin, "decision", pin.date_from),
                "icon": "fa-thumb-tack",
                "color": step.color,
                "title": self.env._("Decision: %(name)s", name=step.name),
                "sentence": self._pin_sentence(pin),
            }

    def _pin_sentence(self, pin):
        """Who decided, why and until when."""
        words = {"user": pin.user_id.name, "reason": pin.reason}
        if pin.ended_on:
            return self.env._(
                "%(user)s: %(reason)s (ended %(date)s)",
                date=format_date(self.env, pin.ended_on), **words,
            )
        if pin.date_until:
            return self.env._(
                "%(user)s: %(reason)s (until %(date)s)",
                date=format_date(self.env, pin.date_until), **words,
            )
        return self.env._("%(user)s: %(reason)s", **words)

    def _fit_entries(self, rows):
        for fit in self._history_records("customer.fit", rows, "date desc, id desc"):
            key = (fit.partner_id.id, fit.company_id.id)
            yield key, fit.date, {
                **self._history_entry(fit, "fit", fit.date),
                "icon": "fa-check-square-o",
                "title": self.env._("Fit assessed"),
                "sentence": self._fit_sentence(fit),
            }

    def _fit_sentence(self, fit):
        sentence = self.env._(
            "%(user)s answered %(count)s questions with yes",
            user=fit.user_id.name,
            count=fit.yes_count,
        )
        return f"{sentence}: {fit.note}" if fit.note else sentence

    def _exclusion_entries(self, rows):
        for exclusion in self._history_records(
            "customer.profiling.exclusion", rows, "date_from desc, id desc"
        ):
            entry = {
                **self._history_entry(exclusion, "exclusion", exclusion.date_from),
                "icon": "fa-eye-slash",
                "title": self.env._("Excluded from profiling"),
                "sentence": self.env._(
                    "%(user)s: %(reason)s",
                    user=exclusion.user_id.name,
                    reason=exclusion.reason,
                ),
            }
            for partner_id, company_id in rows:
                if partner_id == exclusion.partner_id.id and (
                    exclusion.company_id.id in (company_id, False)
                ):
                    yield (partner_id, company_id), exclusion.date_from, entry

    def _history_entry(self, record, axis, day):
        """What every entry has."""
        return {
            "id": f"{record._table}-{record.id}",
            "axis": axis,
            "date": day.isoformat(),
            "date_text": format_date(self.env, day),
            "recorded_text": "",
            "icon": "fa-circle-o",
            "color": 0,
            "kind": False,
            "title": "",
            "sentence": "",
            "corrected": False,
        }
