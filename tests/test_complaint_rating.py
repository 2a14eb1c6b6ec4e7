"""The customer who is logged in says how it was on the page of the complaint."""

from lxml import html

from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..models import customer_survey_link_mixin
from .test_complaint_public import HTTP, PageCommon


@tagged("post_install", "-at_install")
class TestComplaintRating(PageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        person = cls._create_partner(
            "Person", is_company=False, parent_id=cls.partner.id, email="p@example.com"
        )
        cls.customer = cls._create_portal_user("rating_customer", partner_id=person.id)
        cls.stranger = cls._create_portal_user("rating_stranger")
        cls.company.complaint_use_survey = True
        cls.complaint = cls._complain(subject="Lamp of ours", user_id=cls.handler.id)
        cls.url = f"/my/complaints/{cls.complaint.id}"

    @classmethod
    def _create_portal_user(cls, login, **values):
        return new_test_user(
            cls.env,
            login,
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            **values,
        )

    def setUp(self):
        super().setUp()
        self.patch(customer_survey_link_mixin, "SHORTEST_READING", 0)

    def _resolve(self):
        self.complaint._record_event("resolved")
        return self.complaint.survey_ids

    def _open(self, user):
        self.authenticate(user.login, user.login)
        return self.url_open(self.url)

    def _question(self, page):
        """Return the values of the form that asks, None where nobody is asked."""
        forms = html.fromstring(page.content).xpath("//*[@id='rate']//form")
        return dict(forms[0].form_values()) if forms else None

    def _rate(self, page, **values):
        data = {**self._question(page), **values}
        data.pop("csrf_token")
        return self._post(f"{self.url}/rate", data)

    def test_nobody_is_asked_before_the_end(self):
        self.assertIsNone(self._question(self._open(self.customer)))
        page = self._post(f"{self.url}/rate", {"satisfaction": "5"})
        self.assertEqual(page.status_code, 404)

    def test_the_first_answer_stays(self):
        survey = self._resolve()
        page = self._open(self.customer)
        thanks = self._rate(page, satisfaction="2", comment="Too slow")
        self.assertIn("Would you tell us a little more?", thanks.text)
        self._rate(page, satisfaction="5", comment="Great")
        survey.invalidate_recordset()
        self.assertRecordValues(
            survey, [{"state": "answered", "satisfaction": "2", "comment": "Too slow"}]
        )
        self.assertEqual(self.complaint.activity_ids.user_id, self.handler)

    def test_more_about_it_is_asked_once(self):
        survey = self._resolve()
        more = self._rate(self._open(self.customer), satisfaction="4")
        self.assertNotIn("satisfaction", self._question(more))
        thanks = self._rate(more, process_grade="3", outcome_grade="5")
        self.assertIsNone(self._question(thanks))
        self.assertIn("We have your answer", thanks.text)
        survey.invalidate_recordset()
        self.assertEqual((survey.process_grade, survey.outcome_grade), ("3", "5"))

    def test_answered_by_the_link_of_the_mail_is_answered_here(self):
        survey = self._resolve()
        survey._answer("5")
        page = self._open(self.customer)
        self.assertNotIn("satisfaction", self._question(page))

    def test_what_was_sent_faster_than_anybody_reads_is_no_answer(self):
        survey = self._resolve()
        page = self._open(self.customer)
        self.patch(customer_survey_link_mixin, "SHORTEST_READING", 3600)
        self._rate(page, satisfaction="1")
        survey.invalidate_recordset()
        self.assertEqual(survey.state, "waiting")

    def test_others_are_not_asked(self):
        survey = self._resolve()
        link = f"{self.url}?access_token={self.complaint._portal_ensure_token()}"
        proof = survey._issue_reading_proof()
        for user in (self.stranger, self.handler, None):
            with self.subTest(user=user and user.login), mute_logger(HTTP):
                login = user and user.login
                self.authenticate(login, login)
                self.assertIsNone(self._question(self.url_open(link)))
                self._post(f"{self.url}/rate", {"satisfaction": "1", "proof": proof})
                survey.invalidate_recordset()
                self.assertEqual(survey.state, "waiting")

    def test_rating_needs_post_and_csrf(self):
        survey = self._resolve()
        page = self._open(self.customer)
        data = {**self._question(page), "satisfaction": "1"}
        data.pop("csrf_token")
        with mute_logger(HTTP):
            self.assertEqual(self.url_open(f"{self.url}/rate").status_code, 405)
            refused = self._post(f"{self.url}/rate", data, csrf=False)
        self.assertEqual(refused.status_code, 400)
        survey.invalidate_recordset()
        self.assertEqual(survey.state, "waiting")

    def test_without_surveys_nobody_is_asked(self):
        self.company.complaint_use_survey = False
        self.assertFalse(self._resolve())
        self.assertIsNone(self._question(self._open(self.customer)))
