from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models

# What was heard so long before a loss explains it.
HEARD_BEFORE = timedelta(days=365)


class CustomerChurnEvent(models.Model):
    """Why somebody left: what a person enters, and what was heard elsewhere."""

    _inherit = "customer.churn.event"

    mention_ids = fields.Many2many(
        "customer.churn.mention", compute="_compute_mention_ids", string="Heard"
    )

    @api.depends("partner_id", "company_id", "date")
    def _compute_mention_ids(self):
        mentions = self.env["customer.churn.mention"].search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        by_account = mentions.grouped(lambda one: (one.partner_id, one.company_id))
        for event in self:
            heard = by_account.get((event.partner_id, event.company_id), mentions[:0])
            event.mention_ids = heard.filtered(lambda one, e=event: e._is_about(one))

    def _is_about(self, mention) -> bool:
        """Whether what was heard belongs to this loss, not to one before or after."""
        first = (self.date or mention.date) - HEARD_BEFORE
        return first <= mention.date <= (self.returned_on or mention.date)

    def _include_main_reasons(self):
        """The main reason is one of the reasons; the only reason is the main one."""
        for event in self:
            vals = {}
            if event.main_reason_id and event.main_reason_id not in event.reason_ids:
                vals["reason_ids"] = [fields.Command.link(event.main_reason_id.id)]
            elif not event.main_reason_id and len(event.reason_ids) == 1:
                vals["main_reason_id"] = event.reason_ids.id
            if vals:
                event._engine().write(vals)

    @api.model
    def _open_of(self, partner, company):
        """Return the losses of a customer that have not been taken back."""
        # sudo: customer.churn.event - whether there is one, whoever may see it
        found = self.sudo().search(
            [
                ("partner_id", "=", partner.id),
                ("company_id", "=", company._retention_root().id),
                ("state", "=", "lost"),
            ]
        )
        return found.with_env(self.env)

    def _take_reasons(self, mentions):
        """Add reasons that were heard; the first one is the main one until a person
        chooses.
        """
        for event in self:
            heard = mentions.filtered(event._is_about).sorted("date")
            new = heard.reason_id - event.reason_ids
            if not new:
                continue
            vals = {"reason_ids": [fields.Command.link(one.id) for one in new]}
            if not event.main_reason_id:
                vals["main_reason_id"] = heard[-1:].reason_id.id
            for name in ("competitor", "words"):
                said = next((one[name] for one in reversed(heard) if one[name]), None)
                if said and not event[name]:
                    vals[name] = said
            event._engine().write(vals)

    def _sync_declared(self):
        """Work out what follows from documents for losses that people declare."""
        for company, events in self.grouped("company_id").items():
            # sudo: customer.churn.event - facts do not depend on who declares it
            events.sudo()._refresh_facts(company, events.partner_id.ids)
        self._explain_by_mentions()

    def _explain_by_mentions(self):
        """Take over what was heard of these customers before they left."""
        # sudo: customer.churn.mention - what was heard explains it, whoever heard it
        mentions = self.env["customer.churn.mention"].sudo()
        known = mentions.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
            ]
        )
        if not known:
            return
        for event in self:
            event._take_reasons(
                known.filtered(
                    lambda one, event=event: (
                        one.partner_id == event.partner_id
                        and one.company_id == event.company_id
                    )
                )
            )
