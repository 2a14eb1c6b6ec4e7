"""What tests of programs by tier need: members, a customer, programs of every kind."""

from odoo.fields import Command

from odoo.addons.customer_retention.tests.tier_common import TierCommon


class TierLoyaltyCommon(TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["loyalty.program"].search([]).active = False
        cls.member = cls._create_partner("Golden Customer")
        cls.contact = cls.env["res.partner"].create(
            {"name": "Golden Buyer", "parent_id": cls.member.id}
        )
        cls._set_tier(cls.member, cls.gold)
        cls.seller = cls._create_user("tier_loyalty_seller")

    @classmethod
    def _create_program(cls, name, kind, rewards=None, rules=None, **values):
        """Create a program of the tested company with explicit rules and rewards."""
        discount = {"reward_type": "discount", "discount": 10, "required_points": 1}
        return cls.env["loyalty.program"].create(
            {
                "name": name,
                "program_type": kind,
                "company_id": cls.company.id,
                "currency_id": cls.currency.id,
                "rule_ids": [
                    Command.clear(),
                    *(Command.create(rule) for rule in rules or []),
                ],
                "reward_ids": [
                    Command.clear(),
                    *(Command.create(one) for one in rewards or [discount]),
                ],
                **values,
            }
        )

    @classmethod
    def _create_points_program(cls, **values):
        """Create a loyalty program with a point for each unit of currency."""
        return cls._create_program(
            "Points",
            "loyalty",
            trigger="auto",
            applies_on="both",
            rules=[{"reward_point_amount": 1, "reward_point_mode": "money"}],
            **values,
        )

    @classmethod
    def _quote(cls, partner, amount=100.0):
        order = cls._quotation(partner, cls.TODAY, amount, user_id=cls.seller.id)
        return order.with_user(cls.seller)

    @classmethod
    def _points(cls, partner, program):
        cards = cls.env["loyalty.card"].search(
            [("partner_id", "=", partner.id), ("program_id", "=", program.id)]
        )
        return sum(cards.mapped("points"))
