from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

CREDIT_KINDS = ("refund", "goodwill")
PAID_STATES = ("paid", "in_payment")


class CustomerRecoveryAction(models.Model):
    """Money back: a credit note, of an invoice or as goodwill.

    It is a draft for whoever may not post in accounting. The action is done when the
    credit note is posted, and settled when it is paid out or set off.
    """

    _inherit = "customer.recovery.action"

    credit_move_id = fields.Many2one(
        "account.move",
        string="Credit Note",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="set null",
    )
    reversal_move_id = fields.Many2one(
        "account.move",
        string="Taken Back By Entry",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    is_settled = fields.Boolean(
        string="Settled",
        compute="_compute_is_settled",
        search="_search_is_settled",
        help="The customer has what was promised: money when it is paid out or set "
        "off, anything else when it is done.",
    )

    may_choose_invoice = fields.Boolean(
        compute="_compute_may_choose_invoice",
        help="Others refund the invoice of the complaint.",
    )

    @api.depends("invoice_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_choose_invoice(self):
        may_choose = self.env["account.move"].has_access("read")
        for action in self:
            invoice = action.invoice_id._origin
            action.may_choose_invoice = may_choose and invoice.has_access("read")

    @api.depends("state", "credit_move_id.payment_state")
    def _compute_is_settled(self):
        for action in self:
            # sudo: account.move - whether it is paid, not what it says
            credit = action.sudo().credit_move_id
            is_paid = not credit or credit.payment_state in PAID_STATES
            action.is_settled = action.state == "done" and is_paid

    def _search_is_settled(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [
            ("state", "=", "done"),
            "|",
            ("credit_move_id", "=", False),
            ("credit_move_id.payment_state", "in", PAID_STATES),
        ]

    # === BUSINESS === #

    def _document_state(self):
        if self.kind not in CREDIT_KINDS:
            return super()._document_state()
        states = {"draft": "pending", "posted": "done", "cancel": "failed"}
        return states.get(self.credit_move_id.state, False)

    def _document_value(self):
        if self.kind not in CREDIT_KINDS:
            return super()._document_value()
        return abs(self.credit_move_id.amount_total_signed)

    def _check_one_complete(self):
        result = super()._check_one_complete()
        if self.kind == "refund":
            self._check_refundable()
        elif self.kind == "goodwill" and not self.amount:
            raise UserError(self.env._("Enter the goodwill amount."))
        return result

    # --- refund of an invoice --- #

    def _check_refundable(self):
        """Refuse a refund that is not of a posted invoice, or more than is left."""
        # sudo: account.move - handlers refund invoices they may not open
        invoice = self.sudo().invoice_id
        if invoice.state != "posted" or not invoice.is_sale_document(True):
            raise UserError(
                self.env._("Choose the posted invoice of the customer to refund.")
            )
        account = self.complaint_id.account_id
        if invoice.commercial_partner_id != account:
            raise UserError(
                self.env._("The invoice is not one of %s.", account.display_name)
            )
        left = self._refundable_amount()
        if not self.amount or self.currency_id.compare_amounts(self.amount, left) > 0:
            raise UserError(
                self.env._(
                    "Refund more than nothing and at most %s: that is left of what was "
                    "invoiced.",
                    self._format_money(left),
                )
            )

    def _refundable_amount(self):
        """What is left to refund of the lines chosen, in company currency."""
        # sudo: account.move - handlers refund invoices they may not open
        invoice = self.sudo().invoice_id
        total = abs(invoice.amount_total_signed)
        credited = sum(
            abs(credit.amount_total_signed)
            for credit in invoice.reversal_move_ids
            if credit.state != "cancel"
        )
        chosen = total
        # sudo: account.move.line - handlers refund invoices they may not open
        lines = self.sudo().invoice_line_ids
        if lines and invoice.amount_total:
            chosen = total * sum(lines.mapped("price_total")) / invoice.amount_total
        currency = self.currency_id or invoice.company_currency_id
        return currency.round(max(0.0, min(chosen, total - credited)))

    def _carry_out_refund(self):
        """Make a credit note by core's reversal: whole, some lines, or a part."""
        # of two refunds at once, the later one starts over and sees the first one
        self.env["customer.recovery.tally"]._touch({f"invoice,{self.invoice_id.id}"})
        self._check_refundable()
        wizard = (
            self.env["account.move.reversal"]
            # sudo: account.move.reversal - a draft, which accounting posts
            .sudo()
            .with_company(self.company_id)
            .with_context(active_model="account.move", active_ids=self.invoice_id.ids)
            .create(
                {
                    "reason": self._document_reason(),
                    # sudo: account.move - its journal, whoever may open the invoice
                    "journal_id": self.sudo().invoice_id.journal_id.id,
                }
            )
        )
        wizard.refund_moves()
        credit = wizard.new_move_ids
        self._keep_chosen_lines(credit)
        self._fit_credit(credit)
        self._link_credit(credit)

    def _keep_chosen_lines(self, credit):
        """Leave out of a credit note what was not chosen; lines have one order."""
        # sudo: account.move - see _carry_out_refund
        action = self.sudo()
        chosen = action.invoice_line_ids
        if not chosen:
            return
        originals = action.invoice_id.invoice_line_ids
        pairs = zip(originals, credit.invoice_line_ids, strict=True)
        others = [copy for original, copy in pairs if original not in chosen]
        credit.write({"invoice_line_ids": [Command.delete(line.id) for line in others]})

    def _fit_credit(self, credit):
        """Lower a credit note to the amount that was approved.

        A part of the price is no return of goods: the lines lose their link to the
        order, which would otherwise be invoiced again.
        """
        total = abs(credit.amount_total_signed)
        if self.currency_id.compare_amounts(total, self.amount) <= 0:
            return
        ratio = self.amount / total
        lines = credit.invoice_line_ids.filtered(
            lambda line: line.display_type == "product"
        )
        credit.write(
            {
                "invoice_line_ids": [
                    Command.update(line.id, self._part_of_line(line, ratio))
                    for line in lines
                ]
            }
        )
        self._fit_last_cents(credit, lines[-1:])

    def _part_of_line(self, line, ratio):
        price = line.price_unit * line.quantity * (1 - line.discount / 100) * ratio
        return {
            "quantity": 1.0,
            "price_unit": line.currency_id.round(price),
            "discount": 0.0,
            "sale_line_ids": [Command.clear()],
        }

    def _fit_last_cents(self, credit, line):
        """Take up in one line what rounding left; never more than was approved."""
        for _attempt in range(3):
            excess = abs(credit.amount_total_signed) - self.amount
            if self.currency_id.is_zero(excess):
                return
            rate = credit.amount_total / (abs(credit.amount_total_signed) or 1.0)
            share = line.price_subtotal / (line.price_total or 1.0)
            is_included = any(line.tax_ids.mapped("price_include"))
            step = excess * rate * (1 if is_included else share)
            line.price_unit -= credit.currency_id.round(step) or (
                credit.currency_id.rounding if excess > 0 else 0.0
            )

    # --- goodwill --- #

    def _carry_out_goodwill(self):
        # sudo: account.move - a draft, which accounting posts
        moves = self.env["account.move"].sudo().with_company(self.company_id)
        self._link_credit(moves.create(self._prepare_goodwill_values()))

    def _prepare_goodwill_values(self):
        """Values of a credit note that no invoice belongs to."""
        complaint = self.complaint_id
        # sudo: product.product - the company's choice, whoever may see products
        product = self.company_id.sudo()._recovery_goodwill_product()
        return {
            "move_type": "out_refund",
            "partner_id": (complaint.partner_id or complaint.account_id).id,
            "company_id": self.company_id.id,
            "currency_id": self.currency_id.id,
            "invoice_origin": complaint.name,
            "ref": self._document_reason(),
            "invoice_line_ids": [
                Command.create(
                    {
                        "product_id": product.id,
                        "name": self.name or self.type_id.name,
                        "quantity": 1.0,
                        "price_unit": self.amount,
                        "tax_ids": [Command.clear()],
                    }
                )
            ],
        }

    # --- both --- #

    def _document_reason(self):
        return f"{self.complaint_id.name} {self.name or self.type_id.name}"

    def _link_credit(self, credit):
        """Remember the credit note; post it for whoever may post."""
        self._decide({"credit_move_id": credit.id})
        self._log(
            lambda action: self.env._("Draft credit note for %s.", action.display_name)
        )
        is_person = not self.env.user._is_superuser()
        if is_person and self.env.user.has_group("account.group_account_invoice"):
            # sudo: account.move - the group says that this person posts
            credit.sudo().action_post()

    def _take_back_refund(self):
        """Cancel a draft; reverse what was posted, as who may post."""
        # sudo: account.move - a draft of ours that nobody posted
        credit = self.sudo().credit_move_id
        if credit.state == "draft":
            credit.button_cancel()
            return
        if credit.state == "posted":
            self._check_may_post()
            entry = credit._reverse_moves(
                [{"date": fields.Date.context_today(self)}], cancel=True
            )
            self._decide({"reversal_move_id": entry.id})

    _take_back_goodwill = _take_back_refund

    def _check_may_post(self):
        if not self.env.user.has_group("account.group_account_invoice"):
            raise UserError(
                self.env._(
                    "The credit note of “%s” is posted. Ask accounting to take it "
                    "back.",
                    self.display_name,
                )
            )
