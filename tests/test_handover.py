"""Customers get another account manager; and what hangs on one person."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import HttpCase, tagged

from .common import on
from .guarded_values import hostile_values
from .test_today import TodayCommon


class HandoverCommon(TodayCommon):
    BUYERS = 30

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.successor = cls._create_user("handover_successor")
        cls.mine = cls.scores.filtered(lambda score: score.user_id == cls.seller)
        cls.accounts = cls.mine.partner_id

    def prepare(self, partners=None, user=None, **values):
        """Prepare a hand-over from the seller to the successor, as a user."""
        user = user or self.seller
        handovers = self.env["customer.handover"].with_user(user)
        handovers = handovers.with_context(allowed_company_ids=self.company.ids)
        lines = [
            Command.create({"partner_id": partner.id})
            for partner in (self.accounts[:2] if partners is None else partners)
        ]
        return handovers.create(
            {
                "from_user_id": self.seller.id,
                "to_user_id": self.successor.id,
                "company_id": self.company.id,
                "line_ids": lines,
                **values,
            }
        )

    def put_into(self, kind, partners, since="2025-07-01"):
        """Have customers in a condition of some kind, by default since tomorrow."""
        condition = self.env["customer.relationship.condition"].search(
            [("kind", "=", kind)], limit=1
        )
        self.env.cr.execute(
            "UPDATE customer_relationship SET condition_id = %s, condition_since = %s"
            " WHERE partner_id = ANY(%s)",
            (condition.id, since, partners.ids),
        )
        self.env.invalidate_all()

    def activities(self, partner, user):
        return self.env["mail.activity"].search(
            [
                ("res_model", "=", "res.partner"),
                ("res_id", "=", partner.id),
                ("user_id", "=", user.id),
            ]
        )


@tagged("post_install", "-at_install")
class TestHandover(HandoverCommon):
    def test_customers_get_their_new_account_manager_everywhere(self):
        person = self.env["res.partner"].create(
            {
                "name": "Purchaser",
                "parent_id": self.accounts[0].id,
                "user_id": self.seller.id,
            }
        )
        handover = self.prepare()
        handover.action_hand_over()
        given = self.accounts[:2]
        for record in (
            given,
            person,
            self.mine.filtered(lambda score: score.partner_id in given),
        ):
            self.assertEqual(record.user_id, self.successor)
        for partner in given:
            self.assertEqual(self._relationship(partner).user_id, self.successor)
        self.assertEqual(handover.state, "done")
        self.assertEqual(self.accounts[2].user_id, self.seller)

    def test_nobody_but_colleagues_gets_customers(self):
        portal = self._create_user("handover_portal", "base.group_portal")
        with self.assertRaisesRegex(ValidationError, "colleague"):
            self.prepare(to_user_id=portal.id)
        with self.assertRaisesRegex(ValidationError, "colleague"):
            self.prepare().line_ids[0].to_user_id = portal

    def test_who_introduces_themselves_reads_it_in_their_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.successor.lang = "vi_VN"
        self.prepare().action_hand_over()
        planned = self.activities(self.accounts[0], self.successor)
        self.assertTrue(planned.summary)
        self.assertNotIn("Introduce", planned.summary)

    def _buys_elsewhere(self, partner):
        """Have a customer without a salesperson buy from colleagues in two companies.

        :return: the customer's row in the other company
        """
        other = self.env["res.company"].create({"name": "Sister"})
        self.colleague.company_ids |= other
        partner.user_id = False
        sold = {self.company: self.seller, other: self.colleague}
        for company, user in sold.items():
            order = self.env["sale.order"].create(
                {
                    "partner_id": partner.id,
                    "company_id": company.id,
                    "user_id": user.id,
                    "date_order": f"{self.TODAY} 08:00:00",
                }
            )
            self.env.cr.execute(
                """INSERT INTO customer_purchase (source, res_id, partner_id,
                               company_id, date, amount, is_purchase)
                        VALUES ('order', %s, %s, %s, %s, 10, TRUE)""",
                (order.id, partner.id, company.id, self.TODAY),
            )
        self._evaluate_everywhere(partner, other)
        return self._row_of(partner, other)

    def _evaluate_everywhere(self, partner, other):
        for company in (self.company, other):
            self.env["customer.relationship"]._evaluate(
                partner.ids, as_of=on(self.TODAY), company=company
            )
        self.env.flush_all()
        self.env.invalidate_all()

    def _row_of(self, partner, company):
        return self.env["customer.relationship"].search(
            [("partner_id", "=", partner.id), ("company_id", "=", company.id)]
        )

    def test_a_hand_over_leaves_other_companies_alone(self):
        """Nobody is on the contact: each company goes by whoever sold last there."""
        partner = self.accounts[0]
        elsewhere = self._buys_elsewhere(partner)
        other = elsewhere.company_id
        here = self._row_of(partner, self.company)
        self.assertEqual(
            (here.user_id, elsewhere.user_id), (self.seller, self.colleague)
        )
        handover = self.prepare(partner, reason="leave")
        for step, user in (
            (handover.action_hand_over, self.successor),
            (handover.action_give_back, self.seller),
        ):
            step()
            for _time in ("at once", "after the next evaluation"):
                with self.subTest(user=user.login, time=_time):
                    self.env.invalidate_all()
                    self.assertEqual(here.user_id, user)
                    self.assertEqual(elsewhere.user_id, self.colleague)
                    self.assertFalse(partner.user_id)
                self._evaluate_everywhere(partner, other)

    def test_contacts_of_the_deputy_stay_with_the_deputy(self):
        person = self.env["res.partner"].create(
            {
                "name": "Stays",
                "parent_id": self.accounts[0].id,
                "user_id": self.successor.id,
            }
        )
        handover = self.prepare(reason="leave")
        handover.action_hand_over()
        handover.action_give_back()
        self.assertEqual(person.user_id, self.successor)
        self.assertEqual(self.accounts[0].user_id, self.seller)

    def test_the_successor_is_asked_to_call_key_customers_first(self):
        key = self.mine.filtered(lambda score: score.value_class == "key")[:1]
        small = self.mine.filtered(lambda score: score.value_class == "small")[:1]
        handover = self.prepare(
            (key | small).partner_id, reason="rotation", note="They love tea"
        )
        handover.line_ids[0].note = "Ask about the daughter"
        handover.action_hand_over()
        first = self.activities(key.partner_id, self.successor)
        later = self.activities(small.partner_id, self.successor)
        self.assertEqual(first.date_deadline, on("2025-07-03"))
        self.assertGreater(later.date_deadline, first.date_deadline)
        self.assertIn("They love tea", first.note)
        self.assertTrue(self.activities(key.partner_id, self.seller))
        self.assertFalse(self.activities(small.partner_id, self.seller))

    def test_promises_and_open_quotations_go_along(self):
        partner = self.accounts[0]
        call = partner.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.seller.id
        )
        quotation = self._quotation(partner, self.TODAY, user_id=self.seller.id)
        order = self._order(partner, self.TODAY, user_id=self.seller.id)
        self.prepare().action_hand_over()
        self.assertEqual(call.user_id, self.successor)
        self.assertEqual(quotation.user_id, self.successor)
        self.assertEqual(order.user_id, self.seller)

    def test_open_cases_and_their_steps_go_along_and_come_back(self):
        closed, theirs, own = self.accounts[:3]
        cases = self.env["customer.retention.case"].create(
            [
                {"partner_id": partner.id, "user_id": user.id}
                for partner, user in (
                    (closed, self.seller),
                    (theirs, self.manager),
                    (own, self.seller),
                )
            ]
        )
        cases[0].action_let_go()
        cases.activity_ids.unlink()
        for case in cases[1:]:
            for user in (self.seller, self.manager):
                case.activity_schedule("mail.mail_activity_data_call", user_id=user.id)

        def steps(user):
            return cases.activity_ids.filtered(lambda step: step.user_id == user)

        handover = self.prepare(self.accounts[:3], reason="leave")
        handover.action_hand_over()
        self.assertEqual(
            [case.user_id for case in cases],
            [self.seller, self.manager, self.successor],
        )
        self.assertEqual(sorted(steps(self.successor).mapped("res_id")), cases[1:].ids)
        self.assertFalse(steps(self.seller))
        self.assertEqual(len(steps(self.manager)), 2)
        handover.action_give_back()
        self.assertEqual(cases[2].user_id, self.seller)
        self.assertEqual(len(steps(self.seller)), 2)

    def test_each_customer_may_have_another_successor(self):
        handover = self.prepare()
        handover.line_ids[1].to_user_id = self.colleague
        handover.action_hand_over()
        self.assertEqual(self.accounts[0].user_id, self.successor)
        self.assertEqual(self.accounts[1].user_id, self.colleague)

    def test_the_whole_portfolio(self):
        handover = self.prepare(self.env["res.partner"])
        handover.action_take_all()
        handover.action_take_all()
        self.assertEqual(handover.line_ids.partner_id, self.accounts)
        self.assertEqual(len(handover.line_ids), len(self.accounts))

    def test_nobody_hands_over_what_is_not_theirs(self):
        with self.assertRaises(AccessError):
            self.prepare(user=self.colleague)
        foreign = self.scores.filtered(lambda score: score.user_id == self.colleague)
        handover = self.prepare(foreign.partner_id[:1], user=self.manager)
        with self.assertRaises(UserError):
            handover.action_hand_over()
        own = self.prepare()
        with self.assertRaises(AccessError):
            own.with_user(self.colleague).action_hand_over()
        with self.assertRaises(AccessError):
            own.from_user_id = self.colleague

    def test_a_team_leader_hands_over_for_the_team(self):
        leader = self._create_user("handover_leader")
        self.env["crm.team"].create(
            {
                "name": "Team",
                "user_id": leader.id,
                "member_ids": [Command.link(self.seller.id)],
            }
        )
        self.prepare(user=leader).action_hand_over()
        self.assertEqual(self.accounts[0].user_id, self.successor)

    def test_everybody_needs_a_successor(self):
        with self.assertRaises(ValidationError):
            self.prepare(to_user_id=self.seller.id)
        with self.assertRaises(UserError):
            self.prepare(to_user_id=False).action_hand_over()
        with self.assertRaises(UserError):
            self.prepare(self.env["res.partner"]).action_hand_over()

    def test_nobody_gets_customers_of_a_company_of_others(self):
        elsewhere = self._create_company("Handed Elsewhere")
        branch = self._create_company("Handed Branch", parent_id=self.company.id)
        stranger = self._create_user("handover_stranger", company_id=elsewhere.id)
        near = self._create_user("handover_branch", company_id=branch.id)
        handover = self.prepare()
        handover.line_ids[1].to_user_id = stranger
        with self.assertRaisesRegex(UserError, "would not see"):
            handover.action_hand_over()
        self.assertEqual(self.accounts[:2].user_id, self.seller)
        handover.line_ids[1].to_user_id = near
        handover.action_hand_over()
        self.assertEqual(self.accounts[1].user_id, near)

    def test_what_was_done_stays(self):
        handover = self.prepare()
        with self.assertRaises(UserError):
            handover.state = "done"
        with self.assertRaises(UserError):
            handover.line_ids.yearly_value = 1.0
        handover.action_hand_over()
        handover = handover.with_user(self.manager)
        for change in (
            lambda: handover.write({"note": "x"}),
            lambda: handover.line_ids.write({"note": "x"}),
            handover.unlink,
            handover.line_ids.unlink,
            handover.action_hand_over,
        ):
            with self.assertRaises(UserError):
                change()

    def test_after_a_leave_customers_go_back_by_themselves(self):
        handover = self.prepare(reason="leave", date_back="2025-07-14")
        handover.action_hand_over()
        # meanwhile one of them went to somebody else
        self.accounts[1].user_id = self.colleague
        handovers = self.env["customer.handover"]
        self.assertFalse(handovers._due_back())
        self.company.retention_evaluation_date = "2025-07-14"
        handovers._due_back()._give_back()
        self.assertEqual(self.accounts[0].user_id, self.seller)
        self.assertEqual(self.accounts[1].user_id, self.colleague)
        self.assertEqual(handover.state, "returned")
        self.assertFalse(handovers._due_back())

    def test_what_was_lost_is_shown_afterwards(self):
        self.put_into("active", self.accounts)
        handover = self.prepare(self.accounts[:3])
        handover.action_hand_over()
        worth = sum(handover.line_ids.mapped("yearly_value"))
        self.assertGreater(worth, 0)
        self.assertEqual(set(handover.line_ids.mapped("outcome")), {"waiting"})
        bought, lost = self.accounts[0], self.accounts[1]
        day = on(self.TODAY) + timedelta(5)
        self._insert_purchases([(bought.id, day, 500.0)])
        self.put_into("lost", lost)
        handover = handover.with_user(self.manager)
        by_account = {line.partner_id: line for line in handover.line_ids}
        self.assertEqual(by_account[bought].outcome, "bought")
        self.assertEqual(by_account[bought].revenue_since, 500.0)
        self.assertEqual(by_account[lost].outcome, "lost")
        self.assertEqual(
            (handover.lost_count, handover.bought_count, handover.waiting_count),
            (1, 1, 1),
        )
        self.assertAlmostEqual(handover.value, worth, 2)
        self.assertAlmostEqual(handover.lost_value, by_account[lost].yearly_value, 2)

    def test_the_dashboard_of_people_says_who_changed_hands(self):
        history = self.env["customer.churn.history"].with_user(self.manager)
        history = history.with_context(allowed_company_ids=self.company.ids)

        def said(**filters):
            filters["company"] = self.company.id
            return history.get_dashboard(filters)["handed_over"]

        handover = self.prepare(self.accounts[:3])
        self.assertFalse(said(user=self.successor.id), "nothing was done yet")
        handover.action_hand_over()
        for user in (self.seller, self.successor):
            with self.subTest(user=user.login):
                told = said(user=user.id)
                self.assertIn(": 3.", told["sentence"])
                domain = told["action"]["domain"]
                self.assertEqual(handover.search(domain), handover)
        self.assertFalse(said(user=self.manager.id))
        self.assertFalse(said(), "all people together gain and lose nothing")

    def test_who_handed_over_gives_everybody_back_later_on(self):
        """In a call of its own: nothing is remembered from handing over."""
        handover = self.prepare(self.accounts[:3], reason="leave")
        handover.line_ids[2].to_user_id = self.colleague
        handover.action_hand_over()
        self.env.invalidate_all()
        handover.action_give_back()
        self.assertEqual(handover.state, "returned")
        self.assertEqual(self.accounts[:3].user_id, self.seller)

    def test_whom_it_concerns_sees_what_came_of_it(self):
        handover = self.prepare(self.accounts[:3])
        handover.line_ids[2].to_user_id = self.colleague
        handover.action_hand_over()
        self.put_into("active", self.accounts)
        self.put_into("lost", self.accounts[0])
        worth = sum(handover.sudo().line_ids.mapped("yearly_value"))
        for user in (self.seller, self.successor, self.manager):
            self.env.invalidate_all()
            seen = handover.with_user(user)
            with self.subTest(user=user.login):
                self.assertEqual(seen.customer_count, 3)
                self.assertAlmostEqual(seen.value, worth, 2)
                self.assertEqual(seen.lost_count, 1)
                self.assertEqual(seen.line_ids.partner_id, self.accounts[:3])

    def test_who_gets_a_single_customer_sees_that_much(self):
        handover = self.prepare(self.accounts[:3])
        handover.line_ids[2].to_user_id = self.colleague
        own = handover.line_ids[2]
        for step in ("prepared", "done", "gone to somebody else"):
            if step == "done":
                handover.action_hand_over()
            if step == "gone to somebody else":
                own.sudo().partner_id.user_id = self.manager
            self.env.flush_all()
            self.env.invalidate_all()
            seen = handover.with_user(self.colleague)
            with self.subTest(step=step):
                self.assertEqual(seen.search([("id", "=", handover.id)]), seen)
                self.assertEqual(seen.line_ids, own)
                self.assertEqual(seen.customer_count, 1)
                for change in (
                    lambda seen=seen: seen.write({"note": "x"}),
                    lambda seen=seen: seen.line_ids.write({"note": "x"}),
                    seen.line_ids.unlink,
                    seen.unlink,
                    seen.action_hand_over,
                    seen.action_give_back,
                ):
                    with self.assertRaises(UserError):
                        change()
        self.assertEqual(handover.state, "done")

    def test_who_was_lost_before_was_not_lost_by_it(self):
        before, since, back = self.accounts[:3]
        handover = self.prepare(self.accounts[:3])
        handover.action_hand_over()
        self.put_into("lost", before | back, self.TODAY)
        self.put_into("lost", since)
        self._insert_purchases([(back.id, on(self.TODAY) + timedelta(2), 70.0)])
        self.env.invalidate_all()
        came = {line.partner_id: line.outcome for line in handover.line_ids}
        self.assertEqual(came, {before: "before", since: "lost", back: "bought"})
        self.assertEqual((handover.lost_count, handover.before_count), (1, 1))

    def test_what_follows_from_it_is_entered_by_nobody(self):
        handover = self.prepare()
        lines = handover.line_ids
        for records in (handover, lines[0]):
            values = hostile_values(records, self.colleague.id)
            self.assertTrue(values)
            for name, value in values.items():
                with (
                    self.subTest(model=records._name, field=name),
                    self.assertRaisesRegex(UserError, "is not entered"),
                    self.cr.savepoint(),
                ):
                    records.write({name: value})
        with self.assertRaisesRegex(UserError, "is not entered"):
            self.prepare(state="done")
        handovers = handover.browse().with_context(default_state="done")
        defaults = handovers.default_get(["state", "user_id", "date"])
        self.assertEqual(
            defaults,
            {
                "state": "draft",
                "user_id": self.seller.id,
                "date": on(self.TODAY),
            },
        )

    def test_the_successor_sees_a_draft_and_changes_nothing_of_it(self):
        handover = self.prepare()
        self.env.invalidate_all()
        seen = handover.with_user(self.successor)
        self.assertEqual(seen.customer_count, 2)
        for change in (
            lambda: seen.line_ids.write({"note": "x"}),
            seen.line_ids.unlink,
        ):
            with self.assertRaises(AccessError):
                change()

    def test_a_draft_loses_customers_who_went_to_somebody_else(self):
        handover = self.prepare()
        self.accounts[0].user_id = self.colleague
        self.env.invalidate_all()
        with self.assertRaises(UserError):
            handover.action_hand_over()
        gone = handover.line_ids.filtered(
            lambda line: line.partner_id == self.accounts[0]
        )
        gone.unlink()
        handover.action_hand_over()
        self.assertEqual(self.accounts[1].user_id, self.successor)

    def test_a_list_is_no_way_to_customers_of_others(self):
        foreign = self.scores.filtered(lambda score: score.user_id == self.colleague)
        with self.assertRaises(AccessError):
            self.prepare(foreign.partner_id[:1])

    def test_who_sees_a_hand_over(self):
        handover = self.prepare()
        for user, sees in (
            (self.seller, True),
            (self.successor, True),
            (self.manager, True),
            (self.colleague, False),
        ):
            found = handover.with_user(user).search([("id", "=", handover.id)])
            with self.subTest(user=user.login):
                self.assertEqual(bool(found), sees)

    def test_statements_do_not_grow_with_the_portfolio(self):
        handover = self.prepare(self.accounts[:1]).with_user(self.manager)
        large = self.prepare(self.accounts[1:]).with_user(self.manager)
        counts = []
        for one in (handover, large):
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            one.mapped("lost_value")
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)


@tagged("post_install", "-at_install")
class TestDependence(HandoverCommon):
    def dependence(self, score):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["customer.dependence"].browse(score.id)

    def log(self, score, user, channel="call", day="2025-06-01"):
        self.env["customer.contact.log"].create(
            {
                "partner_id": score.partner_id.id,
                "company_id": self.company.id,
                "user_id": user.id,
                "channel": channel,
                "date": day,
            }
        )

    def test_who_else_knows_the_customer(self):
        score = self.mine[0]
        self.assertTrue(self.dependence(score).is_known_by_one)
        self.log(score, self.seller)
        self.assertEqual(self.dependence(score).knower_count, 1)
        self.log(score, self.colleague, day="2022-06-01")
        self.assertEqual(self.dependence(score).knower_count, 1)
        self.log(score, self.colleague)
        found = self.dependence(score)
        self.assertEqual(found.knower_count, 2)
        self.assertFalse(found.is_known_by_one)
        self.assertEqual(found.known_by_one_value, 0)

    def test_people_at_the_customer(self):
        score = self.mine[0]
        people = self.env["res.partner"].create(
            [{"name": name, "parent_id": score.partner_id.id} for name in ("A", "B")]
        )
        self.assertEqual(self.dependence(score).person_count, 2)
        self.assertFalse(self.dependence(score).is_single_contact)
        people[0].active = False
        found = self.dependence(score)
        self.assertTrue(found.is_single_contact)
        self.assertEqual(found.single_contact_value, score.yearly_value)

    def test_reached_by_a_private_messenger_only(self):
        score = self.mine[0]
        self.assertFalse(self.dependence(score).is_private_only)
        self.log(score, self.seller, "private")
        self.assertTrue(self.dependence(score).is_private_only)
        self.log(score, self.seller, "call")
        self.assertFalse(self.dependence(score).is_private_only)

    def test_rotation_is_due_after_some_years_and_begins_anew(self):
        score = self.mine.sorted(lambda one: one.relationship_id.first_purchase_on)[0]
        since = score.relationship_id.first_purchase_on
        self.company.churn_rotation_years = 0
        self.assertFalse(self.dependence(score).is_rotation_due)
        self.company.churn_rotation_years = 1
        self.assertEqual(self.dependence(score).managed_since, since)
        self.assertTrue(self.dependence(score).is_rotation_due)
        self.prepare(score.partner_id).action_hand_over()
        self.assertFalse(self.dependence(score).is_rotation_due)
        self.assertEqual(self.dependence(score).user_id, self.successor)

    def test_who_was_lent_for_a_leave_is_due_as_before(self):
        score = self.mine[0]
        since = self.dependence(score).managed_since
        handover = self.prepare(score.partner_id, reason="leave")
        handover.action_hand_over()
        handover.action_give_back()
        self.assertEqual(self.dependence(score).managed_since, since)

    def test_a_hand_over_begins_at_the_report(self):
        action = (
            self.env["customer.dependence"]
            .with_user(self.seller)
            .browse(self.mine[:2].ids)
            .action_hand_over()
        )
        self.assertEqual(action["context"]["default_from_user_id"], self.seller.id)
        self.assertEqual(len(action["context"]["default_line_ids"]), 2)


@tagged("post_install", "-at_install")
class TestHandoverTour(HandoverCommon, HttpCase):
    BUYERS = 4

    def test_salesperson_hands_over_a_portfolio(self):
        self.successor.name = "Nora Successor"
        self.start_tour(
            "/odoo/customer-handovers",
            "customer_retention_handover",
            login=self.seller.login,
        )
        handover = self.env["customer.handover"].search(
            [("from_user_id", "=", self.seller.id)]
        )
        self.assertEqual(handover.state, "done")
        self.assertEqual(handover.reason, "leave")
        self.assertEqual(self.accounts.user_id, self.successor)
        self.assertTrue(self.activities(self.accounts[0], self.successor))
