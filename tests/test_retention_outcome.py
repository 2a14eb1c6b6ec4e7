"""What came of cases and windows, whatever comes to light, moves or goes wrong."""

from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.fields import Command
from odoo.tests import Form, tagged

from ..models import customer_retention_case_opening
from .common import on
from .test_retention_cases import BurningCommon


class OutcomeCommon(BurningCommon):
    """Plays, hold-outs and customers who become contacts of others."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.play = cls._play(kind="save", window_days=20)

    def hold(self, partner, until="2025-06-18", **values):
        draw = self.draws.create(
            self.draws._prepare_draw(
                self.play,
                self.company,
                on(self.DAY),
                True,
                partner_id=partner.id,
                **values,
            )
        )
        draw.until = until
        return draw

    def move(self, partner, head):
        """Make a customer a contact of another one, with its purchases."""
        partner.write({"is_company": False, "parent_id": head.id})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE customer_purchase SET partner_id = %s WHERE partner_id = %s",
            (head.id, partner.id),
        )

    def take_back(self, partner, day):
        self.env.cr.execute(
            "DELETE FROM customer_purchase WHERE partner_id = %s AND date >= %s",
            (partner.id, on(day)),
        )


@tagged("post_install", "-at_install")
class TestOutcome(OutcomeCommon):
    """Outcomes follow purchases, also those that come to light late."""

    def only_case(self):
        self.work()
        return self.opened()[0]

    def test_a_purchase_that_is_recorded_late_is_one(self):
        case = self.only_case()
        self.work("2025-04-10")
        self.assertEqual(case.state, "lost")
        self._buy(case.partner_id, "2025-04-08", 300.0)
        self.work("2025-04-12")
        self.assertRecordValues(
            case, [{"state": "kept", "next_purchase_on": on("2025-04-08")}]
        )
        self.assertEqual(case.draw_id.bought_on, on("2025-04-08"))
        self.assertEqual(case.draw_id.revenue, 300.0)
        self.assertTrue(case.draw_id.is_over)

    def test_a_purchase_that_is_taken_back_was_none(self):
        case = self.only_case()
        self._buy(case.partner_id, "2025-03-25", 300.0)
        self.work("2025-03-26")
        self.assertEqual(case.state, "kept")
        self.take_back(case.partner_id, "2025-03-25")
        self.work("2025-03-27")
        self.assertRecordValues(
            case,
            [{"state": "open", "closed_on": False, "revenue_after": 0.0}],
        )
        self.assertIn("taken back", case.message_ids[0].body)

    def test_one_that_is_taken_back_after_the_window_means_lost(self):
        case = self.only_case()
        self._buy(case.partner_id, "2025-04-09", 300.0)
        self.work("2025-04-10")
        self.assertEqual(case.state, "kept")
        self.take_back(case.partner_id, "2025-04-09")
        self.work("2025-04-12")
        self.assertEqual(case.state, "lost")

    def test_a_case_that_is_taken_up_again_stays_open_until_something_happens(self):
        kept, lost = (self.work(), self.opened()[:2])[1]
        self._buy(kept.partner_id, "2025-03-25", 300.0)
        self._see("2025-03-26", kept.partner_id)
        self.work("2025-03-26")
        kept.with_user(self.manager).action_reopen()
        self.work("2025-03-27")
        self.assertEqual((kept.state, kept.next_purchase_on), ("open", False))
        self.assertEqual(kept.revenue_after, 300.0, "it was bought all the same")
        self._buy(kept.partner_id, "2025-03-28", 10.0)
        self.work("2025-03-29")
        self.assertEqual(
            (kept.state, kept.next_purchase_on), ("kept", on("2025-03-28"))
        )
        self.work("2025-04-10")
        self.assertEqual(lost.state, "lost")
        lost.with_user(self.manager).action_reopen()
        self.assertEqual(lost.window_until, on("2025-04-30"))
        self.work("2025-04-11")
        self.assertEqual(lost.state, "open")

    def test_whatever_was_spent_on_a_customer_within_the_window_counts(self):
        """Who was left alone and is approached nevertheless costs something, too."""
        partner = self.burning[0]
        draw = self.hold(partner)
        case = self._case(partner, self.manager, override_reason="Is dying")
        offer = self.env["customer.retention.offer"].create(
            {"case_id": case.id, "name": "Discount", "amount": 40.0}
        )
        offer._verb().write({"state": "given", "approved_cost": 40.0})
        self.draws._measure(self.company, on("2025-03-25"))
        self.assertEqual((draw.offer_cost, draw.net_margin), (40.0, -40.0))

    def test_a_case_to_keep_somebody_ends_with_the_loss(self):
        case = self._case(self.burning[5], self.seller)
        self._see("2025-06-25", self.burning[5])
        event = self._event(self.burning[5])
        self.assertEqual(event.state, "lost")
        self.assertRecordValues(case, [{"state": "lost", "event_id": event.id}])
        self.assertIn("was lost on", case.message_ids[0].body)

    def test_whose_customer_is_lost_is_not_taken_up_to_keep_it(self):
        case = self._case(self.burning[5], self.seller)
        case.action_let_go()
        self._see("2025-06-25", self.burning[5])
        with self.assertRaisesRegex(UserError, "is lost by now"):
            case.action_reopen()
        self.assertEqual(case.state, "let_go")

    def test_and_with_the_word_of_a_person(self):
        case = self._case(self.burning[5], self.seller)
        event = self.events.with_user(self.manager).create(
            {"partner_id": self.burning[5].id, "date": self.DAY}
        )
        self.assertRecordValues(case, [{"state": "lost", "event_id": event.id}])
        self.play.kind = "win_back"
        again = self._case(self.burning[5], self.seller)
        self.assertEqual((again.kind, again.state), ("win_back", "open"))

    def test_who_comes_back_after_the_loss_was_not_kept(self):
        partner = self.burning[5]
        self.play.window_days = 150
        case = self._case(partner, self.seller)
        self._see("2025-06-25", partner)
        event = self._event(partner)
        self._buy(partner, "2025-07-01", 50.0)
        self._see("2025-07-02", partner)
        self.work("2025-07-02")
        self.assertEqual(event.state, "returned")
        self.assertEqual(
            (case.state, case.next_purchase_on), ("lost", on("2025-07-01"))
        )
        self.assertFalse(event.won_back_case_id)

    def test_a_closed_case_is_not_closed_as_something_else(self):
        case = self._case(self.burning[5], self.seller)
        case._close("lost")
        for end in (case.action_cancel, case.action_let_go, case.action_lost):
            with self.subTest(end=end.__name__):
                with self.assertRaisesRegex(UserError, "case is closed"):
                    end()
        self.assertEqual(case.state, "lost")

    def test_an_offer_that_was_asked_about_can_be_copied(self):
        case = self._case(self.burning[5], self.seller)
        offer = self.env["customer.retention.offer"].create(
            {"case_id": case.id, "name": "Ten percent", "amount": 1.0}
        )
        offer._verb().write({"approver_id": self.manager.id})
        copy = offer.with_user(self.seller).copy()
        self.assertFalse(copy.approver_id)

    def test_what_the_job_writes_down_is_in_the_language_of_who_reads_it(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.seller.lang = "fr_FR"
        scores = type(self.env["customer.churn.score"])
        with patch.object(scores, "_compute_reasons", self._reasons_in_language):
            self.work()
        case = self.opened().filtered(lambda one: one.user_id == self.seller)[0]
        for reader, lang in ((self.seller, "fr_FR"), (self.manager, "en_US")):
            read = case.with_user(reader).with_context(lang=lang)
            self.assertEqual(read.reason_text, f"said in {lang}")

    @staticmethod
    def _reasons_in_language(scores):
        for score in scores:
            score.reasons = [f"said in {scores.env.lang}"]
            score.reason_text = score.reasons[0]

    def test_a_loss_tells_with_what_the_customer_was_won_back(self):
        partner = self.burning[5]
        back = self._play("Visit", kind="win_back", is_automatic=False)
        event = self.events.create({"partner_id": partner.id, "date": self.DAY})
        case = self._case(partner, self.seller)
        offer = self.env["customer.retention.offer"].create(
            {"case_id": case.id, "name": "Ten percent", "amount": 1.0}
        )
        offer._verb().write({"state": "given"})
        self.assertFalse(event.won_back_play_id)
        self._buy(partner, "2025-03-25", 50.0)
        self._see("2025-03-26", partner)
        self.work("2025-03-26")
        self.assertEqual(event.state, "returned")
        self.assertEqual(event.won_back_case_id, case)
        self.assertEqual(event.won_back_play_id, back)
        self.assertEqual(event.won_back_text, "Visit · Ten percent")
        self.take_back(partner, "2025-03-25")
        self._see("2025-03-27", partner)
        self.work("2025-03-27")
        self.assertFalse(event.won_back_case_id or event.won_back_play_id)


@tagged("post_install", "-at_install")
class TestPlacesForOthers(OutcomeCommon):
    """Those who rest at the top take nobody's place."""

    def test_the_next_ones_get_cases_when_the_top_rests(self):
        partners = self.burning[:5]
        self.play.cooldown_days = 365
        self.cases._verb().create(
            [
                {
                    "partner_id": partner.id,
                    "company_id": self.company.id,
                    "play_id": self.play.id,
                    "kind": "save",
                    "state": "let_go",
                    "opened_on": "2025-03-01",
                    "window_until": "2025-03-10",
                }
                for partner in partners
            ]
        )
        with patch.object(customer_retention_case_opening, "REACH", 1):
            self.work()
        opened = self.opened().filtered("is_automatic")
        self.assertEqual(opened.partner_id, self.burning[5:])


