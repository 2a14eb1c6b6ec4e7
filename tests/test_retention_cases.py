from lxml import etree

from odoo.exceptions import AccessError, UserError
from odoo.fields import Command
from odoo.tests import tagged

from ..logic.retention import net_margin
from .common import on
from .retention_common import KeepCommon


class BurningCommon(KeepCommon):
    """Customers of falling value who have not bought for long."""

    DAY = "2025-03-20"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.burning = cls.env["res.partner"]
        for number in range(8):
            cls.burning |= cls._rhythm(
                f"Burning {number}", "2024-12-20", 800.0 / (number + 1)
            )
        calm = [cls._rhythm(f"Calm {n}", cls.DAY, 1.0, number=3) for n in range(60)]
        cls._see(cls.DAY, *cls.burning, *calm)
        cls._score(cls.DAY)
        cls.company.churn_case_capacity = 3

    def work(self, day=None):
        if day:
            self.company.retention_evaluation_date = day
        self.cases._work_company(self.company)
        self.env.invalidate_all()

    def opened(self):
        return self.cases.search([("company_id", "=", self.company.id)])


@tagged("post_install", "-at_install")
class TestCases(BurningCommon):
    """The most money first, within capacity, with the play that fits."""

    def test_the_top_of_the_list_gets_cases_within_capacity(self):
        self._play(kind="save")
        self.work()
        cases = self.opened()
        self.assertEqual(cases.partner_id, self.burning[:3])
        self.assertEqual(set(cases.mapped("kind")), {"save"})
        self.assertEqual(cases.user_id, self.seller)
        self.assertTrue(all(cases.mapped("is_automatic")))
        self.assertEqual(set(cases.mapped("opened_on")), {on(self.DAY)})
        self.assertTrue(all(cases.mapped("reason_text")))

    def test_the_week_has_no_more_places_and_the_next_one_has(self):
        self._play(kind="save")
        self.work()
        self.work()
        self.work("2025-03-26")
        self.assertEqual(len(self.opened()), 3)
        self.work("2025-03-27")
        self.assertEqual(self.opened().partner_id, self.burning[:6])

    def test_nothing_opens_before_the_start_or_without_a_play(self):
        self.work()
        self._play(kind="win_back")
        self._play(kind="save", is_automatic=False)
        self.work()
        self._play(kind="save")
        self.company.retention_side_effects_from = False
        self.work()
        self.company.retention_side_effects_from = "2025-04-01"
        self.work()
        self.assertFalse(self.opened())

    def test_the_play_fits_the_value(self):
        key = self._play("Key", kind="save", value_class="key")
        rest = self._play("Rest", kind="save")
        self.company.churn_case_capacity = 8
        self.work()
        for case in self.opened():
            expected = key if case.value_class == "key" else rest
            self.assertEqual(case.play_id, expected)
        self.assertEqual(self.opened().play_id, key | rest)

    def test_the_steps_are_planned(self):
        self._play("Call them", kind="save")
        self.work()
        activity = self._activities(self.opened()[0])
        self.assertRecordValues(
            activity,
            [
                {
                    "summary": "Call them",
                    "user_id": self.seller.id,
                    "date_deadline": on("2025-03-22"),
                }
            ],
        )

    def test_a_step_that_is_a_contact_is_on_record(self):
        self._play("Call them", kind="save")
        self.work()
        case = self.opened()[0]
        step = self._activities(case).with_user(self.seller)
        step.action_feedback("They move to a larger hall")
        log = self.env["customer.contact.log"]
        contacts = log.search([("partner_id", "=", case.partner_id.id)])
        self.assertRecordValues(
            contacts,
            [
                {
                    "user_id": self.seller.id,
                    "company_id": self.company.id,
                    "date": on(self.DAY),
                    "channel": "call",
                    "purpose": "retention",
                    "result": "reached",
                    "note": "They move to a larger hall",
                    "due_on": on("2025-03-22"),
                }
            ],
        )
        self._work_queue()
        row = self._relationship(case.partner_id)
        self.assertEqual(row.last_contact_on, on(self.DAY))

    def test_plays_that_come_along_say_which_steps_are_contacts(self):
        channels = {
            name: self.env.ref(
                f"customer_retention.mail_activity_type_retention_{name}"
            ).customer_contact_channel
            for name in ("call", "reason", "visit", "letter", "follow", "compare")
        }
        self.assertEqual(
            channels,
            {
                "call": "call",
                "reason": "call",
                "visit": "visit",
                "letter": "letter",
                "follow": "call",
                "compare": False,
            },
        )

    def test_a_play_without_steps_takes_no_place(self):
        mailed = self._play(
            kind="save", activity_plan_id=False, value_class="small", name="Mail"
        )
        mailed.mail_template_id = self.env.ref(
            "customer_retention.mail_template_retention_miss"
        )
        self.company.churn_case_capacity = 0
        self.company.churn_small_share = 30.0
        self._score(self.DAY)
        small = self.env["customer.churn.score"].search(
            [
                ("company_id", "=", self.company.id),
                ("value_class", "=", "small"),
                ("danger", "in", ("very_high", "extreme")),
            ]
        )
        self.assertTrue(small)
        unwilling = small[0].partner_id
        self.env["mail.blacklist"]._add(unwilling.email)
        self.work()
        cases = self.opened()
        self.assertEqual(cases.partner_id, small.partner_id)
        mails = self.env["mail.mail"].search([("model", "=", cases._name)])
        self.assertEqual(
            set(mails.mapped("res_id")),
            set(cases.filtered(lambda c: c.partner_id != unwilling).ids),
        )

    def test_who_is_lost_is_won_back(self):
        self._play(kind="save")
        back = self._play("Back", kind="win_back")
        self._see("2025-06-25", self.burning[0])
        self._score("2025-06-25")
        self.work("2025-06-25")
        case = self.opened().filtered(lambda c: c.partner_id == self.burning[0])
        event = self._event(self.burning[0])
        self.assertEqual((case.kind, case.play_id), ("win_back", back))
        self.assertEqual((case.event_id, case.value), (event, event.lost_revenue))

    def test_who_we_ended_ourselves_is_left_in_peace(self):
        self._play(kind="save")
        self._play(kind="win_back")
        self.events.create(
            {
                "partner_id": self.burning[0].id,
                "date": self.DAY,
                "decided_by": "company",
            }
        )
        self.work()
        self.assertNotIn(self.burning[0], self.opened().partner_id)

    def test_not_so_soon_again(self):
        self._play(kind="save", cooldown_days=30, window_days=10)
        self.work()
        self.opened().action_let_go()
        self.work("2025-04-10")
        self.assertFalse(
            self.opened().filtered(
                lambda c: (
                    c.opened_on == on("2025-04-10") and c.partner_id in self.burning[:3]
                )
            )
        )
        self.work("2025-04-25")
        again = self.opened().filtered(lambda c: c.opened_on == on("2025-04-25"))
        self.assertLessEqual(set(self.burning[:2].ids), set(again.partner_id.ids))

    # === RESULTS === #

    def test_a_purchase_ends_the_case_and_counts_until_the_window_ends(self):
        self._play(kind="save", window_days=90)
        self.work()
        case = self.opened()[0]
        self.company.churn_margin_percent = 40.0
        self._buy(case.partner_id, "2025-03-25", 500.0)
        self.work("2025-03-26")
        self.assertRecordValues(
            case,
            [
                {
                    "state": "kept",
                    "next_purchase_on": on("2025-03-25"),
                    "revenue_after": 500.0,
                    "net_margin": net_margin(500.0, 40.0, 0.0),
                }
            ],
        )
        self.assertFalse(self._activities(case))
        self._buy(case.partner_id, "2025-05-01", 300.0)
        self._buy(case.partner_id, "2025-07-01", 9000.0)
        self.work("2025-07-02")
        self.assertEqual(case.revenue_after, 500.0, "the window is over")
        self.work("2025-06-20")
        self.assertEqual(case.revenue_after, 800.0)
        self.assertEqual(case.draw_id.revenue, 800.0)

    def test_an_order_on_the_day_of_opening_counts_if_it_came_after_it(self):
        self._play(kind="save", window_days=90)
        self.work()
        case = self.opened()[0]
        self._buy(case.partner_id, str(case.opened_on), 500.0)
        self.work(str(case.opened_on))
        self.assertEqual((case.state, case.revenue_after), ("kept", 500.0))
        self.assertEqual(case.draw_id.revenue, 500.0, "chance counts the same")
        self.assertEqual(case.draw_id.bought_on, case.opened_on)

    def test_what_was_bought_before_the_draw_is_no_result_of_it(self):
        self._play(kind="save", window_days=90)
        self._buy(self.burning[0], self.DAY, 500.0)
        draw = self.draws.create(
            self.draws._prepare_draw(
                self.plays.search([], limit=1),
                self.company,
                on(self.DAY),
                True,
                partner_id=self.burning[0].id,
            )
        )
        self.draws._measure(self.company, on(self.DAY))
        self.assertEqual((draw.bought_on, draw.revenue), (False, 0.0))

    def test_what_was_bought_in_the_morning_does_not_count_for_the_case(self):
        self._play(kind="save", is_automatic=False)
        partner = self.burning[5]
        self._buy(partner, "2025-03-20", 500.0)
        self._see("2025-03-20", partner)
        case = self._case(partner, self.seller)
        self.work("2025-03-21")
        self.assertEqual((case.state, case.revenue_after), ("open", 0.0))

    def test_a_window_without_a_purchase_is_lost(self):
        self._play(kind="save", window_days=20)
        self.work()
        case = self.opened()[0]
        self.work("2025-04-09")
        self.assertEqual(case.state, "open")
        self.work("2025-04-10")
        self.assertEqual(case.state, "lost")

    # === BY HAND === #

    def test_a_salesperson_opens_a_case_with_the_play_that_fits(self):
        play = self._play(kind="save", is_automatic=False)
        case = self._case(self.burning[5], self.seller)
        self.assertRecordValues(
            case,
            [
                {
                    "play_id": play.id,
                    "kind": "save",
                    "user_id": self.seller.id,
                    "is_automatic": False,
                    "state": "open",
                }
            ],
        )
        self.assertTrue(case.value)
        with (
            self.assertRaisesRegex(UserError, "open case already"),
            self.env.cr.savepoint(),
        ):
            self._case(self.burning[5], self.manager)
        case.action_cancel()
        self._case(self.burning[5], self.manager)

    def test_a_colleague_opens_none(self):
        with self.assertRaises(AccessError):
            self._case(self.burning[5], self.colleague)

    def test_a_case_stays_with_customer_and_play_and_its_result_is_not_entered(self):
        case = self._case(self.burning[5], self.seller)
        for vals in (
            {"partner_id": self.burning[6].id},
            {"play_id": self._play().id},
            {"state": "kept"},
            {"net_margin": 1e6},
            {"next_purchase_on": "2025-03-01"},
            {"is_automatic": True},
        ):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                case.write(vals)

    def test_lost_asks_why_and_ends_with_the_answer(self):
        case = self._case(self.burning[5], self.seller)
        action = case.action_lost()
        self.assertEqual(action["res_model"], "customer.churn.event")
        self.assertEqual(action["context"]["default_partner_id"], self.burning[5].id)
        self.assertEqual(case.state, "open", "the question may be left unanswered")
        losses = self.events.with_user(self.seller).with_context(**action["context"])
        event = losses.create({"date": self.DAY})
        self.assertRecordValues(case, [{"state": "lost", "event_id": event.id}])

    def test_everybody_reads_in_their_language_why_it_was_opened(self):
        """Also of a case that the job has opened, which speaks nobody's."""
        self.env["res.lang"]._activate_lang("vi_VN")
        self._play(kind="save")
        self.work()
        for case in self.opened() | self._case(self.burning[7], self.seller):
            english = case.with_context(lang="en_US").reason_text
            self.assertIn("× the usual", english)
            said = case.with_context(lang="vi_VN").reason_text
            self.assertNotIn("usual", said)

    def test_a_loss_that_is_known_ends_the_case_at_once(self):
        self._play(kind="win_back")
        event = self.events.create({"partner_id": self.burning[5].id, "date": self.DAY})
        case = self._case(self.burning[5], self.seller)
        self.assertEqual(case.kind, "win_back")
        self.assertEqual(case.action_lost()["res_id"], event.id)
        self.assertEqual(case.state, "lost")

    def test_only_colleagues_are_responsible(self):
        portal = self._create_user("keep_portal", "base.group_portal")
        case = self._case(self.burning[5], self.seller)
        with self.assertRaisesRegex(UserError, "portal"):
            case.with_user(self.manager).user_id = portal

    def test_against_bad_faith(self):
        play = self._play(kind="save", protects=True)
        case = self._case(self.burning[5], self.seller, play_id=play.id)
        self.assertFalse(case.may_protect)
        with self.assertRaises(AccessError):
            case.action_protect()
        self.seller.group_ids += self.env.ref("base.group_partner_manager")
        case.invalidate_recordset()
        self.assertTrue(case.may_protect)
        case.action_protect()
        self.assertFalse(case.may_protect)
        self.assertIn("Prepayment", self.burning[5].sale_warn_msg)
        case.action_protect()
        self.assertEqual(self.burning[5].sale_warn_msg.count("Prepayment"), 1)
        other = self._case(self.burning[6], self.seller, play_id=self._play().id)
        with self.assertRaises(UserError):
            other.action_protect()

    def test_few_statements_however_long_the_list_is(self):
        """Candidates are gathered together: 8 of them, then 58."""
        self._play(kind="save")

        def statements():
            self.env.invalidate_all()
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            turns = self.cases._turns(self.company, on(self.DAY), True, 20)
            return len(turns), self.env.cr.sql_log_count - before

        statements()
        few, first = statements()
        more = [self._rhythm(f"More {n}", "2024-12-20", 50.0 + n) for n in range(50)]
        self._see(self.DAY, *more)
        self.company.churn_capacity = 500
        self.company.churn_case_capacity = 20
        self._score(self.DAY)
        many, second = statements()
        self.assertGreater(many, few + 20)
        self.assertLessEqual(second, first + 5)


