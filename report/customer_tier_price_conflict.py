from __future__ import annotations

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

# Room for companies in the identifiers of rows about a customer in a company.
COMPANIES = 100_000


class CustomerTierPriceConflict(models.Model):
    """Members whose own pricelist hides the prices of their tier.

    Many an own pricelist was never agreed with anybody: an import or an old version
    wrote the default on the customer. Those may go; the others are somebody's word.
    """

    _name = "customer.tier.price.conflict"
    _description = "Own Pricelist That Hides the Tier Price"
    _auto = False
    _order = "partner_id, company_id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    tier_id = fields.Many2one("customer.tier", readonly=True)
    tier_pricelist_id = fields.Many2one(
        "product.pricelist", string="Prices of the Tier", readonly=True
    )
    own_pricelist_id = fields.Many2one("product.pricelist", readonly=True)
    default_pricelist_id = fields.Many2one(
        "product.pricelist",
        string="Otherwise",
        compute="_compute_default_pricelist_id",
        help="The prices the customer would have with neither pricelist nor tier.",
    )
    finding = fields.Selection(
        [
            ("default", "The usual prices, written on the customer"),
            ("tier", "The prices of the tier, which would outlast it"),
            ("own", "Prices of the customer's own"),
        ],
        compute="_compute_default_pricelist_id",
    )

    @property
    def _table_query(self) -> SQL:
        """In each company of the reader, who is in a tier with prices of its own."""
        holders = self._own_pricelist_accounts()
        return SQL(
            "%s",
            SQL(" UNION ALL ").join(
                self._company_sql(company, holders) for company in self.env.companies
            ),
        )

    @api.model
    def _own_pricelist_accounts(self) -> list[int]:
        """Return the accounts on which any company has written a pricelist."""
        self.env["res.partner"].flush_model(
            ["specific_property_product_pricelist", "commercial_partner_id", "active"]
        )
        rows = self.env.execute_query(
            SQL(
                "SELECT id FROM res_partner WHERE active"
                " AND specific_property_product_pricelist IS NOT NULL"
                " AND id = COALESCE(commercial_partner_id, id)"
            )
        )
        return [account_id for (account_id,) in rows]

    @api.model
    def _company_sql(self, company, holders: list[int]) -> SQL:
        """Return the conflicts in one company."""
        self.env["customer.tier"].flush_model(["pricelist_id"])
        self.env["product.pricelist"].flush_model(["active", "company_id"])
        return SQL(
            """SELECT partner.id::bigint * %(companies)s + %(company)s AS id,
                      partner.id AS partner_id, %(company)s::int AS company_id,
                      tier.id AS tier_id, tier.pricelist_id AS tier_pricelist_id,
                      own.id AS own_pricelist_id
                 FROM %(standing)s standing
                 JOIN res_partner partner ON partner.id = standing.account_id
                 JOIN customer_tier tier ON tier.id = standing.tier_id
                 JOIN product_pricelist brought
                   ON brought.id = tier.pricelist_id AND brought.active
                  AND COALESCE(brought.company_id = %(company)s, TRUE)
                 JOIN product_pricelist own
                   ON own.id = (partner.specific_property_product_pricelist
                                ->> %(key)s)::int
                  AND own.active""",
            companies=COMPANIES,
            company=company.id,
            key=str(company.id),
            standing=self.env["customer.tier.membership"]._standing_sql(
                holders, company
            ),
        )

    @api.depends("partner_id", "company_id")
    def _compute_default_pricelist_id(self):
        for company, conflicts in self.grouped("company_id").items():
            # sudo: product.pricelist - which prices count, whoever may see them
            pricelists = self.env["product.pricelist"].sudo().with_company(company)
            countries = conflicts.partner_id.country_id
            defaults = pricelists._get_country_pricelist_multi(countries.ids)
            for conflict in conflicts:
                default = defaults[conflict.partner_id.country_id.id]
                conflict.default_pricelist_id = default
                conflict.finding = conflict._find(default)

    def _find(self, default) -> str:
        """Return what the own pricelist is, given what would count without it."""
        if self.own_pricelist_id == default:
            return "default"
        return "tier" if self.own_pricelist_id == self.tier_pricelist_id else "own"

    # === ACTION METHODS === #

    def action_clean_up(self):
        """Take the pricelists off customers with whom they were never agreed.

        Prices of the customer's own stay, even when they are among the selected.

        :raise UserError: there is nothing to take off
        """
        self.env["res.partner"].check_access("write")
        never_agreed = self.filtered(lambda conflict: conflict.finding != "own")
        if not never_agreed:
            raise UserError(
                self.env._(
                    "These are prices of the customers' own. Change them on the "
                    "customer, if they were not agreed."
                )
            )
        for company, conflicts in never_agreed.grouped("company_id").items():
            partners = conflicts.partner_id.with_company(company)
            partners.specific_property_product_pricelist = False
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Customers who buy at the prices of their tier from now on: %s",
                    len(never_agreed),
                ),
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }

    def action_open_partner(self):
        """Open the customer, whose pricelist stands in the page of sales."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }
