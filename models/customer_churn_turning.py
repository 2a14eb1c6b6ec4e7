from __future__ import annotations

from datetime import date

from odoo import fields, models


class CustomerRelationshipTransition(models.Model):
    """Whoever turns lost, or comes back, is recorded in the same transaction; key
    customers are called the same day.
    """

    _inherit = "customer.relationship.transition"

    def _run_side_effects(self, company, as_of: date) -> None:
        result = super()._run_side_effects(company, as_of)
        if company.retention_use_churn:
            self._notice_losses(company, as_of)
        return result

    def _notice_losses(self, company, as_of: date) -> None:
        moves = self.filtered(
            lambda move: (
                move.axis == "condition"
                and (
                    move.corrects_from
                    or "lost"
                    in (move.from_condition_id.kind, move.to_condition_id.kind)
                )
            )
        )
        if not moves:
            return
        created = self.env["customer.churn.event"]._sync(company, moves.partner_id.ids)
        live = moves.filtered(
            lambda move: move.is_live and move.to_condition_id.kind == "lost"
        )
        # sudo: customer.churn.event - whom to call, whoever caused the evaluation
        events = self.env["customer.churn.event"].sudo().browse(created)
        events.filtered(lambda event: event.partner_id in live.partner_id)._contact(
            company, as_of
        )


class CustomerChurnEvent(models.Model):
    _inherit = "customer.churn.event"

    contact_activity_id = fields.Many2one(
        "mail.activity",
        string="Call at Once",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )

    def _contact(self, company, as_of: date) -> None:
        """Have the key customers among these called today, the greatest loss first.

        Chance is asked before: whoever is left alone to find out whether fighting
        helps is not called, and the case of the others begins with the call. No more
        are called than the settings allow activities at once.
        """
        keys = self.filtered(
            lambda event: (
                company.churn_contact_at_once
                and event.state == "lost"
                and event.value_class == "key"
            )
        )
        if not keys:
            return
        keys = keys._not_left_alone(company, as_of).sorted("lost_revenue", reverse=True)
        called = keys[: company.retention_side_effects_cap]
        # an evaluation looks at what is archived, too; nobody plays an archived play
        cases = self.env["customer.retention.case"].with_context(active_test=True)
        # sudo: customer.retention.case - the loss causes it, whoever is at work
        cases.sudo()._open_at_once(company, as_of, called.partner_id)
        for event in called._not_left_alone(company, as_of):
            event._schedule_contact(as_of)

    def _not_left_alone(self, company, as_of: date):
        held_out = self.env["customer.retention.draw"]._held_out_ids(company, as_of)
        return self.filtered(lambda event: event.partner_id.id not in held_out)

    def _schedule_contact(self, as_of: date) -> None:
        responsible = self.company_id._retention_doer(self.salesperson_id)
        if not responsible:
            return
        words = self.with_context(lang=responsible.lang or self.env.lang)
        self._engine().contact_activity_id = self.partner_id.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=as_of,
            user_id=responsible.id,
            summary=words.env._("A key customer is lost: call today"),
            note=words.env._(
                "Apologize, ask for the real reason, and write it down: %(money)s of "
                "revenue a year went along.",
                money=self.currency_id.format(self.lost_revenue),
            ),
        )
