"""Whoever gets the mail of a campaign can say in it that it was the last one."""

from ast import literal_eval
from urllib.parse import urlsplit

from odoo.tests import HttpCase, tagged

from .test_retention_cases import BurningCommon


@tagged("post_install", "-at_install")
class TestCampaignRefusal(BurningCommon, HttpCase):
    def setUp(self):
        super().setUp()
        play = self._play(kind="save", hold_out_share=0.0)
        template = self.env.ref("customer_retention.mail_template_retention_campaign")
        self.campaign = (
            self.env["customer.retention.campaign"]
            .with_user(self.manager)
            .create(
                {
                    "name": "Reminder",
                    "play_id": play.id,
                    "template_id": template.id,
                    "partner_ids": self.burning[:2].ids,
                }
            )
        )
        self.campaign.action_send()
        self.mails = self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "in", self.burning[:2].ids)]
        )
        self.authenticate(None, None)

    def link(self, mail):
        headers = literal_eval(mail.headers)
        return headers["List-Unsubscribe"].strip("<>")

    def open(self, mail, **options):
        self.env.flush_all()
        page = self.url_open(urlsplit(self.link(mail)).path, **options)
        self.env.invalidate_all()
        return page

    def test_every_mail_has_a_link_of_its_own(self):
        self.assertEqual(len(self.mails), 2)
        self.assertEqual(len({self.link(mail) for mail in self.mails}), 2)
        for mail in self.mails:
            self.assertIn(self.link(mail), mail.body_html)
            self.assertIn("One-Click", mail.headers)

    def test_looking_changes_nothing_and_one_click_is_enough(self):
        mail, partner = self.mails[0], self.burning[:2].browse(self.mails[0].res_id)
        page = self.open(mail)
        self.assertIn("Do you want no more mails", page.text)
        self.assertFalse(partner.is_blacklisted)
        for _again in range(2):
            page = self.open(
                mail, data={"List-Unsubscribe": "One-Click"}, method="POST"
            )
            self.assertIn("You get no more mails like this", page.text)
        self.assertTrue(partner.is_blacklisted)
        self.assertFalse(partner._accepts_retention_mail())
        other = self.burning[:2] - partner
        self.assertFalse(other.is_blacklisted)

    def test_a_forged_link_says_so_and_changes_nothing(self):
        path = urlsplit(self.link(self.mails[0])).path
        for forged in (f"{path[:-3]}abc", "/campaign/stop/nothing"):
            for options in ({}, {"data": {"a": "b"}, "method": "POST"}):
                with self.subTest(path=forged, **options):
                    page = self.url_open(forged, **options)
                    self.assertIn("This link is not valid", page.text)
        self.assertFalse(any(self.burning[:2].mapped("is_blacklisted")))

    def test_the_words_are_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("de_DE")
        partner = self.burning[0]
        partner.lang = "de_DE"
        page = self.campaign._refusal_footer(partner, "https://example.com/x")
        self.assertIn("https://example.com/x", page)
