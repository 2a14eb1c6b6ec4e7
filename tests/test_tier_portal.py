"""My membership: customers see their own, and nothing that is internal."""

from unittest.mock import patch

from odoo import http
from odoo.fields import Command
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .common import on
from .tier_common import TierCommon

HTTP = "odoo.http"


@tagged("post_install", "-at_install")
class TestTierPortal(HttpCase, TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls._create_partner("Harbor Bakery", is_company=True)
        cls.other = cls._create_partner("Quay Garage", is_company=True)
        cls.buyer = cls._create_portal_user("tier_buyer", cls.customer)
        cls.stranger = cls._create_portal_user("tier_stranger", cls.other)
        cls._order(cls.customer, "2025-06-01", 1234.0)
        cls._work_queue()
        cls._set_tier(cls.customer, cls.silver, value=1234.0)
        cls.silver.write(
            {
                "description": "<p>Thank you for your trust.</p>",
                "benefit_ids": [
                    Command.create({"name": "Free delivery", "cost_per_member": 99.5}),
                    Command.create({"name": "Watched by sales", "is_shown": False}),
                ],
            }
        )

    @classmethod
    def _create_portal_user(cls, login, account):
        user = new_test_user(
            cls.env, login, groups="base.group_portal", company_id=cls.company.id
        )
        user.partner_id.parent_id = account
        return user

    def _page(self, user):
        self.authenticate(user.login, user.login)
        response = self.url_open("/my/membership")
        self.assertEqual(response.status_code, 200)
        return response.text

    def test_a_contact_sees_the_membership_of_the_company(self):
        page = self._page(self.buyer)
        for words in ("Silver", "Harbor Bakery", "Free delivery", "your trust"):
            self.assertIn(words, page)
        self.assertIn("You are here", page)

    def test_nothing_internal_is_shown(self):
        self.env["customer.tier.grant"].create(
            {
                "partner_id": self.customer.id,
                "tier_id": self.gold.id,
                "reason": "goodwill",
                "note": "Threatens to leave",
                "date_until": "2025-12-31",
            }
        )
        page = self._page(self.buyer)
        for words in ("Watched by sales", "99.5", "Threatens", "oodwill"):
            self.assertNotIn(words, page)

    def test_the_history_is_what_stands_and_not_what_was_corrected(self):
        wrong = {
            "partner_id": self.customer.id,
            "ladder_id": self.ladder.id,
            "company_id": self.company.id,
            "from_tier_id": None,
            "to_tier_id": self.gold.id,
            "direction": "entry",
            "date": on("2025-06-01"),
            "recorded_at": self._noon("2025-06-02"),
            "cause": "earned",
            "trigger": "rule",
            "is_live": False,
            "corrects_from": None,
            "valid_until": None,
            "grant_id": None,
            "version_id": None,
            "evidence": {},
        }
        right = wrong | {
            "date": on("2025-06-02"),
            "to_tier_id": self.silver.id,
            "trigger": "correction",
            "corrects_from": on("2025-06-01"),
        }
        log = self.env["customer.tier.transition"]
        for values in (wrong, right):
            log._record([values], live=False)
        membership = self.env["customer.tier.membership"].search(
            [("partner_id", "=", self.customer.id)]
        )
        changes = membership._prepare_portal_changes()
        self.assertEqual([one["tier"] for one in changes], ["Silver"])

    def test_strangers_see_nothing_of_others(self):
        page = self._page(self.stranger)
        self.assertNotIn("Silver", page)
        self.assertIn("not a member", page)
        row = self._membership(self.customer)
        with mute_logger(HTTP):
            response = self.url_open(f"/my/membership/{row.id}/certificate")
        self.assertEqual(response.status_code, 404)

    def test_the_page_asks_for_a_login(self):
        self.authenticate(None, None)
        response = self.url_open("/my/membership", allow_redirects=False)
        self.assertEqual(response.status_code, 303)

    def _certificate(self, state):
        """Ask for it where the program that makes PDFs is in some state."""
        row = self._membership(self.customer)
        reports = self.env.registry["ir.actions.report"]
        with patch.object(reports, "get_wkhtmltopdf_state", lambda self: state):
            return self.url_open(f"/my/membership/{row.id}/certificate")

    def test_the_certificate_is_handed_out(self):
        self.authenticate(self.buyer.login, self.buyer.login)
        response = self._certificate("ok")
        self.assertEqual(response.status_code, 200)
        self.assertIn("Certificate", response.headers["Content-Disposition"])

    def _silent(self):
        return self.env["customer.tier.opt.out"]._silent_accounts(
            self.customer.ids, self.company, on("2025-06-30")
        )

    def _choose(self, user, wanted):
        self.authenticate(user.login, user.login)
        token = http.Request.csrf_token(self)
        response = self.url_open(
            "/my/membership/messages", data={"wanted": wanted, "csrf_token": token}
        )
        return response

    def test_customers_stop_and_resume_messages_themselves(self):
        page = self._choose(self.buyer, "no").text
        self.assertIn("You get no e-mails about your membership", page)
        self.assertEqual(self._silent(), set(self.customer.ids))
        known = self.env["customer.tier.opt.out"].search(
            [("partner_id", "=", self.customer.id)]
        )
        self.assertEqual(known.user_id, self.buyer)
        self._choose(self.buyer, "no")
        self.assertEqual(known.search_count([("partner_id", "=", self.customer.id)]), 1)
        known._amend({"date_from": "2025-06-01"})
        self.assertIn("Stop these e-mails", self._choose(self.buyer, "yes").text)
        self.assertEqual(self._silent(), set())
        self.assertEqual(known.date_until, on("2025-06-29"))

    def test_who_is_no_member_chooses_nothing(self):
        with mute_logger(HTTP):
            self.assertEqual(self._choose(self.stranger, "no").status_code, 404)
        self.assertFalse(self.env["customer.tier.opt.out"].search_count([]))

    def test_without_the_pdf_program_the_certificate_is_a_page(self):
        self.authenticate(self.buyer.login, self.buyer.login)
        response = self._certificate("install")
        self.assertIn("text/html", response.headers["Content-Type"])
        self.assertIn("Silver", response.text)

    def test_the_tile_is_there_for_members_only(self):
        for user, number in ((self.buyer, 1), (self.stranger, 0)):
            self.authenticate(user.login, user.login)
            answer = self.make_jsonrpc_request(
                "/my/counters", {"counters": ["membership_count"]}
            )
            self.assertEqual(answer["membership_count"], number)

    def test_customers_read_nothing_by_themselves(self):
        row = self._membership(self.customer).with_user(self.buyer)
        self.assertFalse(row.has_access("read"))

    def test_tiers_of_a_company_that_stopped_using_them_are_gone(self):
        self.company.retention_use_tiers = False
        self.assertNotIn("Silver", self._page(self.buyer))
