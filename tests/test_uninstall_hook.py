from odoo.fields import Command
from odoo.tests import TransactionCase, tagged

from ..hooks import uninstall_hook


@tagged("post_install", "-at_install")
class TestUninstallHook(TransactionCase):
    """What people saved about our fields goes with us; their lists go on working."""

    def _save(self, model, name):
        """Save a filter and an export of a list that name a field."""
        saved = self.env["ir.filters"].create(
            {"name": name, "model_id": model, "domain": f"[('{name}', '!=', False)]"}
        )
        export = self.env["ir.exports"].create(
            {
                "name": name,
                "resource": model,
                "export_fields": [Command.create({"name": name})],
            }
        )
        return saved, export.export_fields

    def test_whatever_names_a_field_of_ours_goes(self):
        going = [
            self._save(model, name)
            for model, name in (
                ("sale.order", "churn_reason_id"),
                ("sale.order", "partner_id.relationship_stage_id"),
                ("account.move", "partner_id.customer_tier_id"),
                ("res.users", "relationship_stage_id"),
                ("res.company", "retention_tz"),
                ("digest.digest", "kpi_customer_lost"),
            )
        ]
        staying = [
            self._save(model, name)
            for model, name in (("sale.order", "client_order_ref"), ("res.users", "id"))
        ]
        uninstall_hook(self.env)
        for saved, line in going:
            self.assertFalse(saved.exists() or line.exists(), saved)
        for saved, line in staying:
            self.assertTrue(saved.exists() and line.exists())
