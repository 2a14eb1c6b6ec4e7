from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import Form, tagged

from .common import on
from .retention_common import KeepCommon


@tagged("post_install", "-at_install")
class TestLosses(KeepCommon):
    """The condition tells who is lost, a purchase takes it back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls._rhythm("Leaver", "2024-12-01", 200.0)
        cls._see("2025-01-10", cls.leaver)

    def lose(self, day="2025-06-02"):
        self._see(day, self.leaver)
        return self._event(self.leaver)

    def test_nobody_is_lost_who_buys_as_usual(self):
        self.assertFalse(self._event(self.leaver))

    def test_turning_lost_is_recorded_with_what_it_costs(self):
        event = self.lose()
        self.assertRecordValues(
            event,
            [
                {
                    "source": "inferred",
                    "state": "lost",
                    "last_purchase_on": on("2024-12-01"),
                    "lost_revenue": 1200.0,
                    "company_id": self.company.id,
                    "decided_by": "customer",
                }
            ],
        )
        moved = self.env["customer.relationship.transition"].search(
            [
                ("partner_id", "=", self.leaver.id),
                ("to_condition_id.kind", "=", "lost"),
            ]
        )
        self.assertEqual(event.date, moved.date)

    def test_a_purchase_reverses_it_by_itself(self):
        event = self.lose()
        self._buy(self.leaver, "2025-06-25")
        self._see("2025-06-26", self.leaver)
        self.assertRecordValues(
            event,
            [
                {
                    "state": "returned",
                    "returned_on": on("2025-06-25"),
                    "days_away": 206,
                }
            ],
        )

    def test_a_return_that_was_cancelled_is_none(self):
        event = self.lose()
        self._buy(self.leaver, "2025-06-25")
        self._see("2025-06-26", self.leaver)
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE partner_id = %s AND date > %s",
            (self.leaver.id, on("2025-06-20")),
        )
        self._see("2025-06-27", self.leaver)
        self.events._sync(self.company)
        self.assertEqual(event.state, "lost")
        self.assertFalse(event.returned_on)

    def test_whoever_leaves_again_is_lost_again(self):
        first = self.lose()
        self._buy(self.leaver, "2025-06-25")
        self._see("2025-06-26", self.leaver)
        self._see("2027-06-01", self.leaver)
        both = self._event(self.leaver).sorted("date")
        self.assertEqual(both[0], first)
        self.assertEqual(both.mapped("state"), ["returned", "lost"])

    def test_a_loss_that_never_was_is_void(self):
        """An order from the time of silence comes to light."""
        event = self.lose()
        self._buy(self.leaver, "2025-05-20")
        self._see("2025-06-21", self.leaver)
        self.assertEqual(event.state, "void")

    def test_a_loss_that_proves_true_after_all_is_recorded_again(self):
        """The order that had come to light was cancelled."""
        void = self.lose()
        self._buy(self.leaver, "2025-05-20")
        self._see("2025-06-21", self.leaver)
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE partner_id = %s AND date > %s",
            (self.leaver.id, on("2025-05-01")),
        )
        self._see("2025-06-22", self.leaver)
        self.events._sync(self.company)
        again = self._event(self.leaver) - void
        self.assertEqual((void.state, again.state), ("void", "lost"))
        self.assertEqual(again.date, void.date)

    def test_a_loss_stays_what_it_was_when_the_customer_becomes_a_contact(self):
        """Its purchases are those of the other customer by then."""
        event = self.lose()
        names = ["state", "lost_revenue", "last_purchase_on", "returned_on"]
        before = event.read(names)
        head = self._create_partner("Head Office")
        self.leaver.write({"is_company": False, "parent_id": head.id})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_purchase SET partner_id = %s WHERE partner_id = %s",
            (head.id, self.leaver.id),
        )
        self.events._sync(self.company, self.leaver.ids)
        self.assertEqual(event.read(names), before)

    def test_whatever_is_done_again_changes_nothing(self):
        self.lose()
        self.env.cr.execute("SELECT * FROM customer_churn_event ORDER BY id")
        before = self.env.cr.fetchall()
        self.assertFalse(self.events._sync(self.company))
        self.events._sync(self.company, self.leaver.ids)
        self.env.cr.execute("SELECT * FROM customer_churn_event ORDER BY id")
        self.assertEqual(self.env.cr.fetchall(), before)

    def test_two_transactions_at_the_same_time_leave_one_loss(self):
        event = self.lose()
        self.env.cr.execute(
            """INSERT INTO customer_churn_event
                      (partner_id, company_id, date, source, state, decided_by,
                       last_purchase_on)
               SELECT partner_id, company_id, date, source, state, decided_by,
                      last_purchase_on
                 FROM customer_churn_event WHERE id = %s""",
            [event.id],
        )
        self.events._sync(self.company, self.leaver.ids)
        losses = self.events.search([("partner_id", "=", self.leaver.id)])
        self.assertEqual(losses.filtered(lambda loss: loss.state != "void"), event)

    def test_the_first_reading_of_years_knows_the_same_losses(self):
        """Backfill = live, and plans nothing for anybody."""
        others = self._rhythm("Historic", "2024-12-01", 200.0)
        self._see("2025-06-02", others, cause="backfill")
        self.assertFalse(self._event(others))
        self.events._sync(self.company)
        self.lose()
        old, new = self._event(others), self._event(self.leaver)
        for name in ("date", "last_purchase_on", "lost_revenue", "state", "source"):
            self.assertEqual(old[name], new[name], name)
        self.assertFalse(self._activities(others))

    # === DECLARED === #

    def declare(self, **values):
        values = {"partner_id": self.leaver.id, "date": "2025-01-10", **values}
        return self.events.with_user(self.seller).create(values)

    def test_a_person_declares_before_the_condition_does(self):
        reason = self.env.ref("customer_retention.customer_churn_reason_pricing")
        event = self.declare(main_reason_id=reason.id, competitor="Acme")
        self.assertRecordValues(
            event,
            [
                {
                    "source": "declared",
                    "user_id": self.seller.id,
                    "reason_ids": reason.ids,
                    "reason_group": "value",
                    "nature": "competitive",
                    "is_avoidable": True,
                    "lost_revenue": 1200.0,
                    "state": "lost",
                }
            ],
        )
        self._see("2025-06-20", self.leaver)
        self.assertEqual(self._event(self.leaver), event, "one silence, one loss")

    def test_a_form_somebody_looks_at_declares_nothing(self):
        """It asks who ended it, which nobody answers by closing the page."""
        row = self._relationship(self.leaver).with_user(self.seller)
        context = row.action_declare_lost()["context"]
        form = Form(self.events.with_user(self.seller).with_context(**context))
        self.assertEqual(form.partner_id, self.leaver)
        with self.assertRaisesRegex(AssertionError, "decided_by"):
            form.save()
        self.assertFalse(self._event(self.leaver))
        form.decided_by = "customer"
        self.assertEqual(form.save().state, "lost")

    def test_who_is_lost_is_not_declared_twice(self):
        self.declare()
        with self.assertRaisesRegex(UserError, "recorded as lost already"):
            self.declare()

    def test_nobody_enters_what_follows_from_documents(self):
        for name, value in (
            ("lost_revenue", 1e6),
            ("state", "returned"),
            ("source", "inferred"),
            ("returned_on", "2025-01-01"),
            ("value_class", "key"),
        ):
            with self.subTest(name=name), self.assertRaisesRegex(UserError, "follows"):
                self.declare(**{name: value})
        event = self.declare()
        for vals in (
            {"partner_id": self.partner.id},
            {"date": "2025-01-01"},
            {"state": "void"},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                event.write(vals)

    def test_not_of_tomorrow(self):
        with self.assertRaises(ValidationError):
            self.declare(date="2025-02-01")

    def test_a_declared_loss_can_be_taken_back_an_inferred_one_not(self):
        event = self.declare()
        event.action_void()
        self.assertEqual(event.state, "void")
        inferred = self.lose()
        with self.assertRaisesRegex(UserError, "Pin the condition"):
            (inferred - event).action_void()

    def test_a_declared_loss_is_reversed_by_a_purchase(self):
        event = self.declare()
        self._buy(self.leaver, "2025-01-15")
        self._see("2025-01-16", self.leaver)
        self.events._sync(self.company)
        self.assertEqual(event.state, "returned")

    def test_no_money_is_at_risk_with_whoever_was_declared_lost(self):
        self._score("2025-01-10")
        score = self.env["customer.churn.score"].search(
            [("partner_id", "=", self.leaver.id)]
        )
        before = score.value_at_risk
        self.assertGreater(before, 0)
        event = self.declare()
        self.assertEqual((score.value_at_risk, score.danger), (0, "low"))
        self._score("2025-01-20")
        self.assertEqual(score.value_at_risk, 0, "the night does not forget it")
        self._score("2025-01-10")
        event.action_void()
        self.assertAlmostEqual(score.value_at_risk, before, 2)
        self.declare()
        self._buy(self.leaver, "2025-01-15")
        self._see("2025-01-16", self.leaver)
        self.events._sync(self.company)
        self._score("2025-03-16")
        self.assertGreater(score.value_at_risk, 0, "back, and may leave again")

    def test_an_order_on_the_day_of_the_declaration_reverses_it(self):
        event = self.declare()
        self._buy(self.leaver, "2025-01-10")
        self._see("2025-01-10", self.leaver)
        self.events._sync(self.company)
        self.assertRecordValues(
            event,
            [
                {
                    "state": "returned",
                    "returned_on": on("2025-01-10"),
                    "last_purchase_on": on("2024-12-01"),
                    "lost_revenue": 1200.0,
                }
            ],
        )

    def test_an_order_is_believed_as_soon_as_it_is_evaluated(self):
        """The loss and the case follow with the queue, not in the night."""
        self.company.retention_evaluation_date = "2025-01-10"
        buyer = self._create_partner("Hasty", user_id=self.seller.id)
        self._order(buyer, "2024-12-01")
        self._work_queue()
        about = {"partner_id": buyer.id, "company_id": self.company.id}
        event = self.events.create({**about, "date": "2025-01-10"})
        case = self.cases.create({**about, "user_id": self.seller.id})
        order = self._order(buyer, "2025-01-10")
        self.assertEqual((event.state, case.state), ("lost", "open"))
        self._work_queue()
        self.assertEqual((event.state, case.state), ("returned", "kept"))
        self.assertEqual(event.returned_on, on("2025-01-10"))
        self.assertEqual(case.next_purchase_on, on("2025-01-10"))
        self.assertEqual(case.revenue_after, order.amount_untaxed)

    def test_few_statements_however_many_come_back(self):
        """Nearly all customers of a slice were never lost: two look-ups for all."""
        buyers = [self._rhythm(f"Back {n}", "2024-12-01") for n in range(8)]
        ids = [buyer.id for buyer in buyers]
        self._see("2025-01-10", *buyers)
        for buyer in buyers:
            about = {"partner_id": buyer.id, "company_id": self.company.id}
            self.events.create({**about, "date": "2025-01-10"})
            self._buy(buyer, "2025-01-10")

        def statements(account_ids):
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            self.env["customer.relationship"]._follow_returns(
                self.company, on("2025-01-10"), account_ids
            )
            return self.env.cr.sql_log_count - before

        statements(ids[:1])  # what is read once stays in the caches
        self.assertEqual(statements(ids[2:]), statements(ids[1:2]))
        self.assertLessEqual(statements(ids), 2, "nothing has changed")

    def test_the_relationship_says_that_somebody_declared_it(self):
        self._score("2025-01-10")
        reason = self.env.ref("customer_retention.customer_churn_reason_pricing")
        event = self.declare(main_reason_id=reason.id, competitor="Acme")
        row = self._relationship(self.leaver).with_user(self.seller)
        self.assertEqual(row.churn_card["title"], "Declared Lost")
        self.assertIn("Acme", row.churn_card["reasons"][1])
        event.action_void()
        row.invalidate_recordset()
        self.assertNotEqual((row.churn_card or {}).get("title"), "Declared Lost")

    def test_what_was_bought_before_the_declaration_is_no_return(self):
        self._buy(self.leaver, "2025-01-10")
        self._see("2025-01-10", self.leaver)
        event = self.declare()
        self.events._sync(self.company)
        self.assertRecordValues(
            event, [{"state": "lost", "last_purchase_on": on("2025-01-10")}]
        )

    # === REASONS === #

    def reason(self, name):
        return self.env.ref(f"customer_retention.customer_churn_reason_{name}")

    def test_the_tree_has_the_drivers_in_three_groups(self):
        roots = self.env["customer.churn.reason"].search([("parent_id", "=", False)])
        by_group = roots.grouped("group")
        self.assertEqual(len(by_group["service"]), 3)
        self.assertEqual(len(by_group["value"]), 3)
        for reason in self.env["customer.churn.reason"].search([]):
            if reason.parent_id:
                self.assertEqual(reason.group, reason.parent_id.group)
                self.assertEqual(reason.nature, reason.parent_id.nature)

    def test_a_lost_quotation_explains_a_later_loss(self):
        order = self._quotation(self.leaver, "2025-01-05", user_id=self.seller.id)
        order = order.with_user(self.seller)
        order.action_cancel()
        order.churn_reason_id = self.reason("competition")
        order.invalidate_recordset()
        self.assertEqual(order.churn_reason_id, self.reason("competition"))
        order.churn_reason_id = self.reason("pricing")
        mentions = self.env["customer.churn.mention"].search(
            [("order_id", "=", order.id)]
        )
        self.assertRecordValues(
            mentions,
            [
                {
                    "source": "quotation",
                    "reason_id": self.reason("pricing").id,
                    "user_id": self.seller.id,
                    "partner_id": self.leaver.id,
                }
            ],
        )
        event = self.lose()
        self.assertEqual(event.main_reason_id, self.reason("pricing"))
        self.assertEqual(event.mention_ids.filtered("active"), mentions)

    def test_a_reason_can_be_taken_back(self):
        order = self._quotation(self.leaver, "2025-01-05")
        order.churn_reason_id = self.reason("pricing")
        order.churn_reason_id = False
        self.assertFalse(
            self.env["customer.churn.mention"].search([("order_id", "=", order.id)])
        )

    def test_what_was_a_mistake_leaves_the_loss_and_stays_on_record(self):
        event = self.lose()
        order = self._quotation(self.leaver, "2025-06-20", user_id=self.seller.id)
        order = order.with_user(self.seller)
        order.churn_reason_id = self.reason("core")
        order.churn_reason_id = self.reason("pricing")
        self.assertEqual(event.reason_ids, self.reason("pricing"))
        self.assertEqual(event.main_reason_id, self.reason("pricing"))
        event.invalidate_recordset()
        mentions = event.with_user(self.seller).mention_ids
        self.assertEqual(len(mentions), 2)
        wrong = mentions.filtered(lambda one: not one.active)
        self.assertEqual(wrong.reason_id, self.reason("core"))
        self.assertEqual(wrong.withdrawn_by_id, self.seller)
        self.assertFalse(wrong.may_withdraw)
        right = mentions - wrong
        with self.assertRaises(AccessError):
            right.with_user(self.colleague).action_withdraw()
        right.action_withdraw()
        self.assertFalse(event.reason_ids)
        self.assertFalse(event.main_reason_id)
        order.invalidate_recordset()
        self.assertFalse(order.churn_reason_id)

    def test_what_others_heard_or_a_person_chose_outlives_a_mistake(self):
        event = self.lose()
        hear = self.env["customer.churn.mention"]._hear
        first = hear(self.leaver, self.company, self.reason("core"), "complaint")
        hear(self.leaver, self.company, self.reason("core"), "survey")
        chosen = hear(self.leaver, self.company, self.reason("need"), "complaint")
        event.main_reason_id = self.reason("need")
        (first | chosen).with_user(self.manager).action_withdraw()
        self.assertEqual(event.reason_ids, self.reason("core") | self.reason("need"))
        self.assertEqual(event.main_reason_id, self.reason("need"))

    def test_what_is_said_of_a_known_reason_is_written_down(self):
        event = self.lose()
        event.main_reason_id = self.reason("pricing")
        self.env["customer.churn.mention"]._hear(
            self.leaver,
            self.company,
            self.reason("pricing"),
            "survey",
            words="Twice the price",
            competitor="Acme",
        )
        self.assertRecordValues(
            event, [{"words": "Twice the price", "competitor": "Acme"}]
        )

    def test_a_cancelled_order_is_no_lost_quotation(self):
        lost = self._quotation(self.leaver, "2025-01-05")
        order = self._order(self.leaver, "2025-01-05")
        again = self._order(self.leaver, "2025-01-05")
        (lost | order | again)._action_cancel()
        again.action_draft()
        again._action_cancel()
        for one in (lost, order, again):
            one.churn_reason_id = self.reason("pricing")
        mentions = self.env["customer.churn.mention"].search(
            [("order_id", "in", (lost | order | again).ids)]
        )
        sources = {one.order_id: one.source for one in mentions}
        self.assertEqual(
            sources, {lost: "quotation", order: "order", again: "quotation"}
        )

    def test_what_is_heard_afterwards_explains_the_loss_too(self):
        event = self.lose()
        order = self._quotation(self.leaver, "2025-06-20")
        order.churn_reason_id = self.reason("core")
        self.assertEqual(event.main_reason_id, self.reason("core"))
        event.main_reason_id = self.reason("need")
        other = self._quotation(self.leaver, "2025-06-20")
        other.churn_reason_id = self.reason("pricing")
        self.assertEqual(event.main_reason_id, self.reason("need"), "a person chose")
        self.assertEqual(
            event.reason_ids,
            self.reason("core") | self.reason("need") | self.reason("pricing"),
        )

    def test_a_complaint_says_why(self):
        complaint = self.env["customer.complaint"].create(
            {"subject": "Late", "partner_id": self.leaver.id}
        )
        complaint.churn_reason_id = self.reason("response_none")
        event = self.lose()
        self.assertEqual(event.main_reason_id, self.reason("response_none"))
        self.assertEqual(event.mention_ids.source, "complaint")

    # === AT ONCE === #

    def test_a_lost_key_customer_is_called_the_same_day(self):
        small = self._rhythm("Small", "2024-12-01", 1.0)
        self._see("2025-01-10", self.leaver, small)
        self._score("2025-01-10")
        self._see("2025-06-02", self.leaver, small)
        activity = self._activities(self.leaver)
        self.assertEqual(self._event(self.leaver).value_class, "key")
        self.assertEqual(activity.user_id, self.seller)
        self.assertEqual(activity.date_deadline, on("2025-06-02"))
        self.assertFalse(self._activities(small))

    def test_who_has_left_us_calls_nobody(self):
        """The team leader does, or else whoever is responsible for retention."""
        leader = self._create_user("keep_leader")
        team = self.env["crm.team"].create({"name": "Keep", "user_id": leader.id})
        team.member_ids = self.seller
        self.seller.active = False
        doer = self.company._retention_doer
        self.assertEqual(doer(self.colleague), self.colleague)
        self.assertEqual(doer(self.seller), leader)
        leader.active = False
        self._score("2025-01-10")
        event = self.lose()
        self.assertEqual(self._activities(self.leaver).user_id, self.manager)
        reason = self.env.ref("customer_retention.customer_churn_reason_pricing")
        event._log_answer(reason, "Too much", "")
        self.assertEqual(self._activities(self.leaver).user_id, self.manager)
        self.assertEqual(len(self._activities(self.leaver)), 2)
        self.company.retention_responsible_id = False
        self.assertFalse(doer(self.seller), "rather nobody than who is not there")

    def test_the_team_of_who_was_archived_is_still_known(self):
        """Archiving a colleague archives the places in teams as well."""
        leader = self._create_user("keep_leader")
        team = self.env["crm.team"].create({"name": "Keep", "user_id": leader.id})
        team.member_ids = self.seller
        self.seller.action_archive()
        self.assertEqual(self.company._retention_doer(self.seller), leader)

    def test_not_who_is_left_alone_and_not_if_switched_off(self):
        self._score("2025-01-10")
        play = self._play()
        self.draws.create(
            self.draws._prepare_draw(
                play,
                self.company,
                on("2025-06-01"),
                True,
                partner_id=self.leaver.id,
            )
        )
        self.lose()
        self.assertFalse(self._activities(self.leaver))

    def test_switched_off(self):
        self._score("2025-01-10")
        self.company.churn_contact_at_once = False
        self.lose()
        self.assertFalse(self._activities(self.leaver))

    # === WHO MAY === #

    def test_only_who_sees_the_customer_declares(self):
        with self.assertRaises(AccessError):
            self.events.with_user(self.colleague).create(
                {"partner_id": self.leaver.id, "date": "2025-01-10"}
            )
        event = self.declare()
        with self.assertRaises(AccessError):
            event.with_user(self.colleague).words = "x"

    def test_few_statements_however_many_are_lost(self):
        def statements(number):
            many = [
                self._rhythm(f"Many {number} {n}", "2024-12-01") for n in range(number)
            ]
            self._see("2025-06-20", *many, cause="backfill")
            before = self.env.cr.sql_log_count
            self.events._sync(self.company)
            return self.env.cr.sql_log_count - before

        statements(1)
        self.assertEqual(statements(1), statements(40))

    # === EVERYWHERE === #

    def test_who_is_not_profiled_is_not_inferred_and_not_seen(self):
        event = self.lose()
        self.env["customer.profiling.exclusion"].create(
            {"partner_id": self.leaver.id, "reason": "Asked"}
        )
        self.assertFalse(
            self.events.with_user(self.seller).search([("id", "=", event.id)])
        )
        other = self._rhythm("Unseen", "2024-12-01", 200.0)
        self.env["customer.profiling.exclusion"].create(
            {"partner_id": other.id, "reason": "Asked"}
        )
        self._see("2025-06-02", other)
        self.events._sync(self.company)
        self.assertFalse(self._event(other))

    def test_the_value_class_comes_with_the_first_scores_and_stays(self):
        event = self.lose()
        self.assertFalse(event.value_class)
        self._score("2025-06-02")
        self.events._sync(self.company)
        self.assertEqual(event.value_class, "key")
        big = self._rhythm("Big", "2025-05-20", 90000.0)
        self._see("2025-06-03", self.leaver, big)
        self._score("2025-06-03")
        self.events._sync(self.company)
        self.assertEqual(event.value_class, "key")

    def test_each_company_knows_its_own_losses(self):
        self.lose()
        other = self._create_company("Other")
        self.assertFalse(self.events._sync(other))
        self.assertEqual(self._event(self.leaver).company_id, self.company)

    def test_what_is_known_goes_along_when_customers_are_merged(self):
        event = self.lose()
        event.write({"words": "Too slow", "main_reason_id": self.reason("core").id})
        survivor = self._create_partner("Survivor", email=self.leaver.email)
        case = self._case(self.leaver)
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((self.leaver | survivor).ids, survivor)
        self.assertFalse(self.leaver.exists())
        for record in (event, case):
            record.invalidate_recordset()
            self.assertEqual(record.partner_id, survivor)

    def test_the_form_tells_of_the_return_in_a_sentence(self):
        event = self.lose()
        self.assertFalse(event.return_text)
        self._buy(self.leaver, "2025-06-25")
        self._see("2025-06-26", self.leaver)
        self.assertEqual(
            event.return_text,
            "Came back on 06/25/2025, after 206 days without a purchase.",
        )

    def test_a_reason_that_explains_losses_is_archived_not_deleted(self):
        event = self.lose()
        event.main_reason_id = self.reason("core_billing")
        for used in ("core_billing", "pricing"):
            with self.subTest(used=used), self.assertRaisesRegex(UserError, "Archive"):
                self.reason(used).unlink()
        event.write({"main_reason_id": False, "reason_ids": [Command.clear()]})
        self.reason("core_billing").unlink()

    def test_reasons_are_called_by_plain_words(self):
        """The name of the literature is found too, and stands beside them."""
        reasons = self.env["customer.churn.reason"]
        whole = reasons.create({"name": "Core failure", "question": "It was broken"})
        part = reasons.create({"name": "Mistakes of ours", "parent_id": whole.id})
        self.assertEqual(whole.display_name, "It was broken")
        self.assertEqual(part.display_name, "It was broken / Mistakes of ours")
        for words in ("core fail", "was brok", "It was broken / mistakes of"):
            self.assertIn(part, reasons.search([("display_name", "ilike", words)]))
        found = reasons.name_search("It was broken / Mistakes of ours", operator="=")
        self.assertEqual([one for one, _name in found], part.ids)
        whole.question = False
        self.assertEqual(part.display_name, "Core failure / Mistakes of ours")