@tagged("post_install", "-at_install")
class TestMoved(OutcomeCommon):
    """Whatever binds a customer binds the one whose contact it has become."""

    def setUp(self):
        super().setUp()
        self.moved, self.head = self.burning[:2]

    def on_today(self):
        scores = self.env["customer.churn.score"]
        return scores.browse(scores._today_ids(self.company, 20)).partner_id

    def test_left_alone_binds_the_head(self):
        draw = self.hold(self.moved)
        self.assertIn(self.head, self.on_today())
        self.move(self.moved, self.head)
        self.assertNotIn(self.head, self.on_today())
        with self.assertRaisesRegex(UserError, "left alone"):
            with self.env.cr.savepoint():
                self._case(self.head, self.seller)
        self.assertIn(self.head.id, self.cases._busy_ids(self.company, draw.drawn_on))

    def test_rests_bind_the_head(self):
        for model, values in (
            ("customer.contact.log", {"result": "refused"}),
            ("customer.churn.snooze", {"rest_until": "2025-04-20"}),
        ):
            with self.subTest(model=model), self.env.cr.savepoint() as savepoint:
                self.env[model].create(
                    {
                        "partner_id": self.moved.id,
                        "company_id": self.company.id,
                        "date": self.DAY,
                        **values,
                    }
                )
                self.assertIn(self.head, self.on_today())
                self.move(self.moved, self.head)
                self.assertNotIn(self.head, self.on_today())
                scores = self.env["customer.churn.score"]
                score = scores.search([("partner_id", "=", self.head.id)])
                self.assertTrue(score.is_resting)
                self.assertIn(score, scores.search([("is_resting", "=", True)]))
                self.assertNotIn(score, scores.search([("is_resting", "=", False)]))
                savepoint.rollback()
                self.env.invalidate_all()

    def test_an_open_case_is_that_of_the_head(self):
        case = self._case(self.moved, self.seller)
        self.move(self.moved, self.head)
        with self.assertRaisesRegex(UserError, "open case already"):
            with self.env.cr.savepoint():
                self._case(self.head, self.manager)
        score = self.env["customer.churn.score"].search(
            [("partner_id", "=", self.head.id)]
        )
        action = score.with_user(self.manager).action_open_case()
        self.assertEqual(action["res_id"], case.id)
        about = score._today_about(self.company)
        self.assertEqual(about["case"], {self.head.id: case})

    def test_what_the_head_buys_ends_the_case(self):
        case = self._case(self.moved, self.seller)
        self.move(self.moved, self.head)
        self._buy(self.head, "2025-03-25", 500.0)
        self.work("2025-03-26")
        self.assertEqual((case.state, case.revenue_after), ("kept", 500.0))

    def test_who_has_become_a_contact_is_not_asked_why_it_left(self):
        event = self.events.create({"partner_id": self.moved.id, "date": self.DAY})
        self.assertTrue(event._askable())
        self.move(self.moved, self.head)
        self.assertFalse(event._askable())


