from odoo import http
from odoo.exceptions import UserError
from odoo.tests import HttpCase, tagged

from ..models import customer_survey_link_mixin
from .common import on
from .retention_common import KeepCommon


@tagged("post_install", "-at_install")
class TestExitSurvey(HttpCase, KeepCommon):
    """Whoever left is asked once; a link authorizes nothing by itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.leaver = cls._rhythm("Leaver", "2024-12-01", 200.0)
        cls._see("2025-01-10", cls.leaver)
        cls._see("2025-06-20", cls.leaver)
        cls.event = cls.events.search([("partner_id", "=", cls.leaver.id)])
        cls.company.email = "us@example.com"
        cls.reason = cls.env.ref("customer_retention.customer_churn_reason_pricing")

    def setUp(self):
        super().setUp()
        self.patch(customer_survey_link_mixin, "SHORTEST_READING", 0)
        self.authenticate(None, None)

    def ask(self):
        self.event.with_user(self.seller).action_ask()
        return self.event.survey_ids

    def path(self, survey):
        return f"/leaving/survey/{survey._get_token()}"

    def post(self, url, **form):
        form.setdefault("proof", self.event.survey_ids._issue_reading_proof())
        form["csrf_token"] = http.Request.csrf_token(self)
        self.env.flush_all()
        answer = self.url_open(url, data=form, method="POST")
        self.env.invalidate_all()
        return answer

    def test_a_mail_with_a_link_and_only_once(self):
        survey = self.ask()
        mail = self.env["mail.mail"].search([("model", "=", survey._name)])
        self.assertIn("/leaving/survey/", mail.body_html)
        self.assertEqual(mail.recipient_ids, self.leaver)
        with self.assertRaisesRegex(UserError, "Nobody can be asked"):
            self.event.action_ask()

    def test_an_answer_explains_the_loss(self):
        survey = self.ask()
        page = self.url_open(self.path(survey))
        self.assertIn("Too expensive", page.text)
        self.assertEqual(survey.state, "sent", "reading changes nothing")
        answer = self.post(
            self.path(survey),
            reason=str(self.reason.id),
            words="Twice the price",
            competitor="Acme",
        )
        self.assertIn("Thank you", answer.text)
        self.assertEqual(survey.state, "answered")
        self.assertRecordValues(
            self.event,
            [
                {
                    "main_reason_id": self.reason.id,
                    "words": "Twice the price",
                    "competitor": "Acme",
                }
            ],
        )
        self.assertEqual(self.event.mention_ids.source, "survey")
        self.assertFalse(self.event.mention_ids.user_id)

    def test_an_empty_answer_is_asked_for_something(self):
        survey = self.ask()
        answer = self.post(self.path(survey), words="  ")
        self.assertIn("Nothing was chosen or written yet", answer.text)
        self.assertEqual(survey.state, "sent")
        self.assertNotIn("Nothing was chosen", self.url_open(self.path(survey)).text)

    def test_where_they_buy_now_is_an_answer_by_itself(self):
        survey = self.ask()
        answer = self.post(self.path(survey), competitor="Acme")
        self.assertIn("Thank you", answer.text)
        self.assertEqual(survey.state, "answered")
        self.assertEqual(self.event.competitor, "Acme")
        self.assertFalse(self.event.reason_ids)

    def test_the_salesperson_reads_the_answer_as_it_was_given(self):
        self.leaver.user_id = self.seller
        survey = self.ask()
        self.post(self.path(survey), reason=str(self.reason.id), words="Twice as much")
        notes = self.leaver.activity_ids.filtered(
            lambda one: one.user_id == self.seller
        )
        self.assertIn("Too expensive: Twice as much", notes.note)

    def test_the_first_answer_counts(self):
        survey = self.ask()
        self.post(self.path(survey), reason=str(self.reason.id))
        self.post(self.path(survey), words="Something else")
        self.assertFalse(survey.words)

    def test_a_link_does_not_answer_for_who_came_back(self):
        survey = self.ask()
        url = self.path(survey)
        self._buy(self.leaver, "2025-06-25")
        self._see("2025-06-26", self.leaver)
        page = self.post(url, reason=str(self.reason.id))
        self.assertEqual(survey.state, "sent")
        self.assertFalse(self.event.reason_ids)
        self.assertIn("Good to see you again", page.text)

    def test_only_reasons_that_are_offered(self):
        survey = self.ask()
        hidden = self.env.ref("customer_retention.customer_churn_reason_bad_faith")
        for text in (str(hidden.id), "0", "x", "-1", "1 OR 1=1", ""):
            self.post(self.path(survey), reason=text)
            self.assertEqual(survey.state, "sent", text)

    def test_forged_and_hasty_answers_change_nothing(self):
        survey = self.ask()
        url = self.path(survey)
        for wrong in (url[:-2] + "xx", "/leaving/survey/x", f"{url}x"):
            self.assertIn("no longer valid", self.post(wrong, words="x").text)
        self.post(url, words="x", proof="forged")
        self.patch(customer_survey_link_mixin, "SHORTEST_READING", 3600)
        self.post(url, words="x")
        self.assertEqual(survey.state, "sent")

    def test_not_who_wants_no_mail_or_is_left_alone_or_came_back(self):
        self.assertTrue(self.event._askable())
        self.env["mail.blacklist"]._add(self.leaver.email)
        self.leaver.invalidate_recordset()
        self.assertFalse(self.event._askable())
        self.env["mail.blacklist"]._remove(self.leaver.email)
        self.leaver.invalidate_recordset()
        play = self._play()
        draw = self.draws.create(
            self.draws._prepare_draw(
                play, self.company, on("2025-06-20"), True, partner_id=self.leaver.id
            )
        )
        self.assertFalse(self.event._askable())
        draw.until = "2025-06-19"
        self.assertTrue(self.event._askable())

    def test_by_itself_only_if_the_company_wants_and_when_it_is_time(self):
        surveys = self.env["customer.churn.survey"]
        self.assertFalse(surveys._due_events() & self.event)
        self.company.churn_ask_days = 3
        self.assertTrue(surveys._due_events() & self.event)
        self.company.churn_ask_days = 30
        self.assertFalse(surveys._due_events() & self.event)
