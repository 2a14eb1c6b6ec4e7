"""The list of the day: who is on it, in which order, and how one works it off."""

from datetime import timedelta

from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .common import on
from .test_churn_scores import ChurnCommon


class TodayCommon(ChurnCommon):
    """Customers at risk, and people who look after them."""

    BUYERS = 200

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.churn_capacity = 10
        cls.buyers = cls._create_buyers(cls.BUYERS)
        cls.seller = cls._create_user("today_seller")
        cls.colleague = cls._create_user("today_colleague")
        cls.manager = cls._create_user(
            "today_manager", "customer_retention.group_manager"
        )
        cls.buyers[::2].user_id = cls.seller
        cls.buyers[1::2].user_id = cls.colleague
        cls.scores = cls._learn()
        cls.env.flush_all()

    def today(self, user=None, **arguments):
        """Return the list of the company as a user sees it."""
        self.env.invalidate_all()
        answer = self.score_model(user or self.manager).get_today(**arguments)
        lists = {one["company_id"]: one for one in answer["lists"]}
        return lists[self.company.id]

    def score_model(self, user):
        return (
            self.env["customer.churn.score"]
            .with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
        )

    def ids(self, user=None, **arguments):
        return [row["id"] for row in self.today(user, **arguments)["rows"]]

    def log(self, score_id, result="reached", user=None, **values):
        score = self.score_model(user or self.manager).browse(score_id)
        return score.action_log_contact(result, **values)


