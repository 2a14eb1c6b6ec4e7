from odoo import fields, models
from odoo.exceptions import UserError


class CustomerChurnEvent(models.Model):
    """A loss about which the customer can be asked."""

    _inherit = "customer.churn.event"

    survey_ids = fields.One2many("customer.churn.survey", "event_id", string="Surveys")

    def action_ask(self):
        """Ask the customers by mail why they left.

        :raise UserError: there is nobody who can be asked
        """
        self.check_access("write")
        sent = self.env["customer.churn.survey"]._ask(self)
        if not sent:
            raise UserError(
                self.env._(
                    "Nobody can be asked: they have been asked already, came back, "
                    "have no mail address, or do not want mails from us."
                )
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._("Asked by mail: %s", len(sent)),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def _askable(self):
        """Return losses whose customers can be asked: once, by a mail they accept.

        Whoever is left alone to find out whether fighting helps is left alone here,
        too, and so is whoever does not want to be profiled.
        """
        found = self.browse()
        for company, events in self.grouped("company_id").items():
            day = company._retention_today()
            held_out = self.env["customer.retention.draw"]._held_out_ids(company, day)
            found |= events.filtered(
                lambda event, held_out=held_out: (
                    event.state == "lost"
                    # who has become a contact of another customer has not left
                    and event.partner_id.commercial_partner_id == event.partner_id
                    # sudo: customer.churn.survey - whether somebody asked
                    and not event.sudo().survey_ids
                    and event.partner_id.id not in held_out
                    and event._accepts_mail()
                )
            )
        return found

    def _accepts_mail(self) -> bool:
        # sudo: res.partner - the address and its block list decide, whoever asks
        customer = self.sudo().partner_id
        return self.is_profiled and customer._accepts_retention_mail()

    def _log_answer(self, reason, words, competitor) -> None:
        """Tell the salesperson what the customer answered."""
        responsible = self.company_id._retention_doer(self.salesperson_id)
        if not responsible:
            return
        # sudo: res.users - the language of a colleague
        lang = responsible.sudo().lang
        env = self.with_context(lang=lang).env
        plain = reason.with_context(lang=lang).display_name
        # sudo: res.partner - the customer answered without an account
        self.partner_id.sudo().activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=responsible.id,
            summary=env._("A lost customer told why"),
            note=": ".join(filter(None, (plain, words, competitor))),
        )
