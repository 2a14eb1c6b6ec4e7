from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import clean_context

from ..logic.retention import Situation

MOST_CUSTOMERS = 5000


class CustomerRetentionCampaign(models.Model):
    """A mail to a list of customers, some of whom are left alone to see if it helps.

    Whoever does not want mails, is left alone by another draw or has an open case is
    not written to. Chance is asked, and the answer written down, before the first mail.
    """

    _name = "customer.retention.campaign"
    _inherit = "customer.guarded.mixin"
    _description = "Retention Campaign"
    _order = "id desc"

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        ondelete="cascade",
        domain=[("parent_id", "=", False)],
        default=lambda self: self._default_company_id(),
    )
    play_id = fields.Many2one(
        "customer.retention.play",
        required=True,
        ondelete="restrict",
        help="Says how many are left alone, and for how long it is measured.",
    )
    template_id = fields.Many2one(
        "mail.template",
        string="Mail",
        required=True,
        domain="[('model', '=', 'res.partner')]",
        ondelete="restrict",
        default=lambda self: self._default_template_id(),
    )
    partner_ids = fields.Many2many(
        "res.partner", "customer_retention_campaign_partner_rel", string="Customers"
    )
    state = fields.Selection(
        [("draft", "Draft"), ("sent", "Sent")],
        required=True,
        default="draft",
        readonly=True,
        copy=False,
    )
    sent_on = fields.Date(readonly=True, copy=False)
    user_id = fields.Many2one(
        "res.users",
        string="By",
        required=True,
        readonly=True,
        copy=False,
        default=lambda self: self.env.user,
    )
    draw_ids = fields.One2many("customer.retention.draw", "campaign_id")
    sent_count = fields.Integer(string="Written To", compute="_compute_result")
    held_out_count = fields.Integer(string="Left Alone", compute="_compute_result")
    effect_text = fields.Char(string="Effect", compute="_compute_result")

    @api.model
    def _default_company_id(self):
        return self.env.company._retention_root()

    @api.model
    def _default_template_id(self):
        return self.env.ref(
            "customer_retention.mail_template_retention_campaign", False
        )

    # === COMPUTE === #

    @api.depends("draw_ids")
    @api.depends_context("lang")
    def _compute_result(self):
        for campaign in self:
            held = campaign.draw_ids.filtered("is_held_out")
            campaign.held_out_count = len(held)
            campaign.sent_count = len(campaign.draw_ids) - len(held)
            campaign.effect_text = self.env["customer.retention.draw"]._effect_sentence(
                campaign.company_id, [("campaign_id", "=", campaign.id)]
            )

    @api.constrains("template_id")
    def _check_template(self):
        """The mail is one to contacts: a template of something else cannot be sent."""
        for campaign in self:
            if campaign.template_id.model != "res.partner":
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is no mail to contacts. Choose another mail, or "
                        "have it apply to contacts.",
                        name=campaign.template_id.name,
                    )
                )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_guarded(vals, is_new=True)
        return super().create(vals_list)

    def write(self, vals):
        """Change a draft; what has been sent stays as it was.

        :raise UserError: it has been sent, or the values claim so
        """
        if not self.env.su:
            self._check_guarded(vals)
            # the name of what was sent may be mended
            if vals.keys() - {"name"} and "sent" in self.mapped("state"):
                raise UserError(self._sent_message())
        return super().write(vals)

    @api.model
    def _guarded_message(self, label):
        return self.env._(
            "“%s” is not entered: a campaign is sent by its button.", label
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if any(campaign.state == "sent" for campaign in self):
            raise UserError(self._sent_message())

    @api.model
    def _sent_message(self) -> str:
        return self.env._(
            "What has been sent stays as it was. Start another campaign for the rest."
        )

    # === ACTIONS === #

    def action_send(self):
        """Draw who is left alone, then write to the others.

        :raise UserError: it has been sent, or nobody can be written to
        """
        self.check_access("write")
        self.ensure_one()
        self.lock_for_update()
        self.env["customer.retention.draw"]._hold(self.company_id._retention_root())
        if self.state == "sent":
            raise UserError(self.env._("This campaign has been sent already."))
        self._check_template()
        reachable = self._reachable()
        if not reachable:
            raise UserError(
                self.env._(
                    "Nobody on the list can be written to. Look at their addresses, "
                    "at who does not want mails and at who has an open case."
                )
            )
        # nobody opens a case for them at the same time
        self.env["customer.retention.case"]._hold(
            self.company_id._retention_root(), reachable
        )
        written = self._draw(reachable)
        today = self.company_id._retention_today()
        # sudo: customer.retention.campaign - the verb, which has checked who sends
        self.sudo().write({"state": "sent", "sent_on": today})
        self._mail(written)
        return True

    def action_open_draws(self):
        """Open who was written to and who was left alone."""
        self.check_access("read")
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "customer_retention.customer_retention_draw_action"
        )
        action["domain"] = [("campaign_id", "=", self.id)]
        action["context"] = {}
        return action

    # === BUSINESS === #

    def _draw(self, accounts):
        """Write down what chance decides, and return those to be written to."""
        company = self.company_id._retention_root()
        today = company._retention_today()
        # sudo: customer.retention.case - how things stand, whoever may see it
        cases = self.env["customer.retention.case"].sudo()
        # sudo: customer.retention.draw - chance decides, whoever sends
        draws = self.env["customer.retention.draw"].sudo()
        known = cases._gather(company, accounts)
        values = []
        for account in accounts:
            situation, score, event = known[account]
            held_out = draws._is_drawn_out(
                self.play_id, account.id, today, f"campaign {self.id}"
            )
            values.append(
                draws._prepare_draw(
                    self.play_id,
                    company,
                    today,
                    held_out,
                    campaign_id=self.id,
                    **self._prepare_standing(account, situation, score, event),
                )
            )
        drawn = draws.create(values)
        return drawn.filtered(lambda draw: not draw.is_held_out).partner_id

    def _prepare_standing(self, account, situation: Situation, score, event) -> dict:
        plays = self.env["customer.retention.play"]
        return {
            "partner_id": account.id,
            "cause": plays._cause_of(situation, self.company_id.churn_silent_days),
            "value_class": situation.value_class,
            "segment_id": score.relationship_id.segment_id.id,
            "value": event.lost_revenue if event else score.value_at_risk,
        }

    def _mail(self, partners):
        """Have core write to these customers; it looks at the block list again.

        :return: the mails, which wait to be sent
        """
        # defaults of the form, its customers among them, are none of a mail's
        context = {**clean_context(self.env.context), "active_ids": partners.ids}
        composers = self.env(context=context)["mail.compose.message"]
        composer = composers.create(
            {
                "composition_mode": "mass_mail",
                "model": "res.partner",
                "res_ids": repr(partners.ids),
                "template_id": self.template_id.id,
                "use_exclusion_list": True,
                "force_send": False,
            }
        )
        return composer._action_send_mail()[0]

    @api.model
    def _start_for(self, records):
        if not self.has_access("create"):
            raise AccessError(
                self.env._("Only a manager writes to a list of customers.")
            )
        records.check_access("read")
        companies = records.company_id
        if len(companies) != 1 or len(records) > MOST_CUSTOMERS:
            raise UserError(
                self.env._(
                    "Choose customers of one company, %s at most.", MOST_CUSTOMERS
                )
            )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Campaign"),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {
                "default_company_id": companies.id,
                "default_partner_ids": [
                    fields.Command.set(records.partner_id.ids),
                ],
            },
        }
