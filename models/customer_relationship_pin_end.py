from odoo import models
from odoo.fields import Domain

from .customer_relationship_pin import END_FIELDS


class CustomerRelationshipPin(models.Model):
    """How decisions end: by their author's word, or by a later one that contradicts."""

    _inherit = "customer.relationship.pin"

    # === ACTIONS === #

    def action_end(self):
        """End the decision today: the rules decide again."""
        for company, pins in self.grouped("company_id").items():
            today = company._retention_today()
            planned = pins.filtered(lambda pin, day=today: pin.date_from > day)
            pins._end(today)
            planned._give_back()
        self._decide()

    # === BUSINESS === #

    def _settle(self):
        """End the earlier decisions that these contradict, from their first day on."""
        others = self._of_same_customers()
        by_customer = others.grouped(lambda pin: (pin.partner_id, pin.company_id))
        for day, pins in self.grouped("date_from").items():
            overruled = {
                pin: by_customer.get(
                    (pin.partner_id, pin.company_id), self.browse()
                ).filtered(pin._overrules)
                for pin in pins
            }
            ended = self.browse().union(*overruled.values())._end(day)
            for pin, earlier in overruled.items():
                # Only a plan can be withdrawn before it ends anything.
                if day > pin.company_id._retention_today() and earlier & ended:
                    (earlier & ended)._amend({"overruled_by_id": pin.id})

    def _of_same_customers(self):
        """Decisions on these customers that have counted or will, oldest first."""
        pins = self.search(Domain("partner_id", "in", self.partner_id.ids), order="id")
        return pins.filtered(
            lambda pin: not pin.ended_on or pin.ended_on > pin.date_from
        )

    def _end(self, day):
        """Let the rules decide again from a day on, or never let it have decided.

        :return: those that do end by this; one that has ended by then stays as it is
        """
        ended = self.browse()
        for ended_on, pins in self.grouped(lambda pin: max(day, pin.date_from)).items():
            lasting = pins.filtered(
                lambda pin, end=ended_on: not pin.ended_on or pin.ended_on > end
            )
            lasting._amend(
                {
                    "ended_on": ended_on,
                    "ended_by": self.env.uid,
                    "overruled_by_id": False,
                }
            )
            ended |= lasting
        return ended

    def _give_back(self):
        """Let earlier decisions stand that these, withdrawn in time, overruled."""
        earlier = self.search(Domain("overruled_by_id", "in", self.ids))
        earlier._amend(dict.fromkeys(END_FIELDS, False))
        earlier._of_same_customers()._settle()

    def _overrules(self, earlier):
        """Whether this decision contradicts one that was recorded before it."""
        return (
            earlier.id < self.id
            and (not earlier.ended_on or earlier.ended_on > self.date_from)
            and earlier.partner_id == self.partner_id
            and earlier.company_id == self.company_id
            and earlier.axis == self.axis
            and (not earlier.date_until or earlier.date_until >= self.date_from)
            and (not self.date_until or earlier.date_from <= self.date_until)
        )
