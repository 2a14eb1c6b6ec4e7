from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

SOURCES = [
    ("quotation", "Lost Quotation"),
    ("order", "Cancelled Order"),
    ("complaint", "Complaint"),
    ("survey", "Exit Survey"),
]


class CustomerChurnMention(models.Model):
    """A reason to leave, as somebody heard it: where, when and in what words.

    What was heard before somebody left explains the loss afterwards. What was a mistake
    is withdrawn and stays on record.
    """

    _name = "customer.churn.mention"
    _inherit = "customer.visible.mixin"
    _description = "Reason Heard"
    _order = "date desc, id desc"
    _rec_name = "reason_id"

    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index=True, ondelete="set null"
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, index=True, ondelete="cascade"
    )
    reason_id = fields.Many2one(
        "customer.churn.reason",
        required=True,
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    source = fields.Selection(SOURCES, required=True, readonly=True)
    date = fields.Date(required=True, readonly=True)
    user_id = fields.Many2one("res.users", string="Heard By", readonly=True)
    competitor = fields.Char(readonly=True)
    words = fields.Text(string="What They Said", readonly=True)
    order_id = fields.Many2one(
        "sale.order", readonly=True, index="btree_not_null", ondelete="set null"
    )
    complaint_id = fields.Many2one(
        "customer.complaint", readonly=True, index="btree_not_null", ondelete="set null"
    )

    active = fields.Boolean(default=True, readonly=True)
    withdrawn_on = fields.Date(readonly=True)
    withdrawn_by_id = fields.Many2one("res.users", readonly=True)
    may_withdraw = fields.Boolean(compute="_compute_may_withdraw", exportable=False)

    @api.depends("user_id", "active")
    @api.depends_context("uid")
    def _compute_may_withdraw(self):
        """Whoever heard it, and managers."""
        is_manager = self.env.user.has_group("customer_retention.group_manager")
        for mention in self:
            mention.may_withdraw = mention.active and (
                is_manager or mention.user_id == self.env.user
            )

    # === ACTIONS === #

    def action_withdraw(self):
        """Say that these were mistakes: losses are explained without them.

        :raise AccessError: somebody else heard it, and the user is no manager
        """
        self.check_access("read")
        for mention in self:
            if not mention.may_withdraw:
                raise AccessError(
                    self.env._("Only who wrote it down or a manager takes it back.")
                )
        self._withdraw()

    def _withdraw(self):
        # sudo: customer.churn.mention - nobody enters them; asked by who may
        for mention in self.sudo():
            mention.write(
                {
                    "active": False,
                    "withdrawn_on": mention.company_id._retention_today(),
                    "withdrawn_by_id": self.env.uid,
                }
            )
        # sudo: customer.churn.event - what was heard explains it, whoever heard it
        self.env["customer.churn.event"].sudo()._forget_reasons(self)

    # === BUSINESS === #

    @api.model
    def _set_reason(self, document, link, reasons, source):
        """Keep one reason for each document, the latest one said; none takes it back.

        What was said before stays on record as withdrawn.

        :param link: name of the field here that names the document
        :param reasons: {document: reason}
        :param source: {document: key of ``source``}
        """
        # sudo: customer.churn.mention - whoever may change the document says why
        known = self.sudo().search([("active", "=", True), (link, "in", document.ids)])
        by_document = known.grouped(link)
        for one in document:
            reason, mention = reasons[one], by_document.get(one, self.browse())
            if mention.reason_id != reason:
                mention._withdraw()
            if reason and mention.reason_id != reason:
                self._hear(
                    one.partner_id,
                    one.company_id,
                    reason,
                    source[one],
                    **{link: one.id},
                )

    @api.model
    def _hear(self, partner, company, reason, source, **values):
        """Write down a reason; it explains the loss if there is one already."""
        # sudo: customer.churn.mention - whoever may change the document says why
        account = partner.sudo().commercial_partner_id
        root = (company or self.env.company)._retention_root()
        if reason.company_id and reason.company_id._retention_root() != root:
            raise UserError(
                self.env._(
                    "The reason “%(reason)s” belongs to another company. Choose one of "
                    "%(company)s, or one for all companies.",
                    reason=reason.display_name,
                    company=root.display_name,
                )
            )
        if not account:
            return self.browse()
        # sudo: customer.churn.mention - nobody enters them, the documents do
        mention = self.sudo().create(
            {
                "partner_id": account.id,
                "company_id": root.id,
                "reason_id": reason.id,
                "source": source,
                "date": root._retention_today(),
                "user_id": self.env.uid,
                **values,
            }
        )
        mention._explain_loss()
        return mention

    def _explain_loss(self):
        """Tell the losses that are open why."""
        # sudo: customer.churn.event - what was heard explains it, whoever heard it
        events = self.env["customer.churn.event"].sudo()
        for mention in self:
            event = events._open_of(mention.partner_id, mention.company_id)
            event._take_reasons(mention)

    @api.autovacuum
    def _gc_mentions(self):
        """Forget what was heard of customers who have been deleted."""
        mentions = self.with_context(active_test=False)
        mentions.search([("partner_id", "=", False)]).unlink()