@tagged("post_install", "-at_install")
class TestLeftAloneInDeed(OutcomeCommon):
    """Whoever is left alone is not approached by any way round."""

    def test_no_plan_of_a_step_for_who_is_left_alone(self):
        held, other = self.burning[:2]
        plan = self.env["mail.activity.plan"].create(
            {
                "name": "They left",
                "res_model": "res.partner",
                "company_id": False,
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": self.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                            "summary": "They left",
                            "responsible_type": "on_demand",
                        }
                    )
                ],
            }
        )
        lost = self.env["customer.relationship.condition"].search(
            [("kind", "=", "lost")]
        )
        lost.activity_plan_id = plan
        self.hold(held, until="2025-12-31")
        self.company.churn_contact_at_once = False
        self._see("2025-06-25", held, other)
        self.assertEqual(self._event(held).state, "lost")
        self.assertFalse(self._activities(held))
        self.assertEqual(self._activities(other).summary, "They left")

    def test_chance_is_asked_before_a_lost_key_customer_is_called(self):
        self._play("Back", kind="win_back", hold_out_share=50.0)
        self.company.churn_contact_at_once = True
        left_alone = self.burning[0]

        def is_drawn_out(draws, play, partner_id, on, window=""):
            return partner_id == left_alone.id

        with patch.object(type(self.draws), "_is_drawn_out", is_drawn_out):
            self._see("2025-06-25", *self.burning)
        drawn = self.draws.search([("kind", "=", "win_back")])
        held = drawn.filtered("is_held_out").partner_id
        called = drawn.partner_id - held
        self.assertEqual(held, left_alone)
        self.assertTrue(called)
        self.assertFalse(self._activities(held))
        self.assertEqual(len(self._activities(called)), len(called))
        cases = self.opened().filtered(lambda case: case.kind == "win_back")
        self.assertEqual(cases.partner_id, called)
        self.assertEqual(cases.draw_id, drawn.filtered(lambda d: not d.is_held_out))

    def test_what_was_planned_by_itself_is_taken_back(self):
        self.company.churn_contact_at_once = True
        key = self.burning[0]
        self._see("2025-06-25", key)
        event = self._event(key)
        self.assertTrue(event.contact_activity_id)
        plan = self.env["customer.care.plan"].create(
            {
                "name": "Care",
                "summary": "Say thank you",
                "trigger": "purchase",
                "days": 1,
                "company_id": self.company.id,
            }
        )
        score = self.env["customer.churn.score"].search([("partner_id", "=", key.id)])
        plan._touch(score, on(self.DAY), on(self.DAY))
        by_hand = key.activity_schedule(
            "mail.mail_activity_data_todo", automated=False, summary="Mine"
        )
        touches = self.env["customer.care.touch"].search([("plan_id", "=", plan.id)])
        self.assertTrue(touches)
        self.hold(key)
        self.assertEqual(self._activities(key), by_hand)
        self.assertFalse(touches.exists(), "It was never asked: it may be later.")

    def test_a_campaign_says_before_it_is_saved_who_can_be_written_to(self):
        self.env["mail.blacklist"]._add(self.burning[0].email)
        self.hold(self.burning[1])
        scores = self.env["customer.churn.score"].with_user(self.manager)
        scores = scores.search([("partner_id", "in", self.burning.ids)])
        context = scores.action_start_campaign()["context"]
        campaigns = self.env["customer.retention.campaign"].with_user(self.manager)
        form = Form(campaigns.with_context(**context))
        self.assertEqual((form.reachable_count, form.blocked_count), (6, 2))
        self.assertIn(self.burning[0].display_name, form.blocked_text)

    def test_quotations_of_who_is_left_alone_are_none_at_risk(self):
        held, other = self.burning[:2]
        orders = self._quotation(held, self.DAY) | self._quotation(other, self.DAY)
        orders.validity_date = "2025-12-31"
        self._work_queue()
        quotations = self.env["customer.churn.quotation"]
        here = [("company_id", "=", self.company.id)]
        self.assertEqual(quotations.search(here).order_id, orders)
        self.hold(held)
        self.assertEqual(quotations.search(here).order_id.partner_id, other)
