"""Complaints from another program: the example of the README runs."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon

LOGGERS = ("odoo.http", "odoo.addons.rpc.controllers.json2")


@tagged("post_install", "-at_install")
class TestComplaintApi(HttpCase, ComplaintCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.keys = {
            user: cls.env["res.users.apikeys"]
            .with_user(user)
            ._generate("rpc", "shop", fields.Datetime.now() + timedelta(days=1))
            for user in (cls.handler, cls.portal)
        }

    def _call(self, method, body, user=None):
        return self.url_open(
            f"/json/2/customer.complaint/{method}",
            data=json.dumps(body),
            headers={
                "Authorization": f"bearer {self.keys[user or self.handler]}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.env.cr.dbname,
            },
        )

    def _values(self, **values):
        return {
            "subject": "Box arrived empty",
            "description": "<p>Nothing in it.</p><script>alert(1)</script>",
            "channel": "web",
            "partner_id": self.partner.id,
            "team_id": self.team.id,
            **values,
        }

    def test_what_a_shop_records_is_a_complaint_like_any_other(self):
        response = self._call("create", {"vals_list": [self._values()]})
        self.assertEqual(response.status_code, 200)
        complaint = self.Complaint.browse(response.json())
        self.assertRegex(complaint.name, r"^C/\d\d/\d+$")
        self.assertEqual(complaint.account_id, self.partner)
        self.assertTrue(complaint.acknowledged_at)
        self.assertEqual(len(self._acknowledgements(complaint)), 1)
        self.assertIn("answer", complaint.clock_ids.mapped("kind"))
        self.assertNotIn("script", complaint.description)

    @mute_logger(*LOGGERS)
    def test_dates_and_states_are_no_values(self):
        for values in ({"status": "closed"}, {"answered_at": "2025-06-01 08:00:00"}):
            with self.subTest(values=values):
                response = self._call("create", {"vals_list": [self._values(**values)]})
                self.assertGreaterEqual(response.status_code, 400)

    @mute_logger(*LOGGERS)
    def test_the_key_of_a_customer_creates_nothing(self):
        response = self._call("create", {"vals_list": [self._values()]}, self.portal)
        self.assertEqual(response.status_code, 403)