@tagged("post_install", "-at_install")
class TestTodayList(TodayCommon):
    def test_the_most_money_first_and_no_more_than_the_week_allows(self):
        found = self.today()
        worst = self.scores.sorted("value_at_risk", reverse=True)[:10]
        self.assertEqual([row["id"] for row in found["rows"]], worst.ids)
        self.assertEqual((found["capacity"], found["done"]), (10, 0))

    def test_nobody_calls_a_fifth_of_all_customers_or_more(self):
        self.company.churn_capacity = 150
        self.assertEqual(len(self.ids()), 40)

    def test_where_nobody_has_bought_nothing_is_to_be_done(self):
        self.assertFalse(self.today()["is_empty"])
        self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id)]
        ).unlink()
        self.assertTrue(self.today()["is_empty"])

    def test_no_calls_no_list(self):
        self.company.churn_capacity = 0
        self.assertEqual(self.ids(), [])

    def test_each_row_says_why_and_what_to_do(self):
        for row in self.today()["rows"]:
            self.assertTrue(row["reasons"])
            self.assertTrue(row["step"]["text"])
            self.assertTrue(row["danger_label"])

    def test_salespeople_see_their_own_of_the_same_list(self):
        everybody = self.ids()
        seen = {user: self.ids(user) for user in (self.seller, self.colleague)}
        for user, ids in seen.items():
            owners = self.scores.browse(ids).user_id
            self.assertEqual(owners, user)
        self.assertEqual(
            sorted([*seen[self.seller], *seen[self.colleague]]), sorted(everybody)
        )

    def test_managers_may_look_at_their_own_alone(self):
        self.scores.partner_id[:3].user_id = self.manager
        self.env["customer.churn.score"]._refresh(self.company, on(self.TODAY))
        owners = self.scores.browse(self.ids(only_own=True)).user_id
        self.assertLessEqual(owners, self.manager)

    def test_who_was_reached_makes_the_list_shorter(self):
        first = self.ids()[0]
        answer = self.log(first)
        found = self.today()
        self.assertTrue(answer["back"])
        self.assertNotIn(first, [row["id"] for row in found["rows"]])
        self.assertEqual((found["done"], len(found["rows"])), (1, 9))

    def test_who_was_not_reached_makes_room_until_tomorrow(self):
        first = self.ids()[0]
        self.log(first, "unreached")
        found = self.today()
        self.assertNotIn(first, [row["id"] for row in found["rows"]])
        self.assertEqual((found["done"], len(found["rows"])), (0, 10))
        self.company.retention_evaluation_date = on(self.TODAY) + timedelta(1)
        self.assertIn(first, self.ids())

    def test_a_new_week_brings_new_calls(self):
        first = self.ids()[0]
        self.log(first)
        # a Monday, a week after: the call is history, the customer still rests
        self.company.retention_evaluation_date = on(self.TODAY) + timedelta(7)
        found = self.today()
        self.assertEqual((found["done"], len(found["rows"])), (0, 10))
        self.assertNotIn(first, [row["id"] for row in found["rows"]])

    def test_who_was_put_off_comes_back(self):
        first = self.ids()[0]
        score = self.score_model(self.manager).browse(first)
        answer = score.action_snooze(7)
        self.assertNotIn(first, self.ids())
        self.assertEqual(len(self.ids()), 10)
        self.company.retention_evaluation_date = on(self.TODAY) + timedelta(7)
        self.assertIn(first, self.ids())
        self.company.retention_evaluation_date = self.TODAY
        snooze = self.env["customer.churn.snooze"].browse(answer["id"])
        with self.assertRaises(UserError), mute_logger("odoo.models"):
            snooze.with_user(self.seller).action_withdraw()
        snooze.with_user(self.manager).action_withdraw()
        self.assertIn(first, self.ids())

    def test_features_narrow_whom_we_may_approach(self):
        first = self.ids()[0]
        scores = type(self.env["customer.churn.score"])
        original = scores._today_domain
        self.patch(
            scores,
            "_today_domain",
            lambda self, company: original(self, company) & Domain("id", "!=", first),
        )
        self.assertNotIn(first, self.ids())
        self.assertEqual(len(self.ids()), 10)

    def test_the_first_activity_planned_is_the_next_step(self):
        first = self.scores.browse(self.ids()[0])
        for summary, day in (("Later", "2025-08-01"), ("Sooner", "2025-07-10")):
            first.partner_id.activity_schedule(
                "mail.mail_activity_data_call",
                summary=summary,
                date_deadline=on(day),
                user_id=self.seller.id,
            )
        step = self.today()["rows"][0]["step"]
        self.assertEqual(step["code"], "planned")
        self.assertIn("Sooner", step["text"])
        self.assertIn(self.seller.name, step["text"])

    def test_the_step_of_an_open_case_is_the_next_step(self):
        first = self.scores.browse(self.ids()[0])
        partner = first.partner_id
        partner.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Later",
            date_deadline=on("2025-08-01"),
            user_id=self.seller.id,
        )
        case = self.env["customer.retention.case"].create({"partner_id": partner.id})
        case.activity_ids.unlink()
        case.user_id = self.seller
        case.activity_schedule(
            "mail.mail_activity_data_call",
            summary="Ask for the reason",
            date_deadline=on("2025-07-02"),
            user_id=self.seller.id,
        )
        row = self.today()["rows"][0]
        self.assertEqual(row["id"], first.id)
        self.assertEqual(row["step"]["code"], "planned")
        self.assertIn("Ask for the reason", row["step"]["text"])
        self.assertEqual(row["case"], f"Retention case with {self.seller.name}")
        case.action_let_go()
        row = self.today()["rows"][0]
        self.assertIn("Later", row["step"]["text"])
        self.assertFalse(row["case"])

    def test_who_rests_is_listed_with_the_reason_and_brought_back(self):
        called, snoozed, other = self.score_model(self.seller).search(
            [("user_id", "=", self.seller.id)], limit=3
        )
        called.action_log_contact("message")
        snoozed.action_snooze(7)
        other.with_user(self.manager).action_snooze(2)
        resting = self.score_model(self.seller).search([("is_resting", "=", True)])
        self.assertEqual(resting, called | snoozed | other)
        self.assertEqual(
            [one.rest_until for one in (called, snoozed, other)],
            [on("2025-07-03"), on("2025-07-07"), on("2025-07-02")],
        )
        self.assertEqual(
            called.rest_text, f"Call today by {self.seller.name}: Left a Message"
        )
        self.assertEqual(other.rest_text, f"Put off by {self.manager.name}")
        self.assertEqual(
            [one.may_bring_back for one in (called, snoozed, other)],
            [True, True, False],
        )
        with self.assertRaises(UserError):
            other.action_bring_back()
        (called | snoozed).action_bring_back()
        self.env.invalidate_all()
        resting = self.score_model(self.seller).search([("is_resting", "=", True)])
        self.assertEqual(resting, other)

    def test_statements_do_not_grow_with_the_list(self):
        counts = []
        for capacity in (1, 40):
            self.company.churn_capacity = capacity
            self.env.flush_all()
            self.today()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            self.score_model(self.manager).get_today()
            counts.append(self.env.cr.sql_log_count - start)
        self.assertLessEqual(counts[1], counts[0] + 2)


