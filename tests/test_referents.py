import logging

from odoo.tests import tagged

from .common import RetentionCommon

# The caches and the log, and what a person reads of them on a screen.
READABLE = (
    "customer.purchase",
    "customer.quotation",
    "customer.contact.day",
    "customer.relationship",
    "customer.relationship.transition",
    "customer.tier.entry",
    "customer.tier.membership",
    "customer.tier.transition",
)


@tagged("post_install", "-at_install")
class TestReferents(RetentionCommon):
    """Tables without foreign keys: nothing refers to what was deleted."""

    def _assert_readable(self):
        """Every row shows the names of everything it refers to."""
        self.env.invalidate_all()
        for name in READABLE:
            records = self.env[name].with_context(active_test=False).search([])
            names = [
                field.name
                for field in records._fields.values()
                if field.type == "many2one" and field.store
            ]
            for record in records:
                for field in names:
                    record[field].mapped("display_name")

    def _rows(self, model, partner):
        return self.env[model].search([("partner_id", "=", partner.id)])

    def test_merged_partner_leaves_nothing_behind(self):
        """Not even before the queue is worked off; then the heir has it all."""
        heir = self._create_partner("Heir")
        self._order(self.partner, "2025-06-01", 40.0)
        self._order(heir, "2025-06-02", 60.0)
        self._quotation(self.partner, "2025-06-03")
        self.partner.message_post(body="Hello", message_type="comment")
        self._work_queue()
        merged_id = self.partner.id
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (self.partner | heir).ids, heir, extra_checks=False
        )
        self.env.flush_all()
        self.assertFalse(self.partner.exists())
        for model in READABLE:
            rows = self.env[model].search([("partner_id", "=", merged_id)])
            self.assertFalse(rows, model)
        self._assert_readable()
        self._work_queue()
        self._assert_readable()
        self.assertEqual(self._relationship(heir).revenue_total, 100.0)
        self.assertEqual(len(self._rows("customer.purchase", heir)), 2)

    def test_deleted_partner_takes_its_rows_along(self):
        """Only somebody without documents can be deleted; a decision makes a row."""
        self.env["customer.fit"].create({"partner_id": self.partner.id, "need": "yes"})
        self.assertTrue(self._relationship(self.partner))
        partner_id = self.partner.id
        self.partner.unlink()
        self.env.flush_all()
        self.assertFalse(
            self.env["customer.relationship"].search([("partner_id", "=", partner_id)])
        )
        self._assert_readable()

    def test_who_is_written_down_and_deleted_at_once_holds_nobody_up(self):
        """Even when the row is written after the partner has gone."""
        self._order(self.partner, "2025-06-01")
        gone = self._create_partner("Gone")
        gone_id = gone.id
        gone.unlink()
        self.Queue._enqueue([gone_id], "document")
        self.Queue._enqueue([gone_id], "merge")
        self._work_queue()
        self.assertFalse(self.Queue.search([]))
        self.assertFalse(
            self.env["customer.relationship"].search([("partner_id", "=", gone_id)])
        )
        self.assertTrue(self._relationship(self.partner))
        self._assert_readable()

    def test_a_column_that_had_a_foreign_key_loses_it(self):
        self.env.cr.execute(
            "ALTER TABLE customer_relationship_queue"
            " ADD CONSTRAINT customer_relationship_queue_partner_id_fkey"
            " FOREIGN KEY (partner_id) REFERENCES res_partner (id)"
        )
        self.Queue._fields["partner_id"].update_db_foreign_key(self.Queue, None)
        gone = self._create_partner("Gone")
        gone_id = gone.id
        gone.unlink()
        self.Queue._enqueue([gone_id], "document")
        self._flush_queue()
        self.assertIn((gone_id, "document"), self._queued())

    def test_deleted_quotation_takes_its_row_along(self):
        """The facts follow with the queue."""
        quotation = self._quotation(self.partner, "2025-06-20")
        self._work_queue()
        row = self._rows("customer.quotation", self.partner)
        self.assertTrue(row)
        quotation.unlink()
        self.env.flush_all()
        self.assertFalse(row.exists())
        self._assert_readable()
        self._flush_queue()
        self.env["customer.relationship.queue"]._work_slice()
        self.env.invalidate_all()
        self.assertFalse(self._relationship(self.partner).first_quotation_on)

    def test_deleted_category_is_referred_to_no_more(self):
        """Products have moved to another category before; the reconciliation sees."""
        self._order(self.partner, "2025-06-01")
        self._work_queue()
        other = self.env["product.category"].create({"name": "Other Goods"})
        self.product.categ_id = other
        self.category.unlink()
        self._assert_readable()
        self.env["customer.evaluation.run"]._start("reconcile")._work_off()
        rows = self._rows("customer.purchase", self.partner)
        self.assertEqual(rows.categ_ids, other.ids)
        self._assert_readable()

    def test_deleted_segment_and_salesperson_leave_an_empty_column(self):
        """The row is there as before."""
        seller = self._create_user("seller-to-leave")
        segment = self.env["customer.segment"].create(
            {"name": "To Leave", "company_id": self.company.id, "sequence": -10}
        )
        self.partner.user_id = seller
        self._order(self.partner, "2025-06-01", user_id=False)
        self._work_queue()
        row = self._relationship(self.partner)
        self.assertEqual((row.user_id, row.segment_id), (seller, segment))
        segment.unlink()
        seller.unlink()
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertFalse(row.user_id)
        self.assertFalse(row.segment_id)
        self._assert_readable()

    def test_deleted_company_takes_its_rows_along(self):
        """Documents would keep it from being deleted; decisions do not."""
        company = self.env["res.company"].create({"name": "Short-lived"})
        values = {"partner_id": self.partner.id, "company_id": company.id}
        stage = self.env.ref("customer_retention.customer_relationship_stage_advocate")
        decisions = [
            self.env["customer.fit"].create({**values, "need": "yes"}),
            self.env["customer.relationship.pin"].create(
                {**values, "stage_id": stage.id, "reason": "They told me"}
            ),
            self.env["customer.profiling.exclusion"].create(
                {**values, "reason": "Asked for it", "date_from": "2030-01-01"}
            ),
        ]
        row = self._relationship(self.partner, company)
        self.assertTrue(row)
        self._delete_company(company)
        self.assertFalse(row.exists())
        for decision in decisions:
            self.assertFalse(decision.exists())
        self._assert_readable()

    def test_ladder_of_a_deleted_company_goes_with_it(self):
        """It does not become everybody's."""
        company = self.env["res.company"].create({"name": "Short-lived"})
        values = {"name": "Own", "company_id": company.id}
        own = [
            self.env["customer.relationship.stage"].create(values),
            self.env["customer.relationship.condition"].create(
                {**values, "kind": "cooling"}
            ),
            self.env["customer.segment"].create(values),
        ]
        self.env["customer.relationship.pin"].create(
            {
                "partner_id": self.partner.id,
                "company_id": company.id,
                "stage_id": own[0].id,
                "reason": "They told me",
            }
        )
        self._delete_company(company)
        for step in own:
            self.assertFalse(step.exists())

    def _delete_company(self, company):
        """Really: what other applications made for it goes first, as a person does."""
        if "stock.warehouse" in self.env:
            self.skipTest("A warehouse keeps every company from being deleted.")
        self.env.flush_all()
        company.unlink()
        self.env.flush_all()
        self.env.invalidate_all()

    def test_row_left_by_a_statement_is_found_by_the_reconciliation(self):
        """Whoever deletes a partner behind the back of the ORM."""
        partner = self._create_partner("Deleted by SQL")
        self.env["customer.fit"].create({"partner_id": partner.id, "need": "yes"})
        partner_id = partner.id
        self.env.flush_all()
        self.env.cr.execute(
            "DELETE FROM customer_fit WHERE partner_id = %s", [partner_id]
        )
        self.env.cr.execute(
            "DELETE FROM customer_relationship_queue WHERE partner_id = %s",
            [partner_id],
        )
        self.env.cr.execute("DELETE FROM res_partner WHERE id = %s", [partner_id])
        self.env.invalidate_all()
        self.env["customer.evaluation.run"]._start("reconcile")._work_off()
        self.assertFalse(
            self.env["customer.relationship"].search([("partner_id", "=", partner_id)])
        )


@tagged("post_install", "-at_install")
class TestRetries(RetentionCommon):
    """Work that lost a race starts again, and nobody is alarmed."""

    def test_lost_race_is_no_error_in_the_log(self):
        """Anything else that the database refuses still is."""
        runs = self.env["customer.evaluation.run"]
        logger = logging.getLogger("odoo.sql_db")

        def work():
            logger.error("bad query: ERROR: could not serialize access due to ...")
            logger.error("bad query: ERROR: something else")

        with self.assertLogs("odoo.sql_db", "ERROR") as logs:
            runs._in_fresh_transaction(work)
        self.assertEqual(len(logs.output), 1)
        self.assertIn("something else", logs.output[0])
        self.assertFalse(logger.filters)
