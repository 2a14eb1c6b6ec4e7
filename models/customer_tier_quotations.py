from __future__ import annotations

import logging
from datetime import timedelta

import psycopg2

from odoo import api, fields, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

OPEN_STATES = ("draft", "sent")

# How long after a change of tier the job still looks at quotations: a day with a
# broken job, a weekend, a quotation that somebody was editing.
LOOK_BACK_DAYS = 30
BATCH = 50


class CustomerTierQuotations(models.AbstractModel):
    """What orders do about prices of a tier that the customer no longer has."""

    _name = "customer.tier.quotations"
    _description = "Prices of Open Quotations"

    def _tier_prices_to_follow(self) -> dict:
        """Return {order id: pricelist of today} where tier prices have changed.

        Only where the pricelist of the quotation is one the customer has had since
        by tier or default: what somebody chose by hand is never a candidate.
        """
        found = {}
        orders = self.filtered(
            lambda order: order.id and order.state in OPEN_STATES and order.partner_id
        )
        for company, group in orders.grouped("company_id").items():
            group = group.with_company(company)
            changes = group._tier_changes(company)
            for order in group:
                since = [
                    change
                    for change in changes.get(order.id, ())
                    if change.recorded_at >= order.create_date
                ]
                current = order.partner_id.property_product_pricelist
                if since and order.pricelist_id in order._former_prices(since, current):
                    found[order.id] = current
        return found

    def _tier_changes(self, company) -> dict:
        """Return {order id: changes of the customer's tier in a company}."""
        holders = {order.id: order._tier_holders(company) for order in self}
        everybody = {holder for ids in holders.values() for holder in ids}
        changes = self.env["customer.tier.transition"].search(
            [
                ("partner_id", "in", list(everybody)),
                ("company_id", "in", [company._retention_root().id, False]),
                ("recorded_at", ">=", min(self.mapped("create_date"))),
            ]
        )
        return {
            order.id: changes.filtered(
                lambda change, ids=holders[order.id]: change.partner_id.id in ids
            )
            for order in self
        }

    def _tier_holders(self, company) -> list[int]:
        """Return who may hold the customer's tier: the account, heads of its groups."""
        account = self.partner_id.commercial_partner_id
        groups = self.env["customer.account.group.member"].search(
            [("partner_id", "=", account.id), ("group_id.active", "=", True)]
        )
        return (account | groups.group_id.lead_id.commercial_partner_id).ids

    def _former_prices(self, changes, current):
        """Return the pricelists the customer had before some changes of tier."""
        partner = self.partner_id.with_company(self.company_id)
        if self.pricelist_id._own_pricelist(partner):
            return self.pricelist_id.browse()
        country = self.partner_id.country_id
        defaults = self.pricelist_id._get_country_pricelist_multi(country.ids)
        former = changes[0].from_tier_id.pricelist_id.browse()
        for change in changes:
            former |= change.from_tier_id.pricelist_id or defaults[country.id]
        return former - current

    def _follow_tier_prices(self) -> None:
        """Quote the prices of today and say so on the quotation."""
        self.ensure_one()
        partner = self.partner_id.with_company(self.company_id)
        self.pricelist_id = partner.property_product_pricelist
        self._recompute_prices()
        env = self.with_context(lang=self.user_id.lang or self.env.lang).env
        self.message_post(
            body=env._(
                "The customer has changed tier. Prices were computed again: %s",
                self.pricelist_id.display_name or env._("no pricelist"),
            )
        )

    def _is_priced_by_hand(self) -> bool:
        """Whether any price is not what the pricelist of the quotation says."""
        lines = self._get_update_prices_lines().filtered("product_id")
        return any(
            self.currency_id.compare_amounts(
                line.price_unit * (1 - line.discount / 100),
                self._pricelist_price_of(line),
            )
            for line in lines
            if line.product_type != "combo" and not line.combo_item_id
        )

    def _pricelist_price_of(self, line) -> float:
        """Return what the pricelist asks for a line, taxes as on the quotation."""
        line = line.with_company(self.company_id)
        product = line.product_id
        return product._get_tax_included_unit_price_from_price(
            line._get_pricelist_price(),
            product_taxes=product.taxes_id._filter_taxes_by_company(self.company_id),
            fiscal_position=self.fiscal_position_id,
        )

    # === JOB === #

    @api.model
    def _cron_follow_tier_prices(self) -> None:
        """Compute drafts again whose customers have changed tier, where it is wished.

        What was sent is a word given, and what somebody priced by hand or a customer
        is paying stays as it is: there the quotation tells the salesperson.
        """
        orders = self.env["sale.order"]
        remaining = orders.browse(self._drafts_of_changed_tiers())
        while remaining:
            batch, remaining = remaining[:BATCH], remaining[BATCH:]
            for order in batch.try_lock_for_update():
                order._follow_tier_prices_safely()
            if not self.env["ir.cron"]._commit_progress(
                len(batch), remaining=len(remaining)
            ):
                return

    def _follow_tier_prices_safely(self) -> None:
        """Follow one quotation; what goes wrong with it stops no other one."""
        try:
            with self.env.cr.savepoint():
                if self._tier_prices_to_follow() and not self._keeps_its_prices():
                    self._follow_tier_prices()
        except psycopg2.OperationalError:
            raise  # somebody was faster: all of it starts again
        except Exception:  # whatever another addon objects to
            _logger.exception("Prices of %s could not follow the tier", self)

    def _keeps_its_prices(self) -> bool:
        """Whether somebody made the prices, or the customer is paying them."""
        return self._is_priced_by_hand() or self._is_being_paid()

    def _is_being_paid(self) -> bool:
        states = ("pending", "authorized", "done")
        return any(one.state in states for one in self.transaction_ids)

    @api.model
    def _drafts_of_changed_tiers(self) -> list[int]:
        """Return drafts older than a recent change, where they are to follow."""
        self.env.flush_all()
        roots = self.env["res.company"]._retention_tier_roots()
        wished = roots.filtered(
            lambda root: root.tier_open_quotation_policy == "recompute"
        )
        found = set()
        for root in wished:
            found.update(
                order_id
                for (order_id,) in self.env.execute_query(self._drafts_sql(root))
            )
        return sorted(found)

    @api.model
    def _drafts_sql(self, root) -> SQL:
        """Return the statement that finds the drafts of one root company."""
        heads = self.env["customer.account.group"]._heads_sql
        return SQL(
            """SELECT DISTINCT draft.id
                 FROM sale_order draft
                 JOIN res_company company
                   ON company.id = draft.company_id
                  AND split_part(company.parent_path, '/', 1)::int = %(root)s
                 JOIN %(mapping)s mapping ON mapping.partner_id = draft.partner_id
            LEFT JOIN %(own)s own ON own.account_id = mapping.account_id
            LEFT JOIN %(shared)s shared ON shared.account_id = mapping.account_id
                 JOIN customer_tier_transition change
                   ON change.partner_id
                      IN (mapping.account_id, own.head_id, shared.head_id)
                  AND change.recorded_at >= draft.create_date
                  AND change.recorded_at >= %(since)s AND change.is_live
                  AND COALESCE(change.company_id = %(root)s, TRUE)
                WHERE draft.state = 'draft'""",
            root=root.id,
            mapping=self.env["customer.account"]._mapping_sql(),
            own=heads(root),
            shared=heads(),
            since=fields.Datetime.now() - timedelta(days=LOOK_BACK_DAYS),
        )
