from __future__ import annotations

from odoo import api, models

from .customer_relationship_history import MOST_ENTRIES


class CustomerRetentionCase(models.Model):
    """What the history of a relationship tells of a case."""

    _inherit = "customer.retention.case"

    def _opened_sentence(self) -> str:
        """Return what kind of case it is, who works on it, and why."""
        kinds = dict(self._fields["kind"]._description_selection(self.env))
        # sudo: res.users - the name of a colleague
        user = self.sudo().user_id.name
        told = (kinds.get(self.kind), user, self.reason_text)
        return " · ".join(filter(None, told))

    def _outcome_label(self) -> str:
        outcomes = dict(self._fields["state"]._description_selection(self.env))
        return outcomes[self.state]


class CustomerRelationship(models.Model):
    """Tells of retention cases in the history, as far as the reader may see them."""

    _inherit = "customer.relationship"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_insight(self):
        return super()._compute_insight()

    def _profiled_entries(self, rows):
        yield from super()._profiled_entries(rows)
        yield from self._case_entries(rows)

    def _case_entries(self, rows):
        """Two entries of each case: that it was opened, and what came of it."""
        cases = self.env["customer.retention.case"]
        watched = {
            key: row for key, row in rows.items() if row.company_id.retention_use_churn
        }
        if not watched or not cases.has_access("read"):
            return
        found = cases.search(
            [
                ("partner_id", "in", [partner_id for partner_id, _company in watched]),
                ("company_id", "in", [company_id for _partner, company_id in watched]),
                ("opened_on", "!=", False),
            ],
            order="opened_on desc, id desc",
            limit=MOST_ENTRIES * len(watched),
        )
        for case in found:
            key = (case.partner_id.id, case.company_id.id)
            if case.closed_on:
                yield key, case.closed_on, self._case_ended_entry(case)
            yield key, case.opened_on, self._case_opened_entry(case)

    @api.model
    def _case_opened_entry(self, case) -> dict:
        return {
            **self._history_entry(f"case-{case.id}", "case", case.opened_on),
            "icon": "fa-life-ring",
            "title": self.env._("Retention case opened"),
            "sentence": case._opened_sentence(),
        }

    @api.model
    def _case_ended_entry(self, case) -> dict:
        return {
            **self._history_entry(f"case-{case.id}-end", "case", case.closed_on),
            "icon": "fa-flag-checkered",
            "title": self.env._("Retention case ended"),
            "sentence": case._outcome_label(),
        }
