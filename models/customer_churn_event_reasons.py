from __future__ import annotations

from datetime import timedelta

from odoo import api, fields, models

# What was heard so long before a loss explains it.
HEARD_BEFORE = timedelta(days=365)


class CustomerChurnEvent(models.Model):
    """Why somebody left: what a person enters, and what was heard elsewhere."""

    _inherit = "customer.churn.event"

    mention_ids = fields.Many2many(
        "customer.churn.mention",
        compute="_compute_mention_ids",
        string="Heard",
        context={"active_test": False},
    )
    heard_reason_ids = fields.Many2many(
        "customer.churn.reason",
        "customer_churn_event_heard_reason_rel",
        string="Reasons Heard",
        readonly=True,
        copy=False,
        exportable=False,
        help="Reasons that nobody entered: they go when what was heard is withdrawn.",
    )

    @api.depends("partner_id", "company_id", "date")
    def _compute_mention_ids(self):
        mentions = self.env["customer.churn.mention"].with_context(active_test=False)
        mentions = mentions.search(
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
        chooses. Of a reason that is known already, what was said is added.
        """
        for event in self:
            heard = mentions.filtered(event._is_about).sorted("date")
            new = [
                fields.Command.link(one.id)
                for one in heard.reason_id - event.reason_ids
            ]
            vals = event._prepare_said(heard)
            if new:
                vals.update(reason_ids=new, heard_reason_ids=new)
            if heard and not event.main_reason_id:
                vals["main_reason_id"] = heard[-1:].reason_id.id
            if vals:
                event._engine().write(vals)

    def _prepare_said(self, heard) -> dict:
        """Return words and competitor where nothing is known of them yet."""
        vals = {}
        for name in ("competitor", "words"):
            said = next((one[name] for one in reversed(heard) if one[name]), None)
            if said and not self[name]:
                vals[name] = said
        return vals

    @api.model
    def _forget_reasons(self, mentions):
        """Take back what losses know by some mentions alone; what a person entered or
        somebody else has heard stays.
        """
        events = self.search(
            [
                ("partner_id", "in", mentions.partner_id.ids),
                ("company_id", "in", mentions.company_id.ids),
            ]
        )
        for event in events:
            gone = event.mention_ids & mentions
            left = event.mention_ids.filtered("active").sorted("date")
            vals = event._prepare_forgotten(gone, left)
            if vals:
                event._engine().write(vals)
                event._take_reasons(left)

    def _prepare_forgotten(self, gone, left) -> dict:
        reasons = (gone.reason_id & self.heard_reason_ids) - left.reason_id
        unlinked = [fields.Command.unlink(one.id) for one in reasons]
        vals = dict.fromkeys(("reason_ids", "heard_reason_ids"), unlinked)
        if not reasons:
            vals = {}
        if self.main_reason_id in reasons:
            vals["main_reason_id"] = False
        for name in ("competitor", "words"):
            if self[name] and self[name] in gone.mapped(name):
                vals[name] = False
        return vals

    def _keep_chosen_reason(self):
        """A main reason that a person chose is no longer one that was only heard."""
        for event in self:
            chosen = event.main_reason_id & event.heard_reason_ids
            if chosen:
                event._engine().heard_reason_ids -= chosen

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
                ("active", "=", True),
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
