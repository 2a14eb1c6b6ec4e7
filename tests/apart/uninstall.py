"""Whoever tries the addon and removes it has the ERP they had before.

One database goes through it all: without the addon, with it, without it again, with
it again, and through an upgrade; another one the same with the bridges.
"""

from __future__ import annotations

import os
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from throwaway import start_odoo, transaction

from odoo.fields import Command
from odoo.tests.form import Form

ADDON = "customer_retention"
# The addon and the bridges that have something to connect with here.
MODULES = set(os.environ.get("TEST_MODULES", ADDON).split(","))

# What an addon brings into a database: {kind: query for what there is of it}
TRACES = {
    "table": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
    "view or sequence": "SELECT relname FROM pg_class WHERE relkind IN ('v', 'm', 'S')",
    "column": "SELECT table_name || '.' || column_name FROM information_schema.columns"
    " WHERE table_schema = 'public'",
    "index": "SELECT indexname FROM pg_indexes WHERE schemaname = 'public'",
    "constraint": "SELECT conrelid::regclass || '.' || conname FROM pg_constraint",
    "function": "SELECT proname FROM pg_proc"
    " WHERE pronamespace = 'public'::regnamespace",
    "trigger": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    "external id": "SELECT module || '.' || name FROM ir_model_data",
    "model": "SELECT model FROM ir_model",
    "field": "SELECT model || '.' || name FROM ir_model_fields",
    "selection": "SELECT f.model || '.' || f.name || '.' || s.value"
    " FROM ir_model_fields_selection s JOIN ir_model_fields f ON f.id = s.field_id",
    "view": "SELECT id || ' ' || name FROM ir_ui_view",
    "menu": "SELECT id || ' ' || (name->>'en_US') FROM ir_ui_menu",
    "action": "SELECT id || ' ' || type || ' ' || (name->>'en_US') FROM ir_actions",
    "job": "SELECT id || ' ' || cron_name FROM ir_cron",
    "job trigger": "SELECT cron_name FROM ir_cron_trigger t LEFT JOIN ir_cron c"
    " ON c.id = t.cron_id WHERE COALESCE(cron_name, 'Customer') LIKE 'Customer%'",
    "group": "SELECT id || ' ' || (name->>'en_US') FROM res_groups",
    "privilege": "SELECT id || ' ' || (name->>'en_US') FROM res_groups_privilege",
    "membership": "SELECT gid || ' ' || uid FROM res_groups_users_rel WHERE uid < 6",
    "implied group": "SELECT gid || ' implies ' || hid FROM res_groups_implied_rel",
    "access right": "SELECT id || ' ' || name FROM ir_model_access",
    "record rule": "SELECT id || ' ' || name FROM ir_rule",
    "parameter": "SELECT key FROM ir_config_parameter",
    "default": "SELECT id || ' ' || json_value FROM ir_default",
    "filter": "SELECT id || ' ' || name FROM ir_filters",
    "export": "SELECT id || ' ' || name FROM ir_exports",
    "asset": "SELECT id || ' ' || name FROM ir_asset",
    "reference to a model of ours": "SELECT DISTINCT model FROM mail_message"
    " WHERE model LIKE 'customer.%'",
}


def traces(env) -> dict[str, set[str]]:
    """Everything that an addon could leave behind, by kind."""
    found = {}
    for kind, query in TRACES.items():
        env.cr.execute(query)
        found[kind] = {name for (name,) in env.cr.fetchall()}
    return found


def module_button(name: str) -> None:
    """Press a button of the addon in the list of apps."""
    with transaction() as env:
        module = env["ir.module.module"].search([("name", "=", ADDON)])
        getattr(module, name)()


def create_order(env):
    """A customer's confirmed order of one product."""
    partner = env["res.partner"].create({"name": "Passing Customer"})
    product = env["product.product"].create({"name": "Passing Product"})
    line = Command.create({"product_id": product.id, "price_unit": 10.0})
    order = env["sale.order"].create({"partner_id": partner.id, "order_line": [line]})
    order.action_confirm()
    return order


