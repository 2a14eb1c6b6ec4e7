from odoo import fields, models

from .res_company import SETTINGS


class ResCompany(models.Model):
    """What customers are profiled for, and on what basis: whoever asks is told."""

    _inherit = "res.company"

    retention_profiling_purpose = fields.Text(
        string="Purpose of Profiling",
        translate=True,
        help="What the facts and scores of customers are for, and on what legal basis "
        "they are worked out. Empty: the usual text.",
        prefetch=SETTINGS,
    )

    def _profiling_purpose(self) -> str:
        """Return the company's text, or the usual one in the reader's language."""
        root = self._retention_root().with_context(lang=self.env.lang)
        return root.retention_profiling_purpose or self.env._(
            "Worked out from the customer's orders, invoices and conversations, to "
            "look after existing customers: legitimate interest of the company. "
            "People decide, a score alone decides nothing, and the customer may object "
            "at any time."
        )
