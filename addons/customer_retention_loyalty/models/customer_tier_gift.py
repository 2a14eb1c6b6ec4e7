from __future__ import annotations

from odoo import api, fields, models

from .customer_recovery_type import LASTING_PROGRAMS


class CustomerTierGift(models.Model):
    """What was given to whom on which occasion: append-only, and so never twice.

    Customers may become one and keep the gifts of both: what must not come twice is
    told by whom it was given to at first.
    """

    _name = "customer.tier.gift"
    _inherit = "customer.tier.visible.mixin"
    _description = "Gift of a Tier"
    _order = "given_on desc, id desc"
    _rec_name = "partner_id"

    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        readonly=True,
        index=True,
        ondelete="set null",
    )
    tier_id = fields.Many2one(
        "customer.tier", readonly=True, index="btree_not_null", ondelete="set null"
    )
    company_id = fields.Many2one(
        related="tier_id.ladder_id.company_id",
        store=True,
        precompute=True,  # the unique index below looks at it
        index=True,
    )
    occasion = fields.Selection(
        [("welcome", "Upgrade"), ("birthday", "Birthday")], required=True, readonly=True
    )
    year = fields.Integer(required=True, readonly=True)
    given_on = fields.Date(required=True, readonly=True)
    card_id = fields.Many2one(
        "loyalty.card",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
    )
    points = fields.Float(readonly=True)
    # No reference, which the merge of partners would change and run into the indexes.
    given_to = fields.Integer(string="Given to (ID)", readonly=True, exportable=False)

    _welcome_once = models.UniqueIndex(
        "(given_to, tier_id) WHERE occasion = 'welcome'",
        "The customer has been given the welcome gift of this tier before.",
    )
    _birthday_once = models.UniqueIndex(
        "(given_to, year, COALESCE(company_id, 0)) WHERE occasion = 'birthday'",
        "The customer has been given a birthday gift in this year.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        return super().create(
            [{**vals, "given_to": vals.get("partner_id")} for vals in vals_list]
        )

    @api.model
    def _is_given(self, occasion, partner, tier, day) -> bool:
        """Whether a gift was given before, whatever has become of its card.

        On birthdays each company gives by its own ladders, and all that share a ladder
        give together.
        """
        domain = [("occasion", "=", occasion), ("partner_id", "=", partner.id)]
        if occasion == "welcome":
            domain.append(("tier_id", "=", tier.id))
        else:
            company_id = tier.company_id.id
            domain += [("year", "=", day.year), ("company_id", "=", company_id)]
        return bool(self.search_count(domain, limit=1))

    @api.model
    def _issue(self, program, partner, points, until):
        """Return the card with the points: the customer's own if it goes on.

        Coupons come from the wizard of the programs, which writes to the customer
        as the program says.
        """
        card = self.env["loyalty.card"]
        if program.program_type in LASTING_PROGRAMS:
            mine = [("program_id", "=", program.id), ("partner_id", "=", partner.id)]
            card = card.search(mine, limit=1)
        if not card:
            return self._generate(program, partner, points, until)
        card.points += points
        self.env["loyalty.history"].create(
            {
                "card_id": card.id,
                "description": self.env._("Gift of your tier"),
                "issued": points,
            }
        )
        return card

    @api.model
    def _generate(self, program, partner, points, until):
        wizard = self.env["loyalty.generate.wizard"].create(
            {
                "program_id": program.id,
                "mode": "selected",
                "customer_ids": partner.ids,
                "points_granted": points,
                "valid_until": until,
                "description": self.env._("Gift of your tier"),
            }
        )
        return wizard.generate_coupons()
