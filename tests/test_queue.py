from unittest.mock import patch

from odoo.tests import tagged

from odoo.addons.base.tests.test_ir_cron import CronMixinCase

from ..models import customer_relationship_queue as queue
from .common import RetentionCommon


@tagged("post_install", "-at_install")
class TestQueue(RetentionCommon, CronMixinCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_partner("Other Customer")
        cls.cron = cls.env.ref("customer_retention.ir_cron_relationship_queue")

    def setUp(self):
        super().setUp()
        self._forget_queue()

    def test_collects_until_the_transaction_ends(self):
        self.Queue._enqueue(self.partner.ids, "document")
        self.Queue._enqueue([self.partner.id, self.other.id], "document")
        self.env.cr.execute("SELECT count(*) FROM customer_relationship_queue")
        self.assertEqual(self.env.cr.fetchone(), (0,))
        self.assertEqual(
            self._queued(),
            {(self.partner.id, "document"), (self.other.id, "document")},
        )

    def test_one_statement_and_one_trigger(self):
        self.Queue._enqueue(self.other.ids, "document")
        self.Queue._flush()
        with self.capture_triggers(self.cron.id) as triggers, self.assertQueryCount(1):
            self.Queue._enqueue([self.partner.id, self.other.id], "document")
            self.Queue._enqueue(self.partner.ids, "merge")
            self.Queue._flush()
        self.assertEqual(len(triggers.records), 1)

    def test_the_commit_flushes(self):
        self.Queue._enqueue(self.partner.ids, "document")
        self.env.cr.precommit.run()
        self.assertEqual(self._queued(), {(self.partner.id, "document")})

    def test_nothing_to_do_costs_nothing(self):
        with self.capture_triggers(self.cron.id) as triggers, self.assertQueryCount(0):
            self.Queue._enqueue([], "document")
            self.Queue._enqueue([False], "document")
            self.Queue._flush()
        self.assertFalse(triggers.records)

    def test_partners_deleted_meanwhile_are_left_out(self):
        """Also those whose row was written before they went."""
        self.Queue._enqueue([self.partner.id, self.other.id], "document")
        self._flush_queue()
        self.other.unlink()
        self.assertEqual(self._queued(), {(self.partner.id, "document")})

    def test_attributes_and_contacts_matter_to_customers_only(self):
        self._order(self.partner, "2025-06-01")
        self._work_queue()
        contact = self._create_partner(
            "Contact", parent_id=self.partner.id, is_company=False
        )
        self._forget_queue()
        for reason in ("contact", "partner"):
            self.Queue._enqueue((contact | self.other).ids, reason)
        self.assertEqual(
            self._queued(), {(contact.id, "contact"), (contact.id, "partner")}
        )

    def test_a_rolled_back_savepoint_leaves_nothing(self):
        with self.assertRaises(ZeroDivisionError), self.env.cr.savepoint():
            self.Queue._enqueue(self.partner.ids, "document")
            raise ZeroDivisionError
        self.assertFalse(self._queued())

    def test_without_the_job_the_queue_still_fills(self):
        self.env["ir.model.data"].search(
            [
                ("module", "=", "customer_retention"),
                ("name", "=", "ir_cron_relationship_queue"),
            ]
        ).unlink()
        self.Queue._enqueue(self.partner.ids, "document")
        self.assertEqual(self._queued(), {(self.partner.id, "document")})

    def test_users_without_rights_may_cause_an_evaluation(self):
        employee = self._create_user("queue_employee", "base.group_user")
        self.Queue.with_user(employee)._enqueue(self.partner.ids, "document")
        self.env.cr.precommit.run()
        self.assertEqual(self._queued(), {(self.partner.id, "document")})

    def test_wakes_the_workers_after_the_commit_but_not_all_the_time(self):
        with (
            patch.object(self.registry["ir.cron"], "_notifydb") as notify,
            patch.dict(queue.woken_at, clear=True),
        ):
            for _number in range(3):
                self.Queue._enqueue(self.partner.ids, "document")
                self.Queue._flush()
            self.assertFalse(notify.called)
            self.env.cr.postcommit.run()
            self.assertEqual(notify.call_count, 1)
            queue.woken_at[self.env.cr.dbname] -= queue.WAKE_INTERVAL
            self.Queue._wake_workers()
            self.assertEqual(notify.call_count, 2)


@tagged("post_install", "-at_install")
class TestWhatIsReadAgain(RetentionCommon):
    """A document is no reason to read conversations again, nor the other way round."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_partner("Other Customer")
        cls.Days = cls.env["customer.contact.day"]
        cls._forget_queue()

    def _work(self):
        """Do what a commit does before it, and what the job does then."""
        self._flush_queue()
        while self.Queue._work_slice():
            pass
        self.env.invalidate_all()

    def _say(self, record):
        record.message_post(
            author_id=self.env.ref("base.partner_admin").id,
            body="Hello",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )

    def _derived_models(self, work):
        """Return the derived models of which something was read meanwhile."""
        models = []
        derived = type(self.env["customer.derived"])
        original = derived._sync_scope

        def note(model, scope):
            models.append(model._name)
            return original(model, scope)

        with patch.object(derived, "_sync_scope", note):
            work()
        return set(models)

    def test_somebody_new_is_read_completely(self):
        """What was said before the first order counts from then on."""
        self._say(self.partner)
        self._work()
        self.assertFalse(self._relationship(self.partner))
        self._order(self.partner, "2025-06-01")
        self._work()
        self.assertTrue(self._relationship(self.partner))
        self.assertTrue(self.Days.search([("partner_id", "=", self.partner.id)]))

    def test_an_order_is_no_reason_to_read_conversations(self):
        self._order(self.partner, "2025-06-01")
        self._work()
        self._order(self.partner, "2025-06-02")
        read = self._derived_models(self._work)
        self.assertEqual(
            read,
            {"customer.purchase", "customer.quotation"},
        )
        self.assertEqual(self._relationship(self.partner).purchase_count, 2)

    def _queued_orders(self, partner):
        self._flush_queue()
        self.env.cr.execute(
            "SELECT order_ids FROM customer_relationship_queue"
            " WHERE partner_id = %s AND reason = 'document' ORDER BY id",
            [partner.id],
        )
        return [None if ids is None else set(ids) for (ids,) in self.env.cr.fetchall()]

    def _change_unseen(self, order, amount):
        """Change an order in a way that no hook sees."""
        self.env.cr.execute(
            "UPDATE sale_order SET amount_untaxed = %s WHERE id = %s",
            [amount, order.id],
        )
        order.invalidate_recordset()

    def test_only_orders_that_have_changed_are_read_again(self):
        """What nobody saw of another one is found by the reconciliation."""
        unseen = self._order(self.partner, "2025-06-01", 100.0)
        self._work()
        self._change_unseen(unseen, 40.0)
        order = self._order(self.partner, "2025-06-02", 10.0)
        self.assertEqual(self._queued_orders(self.partner), [{order.id}])
        self._work()
        self.assertEqual(self._relationship(self.partner).revenue_total, 110.0)
        self.env["customer.evaluation.run"]._start("reconcile")._work_off()
        self.env.invalidate_all()
        self.assertEqual(self._relationship(self.partner).revenue_total, 50.0)

    def test_an_order_in_between_changes_the_gap_of_the_next_one(self):
        for day in ("2025-05-01", "2025-06-01"):
            self._order(self.partner, day)
        self._work()
        order = self._order(self.partner, "2025-05-22")
        self._work()
        purchases = self.env["customer.purchase"].search(
            [("partner_id", "=", self.partner.id)], order="date"
        )
        self.assertEqual(purchases.mapped("gap_days"), [0, 21, 10])
        order._action_cancel()
        self._work()
        purchases = purchases.exists().sorted("date")
        self.assertEqual(purchases.mapped("gap_days"), [0, 31])

    def test_an_order_given_to_somebody_else_leaves_the_first_customer(self):
        for partner in (self.partner, self.other):
            self._order(partner, "2025-06-01", 10.0)
        order = self._order(self.partner, "2025-06-02", 5.0)
        self._work()
        order.partner_id = self.other
        self._work()
        self.assertEqual(self._relationship(self.partner).revenue_total, 10.0)
        self.assertEqual(self._relationship(self.other).revenue_total, 15.0)

    def test_another_reason_has_everything_read_again(self):
        unseen = self._order(self.partner, "2025-06-01", 100.0)
        self._work()
        self._change_unseen(unseen, 40.0)
        self._order(self.partner, "2025-06-02", 10.0)
        self.Queue._enqueue(self.partner.ids, "reparent")
        self._work()
        self.assertEqual(self._relationship(self.partner).revenue_total, 50.0)

    def test_orders_of_a_contact_are_those_of_its_account(self):
        contact = self._create_partner(
            "Contact", parent_id=self.partner.id, is_company=False
        )
        self._order(self.partner, "2025-06-01", 10.0)
        self._work()
        order = self._order(contact, "2025-06-02", 5.0)
        self.assertEqual(self._queued_orders(contact), [{order.id}])
        self._work()
        self.assertEqual(self._relationship(self.partner).revenue_total, 15.0)

    def test_a_message_is_no_reason_to_read_documents(self):
        self._order(self.partner, "2025-06-01")
        self._work()
        self._say(self.partner)
        read = self._derived_models(self._work)
        self.assertEqual(read, {"customer.contact.day"})
        self.assertTrue(self.Days.search([("partner_id", "=", self.partner.id)]))

    def test_both_reasons_of_one_customer(self):
        """Each customer has what its own reasons ask for."""
        for partner in (self.partner, self.other):
            self._order(partner, "2025-06-01")
        self._work()
        self._say(self.partner)
        self._order(self.other, "2025-06-02")
        self._say(self.other)
        self._work()
        self.assertEqual(self._relationship(self.other).purchase_count, 2)
        self.assertEqual(
            self.Days.search([]).partner_id & (self.partner | self.other),
            self.partner | self.other,
        )

    def test_conversation_of_an_order_goes_with_it(self):
        """To the customer the order is given to, and away from the other one."""
        for partner in (self.partner, self.other):
            self._order(partner, "2025-06-01")
        order = self._quotation(self.partner, "2025-06-02")
        self._say(order)
        self._work()
        self.assertTrue(self.Days.search([("partner_id", "=", self.partner.id)]))
        order.partner_id = self.other
        self._work()
        self.assertFalse(self.Days.search([("partner_id", "=", self.partner.id)]))
        self.assertTrue(self.Days.search([("partner_id", "=", self.other.id)]))

    def test_conversation_of_an_invoice_goes_with_it(self):
        for partner in (self.partner, self.other):
            self._order(partner, "2025-06-01")
        invoice = self._invoice(self.partner, "2025-06-02")
        self._say(invoice)
        self._work()
        self.assertTrue(self.Days.search([("partner_id", "=", self.partner.id)]))
        invoice.button_draft()
        self._work()
        invoice.partner_id = self.other
        invoice.action_post()
        self._work()
        self.assertFalse(self.Days.search([("partner_id", "=", self.partner.id)]))
        self.assertTrue(self.Days.search([("partner_id", "=", self.other.id)]))