class TestUninstall(unittest.TestCase):
    """The tests follow one another like the days of a database."""

    @classmethod
    def setUpClass(cls):
        start_odoo()
        with transaction() as env:
            env["ir.module.module"].update_list()

    def assert_works(self):
        """Orders are confirmed, and the screens of the ERP open."""
        with transaction() as env:
            env = env(user=env.ref("base.user_admin"))
            order = create_order(env)
            self.assertEqual(order.state, "sale")
            for record in (order, order.partner_id, env.company):
                with self.subTest(model=record._name):
                    fields = Form(record)._view["fields_spec"]
                    self.assertTrue(record.web_read(fields))
                    record.get_views([(False, kind) for kind in ("list", "search")])
            settings = env["res.config.settings"]
            settings.get_views([(False, "form")])
            settings.create({}).execute()

    def evaluate(self):
        """Let the jobs do everything that waits."""
        with transaction() as env:
            env["customer.evaluation.run"]._cron_run()
            env["customer.relationship.queue"]._cron_work_queue()
            env["customer.evaluation.run"]._cron_due()
        return self.count("customer_relationship")

    def count(self, table: str) -> int:
        with transaction() as env:
            env.cr.execute(f'SELECT count(*) FROM "{table}"')
            return env.cr.fetchone()[0]

    def test_1_install(self):
        """The history is read, and the ERP goes on working."""
        self.assert_works()  # its own use leaves traces too
        with transaction() as env:
            type(self).before = traces(env)
        module_button("button_immediate_install")
        with transaction() as env:
            installed = env["ir.module.module"].search([("state", "=", "installed")])
            self.assertLessEqual(MODULES, set(installed.mapped("name")))
        self.assert_works()
        self.assertGreater(self.evaluate(), 0)

    def test_2_use(self):
        """People decide, set and save what they like; nothing of it may stay."""
        with transaction() as env:
            partner = create_order(env).partner_id
            partners = {"partner_id": partner.id}
            stage = env["customer.relationship.stage"].search([], limit=1)
            env["customer.relationship.pin"].create(
                partners | {"stage_id": stage.id, "reason": "They told us."}
            )
            env["customer.fit"].create(partners | {"need": "yes"})
            env["customer.profiling.exclusion"].create(partners | {"reason": "Asked."})
            another = stage.copy({"name": "Another Position"})
            env["ir.default"].set("customer.relationship.stage", "minimum_days", 5)
            env["ir.filters"].create(
                {"name": "My Favourite", "model_id": "customer.relationship"}
            )
            for model in ("res.partner", "res.users"):
                env["ir.filters"].create(
                    {
                        "name": "By Position",
                        "model_id": model,
                        "domain": "[('relationship_stage_id', '!=', False)]",
                    }
                )
            env["ir.filters"].create(
                {
                    "name": "Of Lost Customers",
                    "model_id": "account.move",
                    "domain": "[('partner_id.relationship_id', '!=', False)]",
                }
            )
            why, number = "churn_reason_id/name", "name"
            env["ir.exports"].create(
                {
                    "name": "Lost Orders",
                    "resource": "sale.order",
                    "export_fields": [
                        Command.create({"name": name}) for name in (number, why)
                    ],
                }
            )
            env["ir.exports"].create(
                {"name": "Our Positions", "resource": "customer.relationship.stage"}
            )
            another.export_data(["id"])
            env["mail.activity"].create(
                {
                    "res_model_id": env["ir.model"]._get_id("res.partner"),
                    "res_id": partner.id,
                    "summary": "Call them",
                }
            )
            unsafe = env.ref(f"{ADDON}.customer_complaint_category_ethics_unsafe")
            env["customer.complaint"].create(
                partners
                | {
                    "subject": "It burns",
                    "category_id": unsafe.id,
                    "user_id": env.ref("base.user_admin").id,
                }
            )
            env["res.company"].search([]).write({"retention_tz": "Asia/Ho_Chi_Minh"})
        self.assertGreater(self.evaluate(), 0)

    def test_3_uninstall(self):
        """Not a trace is left, and nothing of the ERP's is gone."""
        module_button("button_immediate_uninstall")
        with transaction() as env:
            export = env["ir.exports"].search([("name", "=", "Lost Orders")])
            self.assertEqual(export.export_fields.mapped("name"), ["name"])
            export.unlink()
            after = traces(env)
        for kind in TRACES:
            with self.subTest(kind=kind):
                self.assertEqual(sorted(after[kind] - self.before[kind]), [])
                self.assertEqual(sorted(self.before[kind] - after[kind]), [])
        self.assert_works()

    def test_4_install_again(self):
        """And it knows every customer of the time between."""
        module_button("button_immediate_install")
        self.assert_works()
        self.assertGreater(self.evaluate(), 2)
        with transaction() as env:
            self.assertFalse(env["customer.evaluation.run"]._count_open())

    def test_5_upgrade(self):
        """Deleted seeds stay deleted, changed ones changed, and no record is lost."""
        with transaction() as env:
            advocate = env.ref(f"{ADDON}.customer_relationship_stage_advocate")
            advocate.unlink()
            prospect = env.ref(f"{ADDON}.customer_relationship_stage_prospect")
            prospect.name = "Somebody We Know"
            partner = create_order(env).partner_id
            env["customer.relationship.pin"].create(
                {
                    "partner_id": partner.id,
                    "stage_id": prospect.id,
                    "reason": "They told us.",
                }
            )
        self.evaluate()
        tables = [
            table for table in traces_of_tables() if table.startswith("customer_")
        ]
        before = {table: self.count(table) for table in tables}
        module_button("button_immediate_upgrade")
        self.assertEqual({table: self.count(table) for table in tables}, before)
        with transaction() as env:
            self.assertFalse(
                env.ref(
                    f"{ADDON}.customer_relationship_stage_advocate",
                    raise_if_not_found=False,
                )
            )
            prospect = env.ref(f"{ADDON}.customer_relationship_stage_prospect")
            self.assertEqual(prospect.name, "Somebody We Know")
        self.assert_works()


def traces_of_tables() -> list[str]:
    """The tables there are now."""
    with transaction() as env:
        env.cr.execute(TRACES["table"])
        return sorted(name for (name,) in env.cr.fetchall())


if __name__ == "__main__":
    unittest.main(failfast=True)