@tagged("post_install", "-at_install")
class TestContactLog(TodayCommon):
    BUYERS = 60

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mine = cls.scores.filtered(lambda score: score.user_id == cls.seller)[0]
        cls.theirs = cls.scores.filtered(lambda s: s.user_id == cls.colleague)[0]

    def contacts(self, score):
        return self.env["customer.contact.log"].search(
            [("partner_id", "=", score.partner_id.id)]
        )

    def test_one_click_records_who_was_in_touch(self):
        self.log(
            self.mine.id, "unhappy", self.seller, channel="visit", note="Late again"
        )
        self.assertRecordValues(
            self.contacts(self.mine),
            [
                {
                    "user_id": self.seller.id,
                    "company_id": self.company.id,
                    "channel": "visit",
                    "direction": "out",
                    "purpose": "retention",
                    "result": "unhappy",
                    "note": "Late again",
                    "date": on(self.TODAY),
                    "rest_until": on("2025-07-07"),
                }
            ],
        )

    def test_nobody_logs_about_customers_of_colleagues(self):
        with self.assertRaises(AccessError):
            self.log(self.theirs.id, user=self.seller)
        with self.assertRaises(AccessError):
            self.score_model(self.seller).browse(self.theirs.id).action_snooze(1)
        self.assertFalse(self.contacts(self.theirs))

    def test_a_mistake_is_withdrawn_on_the_same_day_by_its_author(self):
        logged = self.log(self.mine.id, user=self.seller)
        contact = self.env["customer.contact.log"].browse(logged["id"])
        with self.assertRaises(UserError):
            contact.with_user(self.manager).action_withdraw()
        self.company.retention_evaluation_date = "2025-07-01"
        with self.assertRaises(UserError):
            contact.with_user(self.seller).action_withdraw()
        self.company.retention_evaluation_date = self.TODAY
        contact.with_user(self.seller).action_withdraw()
        self.assertFalse(contact.exists())

    def test_only_its_author_is_offered_to_withdraw_it_and_only_today(self):
        logged = self.log(self.mine.id, user=self.seller)
        contact = self.env["customer.contact.log"].browse(logged["id"])
        self.assertTrue(contact.with_user(self.seller).may_withdraw)
        self.assertFalse(contact.with_user(self.manager).may_withdraw)
        action = contact.with_user(self.seller).action_withdraw()
        self.assertEqual(action["res_model"], contact._name)

    def test_a_rest_of_days_ago_is_ended_by_its_author_or_a_manager(self):
        for user in (self.seller, self.manager):
            with self.subTest(user=user.login):
                contact = self.env["customer.contact.log"].create(
                    {
                        "partner_id": self.mine.partner_id.id,
                        "company_id": self.company.id,
                        "date": "2025-06-20",
                        "rest_until": "2026-06-20",
                    }
                )
                contact.sudo()._amend({"user_id": self.seller.id})
                mine = self.mine.with_user(user)
                mine.invalidate_recordset()
                self.assertTrue(mine.is_resting and mine.may_bring_back)
                mine.action_bring_back()
                self.assertTrue(contact.exists())
                mine.invalidate_recordset()
                self.assertFalse(mine.is_resting)

    def test_a_rest_is_no_longer_than_a_year(self):
        values = {
            "partner_id": self.mine.partner_id.id,
            "company_id": self.company.id,
            "rest_until": "2062-07-01",
        }
        for model in ("customer.contact.log", "customer.churn.snooze"):
            with self.subTest(model), self.assertRaisesRegex(UserError, "a year"):
                self.env[model].create(values)

    def test_nobody_is_back_on_the_list_before_the_contact(self):
        with self.assertRaisesRegex(UserError, "back on the list after"):
            self.env["customer.contact.log"].create(
                {"partner_id": self.mine.partner_id.id, "rest_until": "2025-06-29"}
            )

    def test_a_contact_is_not_rewritten(self):
        logged = self.log(self.mine.id, user=self.seller)
        contact = self.env["customer.contact.log"].browse(logged["id"])
        contact = contact.with_user(self.seller)
        contact.note = "They called back"
        for values in ({"result": "promised"}, {"date": "2025-06-01"}):
            with self.assertRaises(UserError):
                contact.write(values)

    def test_no_contact_happens_tomorrow(self):
        with self.assertRaises(UserError):
            self.env["customer.contact.log"].create(
                {"partner_id": self.mine.partner_id.id, "date": "2025-07-01"}
            )

    def test_a_done_call_is_a_contact(self):
        partner = self.mine.partner_id
        for day, late in (("2025-06-29", True), ("2025-06-30", False)):
            activity = partner.activity_schedule(
                "mail.mail_activity_data_call",
                date_deadline=on(day),
                user_id=self.seller.id,
            )
            activity.with_user(self.seller).action_feedback("All is well")
            contact = self.contacts(self.mine)[0]
            self.assertRecordValues(
                contact,
                [
                    {
                        "user_id": self.seller.id,
                        "channel": "call",
                        "result": "reached",
                        "note": "All is well",
                        "due_on": on(day),
                        "is_late": late,
                    }
                ],
            )

    def test_a_call_on_an_order_is_about_its_customer_and_its_person(self):
        person = self.env["res.partner"].create(
            {"name": "Purchaser", "parent_id": self.mine.partner_id.id}
        )
        order = self._quotation(person, self.TODAY)
        order.activity_schedule("mail.mail_activity_data_email").action_feedback()
        self.assertRecordValues(
            self.contacts(self.mine),
            [
                {
                    "contact_id": person.id,
                    "channel": "email",
                    "purpose": "sale",
                    "result": "message",
                }
            ],
        )

    def test_a_to_do_is_no_contact(self):
        partner = self.mine.partner_id
        partner.activity_schedule("mail.mail_activity_data_todo").action_feedback()
        self.assertFalse(self.contacts(self.mine))

    def test_companies_that_do_not_watch_keep_no_log(self):
        self.company.retention_use_churn = False
        partner = self.mine.partner_id
        partner.activity_schedule("mail.mail_activity_data_call").action_feedback()
        self.assertFalse(self.contacts(self.mine))

    def test_a_contact_is_a_day_of_contact(self):
        partner = self.mine.partner_id
        self.log(self.mine.id, user=self.seller)
        self._work_queue()
        days = self.env["customer.contact.day"].search(
            [("partner_id", "=", partner.id)]
        )
        self.assertEqual(days.mapped("date"), [on(self.TODAY)])

    def test_the_last_contact_is_told_with_its_author(self):
        row = self.mine.relationship_id
        self.assertFalse(row.last_contact_text)
        self.log(self.mine.id, user=self.seller)
        self.log(self.mine.id, "unreached")
        self.company.retention_evaluation_date = "2025-07-02"
        row.invalidate_recordset()
        self.assertIn(self.seller.name, row.last_contact_text)
        self.assertIn("2 days ago", row.last_contact_text)

    def test_what_was_said_in_the_conversation_is_a_contact(self):
        found = self.today()["rows"][0]
        self.assertFalse(found["last_contact"])
        row = self.scores.browse(found["id"]).relationship_id
        message = row.partner_id.message_post(
            author_id=self.seller.partner_id.id,
            body="The shelves arrive on Monday",
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        message.date = "2025-06-20 10:00:00"
        self.env.flush_all()
        row._look_at_contacts(row.partner_id.ids)
        expected = "10 days ago (conversation)"
        self.assertEqual(self.today()["rows"][0]["last_contact"], expected)
        self.assertEqual(row.days_since_contact, 10)
        self.assertEqual(row.last_contact_text, expected)
        self.log(found["id"], user=self.manager)
        self.assertIn(self.manager.name, row.last_contact_text)

    def test_a_click_and_its_undo_are_known_at_once(self):
        row = self.mine.relationship_id
        logged = self.log(self.mine.id, user=self.seller)
        self.assertEqual(row.last_contact_on, on(self.TODAY))
        contact = self.env["customer.contact.log"].browse(logged["id"])
        contact.with_user(self.seller).action_withdraw()
        self.assertFalse(row.last_contact_on)
        self.assertFalse(row.last_contact_text)


@tagged("post_install", "-at_install")
class TestTodayTour(TodayCommon, HttpCase):
    BUYERS = 10

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.churn_capacity = 2
        # 200 days after purchases of a month each: nothing is left of the rhythm
        for name, amount in (("Harbor Bakery", 90_000.0), ("Quay Garage", 80_000.0)):
            buyer = cls._create_partner(name)
            days = [on("2024-12-12") - timedelta(30 * step) for step in range(6)]
            cls._insert_purchases([(buyer.id, day, amount) for day in days])
            cls.buyers |= buyer
        cls._learn()

    def test_manager_works_the_list(self):
        self.start_tour(
            "/odoo/today", "customer_retention_today", login=self.manager.login
        )
        contacts = self.env["customer.contact.log"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertRecordValues(
            contacts,
            [
                {
                    "user_id": self.manager.id,
                    "result": "unhappy",
                    "note": "The new driver comes too late",
                }
            ],
        )
        self.assertEqual(contacts.partner_id.name, "Harbor Bakery")
        self.assertFalse(
            self.env["customer.churn.snooze"].search(
                [("company_id", "=", self.company.id)]
            )
        )
