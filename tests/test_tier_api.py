"""Reading memberships from outside: the example of the README runs."""

import json
from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .tier_common import TierCommon

MODEL = "customer.tier.membership"
FIELDS = [
    "partner_id",
    "tier_id",
    "earned_tier_id",
    "valid_until",
    "value",
    "next_tier_id",
    "missing_next",
    "headline",
]


@tagged("post_install", "-at_install")
class TestTierApi(HttpCase, TierCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.reader = cls._create_user(
            "tier_api", groups="customer_retention.group_manager"
        )
        cls.customer = cls._create_partner("Harbor Bakery", ref="C-0815")
        cls._set_tier(
            cls.customer,
            cls.silver,
            value=1234.0,
            next_tier_id=cls.gold.id,
            missing_next=3766.0,
        )
        soon = fields.Datetime.now() + timedelta(days=1)
        keys = cls.env["res.users.apikeys"].with_user(cls.reader)
        cls.key = keys._generate("rpc", "shop", soon)

    def _call(self, method, body, key=None):
        return self.url_open(
            f"/json/2/{MODEL}/{method}",
            data=json.dumps(body),
            headers={
                "Authorization": f"bearer {key or self.key}",
                "Content-Type": "application/json",
                "X-Odoo-Database": self.env.cr.dbname,
            },
        )

    def test_a_shop_reads_the_tier_of_a_customer(self):
        response = self._call(
            "search_read",
            {"domain": [["partner_id.ref", "=", "C-0815"]], "fields": FIELDS},
        )
        self.assertEqual(response.status_code, 200)
        [row] = response.json()
        self.assertEqual(row["tier_id"], [self.silver.id, "Silver"])
        self.assertEqual(row["missing_next"], 3766.0)
        self.assertEqual(row["headline"], "Silver")
        explained = self._call("get_explanation", {"ids": [row["id"]]})
        self.assertEqual(explained.status_code, 200)
        self.assertIn("sentence", explained.json())

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_without_a_key_nothing_is_read(self):
        response = self._call("search_read", {"domain": []}, key="wrong")
        self.assertEqual(response.status_code, 401)

    @mute_logger("odoo.http", "odoo.addons.rpc.controllers.json2")
    def test_nothing_is_written(self):
        row = self._membership(self.customer)
        response = self._call("write", {"ids": row.ids, "vals": {"value": 9.0}})
        self.assertEqual(response.status_code, 422)
