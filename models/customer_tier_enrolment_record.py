from __future__ import annotations

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class CustomerTierEnrolment(models.Model):
    """Joining and leaving: member numbers by ladder, one membership at a time."""

    _inherit = "customer.tier.enrolment"
    _follows = ("number", "fee_move_id", "paid_until", "ended_with_fee")

    _fee_unique = models.UniqueIndex(
        "(ladder_id, fee_move_id) WHERE fee_move_id IS NOT NULL"
    )

    @api.constrains("joined_on", "left_on")
    def _check_left_on(self):
        if any(one.left_on and one.left_on < one.joined_on for one in self):
            raise ValidationError(self.env._("A customer cannot leave before joining."))

    @api.constrains("partner_id", "ladder_id", "joined_on")
    def _check_overlap(self):
        """Whoever joins is no member yet. Leaving overlaps with nothing, also where two
        members became one customer.
        """
        for enrolment in self:
            first, end = enrolment.joined_on, enrolment._ends()
            others = self.search(
                [
                    ("partner_id", "=", enrolment.partner_id.id),
                    ("ladder_id", "=", enrolment.ladder_id.id),
                    ("id", "!=", enrolment.id),
                ]
            )
            if enrolment.partner_id and any(
                (not end or other.joined_on < end)
                and (not other._ends() or first < other._ends())
                for other in others
                if first != end and other.joined_on != other._ends()
            ):
                raise ValidationError(
                    self.env._(
                        "%(customer)s is a member of %(ladder)s already.",
                        customer=enrolment.partner_id.display_name,
                        ladder=enrolment.ladder_id.name,
                    )
                )

    def _ends(self) -> date | bool:
        """First day without membership, as far as it is known."""
        self.ensure_one()
        ends = [
            self.left_on,
            self.paid_until and fields.Date.add(self.paid_until, days=1),
        ]
        return min((day for day in ends if day), default=False)

    # === CRUD === #

    @api.model
    def _with_accounts(self, vals_list):
        """Also with the number by which the customer was a member before, or a new
        one.
        """
        vals_list = super()._with_accounts(vals_list)
        numbers = self._known_numbers(vals_list)
        # sudo: customer.tier.ladder - its numbers, whoever enrols
        ladders = self.env["customer.tier.ladder"].sudo()
        for vals in vals_list:
            key = vals["partner_id"], vals["ladder_id"]
            if key not in numbers:
                numbers[key] = ladders.browse(vals["ladder_id"])._next_member_number()
            vals["number"] = numbers[key]
        return vals_list

    @api.model
    def _known_numbers(self, vals_list):
        """Return {(account, ladder): member number} of earlier enrolments."""
        # sudo: customer.tier.enrolment - earlier ones, whoever enrols
        earlier = self.sudo().search(
            [
                ("partner_id", "in", [vals["partner_id"] for vals in vals_list]),
                ("ladder_id", "in", [vals["ladder_id"] for vals in vals_list]),
                ("number", "!=", False),
            ],
            order="joined_on, id",
        )
        return {(one.partner_id.id, one.ladder_id.id): one.number for one in earlier}

    @api.model
    def _get_amendable_fields(self):
        return {"left_on", "terms_accepted_on"}

    def _check_amendment(self, vals):
        result = super()._check_amendment(vals)
        if "left_on" in vals and any(one.left_on for one in self):
            raise UserError(
                self.env._(
                    "The customer has left already. Enrol the customer again instead."
                )
            )
        return result

    @api.model
    def _amendment_message(self):
        return self.env._(
            "An enrolment stays as it was recorded. The customer may leave, and join "
            "again."
        )

    # === VERBS === #

    def action_leave(self):
        """Let customers leave today."""
        for enrolment in self:
            # sudo: customer.tier.ladder - its day, whoever lets the customer leave
            today = enrolment.sudo().ladder_id._today()
            enrolment.left_on = max(today, enrolment.joined_on)


class CustomerTierLadder(models.Model):
    """Member numbers: one sequence for each ladder that has given one out."""

    _inherit = "customer.tier.ladder"

    number_sequence_id = fields.Many2one(
        "ir.sequence", readonly=True, copy=False, ondelete="restrict"
    )

    def write(self, vals):
        result = super().write(vals)
        if "number_prefix" in vals:
            # sudo: ir.sequence - it belongs to the ladder
            for ladder in self.sudo().filtered("number_sequence_id"):
                ladder.number_sequence_id.prefix = ladder.number_prefix
        return result

    def unlink(self):
        # sudo: ir.sequence - it goes with its ladder
        sequences = self.sudo().number_sequence_id
        result = super().unlink()
        sequences.unlink()
        return result

    def _next_member_number(self) -> str:
        """Return the next member number; of numbers given out none comes again."""
        self.ensure_one()
        if not self.number_sequence_id:
            sequence = self.env["ir.sequence"].create(
                {
                    "name": self.env._("Member numbers of %(name)s", name=self.name),
                    "code": f"customer.tier.enrolment.{self.id}",
                    "prefix": self.number_prefix,
                    "padding": 6,
                    "company_id": False,
                }
            )
            self._without_run().number_sequence_id = sequence
        return self.number_sequence_id.next_by_id()
