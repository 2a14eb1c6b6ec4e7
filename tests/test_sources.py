"""What happens to documents and customers reaches the facts, in both settings.

Every change goes the whole way: the flow of the ERP, the hooks, the commit, the queue.
"""

from freezegun import freeze_time

from odoo.fields import Command
from odoo.tests import tagged

from .common import RetentionCommon, on


class SourceCommon(RetentionCommon):
    """A customer of a company, and what a commit and the job behind it do."""

    SOURCE = "order"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.retention_purchase_source = cls.SOURCE
        cls._forget_queue()

    def _commit_and_work(self):
        """Do what a commit does before it, and what the job of the queue does then."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        while self.Queue._work_slice():
            pass
        self.env.invalidate_all()

    def _assert_facts(self, partner, company=None, **expected):
        """The row of a customer has these values; dates may be texts."""
        row = self._relationship(partner, company)
        self.assertTrue(row, f"{partner.name} is no customer")
        found = {name: row[name] for name in expected}
        wanted = {
            name: on(value) if name.endswith("_on") and value else value
            for name, value in expected.items()
        }
        self.assertEqual(found, wanted)

    def _assert_no_customer(self, partner, company=None):
        self.assertFalse(self._relationship(partner, company))

    def _stage(self, name):
        return self.env.ref(f"customer_retention.customer_relationship_stage_{name}")


class PurchaseTests:
    """What both settings have in common: a purchase is an order or an invoice."""

    def _buy(self, partner, day, amount=100.0, **values):
        """Make a document that counts as a purchase."""
        raise NotImplementedError

    def _change(self, document, **values):
        """Change a document that counts already, as the screens allow it."""
        raise NotImplementedError

    def _change_price(self, document, price):
        """Change the price of its only line."""
        raise NotImplementedError

    def _reset(self, document):
        """Turn it back into a draft."""
        raise NotImplementedError

    def _cancel(self, document):
        """Cancel it."""
        raise NotImplementedError

    # === WHAT COUNTS === #

    def test_purchase_counts_on_its_day(self):
        """With its net amount; the customer gets a position and a condition."""
        self._buy(self.partner, "2025-06-10", 250.0)
        self._commit_and_work()
        self._assert_facts(
            self.partner,
            purchase_count=1,
            revenue_total=250.0,
            first_purchase_on="2025-06-10",
            last_purchase_on="2025-06-10",
            category_count_12m=1,
            stage_id=self._stage("first_time"),
        )
        self.assertEqual(self._relationship(self.partner).stage_since, on("2025-06-10"))

    def test_document_without_value_is_no_purchase(self):
        """A free sample makes nobody a customer who buys."""
        self._buy(self.partner, "2025-06-10", 0.0)
        self._buy(self.partner, "2025-06-11", 80.0)
        self._commit_and_work()
        self._assert_facts(
            self.partner, purchase_count=1, first_purchase_on="2025-06-11"
        )

    def test_taxes_are_no_revenue(self):
        """Amounts are net."""
        tax = self.env["account.tax"].create(
            {
                "name": "A Fifth",
                "amount": 20.0,
                "type_tax_use": "sale",
                "company_id": self.company.id,
                "country_id": self.env.ref("base.be").id,
                "tax_group_id": self.env["account.tax.group"]
                .create({"name": "Taxes", "company_id": self.company.id})
                .id,
            }
        )
        document = self._buy(self.partner, "2025-06-10", 100.0, post=False)
        self._lines(document).tax_ids = [Command.set(tax.ids)]
        self._complete(document)
        self.assertEqual(document.amount_total, 120.0)
        self._commit_and_work()
        self._assert_facts(self.partner, revenue_total=100.0)

    def test_contact_buys_for_its_company(self):
        """The account is the commercial partner."""
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.partner.id
        )
        self._buy(contact, "2025-06-10")
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=1)
        self._assert_no_customer(contact)

    # === CHANGES === #

    def test_line_edited_afterwards(self):
        """The revenue follows, although the document itself is not written."""
        document = self._buy(self.partner, "2025-06-10", 100.0)
        self._commit_and_work()
        self._change_price(document, 40.0)
        self._commit_and_work()
        self._assert_facts(self.partner, revenue_total=40.0, purchase_count=1)

    def test_line_edited_down_to_nothing(self):
        """It was no purchase then; the log is corrected."""
        self._quotation(self.partner, "2025-06-01")
        document = self._buy(self.partner, "2025-06-10", 100.0)
        self._commit_and_work()
        self._change_price(document, 0.0)
        self._commit_and_work()
        self._assert_facts(
            self.partner,
            purchase_count=0,
            first_purchase_on=False,
            stage_id=self._stage("prospect"),
        )
        self.assertFalse(self._relationship(self.partner).condition_id)

    def test_partner_changed_afterwards(self):
        """One customer loses the purchase, the other one gains it."""
        other = self._create_partner("Other Customer")
        document = self._buy(self.partner, "2025-06-10")
        self._buy(self.partner, "2025-05-10")
        self._commit_and_work()
        self._change(document, partner_id=other.id)
        self._commit_and_work()
        self._assert_facts(
            self.partner, purchase_count=1, last_purchase_on="2025-05-10"
        )
        self._assert_facts(other, purchase_count=1, last_purchase_on="2025-06-10")

    def test_date_changed_afterwards(self):
        """Facts and log move to the true day."""
        document = self._buy(self.partner, "2025-06-10")
        self._commit_and_work()
        self._change_date(document, "2025-04-20")
        self._commit_and_work()
        self._assert_facts(
            self.partner, last_purchase_on="2025-04-20", stage_since=on("2025-04-20")
        )

    def test_cancelled(self):
        """Only what the log knew is left of the customer."""
        document = self._buy(self.partner, "2025-06-10")
        self._commit_and_work()
        self._cancel(document)
        self._commit_and_work()
        self._assert_facts(
            self.partner,
            purchase_count=0,
            revenue_total=0.0,
            stage_id=self._stage("prospect"),
        )
        self.assertFalse(self._relationship(self.partner).condition_id)
        rows = self.env["customer.relationship.transition"].search(
            [("partner_id", "=", self.partner.id), ("corrects_from", "!=", False)]
        )
        self.assertEqual(set(rows.mapped("axis")), {"position", "condition"})
        self.assertEqual(set(rows.mapped("trigger")), {"correction"})

    def test_reset_to_draft(self):
        """It does not count until it is confirmed again."""
        document = self._buy(self.partner, "2025-06-10")
        self._buy(self.partner, "2025-06-20")
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=2)
        self._reset(document)
        self._commit_and_work()
        self._assert_facts(
            self.partner, purchase_count=1, first_purchase_on="2025-06-20"
        )
        self._complete(document)
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=2)

    # === MONEY === #

    def test_partial_credit_note(self):
        """It lowers the revenue on its own day and is no purchase."""
        order = self._order(self.partner, "2025-06-10", 100.0)
        invoice = self._invoice_of(order, "2025-06-11")
        self._credit(invoice, "2025-06-20", 30.0)
        self._commit_and_work()
        self._assert_facts(
            self.partner, purchase_count=1, revenue_total=70.0, purchase_days=1
        )
        self.assertEqual(
            self._relationship(self.partner).last_purchase_on, self._day_of_purchase
        )

    def test_down_payment_counts_once(self):
        """The money comes in two parts; what is bought is bought once."""
        order = self._order(self.partner, "2025-06-01", 1000.0)
        wizard = (
            self.env["sale.advance.payment.inv"]
            .with_context(active_model="sale.order", active_ids=order.ids)
            .create({"advance_payment_method": "percentage", "amount": 30})
        )
        wizard.create_invoices()
        down_payment = order.invoice_ids
        self._post(down_payment, "2025-06-02")
        self._commit_and_work()
        self._assert_down_payment()
        final = order._create_invoices(final=True)
        self._post(final, "2025-06-20")
        self.assertEqual(final.amount_untaxed, 700.0)
        self._commit_and_work()
        self._assert_facts(
            self.partner, purchase_count=1, revenue_total=1000.0, purchase_days=1
        )

    def _post(self, move, day):
        move.write({"invoice_date": day, "date": day})
        move.action_post()

    def test_foreign_currency(self):
        """Revenue is in the currency of the company, at the rate of the day."""
        dollar = self.env.ref("base.USD")
        dollar.active = True
        self.env["res.currency.rate"].create(
            [
                {
                    "currency_id": dollar.id,
                    "company_id": self.company.id,
                    "name": day,
                    "rate": rate,
                }
                for day, rate in (("2025-01-01", 2.0), ("2025-06-15", 4.0))
            ]
        )
        for day in ("2025-06-10", "2025-06-20"):
            document = self._buy_in(dollar, self.partner, day, 100.0)
            self.assertEqual(document.currency_id, dollar)
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=2, revenue_total=75.0)

    # === WHO IS NO CUSTOMER === #

    def test_visitors_of_the_website_are_no_customer(self):
        """The public partner collects the carts of everybody."""
        self._assert_never_a_customer(self.env.ref("base.public_user").partner_id)

    def test_own_companies_are_no_customers(self):
        """Neither this one nor another one of the database."""
        other = self._create_company("Sister Company")
        self._assert_never_a_customer(self.company.partner_id)
        self._assert_never_a_customer(other.partner_id)

    def test_employees_are_no_customers(self):
        """They buy at the counter."""
        partner = self._create_partner("Employee", is_company=False, employee=True)
        self._assert_never_a_customer(partner)

    def test_users_are_no_customers(self):
        """Whoever works in the database; a portal user may well buy."""
        user = self._create_user("retention-source-user")
        self._assert_never_a_customer(user.partner_id)
        portal = self._create_user("retention-source-portal", "base.group_portal")
        self._buy(portal.partner_id, "2025-06-10")
        self._commit_and_work()
        self._assert_facts(portal.partner_id, purchase_count=1)

    def _assert_never_a_customer(self, partner):
        self._buy(partner, "2025-06-10")
        self._commit_and_work()
        self._assert_no_customer(partner)

    def test_customer_who_is_hired_is_one_no_longer(self):
        """The row goes, and comes back when the employment ends."""
        person = self._create_partner("Hired", is_company=False)
        self._buy(person, "2025-06-10")
        self._commit_and_work()
        self._assert_facts(person, purchase_count=1)
        person.employee = True
        self._commit_and_work()
        self._assert_facts(person, purchase_count=0)
        person.employee = False
        self._commit_and_work()
        self._assert_facts(person, purchase_count=1)

    # === COMPANIES === #

    def test_branches_share_the_customer(self):
        """The row belongs to the main company."""
        branch = self._create_company("Branch", parent_id=self.company.id)
        receivable = self.env["account.account"].search(
            [("code", "=", "RET1"), ("company_ids", "in", self.company.ids)]
        )
        self.env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            receivable.id,
            company_id=branch.id,
        )
        self._buy(self.partner, "2025-05-10", 100.0)
        self._buy(self.partner, "2025-06-10", 50.0, company_id=branch.id)
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=2, revenue_total=150.0)
        self._assert_no_customer(self.partner, branch)

    def test_companies_know_their_own_purchases(self):
        """The same customer is a newcomer in one and none in the other."""
        other = self._create_company("Other Company")
        self._buy(self.partner, "2025-06-10")
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=1)
        self._assert_no_customer(self.partner, other)

    # === PARTNERS === #

    def test_merge_of_customers_of_two_companies(self):
        """The heir has everything of both, in both companies; nobody is told."""
        other = self._create_company(
            "Other Company", retention_purchase_source=self.SOURCE
        )
        heir = self._create_partner("Heir")
        self._buy(heir, "2025-03-10", 10.0)
        self._buy(self.partner, "2025-02-10", 20.0)
        self._buy_in_company(other, self.partner, "2025-01-10", 40.0)
        self._commit_and_work()
        self._assert_facts(self.partner, other, purchase_count=1)
        merged = self.partner
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (merged | heir).ids, heir, extra_checks=False
        )
        self._commit_and_work()
        self.assertFalse(merged.exists())
        self._assert_facts(
            heir,
            purchase_count=2,
            revenue_total=30.0,
            first_purchase_on="2025-02-10",
            stage_id=self._stage("repeat"),
        )
        self._assert_facts(heir, other, purchase_count=1, revenue_total=40.0)
        self._assert_log(heir, [("2025-02-10", "first_time"), ("2025-03-10", "repeat")])
        late = self.env["customer.relationship.transition"].search(
            [("partner_id", "=", heir.id), ("trigger", "=", "merge")]
        )
        self.assertTrue(late)
        self.assertFalse(any(late.mapped("is_live")))

    def test_moved_documents_are_a_correction_and_no_merge(self):
        """Somebody joins a company: whose purchases they are has changed."""
        joining = self._create_partner("Joining", is_company=False)
        self._buy(joining, "2025-02-10", 10.0)
        self._buy(self.partner, "2025-03-10", 10.0)
        self._commit_and_work()
        joining.parent_id = self.partner
        self._commit_and_work()
        moved = self.env["customer.relationship.transition"].search(
            [
                ("partner_id", "=", self.partner.id),
                ("corrects_from", "!=", False),
                ("axis", "=", "position"),
            ]
        )
        self.assertEqual(moved.trigger, "correction")
        self.assertIn("from one customer to another", moved.explanation)
        self.assertFalse(moved.is_live)

    def _assert_log(self, partner, expected):
        """The standing log of positions, as (day, step)."""
        found = self.env["customer.relationship.transition"]._standing_log(
            self.company, partner.ids, on(self.TODAY)
        )
        self.assertEqual(
            found[partner.id]["position"],
            [(on(day), self._stage(name).id) for day, name in expected],
        )

    def test_customer_becomes_part_of_another_one_and_leaves_again(self):
        """Its purchases go with it, both ways."""
        group = self._create_partner("Group")
        self._buy(group, "2025-03-10", 10.0)
        self._buy(self.partner, "2025-02-10", 20.0)
        self._commit_and_work()
        self._assert_facts(group, purchase_count=1)
        self.partner.write({"parent_id": group.id, "is_company": False})
        self.assertEqual(self.partner.commercial_partner_id, group)
        self._commit_and_work()
        self._assert_no_customer(self.partner)
        self._assert_facts(group, purchase_count=2, first_purchase_on="2025-02-10")

        self.partner.write({"parent_id": False, "is_company": True})
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=1, revenue_total=20.0)
        self._assert_facts(group, purchase_count=1, first_purchase_on="2025-03-10")

    def test_archived_customer_keeps_its_history(self):
        """It is out of the lists, not out of the books."""
        self._buy(self.partner, "2025-06-10")
        self._commit_and_work()
        self.partner.action_archive()
        self._commit_and_work()
        self._assert_facts(self.partner, active=False, purchase_count=1)
        self.assertFalse(
            self.Relationship.search([("partner_id", "=", self.partner.id)])
        )
        self.partner.action_unarchive()
        self._commit_and_work()
        self._assert_facts(self.partner, active=True, purchase_count=1)

    # === WHOSE CUSTOMER === #

    def test_salesperson_is_the_customers_or_the_one_of_the_last_sale(self):
        """And is looked up again when nobody is named any more."""
        first, second, own = (
            self._create_user(f"retention-seller-{number}") for number in range(3)
        )
        self._buy(self.partner, "2025-05-10", **{self.SELLER: first.id})
        self._buy(self.partner, "2025-06-10", **{self.SELLER: second.id})
        self._commit_and_work()
        self._assert_facts(self.partner, user_id=second)
        self.partner.user_id = own
        self._commit_and_work()
        self._assert_facts(self.partner, user_id=own)
        self.partner.user_id = False
        self._commit_and_work()
        self._assert_facts(self.partner, user_id=second)


@tagged("post_install", "-at_install")
class TestOrders(PurchaseTests, SourceCommon):
    """Confirmed orders less their credit notes."""

    SOURCE = "order"
    SELLER = "user_id"
    _day_of_purchase = on("2025-06-10")

    def _buy(self, partner, day, amount=100.0, post=True, **values):
        make = self._order if post else self._quotation
        return make(partner, day, amount, **values)

    def _complete(self, document):
        day = document.date_order
        document.action_confirm()
        document.date_order = day

    def _lines(self, document):
        return document.order_line

    def _buy_in(self, currency, partner, day, amount):
        pricelist = self.env["product.pricelist"].create(
            {"name": "Foreign", "currency_id": currency.id}
        )
        return self._buy(partner, day, amount, pricelist_id=pricelist.id)

    def _buy_in_company(self, company, partner, day, amount):
        return self._buy(partner, day, amount, company_id=company.id)

    def _change(self, document, **values):
        document.write(values)

    def _change_date(self, document, day):
        document.date_order = self._noon(day)

    def _change_price(self, document, price):
        document.order_line.price_unit = price

    def _cancel(self, document):
        document._action_cancel()

    def _reset(self, document):
        document._action_cancel()
        document.action_draft()

    def _assert_down_payment(self):
        self._assert_facts(self.partner, purchase_count=1, revenue_total=1000.0)

    def test_line_added_to_a_confirmed_order(self):
        """And one removed: nobody writes the order."""
        order = self._buy(self.partner, "2025-06-10", 100.0)
        self._commit_and_work()
        category = self.env["product.category"].create({"name": "Other Goods"})
        other = self.env["product.product"].create(
            {"name": "Other Product", "categ_id": category.id, "taxes_id": []}
        )
        line = self.env["sale.order.line"].create(
            {"order_id": order.id, "product_id": other.id, "price_unit": 60.0}
        )
        self._commit_and_work()
        self._assert_facts(self.partner, revenue_total=160.0, category_count_12m=2)
        line.product_uom_qty = 0.0
        self._commit_and_work()
        self._assert_facts(self.partner, revenue_total=100.0)

    def test_order_late_in_the_evening_counts_where_the_company_is(self):
        """Local days decide, in the time zone of the company."""
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        order = self._buy(self.partner, "2025-06-10")
        order.date_order = "2025-06-10 18:30:00"
        self._commit_and_work()
        self._assert_facts(self.partner, last_purchase_on="2025-06-11")

    def test_quotation_makes_a_prospect(self):
        """It is open until it runs out; a cancelled one never was."""
        quotation = self._quotation(
            self.partner, "2025-06-20", 90.0, validity_date="2025-07-10"
        )
        self._commit_and_work()
        self._assert_facts(
            self.partner,
            open_quotation_count=1,
            open_quotation_value=90.0,
            first_quotation_on="2025-06-20",
            purchase_count=0,
            stage_id=self._stage("prospect"),
            next_evaluation_on="2025-07-11",
        )
        quotation._action_cancel()
        self._commit_and_work()
        self._assert_facts(self.partner, open_quotation_count=0)

    def test_confirmed_quotation_was_open_until_then(self):
        """From the day it was made."""
        quotation = self._quotation(self.partner, "2025-06-01")
        quotation.action_confirm()
        quotation.date_order = self._noon("2025-06-15")
        self._commit_and_work()
        self._assert_facts(
            self.partner,
            first_quotation_on="2025-06-01",
            open_quotation_count=0,
            last_purchase_on="2025-06-15",
        )
        self._assert_log(
            self.partner, [("2025-06-01", "prospect"), ("2025-06-15", "first_time")]
        )

    def test_deleted_quotation_leaves_nothing_open(self):
        """The customer stays known."""
        quotation = self._quotation(self.partner, "2025-06-20")
        self._commit_and_work()
        quotation.unlink()
        self._commit_and_work()
        self._assert_facts(
            self.partner, open_quotation_count=0, first_quotation_on=False
        )

    def test_invoice_of_an_order_is_not_counted_again(self):
        """And neither is one without an order, in this setting."""
        order = self._buy(self.partner, "2025-06-10", 100.0)
        self._invoice_of(order, "2025-06-11")
        self._invoice(self.partner, "2025-06-12", 500.0)
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=1, revenue_total=100.0)

    def test_refunded_down_payment_is_no_lost_revenue(self):
        """It was never part of what the order is worth."""
        order = self._order(self.partner, "2025-06-01", 1000.0)
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "percentage", "amount": 30}
        ).create_invoices()
        self._post(order.invoice_ids, "2025-06-02")
        self._credit(order.invoice_ids, "2025-06-03")
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=1, revenue_total=1000.0)

    def test_archived_company_setting_changes_what_counts(self):
        """Switching to invoices reads everything anew, by a run."""
        order = self._buy(self.partner, "2025-06-10", 100.0)
        self._invoice_of(order, "2025-06-20")
        self._commit_and_work()
        self.company.retention_purchase_source = "invoice"
        run = self.env["customer.evaluation.run"].search(
            [("kind", "=", "setting"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(run.state, "waiting")
        run._work_off()
        self.env.invalidate_all()
        self._assert_facts(
            self.partner, purchase_count=1, last_purchase_on="2025-06-20"
        )


@tagged("post_install", "-at_install")
class TestInvoices(PurchaseTests, SourceCommon):
    """Posted invoices and credit notes."""

    SOURCE = "invoice"
    SELLER = "invoice_user_id"
    _day_of_purchase = on("2025-06-11")

    def _buy(self, partner, day, amount=100.0, post=True, **values):
        return self._invoice(partner, day, amount, post=post, **values)

    def _complete(self, document):
        document.action_post()

    def _lines(self, document):
        return document.invoice_line_ids

    def _buy_in(self, currency, partner, day, amount):
        return self._buy(partner, day, amount, currency_id=currency.id)

    def _buy_in_company(self, company, partner, day, amount):
        env = self.env(context=dict(self.env.context, allowed_company_ids=company.ids))
        move = env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_date": day,
                "date": day,
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": amount,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        move.action_post()
        return move

    def _change(self, document, **values):
        document.button_draft()
        document.write(values)
        document.action_post()

    def _change_date(self, document, day):
        self._change(document, invoice_date=day, date=day)

    def _change_price(self, document, price):
        document.button_draft()
        document.invoice_line_ids.price_unit = price
        document.action_post()

    def _cancel(self, document):
        document.button_draft()
        document.button_cancel()

    def _reset(self, document):
        document.button_draft()

    def _assert_down_payment(self):
        """Money has come, nothing has been bought yet."""
        self._assert_facts(self.partner, purchase_count=0, revenue_total=300.0)

    def test_draft_invoice_does_not_count(self):
        """Nor does a confirmed order, in this setting."""
        self._order(self.partner, "2025-06-10")
        self._invoice(self.partner, "2025-06-11", post=False)
        self._commit_and_work()
        self._assert_no_customer(self.partner)

    def test_deleted_draft_never_was(self):
        """Posted, reset, deleted: all hooks in a row."""
        move = self._buy(self.partner, "2025-06-10")
        self._buy(self.partner, "2025-06-12")
        self._commit_and_work()
        move.button_draft()
        move.name = "/"
        move.with_context(force_delete=True).unlink()
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=1)

    def test_settled_in_advance_is_a_purchase_all_the_same(self):
        """Nothing is left to pay on the invoice that delivers the goods."""
        order = self._order(self.partner, "2025-06-01", 1000.0)
        self.env["sale.advance.payment.inv"].with_context(
            active_model="sale.order", active_ids=order.ids
        ).create(
            {"advance_payment_method": "percentage", "amount": 100}
        ).create_invoices()
        self._post(order.invoice_ids, "2025-06-02")
        final = order._create_invoices(final=True)
        self._post(final, "2025-06-20")
        self.assertEqual(final.amount_untaxed, 0.0)
        self._commit_and_work()
        self._assert_facts(
            self.partner,
            purchase_count=1,
            revenue_total=1000.0,
            last_purchase_on="2025-06-20",
        )

    def test_whole_reversal(self):
        """The purchase was made; the money went back."""
        invoice = self._buy(self.partner, "2025-06-10", 100.0)
        self._credit(invoice, "2025-06-20")
        self._commit_and_work()
        self._assert_facts(self.partner, purchase_count=1, revenue_total=0.0)


@tagged("post_install", "-at_install")
class TestContacts(SourceCommon):
    """When somebody last talked with the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order(cls.partner, "2025-06-01")
        cls.seller = cls._create_user("retention-talker")

    def setUp(self):
        super().setUp()
        self._commit_and_work()
        self._assert_facts(self.partner, last_contact_on=False)

    def _post(self, record, moment, **values):
        values.setdefault("message_type", "comment")
        values.setdefault("subtype_xmlid", "mail.mt_comment")
        with freeze_time(moment):
            return (
                record.with_user(self.seller)
                .sudo()
                .message_post(body="Hello", **values)
            )

    def _assert_contact(self, day):
        self._commit_and_work()
        self._assert_facts(self.partner, last_contact_on=day)

    def test_message_to_the_customer(self):
        """Whoever has written last, and where."""
        self._post(self.partner, "2025-06-10 10:00:00")
        self._assert_contact("2025-06-10")
        self._post(self.order, "2025-06-12 10:00:00")
        self._assert_contact("2025-06-12")

    def test_message_of_the_customer(self):
        """An incoming mail on an invoice is one as well."""
        invoice = self._invoice(self.partner, "2025-06-10")
        self._post(
            invoice,
            "2025-06-13 10:00:00",
            message_type="email",
            author_id=self.partner.id,
        )
        self._assert_contact("2025-06-13")

    def test_message_to_a_contact_of_the_customer(self):
        """The company is who was talked to."""
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.partner.id
        )
        self._post(contact, "2025-06-14 10:00:00")
        self._assert_contact("2025-06-14")

    def test_activity_marked_done(self):
        """A phone call leaves no other trace."""
        activity = self.partner.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.seller.id
        )
        self._assert_contact(False)
        with freeze_time("2025-06-15 10:00:00"):
            activity.with_user(self.seller).sudo().action_feedback(feedback="Fine")
        self._assert_contact("2025-06-15")

    def test_note_is_no_contact(self):
        """Colleagues talk among themselves."""
        self._post(self.partner, "2025-06-16 10:00:00", subtype_xmlid="mail.mt_note")
        self._assert_contact(False)

    def test_robot_is_no_contact(self):
        """Nor is whatever it sends."""
        robot = self.env.ref("base.partner_root")
        self._post(self.partner, "2025-06-16 10:00:00", author_id=robot.id)
        self._post(self.partner, "2025-06-16 10:00:00", message_type="auto_comment")
        self._assert_contact(False)

    def test_tracked_change_is_no_contact(self):
        """The system notes what changed."""
        self._post(self.order, "2025-06-16 10:00:00", message_type="notification")
        self._assert_contact(False)

    def test_message_tomorrow_is_no_contact_yet(self):
        """As of the day of the evaluation."""
        self._post(self.partner, "2025-07-04 10:00:00")
        self._assert_contact(False)
        row = self._relationship(self.partner)
        self.assertLessEqual(row.next_evaluation_on, on("2025-07-04"))
