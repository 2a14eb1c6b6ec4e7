"""Who speaks in an incoming mail, and whether a reply only says thank you."""

from ...logic import incoming

try:
    from odoo.tests import BaseCase as UnitCase
except ImportError:
    from unittest import TestCase as UnitCase

COURTESIES = (
    "Thank you!",
    "Thanks a lot, that was quick. No more questions.",
    "Great, it works again. Cheers",
    "Cảm ơn bạn rất nhiều",
    "谢谢，问题解决了",
    "太好了,感謝您的幫忙",
    "Merci beaucoup",
    "Vielen Dank!",
    "Thanks!\n\nOn Mon, 30 Jun 2025 Service <s@example.com> wrote:\n> But is it ok?",
)
COMPLAINTS = (
    "",
    "It is broken",
    "Thanks, but it is still broken",
    "Thank you. When do I get my refund",
    "Thanks for nothing",
    "Thanks? Really?",
    "Thank you, however I never got the parcel.",
    "It doesn't work. Thanks",
    "Cảm ơn nhưng vẫn chưa nhận được hàng",
    "谢谢，但是还没有收到",
    "感謝，不過還是壞的",
    "Thank you. " + "The story goes on and on. " * 20,
)


class TestIncoming(UnitCase):
    def test_courtesies(self):
        for text in COURTESIES:
            with self.subTest(text=text):
                self.assertTrue(incoming.is_courtesy(text))

    def test_more_than_courtesy(self):
        for text in COMPLAINTS:
            with self.subTest(text=text):
                self.assertFalse(incoming.is_courtesy(text))

    def test_machines(self):
        for headers in (
            {"Auto-Submitted": "auto-replied"},
            {"auto-submitted": "AUTO-GENERATED; x=1"},
            {"Precedence": "Bulk"},
            {"Precedence": "auto_reply"},
            {"X-Autorespond": "1"},
            {"Return-Path": "<>"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(incoming.speaker(headers), "machine")

    def test_quiet(self):
        for headers in (
            {"X-Auto-Response-Suppress": "DR, OOF, AutoReply"},
            {"Precedence": "list"},
            {"List-Unsubscribe": "<https://example.com>"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(incoming.speaker(headers), "quiet")

    def test_people(self):
        for headers in (
            {},
            {"Auto-Submitted": "no"},
            {"X-Auto-Response-Suppress": "None"},
            {"Precedence": "first-class"},
            {"Return-Path": "<ann@example.com>"},
        ):
            with self.subTest(headers=headers):
                self.assertEqual(incoming.speaker(headers), "person")

    def test_forwarded_sender(self):
        for text in (
            "From: Ann <Ann@example.com>",
            "> Von: Ann <ann@example.com>",
            "*From:* Ann <ann@example.com>",
            "发件人：安 <ann@example.com>",
            "Từ: Ann ann@example.com",
        ):
            with self.subTest(text=text):
                self.assertEqual(incoming.forwarded_sender(text), "ann@example.com")
        self.assertIsNone(incoming.forwarded_sender("From Monday on it is broken"))
        self.assertIsNone(incoming.forwarded_sender(""))
