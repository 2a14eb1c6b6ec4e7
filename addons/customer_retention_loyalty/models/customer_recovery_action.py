from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_recovery_type import LASTING_PROGRAMS, MONEY_PROGRAMS

# Days whose orders say how large the next one may be.
PURCHASE_DAYS = 365


class CustomerRecoveryAction(models.Model):
    """A coupon, a gift card or points, through the loyalty programs of the company."""

    _inherit = "customer.recovery.action"

    loyalty_card_id = fields.Many2one(
        "loyalty.card",
        string="Coupon",
        readonly=True,
        copy=False,
        index="btree_not_null",
        ondelete="restrict",
    )
    loyalty_points = fields.Float(string="Points Given", readonly=True, copy=False)

    # === BUSINESS === #

    @api.model
    def _document_fields(self):
        return {**super()._document_fields(), "loyalty_card_id": "loyalty_card_id"}

    def _document_state(self):
        if self.kind != "coupon":
            return super()._document_state()
        return bool(self.loyalty_card_id) and "done"

    def _document_worth(self):
        if self.kind != "coupon":
            return super()._document_worth()
        return self._coupon_worth()

    def _coupon_worth(self):
        """What the coupon is worth in company currency; None: somebody says so."""
        # sudo: loyalty.program - handlers may not read programs
        action_type = self.type_id.sudo()
        worth = action_type._coupon_worth()
        if worth is None:
            return None
        currency = action_type.loyalty_program_id.currency_id
        company = self.company_id or self.complaint_id.company_id
        today = fields.Date.context_today(self)
        worth = currency._convert(worth, company.currency_id, company, today)
        percent = action_type._open_percent()
        if not percent:
            return worth
        part = self._largest_order(company) * percent / 100
        return max(worth, company.currency_id.round(part))

    def _largest_order(self, company):
        """Return what the next order may come to, in the currency of the company.

        Nobody knows the next order. The largest of the last year and the one that the
        complaint is about say what has to be expected.
        """
        complaint = self.complaint_id
        # sudo: sale.order - what it came to, whoever may open it
        order = complaint.sudo().order_id
        root = company._retention_root()
        day = root._retention_today() - timedelta(days=PURCHASE_DAYS)
        largest = (
            self.env["customer.purchase"]
            # sudo: customer.purchase - one figure, whoever looks after the customer
            .sudo()
            .search(
                [
                    ("partner_id", "=", complaint.account_id.id),
                    ("company_id", "=", root.id),
                    ("is_purchase", "=", True),
                    ("date", ">=", day),
                ],
                order="amount desc",
                limit=1,
            )
        )
        bought = root.currency_id._convert(
            largest.amount, company.currency_id, company, largest.date or day
        )
        ordered = order.currency_id._convert(
            order.amount_total,
            company.currency_id,
            company,
            order.date_order or fields.Datetime.now(),
        )
        return max(bought, ordered)

    def _check_one_complete(self):
        result = super()._check_one_complete()
        if self.kind != "coupon":
            return result
        worth = self._coupon_worth()
        # sudo: loyalty.program - handlers may not read programs
        if worth == 0 and self.type_id.sudo()._open_percent():
            raise UserError(
                self.env._(
                    "Nothing says what “%(name)s” may come to: it takes a percentage "
                    "off an order of any size. Have an administrator enter what the "
                    "discount comes to at most, or the usual cost of the type.",
                    name=self.display_name,
                )
            )
        least = worth or self.currency_id.rounding
        if self.currency_id.compare_amounts(self.amount, least) < 0:
            raise UserError(
                self.env._(
                    "“%(name)s” is worth up to %(amount)s: enter at least that.",
                    name=self.display_name,
                    amount=self._format_money(least),
                )
            )
        return result

    def _carry_out_coupon(self):
        if not self.complaint_id.account_id:
            raise UserError(
                self.env._("Enter the customer first: the coupon is theirs.")
            )
        # sudo: loyalty.card - approved here; handlers may not open programs
        action = self.sudo()
        program = action.type_id.loyalty_program_id
        points = action._points_to_give(program)
        card = action._lasting_card(program)
        if card:
            card.points += points
        else:
            card = card.create(action._prepare_card_values(program, points))
        action.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "description": action._document_reason(),
                "issued": points,
                "order_model": "customer.complaint",
                "order_id": action.complaint_id.id,
            }
        )
        self._decide({"loyalty_card_id": card.id, "loyalty_points": points})

    def _points_to_give(self, program):
        if program.program_type not in MONEY_PROGRAMS:
            return self.type_id.loyalty_points
        return self.currency_id._convert(
            self.approved_amount,
            program.currency_id,
            self.company_id,
            fields.Date.context_today(self),
        )

    def _lasting_card(self, program):
        """Return the card that the customer has of a program that goes on."""
        cards = self.env["loyalty.card"]
        if program.program_type not in LASTING_PROGRAMS:
            return cards
        return cards.search(
            [
                ("program_id", "=", program.id),
                ("partner_id", "=", self._coupon_partner().id),
            ],
            limit=1,
        )

    def _coupon_partner(self):
        complaint = self.complaint_id
        return complaint.partner_id or complaint.account_id

    def _prepare_card_values(self, program, points):
        values = {
            "program_id": program.id,
            "partner_id": self._coupon_partner().id,
            "points": points,
        }
        days = self.type_id.loyalty_days
        if days and program.program_type not in LASTING_PROGRAMS:
            today = fields.Date.context_today(self)
            values["expiration_date"] = today + timedelta(days=days)
        return values

    def _take_back_coupon(self):
        """Take the points off the card; what was used stays used."""
        # sudo: loyalty.card - given by this action
        action = self.sudo()
        card = action.loyalty_card_id
        if card.points < action.loyalty_points or card.use_count:
            if card.program_id.program_type not in LASTING_PROGRAMS:
                raise UserError(
                    self.env._(
                        "The customer has used the coupon: it cannot be taken back. "
                        "Leave this action as it is."
                    )
                )
        if card.points < action.loyalty_points:
            raise UserError(self.env._("The customer has used what was given."))
        card.points -= action.loyalty_points
        action.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "description": action.reversal_reason,
                "used": action.loyalty_points,
                "order_model": "customer.complaint",
                "order_id": action.complaint_id.id,
            }
        )
        if card.program_id.program_type not in LASTING_PROGRAMS:
            card.active = False
