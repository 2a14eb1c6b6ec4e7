"""Whoever complains without an account reads the pages in their own language."""

from lxml import html

from odoo.tests import tagged

from ..controllers.complaint_forms import locale_of
from .test_complaint_public import PageCommon

HEADLINES = {
    "vi": "Cho chúng tôi biết điều gì đã xảy ra",
    "zh_TW": "告訴我們發生了什麼",
    "en": "Tell us what happened",
}


@tagged("post_install", "-at_install")
class TestComplaintPageLanguage(PageCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        codes = ["vi_VN", "zh_TW"]
        for code in codes:
            cls.env["res.lang"]._activate_lang(code)
        modules = cls.env["ir.module.module"].search(
            [("name", "=", "customer_retention")]
        )
        modules._update_translations(codes)

    def _visit(self, url, accepted, fresh=True):
        if fresh:
            self.opener.cookies.clear()
        page = self.url_open(
            url, headers={"Accept-Language": accepted, "User-Agent": "Mozilla/5.0"}
        )
        self.assertEqual(page.status_code, 200)
        return page

    def _headline(self, page):
        return html.fromstring(page.content).xpath("//h1")[0].text

    def test_a_fresh_visitor_is_addressed_in_a_language_of_the_browser(self):
        for accepted, lang in (
            ("vi", "vi"),
            ("vi-VN,vi;q=0.9,en;q=0.8", "vi"),
            ("zh-TW", "zh_TW"),
            ("zh-Hant", "zh_TW"),
            ("de-DE,de;q=0.9,vi;q=0.7", "vi"),
            ("en-GB,vi;q=0.7", "en"),
            ("de-DE", "en"),
            ("*", "en"),
            ("", "en"),
        ):
            with self.subTest(accepted=accepted):
                page = self._visit(self.place, accepted)
                self.assertEqual(self._headline(page), HEADLINES[lang])
                spoken = html.fromstring(page.content).get("lang")
                self.assertEqual(spoken[:2], lang[:2], "screen readers are told")

    def test_what_was_chosen_before_stays(self):
        self._visit(f"/vi{self.place}", "zh-TW")
        page = self._visit(self.place, "zh", fresh=False)
        self.assertEqual(self._headline(page), HEADLINES["vi"])

    def test_the_page_behind_a_link_speaks_it_too(self):
        complaint = self._complain(email_from="ann@example.org")
        page = self._visit(complaint._status_path() + "?new=1", "de,vi")
        self.assertIn("/vi/complaints/status/", page.url)
        self.assertIn("new=1", page.url)

    def test_the_usual_country_of_a_language(self):
        self.assertEqual(locale_of("vi"), "vi_VN")
        self.assertEqual(locale_of("zh-Hant"), "zh_TW")
        self.assertEqual(locale_of("zh-Hans-CN"), "zh_CN")
        self.assertEqual(locale_of("fr-BE"), "fr_BE")
        self.assertEqual(locale_of("no such tag"), "")
