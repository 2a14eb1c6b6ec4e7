from odoo import api, fields, models


class CustomerDemo(models.AbstractModel):
    """Makes the demo company; only demo data calls it."""

    _name = "customer.demo"
    _description = "Demo Company"

    @api.model
    def _generate(self):
        """Invent the company as of today and put it into this database."""
        from ..demo import build, plan  # nobody else needs to load these

        build.Builder(self.env, plan.make(fields.Date.today())).build()
