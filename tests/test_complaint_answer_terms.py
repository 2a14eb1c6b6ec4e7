import re

import polib
from lxml import etree

from odoo.tests import tagged
from odoo.tools.misc import file_path

from .complaint_common import ComplaintCommon

PARTS = re.compile(r"\[___\]|t-[a-z]+=\"[^\"]*\"")


@tagged("post_install", "-at_install")
class TestComplaintAnswerTerms(ComplaintCommon):
    """A translated answer has the gaps of the original and fills in the same."""

    def test_translations_keep_the_gaps_and_what_is_filled_in(self):
        for lang in ("vi", "zh_CN", "zh_TW"):
            path = file_path(f"customer_retention/i18n/{lang}.po")
            for entry in polib.pofile(path):
                if not entry.msgstr or "[___]" not in entry.msgid + entry.msgstr:
                    continue
                with self.subTest(lang=lang, term=entry.msgid[:200]):
                    self.assertCountEqual(
                        PARTS.findall(entry.msgstr), PARTS.findall(entry.msgid)
                    )


@tagged("post_install", "-at_install")
class TestComplaintComposer(ComplaintCommon):
    """Prepared answers are offered where an answer is written, and only there."""

    def test_the_composer_asks_what_to_start_from_only_in_complaints(self):
        composer = self.env["mail.compose.message"].with_user(self.handler)
        view = etree.fromstring(composer.get_view(view_type="form")["arch"])
        (choice,) = view.xpath("//group/field[@name='template_id']")
        self.assertIn("customer.complaint", choice.get("invisible"))
        self.assertIn("subtype_is_log", choice.get("invisible"))
