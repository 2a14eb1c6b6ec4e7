"""One thing told twice, two things told at once, one failure told by many."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .complaint_common import ComplaintCommon

NOTICING_LOGGER = "odoo.addons.customer_retention.models.customer_complaint_noticing"


@tagged("post_install", "-at_install")
class TestDuplicates(ComplaintCommon):
    def test_same_order_is_proposed_and_explained(self):
        order = self._order(self.partner, "2025-06-01")
        first = self._complain(subject="Late", order_id=order.id)
        again = self._complain(subject="Where is it", order_id=order.id)
        self.assertEqual(again.duplicate_ids, first)
        self.assertIn("same order", again.duplicate_text)
        self.assertIn(first.name, again.duplicate_text)

    def test_the_day_is_written_as_the_reader_writes_it(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self._complain(product_id=self.product.id, received_at="2025-06-29 22:30:00")
        again = self._complain(
            product_id=self.product.id, received_at="2025-06-30 09:00:00"
        )
        for lang, tz, day in (
            ("en_US", "UTC", "06/29/2025"),
            ("vi_VN", "Asia/Ho_Chi_Minh", "30/06/2025"),
        ):
            seen = again.with_context(lang=lang, tz=tz)
            self.assertIn(day, seen.duplicate_text)
            self.assertNotIn("2025-06", seen.duplicate_text)

    def test_other_customers_are_not(self):
        self._complain(product_id=self.product.id)
        other = self._complain(
            partner_id=self._create_partner("Other").id, product_id=self.product.id
        )
        self.assertFalse(other.duplicate_ids)
        self.assertFalse(other.duplicate_text)

    def test_outside_the_window_is_not(self):
        self.company.complaint_duplicate_days = 10
        self._complain(
            product_id=self.product.id,
            received_at=fields.Datetime.now() - timedelta(days=11),
        )
        self.assertFalse(self._complain(product_id=self.product.id).duplicate_ids)

    def test_what_one_may_not_see_is_not_proposed(self):
        self._complain(product_id=self.product.id, is_kept_from_salesperson=True)
        seen = self._complain(product_id=self.product.id)
        self.assertEqual(seen.with_user(self.boss).duplicate_count, 1)
        self.assertEqual(seen.with_user(self.seller).duplicate_count, 0)

    def test_one_query_for_many(self):
        complaints = self.Complaint.concat(
            *(self._complain(product_id=self.product.id) for _number in range(5))
        )
        complaints.invalidate_recordset(["duplicate_ids", "duplicate_count"])
        complaints.mapped("subject")
        self.assertTrue(all(one.duplicate_count == 4 for one in complaints))


@tagged("post_install", "-at_install")
class TestMerge(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.target = cls._complain(subject="First")
        cls.source = cls._complain(
            subject="Second", product_id=cls.product.id, phone="123"
        )
        cls.word = cls.source._post_from_customer(
            "The second one", [("photo.txt", b"proof")]
        )

    def _merge(self):
        self.source.with_user(self.handler)._merge_into(self.target)

    def test_both_threads_are_kept(self):
        before = self.target.message_ids
        self._merge()
        self.assertLessEqual(before, self.target.message_ids)
        self.assertIn(self.word, self.target.message_ids)
        attachment = self.word.attachment_ids
        self.assertEqual(
            (attachment.res_model, attachment.res_id),
            ("customer.complaint", self.target.id),
        )
        self.assertRecordValues(
            self.source,
            [{"merged_into_id": self.target.id, "active": False, "status": "closed"}],
        )
        self.assertEqual(self.target.status, "open")

    def test_what_one_knows_the_other_learns(self):
        self._merge()
        self.assertEqual(self.target.product_id, self.product)
        self.assertEqual(self.target.phone, "123")

    def test_undo(self):
        self._merge()
        self.source.with_user(self.handler).action_undo_merge()
        self.assertFalse(self.target.product_id)
        self.assertEqual(self.source.product_id, self.product)
        self.assertNotIn(self.word, self.target.message_ids)
        self.assertIn(self.word, self.source.message_ids)
        self.assertEqual(self.word.attachment_ids.res_id, self.source.id)
        self.assertRecordValues(
            self.source, [{"merged_into_id": False, "active": True, "status": "open"}]
        )

    def test_undo_is_no_reopening(self):
        """It is as if nothing had happened, and the log says what did."""
        stage = self.source.stage_id
        self._merge()
        self.assertEqual(self._log(self.source)[-1], "merged")
        self.source.with_user(self.handler).action_undo_merge()
        self.assertRecordValues(
            self.source,
            [
                {
                    "status": "open",
                    "reopen_count": 0,
                    "reopened_at": False,
                    "closed_at": False,
                    "stage_id": stage.id,
                }
            ],
        )
        self.assertNotIn("reopened", self._log(self.source))
        self.assertEqual(self._log(self.source)[-1], "unmerged")

    def test_undo_brings_back_a_resolution(self):
        self.source._record_event("resolved")
        stage, resolved_at = self.source.stage_id, self.source.resolved_at
        self._merge()
        self.source.action_undo_merge()
        self.assertRecordValues(
            self.source,
            [
                {
                    "status": "resolved",
                    "resolved_at": resolved_at,
                    "closed_at": False,
                    "stage_id": stage.id,
                }
            ],
        )

    def test_undo_takes_followers_and_secrecy_back(self):
        self.source.message_subscribe(self.second.partner_id.ids)
        self.source.is_kept_from_salesperson = True
        self._merge()
        self.assertIn(self.second.partner_id, self.target.message_partner_ids)
        self.assertTrue(self.target.is_kept_from_salesperson)
        self.source.action_undo_merge()
        self.assertNotIn(self.second.partner_id, self.target.message_partner_ids)
        self.assertFalse(self.target.is_kept_from_salesperson)

    def test_undo_keeps_what_was_changed_since(self):
        self._merge()
        self.target.phone = "456"
        self.source.action_undo_merge()
        self.assertEqual(self.target.phone, "456")

    def test_undo_only_for_a_day(self):
        self._merge()
        merge = self.env["customer.complaint.merge"].search(
            [("source_id", "=", self.source.id)]
        )
        self.assertTrue(self.source.is_merge_undoable)
        merge.merged_at -= timedelta(hours=25)
        self.source.invalidate_recordset(["is_merge_undoable"])
        self.assertFalse(self.source.is_merge_undoable)
        with self.assertRaises(UserError):
            self.source.action_undo_merge()

    def test_same_customer_only(self):
        other = self._complain(partner_id=self._create_partner("Other").id)
        with self.assertRaisesRegex(UserError, "same customer"):
            other._merge_into(self.target)
        unknown = self._complain(partner_id=False, email_from="x@example.org")
        with self.assertRaisesRegex(UserError, "same customer"):
            unknown._merge_into(self.target)

    def test_people_of_one_company_are_one_customer(self):
        person = self._create_partner(
            "Person", is_company=False, parent_id=self.partner.id
        )
        own = self._complain(partner_id=person.id)
        own._merge_into(self.target)
        self.assertEqual(own.merged_into_id, self.target)

    def test_strangers_by_the_same_address(self):
        one, two = (
            self._complain(partner_id=False, email_from="x@example.org")
            for _number in range(2)
        )
        one._merge_into(two)
        self.assertEqual(one.merged_into_id, two)

    def test_not_twice(self):
        self._merge()
        third = self._complain()
        with self.assertRaises(UserError):
            self.source._merge_into(third)

    def test_not_under_legal_hold(self):
        self.source.legal_hold = True
        with self.assertRaisesRegex(UserError, "legal hold"):
            self._merge()
        self.assertFalse(self.source.merged_into_id)

    def test_a_salesperson_may_not(self):
        with self.assertRaises(AccessError):
            self.source.with_user(self.seller)._merge_into(self.target)

    def test_dialog_proposes_the_oldest(self):
        dialog = (
            self.env["customer.complaint.merge.dialog"]
            .with_user(self.handler)
            .with_context(default_complaint_ids=(self.source | self.target).ids)
            .create({})
        )
        self.assertEqual(dialog.target_id, self.target)
        self.assertFalse(dialog.problem)
        third = self._complain(partner_id=self.partner.id, user_id=self.handler.id)
        other = self._create_partner("Somebody Else").id
        self._complain(partner_id=other, user_id=self.handler.id)
        dialog.invalidate_recordset(["mergeable_ids"])
        self.assertEqual(dialog.mergeable_ids, self.source + self.target + third)
        action = dialog.action_merge()
        self.assertEqual(action["res_id"], self.target.id)
        self.assertEqual(self.source.merged_into_id, self.target)


@tagged("post_install", "-at_install")
class TestSplit(ComplaintCommon):
    def test_a_second_thing(self):
        complaint = self._complain(channel="email", user_id=self.handler.id)
        word = complaint._post_from_customer("And it was late", [("a.txt", b"a")])
        dialog = (
            self.env["customer.complaint.split"]
            .with_user(self.handler)
            .create(
                {
                    "complaint_id": complaint.id,
                    "subject": "Late",
                    "message_ids": [(6, 0, word.ids)],
                }
            )
        )
        new = self.Complaint.browse(dialog.action_split()["res_id"])
        self.assertRecordValues(
            new,
            [
                {
                    "split_from_id": complaint.id,
                    "subject": "Late",
                    "partner_id": self.partner.id,
                    "team_id": self.team.id,
                    "received_at": complaint.received_at,
                    "status": "open",
                }
            ],
        )
        self.assertIn(word, new.message_ids)
        self.assertEqual(word.attachment_ids.res_id, new.id)
        self.assertNotIn(word, complaint.message_ids)
        self.assertFalse(self._acknowledgements(new))

    def test_not_the_messages_of_others(self):
        complaint, other = self._complain(), self._complain()
        word = other._post_from_customer("Mine")
        dialog = self.env["customer.complaint.split"].create(
            {
                "complaint_id": complaint.id,
                "subject": "Late",
                "message_ids": [(6, 0, word.ids)],
            }
        )
        with self.assertRaises(UserError):
            dialog.action_split()

    def test_nothing_leaves_what_is_under_legal_hold(self):
        complaint = self._complain(legal_hold=True)
        word = complaint._post_from_customer("Mine")
        dialog = self.env["customer.complaint.split"].create(
            {
                "complaint_id": complaint.id,
                "subject": "Late",
                "message_ids": [(6, 0, word.ids)],
            }
        )
        with self.assertRaisesRegex(UserError, "legal hold"):
            dialog.action_split()


@tagged("post_install", "-at_install")
class TestIncident(ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other = cls._create_partner("Other", email="other@example.com")
        cls.silent = cls._create_partner("Silent", email="silent@example.com")
        for partner in (cls.partner, cls.other, cls.silent):
            cls._order(partner, "2025-06-10")
        early = cls._create_partner("Early", email="early@example.com")
        cls._order(early, "2025-01-10")
        cls.complaints = cls._complain(product_id=cls.product.id) | cls._complain(
            product_id=cls.product.id, partner_id=cls.other.id
        )

    def _link(self):
        dialog = (
            self.env["customer.complaint.incident.link"]
            .with_user(self.handler)
            .create({"complaint_ids": self.complaints.ids, "name": "Bad batch"})
        )
        return self.env["customer.complaint.incident"].browse(
            dialog.action_link()["res_id"]
        )

    def test_link(self):
        incident = self._link()
        self.assertEqual(incident.complaint_ids, self.complaints)
        self.assertEqual(incident.product_ids, self.product)
        self.assertEqual(incident.complaint_count, 2)
        self.assertEqual(incident.open_complaint_count, 2)

    def test_one_answer_to_each(self):
        incident = self._link()
        dialog = (
            self.env["customer.complaint.incident.answer"]
            .with_user(self.handler)
            .create({"incident_id": incident.id, "body": "<p>Sorry</p>"})
        )
        self.assertEqual(dialog.complaint_ids, self.complaints)
        dialog.action_send()
        for complaint in self.complaints:
            answer = complaint.message_ids.filtered(lambda one: "Sorry" in one.body)
            self.assertEqual(answer.partner_ids, complaint.partner_id)
            self.assertTrue(complaint.answered_at)

    def test_who_else(self):
        incident = self._link()
        incident.write({"date_from": "2025-06-01", "date_to": "2025-06-30"})
        dialog = Form(
            self.env["customer.complaint.incident.reach"]
            .with_user(self.handler)
            .with_context(default_incident_id=incident.id)
        )
        dialog.body = "<p>Please check your device</p>"
        dialog = dialog.save()
        self.assertEqual(dialog.line_ids.partner_id, self.silent)
        dialog.action_send()
        noticed = incident.complaint_ids - self.complaints
        self.assertRecordValues(
            noticed,
            [
                {
                    "partner_id": self.silent.id,
                    "channel": "noticed",
                    "product_id": self.product.id,
                }
            ],
        )
        messages = noticed.message_ids.filtered(lambda one: "device" in one.body)
        self.assertEqual(messages.partner_ids, self.silent)
        self.assertFalse(self._acknowledgements(noticed))
        again = self.env["customer.complaint.incident.reach"].create(
            {"incident_id": incident.id, "body": "x"}
        )
        self.assertFalse(again.line_ids, "nobody is written to twice")


@tagged("post_install", "-at_install")
class TestSilent(ComplaintCommon):
    def _notices(self):
        return self.env["customer.complaint.notice"].search(
            [("company_id", "=", self.company.id)]
        )

    def test_a_credit_note_is_noticed(self):
        invoice = self._invoice(self.partner, "2025-06-01")
        credit = self._credit(invoice, "2025-06-02")
        self.assertRecordValues(
            self._notices(),
            [
                {
                    "reason": "credit_note",
                    "partner_id": self.partner.id,
                    "move_id": invoice.id,
                    "res_id": credit.id,
                    "state": "open",
                }
            ],
        )

    def test_not_when_the_customer_has_spoken(self):
        invoice = self._invoice(self.partner, "2025-06-01")
        self._complain(move_id=invoice.id)
        self._credit(invoice, "2025-06-02")
        self.assertFalse(self._notices())

    def test_not_twice(self):
        invoice = self._invoice(self.partner, "2025-06-01")
        credit = self._credit(invoice, "2025-06-02")
        credit.button_draft()
        credit.action_post()
        self.assertEqual(len(self._notices()), 1)

    def _notice_values(self, document):
        return {
            "reason": "credit_note",
            "partner_id": self.partner.id,
            "company_id": self.company.id,
            "res_model": document._name,
            "res_id": document.id,
        }

    def test_what_somebody_else_noticed_meanwhile_is_no_error(self):
        credit = self._credit(self._invoice(self.partner, "2025-06-01"), "2025-06-02")
        known = self._notices()
        self.assertFalse(known._insert_once(self._notice_values(credit)))
        self.assertEqual(self._notices(), known)
        self.assertEqual(known.account_id, self.partner.commercial_partner_id)

    def test_noticing_is_in_no_documents_way(self):
        def fail(_complaints, _vals_list):
            raise ValueError("Tested objection")

        invoice = self._invoice(self.partner, "2025-06-01")
        self.patch(type(self.env["customer.complaint"]), "_propose_noticed", fail)
        with self.assertLogs(NOTICING_LOGGER, "ERROR"):
            credit = self._credit(invoice, "2025-06-02")
        self.assertEqual(credit.state, "posted")
        self.assertFalse(self._notices())

    def test_who_is_only_proposed_about_can_be_deleted(self):
        rated = self._create_partner("Rated and Forgotten")
        notice = self.env["customer.complaint.notice"].create(
            {**self._notice_values(rated), "reason": "rating", "partner_id": rated.id}
        )
        rated.unlink()
        self.assertFalse(notice.exists())

    def test_a_low_rating_is_noticed(self):
        order = self._order(self.partner, "2025-06-01")
        values = {
            "res_model_id": self.env["ir.model"]._get_id("sale.order"),
            "res_id": order.id,
            "partner_id": self.partner.id,
        }
        rating = self.env["rating.rating"].create({**values})
        self.assertFalse(self._notices())
        rating.write({"rating": 1, "consumed": True, "feedback": "Bad"})
        self.env["rating.rating"].create({**values, "rating": 5, "consumed": True})
        notice = self._notices()
        self.assertEqual(notice.reason, "rating")
        self.assertEqual(notice.order_id, order)

    def test_take_up_and_dismiss(self):
        for day in ("2025-06-01", "2025-06-03"):
            self._credit(self._invoice(self.partner, day), day)
        one, two = self._notices().with_user(self.handler)
        one.action_take_up()
        two.action_dismiss()
        self.assertRecordValues(
            one.complaint_id,
            [{"channel": "noticed", "partner_id": self.partner.id}],
        )
        self.assertEqual((one.state, two.state), ("taken", "dismissed"))
        with self.assertRaisesRegex(UserError, "Reload the list"):
            two.action_take_up()
        self.assertFalse(self._acknowledgements(one.complaint_id))


@tagged("post_install", "-at_install")
class TestQuick(ComplaintCommon):
    def _quick(self, user, **values):
        return self.env["customer.complaint.quick"].with_user(user).create(values)

    def test_the_number_at_the_end(self):
        quick = self._quick(
            self.handler,
            partner_id=self.partner.id,
            what="Broken lamp\nIt fell apart",
            severity="high",
        )
        quick.action_create_complaint()
        self.assertRecordValues(
            quick.complaint_id,
            [
                {
                    "name": quick.number,
                    "subject": "Broken lamp",
                    "channel": "phone",
                    "partner_id": self.partner.id,
                    "severity": "high",
                }
            ],
        )
        self.assertIn("fell apart", quick.complaint_id.description)
        self.assertEqual(quick.state, "done")

    def test_somebody_unknown(self):
        quick = self._quick(self.handler, caller="Ann, 0123", what="Rude")
        quick.action_create_complaint()
        self.assertEqual(quick.complaint_id.partner_name, "Ann, 0123")

    def test_what_is_missing_is_asked_for(self):
        with self.assertRaises(UserError):
            self._quick(self.handler, what="Rude").action_create_complaint()
        with self.assertRaises(UserError):
            self._quick(
                self.handler, partner_id=self.partner.id, what=" "
            ).action_create_complaint()

    def test_from_order_and_invoice(self):
        order = self._order(self.partner, "2025-06-01")
        invoice = self._invoice_of(order, "2025-06-02")
        for document in (order, invoice, self.partner):
            with self.subTest(document=document):
                action = document.with_user(self.boss).sudo().action_quick_complaint()
                form = Form(
                    self.env["customer.complaint.quick"]
                    .with_user(self.boss)
                    .sudo()
                    .with_context(**action["context"])
                )
                form.what = "Broken"
                quick = form.save()
                quick.action_create_complaint()
                self.assertEqual(quick.complaint_id.partner_id, self.partner)
        self.assertEqual(
            self.Complaint.search([("order_id", "=", order.id)]).mapped("move_id"),
            invoice,
        )

    def test_a_salesperson_takes_down_what_is_kept_from_them(self):
        quick = self._quick(
            self.seller,
            partner_id=self.partner.id,
            what="My salesperson is never there",
            is_kept_from_salesperson=True,
        )
        quick.action_create_complaint()
        self.assertTrue(quick.number.strip("/"))

    def test_what_is_open_already_is_told(self):
        complaint = self._complain()
        quick = self._quick(self.handler, partner_id=self.partner.id)
        self.assertIn(complaint.name, quick.open_text)
