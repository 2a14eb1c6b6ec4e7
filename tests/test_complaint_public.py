"""The public page, the status page and My complaints, for people and robots."""

import re
from datetime import timedelta
from urllib.parse import unquote

from lxml import html

from odoo import fields, http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers import complaint_forms, complaint_portal, complaint_public
from .complaint_common import ComplaintCommon

HTTP = "odoo.http"


class PageCommon(HttpCase, ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.complaint_public_page = True
        cls.place = cls.company._complaint_url()

    def setUp(self):
        super().setUp()
        self.patch(complaint_public, "LEAST_SECONDS", 0)
        self.authenticate(None, None)

    def _csrf(self):
        return http.Request.csrf_token(self)

    def _post(self, url, data=None, csrf=True, **options):
        values = {**(data or {})}
        if csrf:
            values["csrf_token"] = self._csrf()
        return self.url_open(url, data=values, method="POST", **options)

    def _fields_of(self, page):
        """Return the values of the form of a page, as a browser would send them."""
        form = html.fromstring(page.content).xpath("//main//form[@method='post']")[0]
        return {
            name: value
            for name, value in form.form_values()
            if name not in ("csrf_token",)
        }

    def _fill_in(self, **values):
        """Open the form, fill it in, send it."""
        page = self.url_open(self.place)
        self.assertEqual(page.status_code, 200)
        data = {
            **self._fields_of(page),
            "text": "My lamp is broken\nIt fell apart.",
            "email": "ann@example.org",
            "name": "Ann",
            **values,
        }
        return self._post(self.place, data, **values.pop("options", {}))

    def _complaints_of(self, email):
        return self.Complaint.search([("email_normalized", "=", email)])


@tagged("post_install", "-at_install")
class TestPublicPage(PageCommon):
    def test_complaining_without_an_account(self):
        page = self._fill_in(keep="1", reference="S0815")
        complaint = self._complaints_of("ann@example.org")
        self.assertRecordValues(
            complaint,
            [
                {
                    "subject": "My lamp is broken",
                    "channel": "web",
                    "kind": "complaint",
                    "company_id": self.company.id,
                    "partner_id": False,
                    "partner_name": "Ann",
                    "is_kept_from_salesperson": True,
                    "given_reference": "S0815",
                }
            ],
        )
        self.assertIn(complaint.name, page.text)
        self.assertIn("/complaints/status/", page.url)
        self.assertTrue(complaint.acknowledged_at)

    def test_known_customer_by_address(self):
        order = self._order(self.partner, "2025-06-01")
        self._fill_in(email="customer@example.com", reference=order.name)
        complaint = self._complaints_of("customer@example.com")
        self.assertEqual(complaint.partner_id, self.partner)
        self.assertEqual(complaint.order_id, order)

    def test_number_of_somebody_elses_order(self):
        order = self._order(self.partner, "2025-06-01")
        page = self._fill_in(reference=order.name)
        complaint = self._complaints_of("ann@example.org")
        self.assertFalse(complaint.order_id)
        self.assertEqual(complaint.given_reference, order.name)
        self.assertNotIn(order.name, page.text)

    def test_a_number_is_taken_as_it_was_typed(self):
        order = self._order(self.partner, "2025-06-01")
        for reference in ("\\", "100%\\", order.name[:-1] + "_", order.name[:-1] + "%"):
            with self.subTest(reference=reference):
                found = self.Complaint._resolve_reference(
                    reference, self.partner, self.company
                )
                self.assertFalse(found.get("order_id"))
                self.assertEqual(found["given_reference"], reference)
        self._fill_in(email="customer@example.com", reference="SO\\")
        complaint = self._complaints_of("customer@example.com")
        self.assertEqual(complaint.given_reference, "SO\\")

    def test_page_of_a_team(self):
        places = self.env["res.company"]._complaint_places()
        slug = next(slug for slug, place in places.items() if place == self.team)
        self.place = f"/complaints/{slug}"
        self._fill_in()
        self.assertEqual(self._complaints_of("ann@example.org").team_id, self.team)

    @mute_logger(HTTP)
    def test_unknown_and_closed_pages(self):
        self.assertEqual(self.url_open("/complaints/nobody-here").status_code, 404)
        self.company.complaint_public_page = False
        self.env.flush_all()
        self.assertEqual(self.url_open(self.place).status_code, 404)

    @mute_logger(HTTP)
    def test_closed_pages_say_where_to_turn_to_and_take_nothing(self):
        data = self._fields_of(self.url_open(self.place))
        self.company.complaint_public_page = False
        # whom the public user belongs to
        self.env.ref("base.main_company").write(
            {"complaint_public_page": False, "email": "care@example.com"}
        )
        self.env.flush_all()
        pages = [self.url_open(self.place), self.url_open("/complaints")]
        pages.append(
            self._post(
                self.place, {**data, "text": "Broken", "email": "ann@example.org"}
            )
        )
        for page in pages:
            self.assertEqual(page.status_code, 404)
            self.assertIn("care@example.com", page.text)
            self.assertNotIn(self.company.name, page.text)
        self.assertFalse(self._complaints_of("ann@example.org"))

    def test_nobody_has_a_page_before_somebody_switches_it_on(self):
        company = self._create_company("Without a Page")
        self.assertFalse(company.complaint_public_page)
        self.assertFalse(company._complaint_url())

    def test_what_is_missing_is_asked_for_and_nothing_is_lost(self):
        page = self._fill_in(email="nonsense")
        self.assertEqual(page.status_code, 422)
        self.assertIn("It fell apart.", page.text)
        self.assertFalse(self._complaints_of("nonsense"))

    def test_only_what_the_form_asks_is_taken_over(self):
        self._fill_in(
            severity="critical", user_id=self.boss.id, stage_id=1, channel="phone"
        )
        complaint = self._complaints_of("ann@example.org")
        self.assertEqual(complaint.channel, "web")
        self.assertFalse(complaint.severity_set_by_person)
        self.assertFalse(complaint.user_id == self.boss)

    def test_markup_is_text(self):
        self._fill_in(text="<script>alert(1)</script> & <b>bold</b>")
        complaint = self._complaints_of("ann@example.org")
        self.assertIn("&lt;script&gt;", complaint.description)

    def test_honeypot(self):
        page = self._fill_in(website="https://spam.example")
        self.assertEqual(page.status_code, 200)
        self.assertIn("Thank you", page.text)
        self.assertFalse(self._complaints_of("ann@example.org"))

    def test_faster_than_anybody(self):
        self.patch(complaint_public, "LEAST_SECONDS", 60)
        self._fill_in()
        self.assertFalse(self._complaints_of("ann@example.org"))

    def test_without_the_form(self):
        for opened in ("", "forged", "AQ" * 40):
            page = self._post(
                self.place, {"text": "x", "email": "ann@example.org", "opened": opened}
            )
            self.assertEqual(page.status_code, 422)
        self.assertFalse(self._complaints_of("ann@example.org"))

    @mute_logger(HTTP)
    def test_csrf(self):
        data = self._fields_of(self.url_open(self.place))
        data.update(text="x", email="ann@example.org")
        page = self._post(self.place, data, csrf=False)
        self.assertEqual(page.status_code, 400)
        self.assertFalse(self._complaints_of("ann@example.org"))

    def test_rate_limit(self):
        self.patch(complaint_public, "FORMS_PER_HOUR", 3)
        pages = [self._fill_in(email=f"ann{number}@example.org") for number in range(5)]
        self.assertEqual(
            [page.status_code for page in pages], [200, 200, 200, 422, 422]
        )
        found = self.Complaint.search([("email_normalized", "=like", "ann_@%")])
        self.assertEqual(len(found), 3)
        kept = self.env["customer.complaint.throttle"].search([])
        self.assertFalse([one for one in kept if "127.0.0.1" in one.key])

    def test_nobody_is_flooded_with_acknowledgements(self):
        self.patch(complaint_public, "FORMS_PER_MAILBOX", 2)
        for _number in range(4):
            self._fill_in()
        self.assertEqual(len(self._complaints_of("ann@example.org")), 2)

    def test_old_uses_are_forgotten(self):
        throttle = self.env["customer.complaint.throttle"]
        throttle._is_allowed("form", "1.2.3.4", 1, 60)
        self.assertFalse(throttle._is_allowed("form", "1.2.3.4", 1, 60))
        throttle.search([]).used_at -= timedelta(hours=25)
        self.assertTrue(throttle._is_allowed("form", "1.2.3.4", 1, 60))
        throttle._gc_uses()
        self.assertEqual(throttle.search_count([]), 1)

    def test_attachments(self):
        page = self.url_open(self.place)
        data = {**self._fields_of(page), "text": "Look", "email": "ann@example.org"}
        data.pop("files", None)
        files = [
            ("files", ("photo.txt", b"proof", "text/plain")),
            ("files", ("page.html", b"<script>alert(1)</script>", "text/html")),
        ]
        self._post(self.place, data, files=files)
        found = self._complaints_of("ann@example.org").message_ids.attachment_ids
        self.assertEqual(sorted(found.mapped("name")), ["page.html", "photo.txt"])
        self.assertEqual(set(found.mapped("mimetype")), {"text/plain"})

    def test_attachments_beyond_the_limit(self):
        self.env["ir.config_parameter"].set_param(
            "customer_retention.complaint_attachment_mb", "1"
        )
        data = {
            **self._fields_of(self.url_open(self.place)),
            "text": "Look",
            "email": "ann@example.org",
        }
        data.pop("files", None)
        page = self._post(
            self.place, data, files=[("files", ("big.bin", b"x" * 1048577, None))]
        )
        self.assertEqual(page.status_code, 422)
        self.assertIn("1 MB", page.text)
        self.assertFalse(self._complaints_of("ann@example.org"))


@tagged("post_install", "-at_install")
class TestStatusPage(PageCommon):
    def setUp(self):
        super().setUp()
        self.complaint = self._complain(channel="web", user_id=self.handler.id)
        self.status = self.complaint._status_path()
        self.env.flush_all()

    def test_number_and_words_but_not_the_conversation(self):
        self.complaint.with_user(self.handler)._post_to_customer("Between us two")
        self.complaint.with_user(self.handler).message_post(body="Secret note")
        page = self.url_open(self.status)
        self.assertIn(self.complaint.name, page.text)
        self.assertIn("We are working on it", page.text)
        self.assertNotIn("Between us two", page.text)
        self.assertNotIn("Secret note", page.text)
        self.assertNotIn(self.complaint.subject, page.text)
        self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")

    @mute_logger(HTTP)
    def test_wrong_token(self):
        for token in ("x", "x" * 32, self.complaint._portal_ensure_token()):
            page = self.url_open(f"/complaints/status/{token}")
            self.assertEqual(page.status_code, 404)
            page = self._post(f"/complaints/status/{token}", {"text": "Hello"})
            self.assertEqual(page.status_code, 404)

    def test_its_token_does_not_open_the_conversation(self):
        token = self.complaint.status_token
        self.complaint.with_user(self.handler)._post_to_customer("Between us two")
        page = self.url_open(f"/my/complaints/{self.complaint.id}?access_token={token}")
        self.assertNotIn("Between us two", page.text)
        fetched = self.url_open(
            "/mail/chatter_fetch",
            json={
                "params": {
                    "thread_model": "customer.complaint",
                    "thread_id": self.complaint.id,
                    "token": token,
                }
            },
        )
        self.assertNotIn("Between us two", fetched.text)

    def test_answer(self):
        self.complaint._record_event("waiting")
        self.env.flush_all()
        page = self._post(self.status, {"text": "The number is 5"})
        self.assertIn("sent=1", page.url)
        self.assertEqual(self.complaint.status, "open")
        said = self.complaint.message_ids[:1]
        self.assertIn("The number is 5", said.body)
        self.assertEqual(said.author_id, self.partner)
        self.assertFalse(self.complaint.answered_at)

    @mute_logger(HTTP)
    def test_reading_writes_nothing(self):
        self.complaint._record_event("waiting")
        before = self.complaint.message_ids
        self.env.flush_all()
        self.url_open(f"{self.status}?text=Hello&reopen=1")
        self.assertEqual(self.complaint.message_ids, before)
        self.assertEqual(self.complaint.status, "waiting")
        page = self._post(self.status, {"text": "Hello"}, csrf=False)
        self.assertEqual(page.status_code, 400)
        self.assertEqual(self.complaint.message_ids, before)

    def test_merged_leads_to_the_other(self):
        target = self._complain(subject="Other")
        self.complaint._merge_into(target)
        self.env.flush_all()
        self.assertIn(target.name, self.url_open(self.status).text)

    @mute_logger(HTTP)
    def test_the_link_expires(self):
        self.complaint._record_event("closed")
        self.complaint.closed_at = fields.Datetime.now() - timedelta(days=181)
        self.env.flush_all()
        self.assertEqual(self.url_open(self.status).status_code, 404)


@tagged("post_install", "-at_install")
class TestPortal(PageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        person = cls._create_partner(
            "Person", is_company=False, parent_id=cls.partner.id, email="p@example.com"
        )
        cls.customer = new_test_user(
            cls.env,
            "complaint_customer",
            groups="base.group_portal",
            partner_id=person.id,
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.stranger = new_test_user(
            cls.env,
            "complaint_stranger",
            groups="base.group_portal",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.complaint = cls._complain(subject="Lamp of ours", user_id=cls.handler.id)
        cls.complaint.with_user(cls.handler)._post_to_customer("We look into it")
        cls.complaint.with_user(cls.handler).message_post(
            body="Secret note",
            subtype_xmlid="mail.mt_note",
            attachments=[("secret.txt", b"secret")],
        )
        cls.url = f"/my/complaints/{cls.complaint.id}"

    def _login(self, user):
        self.authenticate(user.login, user.login)

    def test_list_shows_the_own_company_only(self):
        self._complain(
            subject="Of somebody else", partner_id=self._create_partner("Else").id
        )
        self._login(self.customer)
        page = self.url_open("/my/complaints")
        self.assertIn("Lamp of ours", page.text)
        self.assertIn("We are working on it", page.text)
        self.assertNotIn("Of somebody else", page.text)
        self._login(self.stranger)
        self.assertNotIn("Lamp of ours", self.url_open("/my/complaints").text)

    def test_detail(self):
        self._login(self.customer)
        page = self.url_open(self.url)
        self.assertIn("We look into it", page.text)
        self.assertIn(self.complaint.name, page.text)
        self.assertNotIn("Secret note", page.text)
        self.assertNotIn("secret.txt", page.text)

    def test_moments_name_their_zone_wherever_they_stand(self):
        self._login(self.customer)
        page = html.fromstring(self.url_open(self.url).content)
        received = self.complaint._customer_time(self.complaint.received_at)
        moments = page.xpath("//span[contains(@class, 'o_customer_said_at')]")
        self.assertTrue(moments)
        zone = received[received.rindex("(") :]
        for moment in moments:
            self.assertIn(zone, moment.text_content())

    def test_who_is_not_signed_in_comes_back_after_signing_in(self):
        page = self.url_open(self.url, allow_redirects=False)
        self.assertEqual(page.status_code, 303)
        self.assertIn("/web/login", page.headers["Location"])
        self.assertIn(f"redirect={self.url}", unquote(page.headers["Location"]))

    def test_what_is_taken_up_again_is_not_new(self):
        self.complaint._record_event("closed")
        self.complaint._record_event("reopened")
        self.assertEqual(
            self.complaint._customer_status()["headline"], "We are working on it again"
        )

    def test_home_leads_there(self):
        self._login(self.customer)
        self.assertIn("/my/complaints", self.url_open("/my").text)

    def test_an_order_leads_there(self):
        order = self._order(self.partner, "2025-06-01")
        self._login(self.customer)
        page = self.url_open(f"/my/orders/{order.id}")
        address = f"/my/complaints/new?order_id={order.id}"
        self.assertIn(address, page.text)
        page = html.fromstring(self.url_open(address).content)
        chosen = page.xpath("//select[@name='order_id']/option[@selected]/@value")
        self.assertEqual(chosen, [str(order.id)])

    @mute_logger(HTTP)
    def test_another_customers_complaint(self):
        self._login(self.stranger)
        page = self.url_open(self.url)
        self.assertNotIn("Lamp of ours", page.text)
        before = self.complaint.message_ids
        for token in ("", "wrong", str(self.complaint.id)):
            page = self._post(
                f"{self.url}/answer", {"text": "Hello", "access_token": token}
            )
            self.assertEqual(page.status_code, 404)
        self.assertEqual(self.complaint.message_ids, before)

    @mute_logger(HTTP)
    def test_attachments_of_notes_stay_inside(self):
        said = self.complaint._post_from_customer("See", [("mine.txt", b"mine")])
        secret = self.env["ir.attachment"].search([("name", "=", "secret.txt")])
        self.env.flush_all()
        self.assertFalse(secret.with_user(self.customer).has_access("read"))
        self.assertTrue(secret.with_user(self.handler).has_access("read"))
        self._login(self.customer)
        self.assertEqual(self.url_open(f"/web/content/{secret.id}").status_code, 404)
        page = self.url_open(f"{self.url}/attachment/{said.attachment_ids.id}")
        self.assertEqual(page.content, b"mine")
        page = self.url_open(f"{self.url}/attachment/{secret.id}")
        self.assertEqual(page.status_code, 404)
        self._login(self.stranger)
        page = self.url_open(f"{self.url}/attachment/{said.attachment_ids.id}")
        self.assertEqual(page.status_code, 404)

    def test_answer(self):
        self._login(self.customer)
        self._post(
            f"{self.url}/answer",
            {"text": "Here you are"},
            files=[("files", ("photo.txt", b"proof", "text/plain"))],
        )
        said = self.complaint.message_ids[:1]
        self.assertIn("Here you are", said.body)
        self.assertEqual(said.author_id, self.customer.partner_id)
        self.assertEqual(said.attachment_ids.mapped("name"), ["photo.txt"])

    @mute_logger(HTTP)
    def test_changes_need_post_and_csrf(self):
        before = self.complaint.message_ids
        self._login(self.customer)
        self.assertEqual(
            self.url_open(f"{self.url}/answer?text=Hello").status_code, 405
        )
        page = self._post(f"{self.url}/answer", {"text": "Hello"}, csrf=False)
        self.assertEqual(page.status_code, 400)
        self.url_open(f"{self.url}?text=Hello&reopen=1")
        self.assertEqual(self.complaint.message_ids, before)

    def test_answers_of_a_login_are_limited(self):
        self.patch(complaint_forms, "ANSWERS_PER_HOUR", 2)
        self._login(self.customer)
        statuses = [
            self._post(f"{self.url}/answer", {"text": f"Word {number}"}).status_code
            for number in range(3)
        ]
        self.assertEqual(statuses, [200, 200, 422])

    def test_reopen(self):
        self.complaint._record_event("resolved")
        self.env.flush_all()
        self._login(self.customer)
        self.assertIn("Not settled yet?", self.url_open(self.url).text)
        self._post(f"{self.url}/answer", {"text": "Thanks", "reopen": "1"})
        self.assertEqual(self.complaint.status, "open")

    def test_too_late_to_reopen_follows_up(self):
        self.complaint._record_event("resolved")
        self.complaint.resolved_at = fields.Datetime.now() - timedelta(days=60)
        self.env.flush_all()
        self._login(self.customer)
        page = self._post(f"{self.url}/answer", {"text": "It broke", "reopen": "1"})
        follow_up = self.Complaint.search([("follow_up_of_id", "=", self.complaint.id)])
        self.assertEqual(len(follow_up), 1)
        self.assertIn(f"/my/complaints/{follow_up.id}", page.url)
        self.assertIn("It broke", page.text)
        self.assertEqual(self.complaint.status, "resolved")

    def test_by_the_link_in_a_mail(self):
        token = self.complaint._portal_ensure_token()
        self.env.flush_all()
        page = self.url_open(f"{self.url}?access_token={token}")
        self.assertIn("We look into it", page.text)
        self.assertNotIn("Secret note", page.text)
        self._post(f"{self.url}/answer", {"text": "By link", "access_token": token})
        said = self.complaint.message_ids[:1]
        self.assertIn("By link", said.body)
        self.assertEqual(said.author_id, self.partner)
        page = self.url_open(f"{self.url}?access_token={token[:-1]}x")
        self.assertNotIn("We look into it", page.text)

    def test_new_with_an_own_order(self):
        own = self._order(self.partner, "2025-06-01")
        foreign = self._order(self._create_partner("Else"), "2025-06-01")
        self._login(self.customer)
        page = self.url_open("/my/complaints/new")
        self.assertIn(own.name, page.text)
        self.assertNotIn(foreign.name, page.text)
        for order, found in ((own, own), (foreign, foreign.browse())):
            with self.subTest(order=order):
                page = self._post(
                    "/my/complaints/new",
                    {"text": f"About {order.id}", "order_id": order.id, "keep": "1"},
                )
                complaint = self.Complaint.search(
                    [("subject", "=", f"About {order.id}")]
                )
                self.assertEqual(complaint.order_id, found)
                self.assertEqual(complaint.channel, "portal")
                self.assertEqual(complaint.partner_id, self.customer.partner_id)
                self.assertTrue(complaint.is_kept_from_salesperson)
                self.assertIn(complaint.name, page.text)

    def test_one_login_does_not_flood_us(self):
        self.patch(complaint_portal, "FORMS_PER_HOUR", 1)
        self._login(self.customer)
        self.url_open("/my/complaints/new")
        pages = [
            self._post("/my/complaints/new", {"text": f"Flood {number}"})
            for number in range(2)
        ]
        self.assertEqual([page.status_code for page in pages], [200, 422])
        self.assertIn("Flood 1", pages[1].text, "what was written is not lost")
        self.assertEqual(
            self.Complaint.search_count([("subject", "=like", "Flood%")]), 1
        )

    def test_when_in_words(self):
        until = fields.Datetime.now() + timedelta(days=2)
        self.complaint._record_event("promised", until=until)
        self.env.flush_all()
        self._login(self.customer)
        page = self.url_open(self.url)
        self.assertTrue(re.search(r"You will hear from us by \w+", page.text))

    def test_internal_fields_are_closed_to_customers(self):
        seen = self.complaint.with_user(self.customer)
        self.assertTrue(seen.read(["name", "subject"]))
        for name in ("undecided_message_id", "status_token", "duplicate_ids"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                seen.read([name])
