from odoo import api, fields, models
from odoo.exceptions import UserError

from ..logic.authority import LEVELS


class CustomerRecoveryAction(models.Model):
    """How an approved action becomes real, and how it is taken back.

    Each kind that makes a document has a method ``_carry_out_<kind>`` in a file of its
    own. An action with a document is done when the document says so.
    """

    _inherit = "customer.recovery.action"

    document_name = fields.Char(string="Document", compute="_compute_document_name")
    may_open_document = fields.Boolean(
        compute="_compute_may_open_document", help="Others see which one it is."
    )
    is_ready = fields.Boolean(
        string="To Be Carried Out",
        compute="_compute_is_ready",
        help="Approved, not under way yet, and the customer did not decline.",
    )
    reversed_at = fields.Datetime(string="Taken Back At", readonly=True, copy=False)
    reversed_by_id = fields.Many2one(
        "res.users", string="Taken Back By", readonly=True, copy=False
    )
    reversal_reason = fields.Char(readonly=True, copy=False)

    @api.depends("state")
    def _compute_document_name(self):
        for action in self:
            # sudo: account.move, sale.order - the number of a document
            document = action.sudo()._documents()[:1]
            action.document_name = document[0].display_name if document else False

    @api.depends("state", "answer")
    def _compute_is_ready(self):
        for action in self:
            is_wanted = action.answer not in ("declined", "other_wish")
            is_open = action.state == "approved" and is_wanted
            action.is_ready = is_open and not action._documents()

    @api.depends("state")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_open_document(self):
        for action in self:
            # sudo: account.move, sale.order - which document, not what it says
            document = action.sudo()._documents()[:1]
            action.may_open_document = bool(document) and document[0].with_env(
                self.env
            ).has_access("read")

    # === ACTIONS === #

    def action_carry_out(self):
        """Make what was approved real."""
        self.check_access("write")
        for action in self:
            action._carry_out()
        return True

    def action_open_document(self):
        """Open the document that the action made.

        :raise UserError: it is for others to open
        """
        self.ensure_one()
        documents = self._documents()
        if not documents:
            return False
        if not documents[0].has_access("read"):
            raise UserError(self._not_yours_message(documents[0]._name))
        return {
            "type": "ir.actions.act_window",
            "res_model": documents[0]._name,
            "res_id": documents[0].id,
            "views": [(False, "form")],
        }

    # === BUSINESS === #

    @api.model
    def _document_fields(self):
        """Return {field that holds what the action made: path to the document}."""
        return {
            "credit_move_id": "credit_move_id",
            "order_id": "order_id",
            "discount_line_id": "discount_line_id.order_id",
        }

    def write(self, vals):
        """Tell orders what they have to do with, so that they are followed."""
        result = super().write(vals)
        if vals.get("order_id") or vals.get("discount_line_id"):
            # sudo: sale.order - a mark, whoever may change what the order says
            action = self.sudo()
            orders = action.order_id | action.discount_line_id.order_id
            orders.complaint_linked = True
        return result

    def _documents(self):
        """Return the documents that this action made, as a list of records.

        Whether the reader may open them is for the caller to ask.
        """
        # sudo: sale.order.line - the way to a document, not what it says
        action = self.sudo()
        return [
            document
            for path in self._document_fields().values()
            for document in action.mapped(path).with_env(self.env)
        ]

    def _set_proposed(self):
        """What starts over makes a document of its own, beside the dead one."""
        for action in self:
            # sudo: account.move, sale.order - documents of others decide
            if action.state == "failed" and action.sudo()._document_state() == "failed":
                action._decide(dict.fromkeys(action._document_fields(), False))
        return super()._set_proposed()

    def _not_yours_message(self, model):
        # sudo: ir.model - the name of what it is
        kind = self.env["ir.model"].sudo()._get(model).name
        return self.env._(
            "You cannot open %(document)s: your access does not include “%(kind)s”. "
            "There is no need to, the action follows it by itself.",
            document=self.document_name,
            kind=kind,
        )

    def _carry_out(self):
        """Carry out one approved action.

        :raise UserError: it is not approved as it is, or the customer said no
        """
        self.ensure_one()
        self._check_ready()
        carry_out = getattr(self, f"_carry_out_{self.kind}", None)
        if carry_out is None:
            self._set_done()
        else:
            carry_out()
            self._sync_documents()

    def _check_ready(self):
        """Refuse what is not approved, has been made, or the customer does not want."""
        if self.state != "approved":
            raise UserError(self._wrong_state_message("done"))
        if self._documents():
            raise UserError(self._carried_out_message())
        currency = self.currency_id
        is_more = currency.compare_amounts(self._judged_amount(), self.approved_amount)
        if is_more > 0 or self.account_id != self.complaint_id.account_id:
            raise UserError(
                self.env._(
                    "“%s” is not what was approved any longer. Propose it again.",
                    self.display_name,
                )
            )
        self._check_customer_wants()

    def _check_customer_wants(self):
        """Refuse to carry out what the customer does not want, or not yet."""
        if self.answer in ("declined", "other_wish"):
            raise UserError(
                self.env._(
                    "The customer did not want “%s”. Plan what they want instead.",
                    self.display_name,
                )
            )
        if self.type_id.needs_acceptance and self.answer != "accepted":
            raise UserError(
                self.env._(
                    "“%s” is carried out once the customer has accepted it.",
                    self.display_name,
                )
            )

    def _carry_out_automatically(self):
        """Carry out what nobody decided on; what does not work waits for a person.

        What the customer has to accept first is offered by whoever looks after the
        complaint: nothing has failed.
        """
        offered = self.filtered(
            lambda one: one.type_id.needs_acceptance and one.answer != "accepted"
        )
        for action in offered:
            action.complaint_id._ask_for_attention(action._offer_words)
        for action in self - offered:
            try:
                with self.env.cr.savepoint():
                    action._carry_out()
            except UserError as error:
                action._set_failed(str(error))

    def _offer_words(self, complaint):
        """What is to be done with what the customer has to accept first."""
        env = complaint.env
        name = self.with_env(env).display_name
        return env._("Offer the customer: %(remedy)s", remedy=name), ""

    # --- what became of the document --- #

    def _document_state(self):
        """Return what the document says: ``pending``, ``done`` or ``failed``.

        False: the action has no document.
        """
        return False

    def _document_value(self):
        """What the document gives the customer, in company currency; False: unknown."""
        return False

    def _sync_documents(self):
        """Let actions follow their documents."""
        for action in self:
            # sudo: account.move, sale.order - documents of others decide
            state = action.sudo()._document_state()
            if state == "done" and action.state == "approved":
                action._follow_value()
                action._set_done()
            elif state == "pending" and action.state == "done":
                action._decide({"state": "approved", "done_at": False})
            elif state == "failed" and action.state in ("approved", "done"):
                action._set_failed(
                    self.env._("Its document was canceled or deleted by somebody.")
                )

    def _follow_value(self):
        """Take the cost from the document; refuse more than was approved.

        :raise UserError: it is more, and beyond the limit of who confirms it
        """
        # sudo: account.move, sale.order - documents of others decide
        value = self.sudo()._document_value()
        if value is False:
            return
        if self.currency_id.compare_amounts(value, self.approved_amount) > 0:
            self._check_may_exceed(value)
        if self.kind != "replacement":
            self._decide({"cost": value})

    def _check_may_exceed(self, value):
        """Refuse a document beyond what was approved, unless this person may."""
        approved = self.approved_amount
        self._decide({"state": "waiting", "amount": value})
        verdict = self._judge()[self]
        # sudo: customer.complaint - the level depends on who leads the team
        level = self._acting_level(self.sudo().complaint_id)
        if not verdict.is_within or level not in LEVELS:
            # sudo: customer.complaint - its number in an error
            raise UserError(
                self.env._(
                    "%(document)s gives the customer %(value)s, yet %(approved)s were "
                    "approved for complaint %(complaint)s. Have the rest approved "
                    "there, or lower the document.",
                    document=self.document_name,
                    value=self._format_money(value),
                    approved=self._format_money(approved),
                    # sudo: customer.complaint - its number in an error
                    complaint=self.sudo().complaint_id.name,
                )
            )
        self._set_approved({self: verdict})

    # --- taking back --- #

    def _reverse(self, reason):
        """Take back what was carried out, or call off what is under way.

        :raise UserError: it cannot be taken back
        """
        self.check_access("write")
        for action in self:
            if action.state not in ("approved", "done"):
                raise UserError(action._wrong_state_message("cancelled"))
            take_back = getattr(action, f"_take_back_{action.kind}", None)
            if take_back is None:
                action._check_nothing_given()
            action._set_cancelled(
                reversed_at=fields.Datetime.now(),
                reversed_by_id=self.env.uid,
                reversal_reason=reason,
            )
            if take_back is not None:
                take_back()
            action._log(
                lambda one: self.env._(
                    "Taken back: %(name)s. %(reason)s",
                    name=one.display_name,
                    reason=one.reversal_reason,
                )
            )

    def _check_nothing_given(self):
        """What has been given without a document stays given."""
        if self.state == "done":
            raise UserError(
                self.env._(
                    "“%s” has been done; there is nothing to take back.",
                    self.display_name,
                )
            )