@tagged("post_install", "-at_install")
class TestOffers(BurningCommon):
    """Offers cost something; nobody gives more than the limits of recovery allow."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["customer.recovery.limit"].search([]).unlink()
        cls.env["customer.recovery.limit"].create(
            [
                {
                    "level": level,
                    "currency_id": cls.company.currency_id.id,
                    "per_action": single,
                    "per_complaint": single * 2,
                    "per_customer_year": single * 3,
                }
                for level, single in (
                    ("handler", 50),
                    ("team_manager", 100),
                    ("complaint_manager", 500),
                )
            ]
        )
        cls.leader = cls._create_user("keep_leader")
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Team",
                "company_id": False,
                "user_id": cls.leader.id,
                "member_ids": [Command.link(cls.seller.id)],
            }
        )
        cls.play = cls._play(kind="save", offer_limit=20.0)
        cls.case = cls.cases.with_user(cls.seller).create(
            {"partner_id": cls.burning[0].id}
        )

    def offer(self, amount, user=None, case=None, **values):
        offers = self.env["customer.retention.offer"].with_user(user or self.seller)
        case = case or self.case
        values = {"name": "Discount", "amount": amount, **values}
        return offers.create({"case_id": case.id, **values})

    def test_within_the_own_limit(self):
        offer = self.offer(50)
        self.assertEqual(offer.authority, "within")
        offer.action_submit()
        self.assertRecordValues(
            offer,
            [
                {
                    "state": "approved",
                    "approved_by_id": self.seller.id,
                    "approved_amount": 50.0,
                    "approved_level": "handler",
                }
            ],
        )
        self.assertEqual(self.case.offer_cost, 50)
        self.assertEqual(self.case.net_margin, -50)

    def test_the_salesperson_offers_whoever_answers_for_the_case(self):
        self.case.user_id = self.leader
        line = {"name": "Discount", "amount": 50.0}
        case = self.case.with_user(self.seller)
        case.write({"offer_ids": [Command.create(line)]})
        case.offer_ids.action_submit()
        self.assertRecordValues(
            case.offer_ids,
            [{"state": "approved", "approved_by_id": self.seller.id}],
        )
        with self.assertRaises(AccessError):
            self.offer(50, user=self.colleague)

    def test_beyond_it_the_next_one_up_is_asked(self):
        for amount, approver in ((51, self.leader), (101, self.manager)):
            offer = self.offer(amount)
            self.assertEqual(offer.authority, "asks")
            offer.action_submit()
            self.assertEqual((offer.state, offer.approver_id), ("waiting", approver))
            activity = offer.sudo().approval_activity_id
            self.assertEqual(activity.user_id, approver)
            self.assertIn(f"{self.seller.name} was told: “", activity.note)
            with self.assertRaises(UserError):
                offer.action_approve()
            offer.with_user(approver).action_approve()
            self.assertEqual(offer.approved_by_id, approver)
            self.assertFalse(activity.exists())
            offer.action_refused()

    def test_who_approves_is_asked_in_a_language_of_their_own(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.leader.lang = "vi_VN"
        offer = self.offer(51)
        offer.action_submit()
        asked = offer.sudo().approval_activity_id
        self.assertNotIn("Approve", asked.summary)
        self.assertNotIn("limit", asked.note)

    def test_a_play_with_cases_is_archived_not_deleted(self):
        case = self.cases.create(
            {"partner_id": self.burning[1].id, "play_id": self._play().id}
        )
        with self.assertRaisesRegex(UserError, "Archive"):
            case.play_id.unlink()
        self._play(name="Never played").unlink()

    def test_small_steps_lead_no_further(self):
        self.offer(50).action_submit()
        self.offer(50).action_submit()
        third = self.offer(10)
        third.action_submit()
        self.assertEqual(third.state, "waiting")

    def test_the_larger_of_worth_and_cost_counts(self):
        offer = self.offer(10, cost=60)
        self.assertEqual(offer.authority, "asks")

    def test_the_cost_shows_what_is_counted(self):
        """As much as it is worth, until somebody says otherwise: nothing, too."""
        offer = self.offer(40)
        self.assertEqual(offer.cost, 40)
        offer.amount = 45
        self.assertEqual(offer.cost, 45)
        offer.action_submit()
        self.assertEqual((offer.approved_cost, self.case.offer_cost), (45, 45))
        free = self.offer(5, cost=0)
        free.action_submit()
        self.assertEqual((free.approved_cost, self.case.offer_cost), (0, 45))
        self.assertEqual(free.approved_amount, 5)

    def test_the_button_says_what_happens(self):
        view = self.case.get_view(view_type="form")
        buttons = etree.fromstring(view["arch"]).findall(
            ".//button[@name='action_submit']"
        )
        labels = {
            button.get("string"): button.get("invisible").rpartition("authority ")[2]
            for button in buttons
        }
        self.assertEqual(
            labels, {"Approve": "!= 'within'", "Ask for Approval": "!= 'asks'"}
        )

    def test_what_the_play_lets_offers_cost_binds_all_but_managers(self):
        cheap = self._play("Cheap", kind="save", offer_limit=1.0)
        case = self._case(self.burning[7], self.seller, play_id=cheap.id)
        offer = self.offer(40, case=case)
        self.assertEqual(offer.authority, "asks")
        self.assertIn("may cost", offer.authority_text)
        self.assertEqual(offer.with_user(self.leader).authority, "asks")
        offer.with_user(self.manager).action_approve()
        self.assertEqual(offer.state, "approved")

    def test_a_case_that_nobody_pays_for_offers_nothing(self):
        nothing = self._play("Nothing", kind="save", offer_limit=0.0)
        case = self._case(self.burning[7], self.seller, play_id=nothing.id)
        self.assertEqual(self.offer(1, case=case).authority, "asks")
        self.assertEqual(self.offer(0, case=case).authority, "within")

    def test_offers_and_recovery_count_together(self):
        for _number in range(2):
            self.offer(50).action_submit()
        given = self.env["customer.recovery.action"]._given_to(
            self.burning[0], self.company
        )
        self.assertEqual(given, 100)
        complaint = self.env["customer.complaint"].create(
            {"subject": "Late", "partner_id": self.burning[0].id}
        )
        kind = self.env["customer.recovery.type"].search([("kind", "=", "goodwill")])
        action = self.env["customer.recovery.action"].create(
            {"complaint_id": complaint.id, "type_id": kind[:1].id, "amount": 10}
        )
        totals = action._given_by_account(action)
        self.assertEqual(totals[self.burning[0].id, self.company.id], 100)

    def test_terms_of_what_is_approved_stay(self):
        offer = self.offer(50)
        offer.action_submit()
        for vals in ({"amount": 5000}, {"state": "given"}, {"approved_cost": 0}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                offer.write(vals)
        with self.assertRaises(UserError):
            offer.unlink()
        offer.action_refused()
        self.assertEqual(self.case.offer_cost, 0)

    def test_new_terms_ask_again(self):
        offer = self.offer(60)
        offer.action_submit()
        offer.amount = 70
        self.assertEqual(offer.state, "proposed")

    def test_nothing_is_offered_on_a_closed_case(self):
        self.case.action_let_go()
        with self.assertRaisesRegex(UserError, "closed"):
            self.offer(5)

    def test_nobody_creates_what_is_approved(self):
        for vals in ({"state": "approved"}, {"approved_amount": 5}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                self.offer(5000, **vals)
        with self.assertRaises(AccessError):
            self.offer(5, user=self.colleague)
