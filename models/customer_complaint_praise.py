from markupsafe import Markup

from odoo import fields, models


class CustomerComplaint(models.Model):
    """Praise reaches the praised, in the customer's own words."""

    _inherit = "customer.complaint"

    praised_user_ids = fields.Many2many(
        "res.users",
        "customer_complaint_praised_rel",
        string="Praise For",
        domain="[('share', '=', False)]",
        groups="base.group_user",
        help="Employees the customer praises: they read what was said.",
    )

    def write(self, vals):
        if not {"praised_user_ids", "kind"} & vals.keys():
            return super().write(vals)
        known = {
            one: one.praised_user_ids
            # sudo: customer.complaint - who has heard of it, whoever may read it
            for one in self.sudo()
            if one.kind == "praise"
        }
        result = super().write(vals)
        self._pass_praise_on(known)
        return result

    def _pass_praise_on(self, known=None):
        """Tell the praised, each once.

        :param known: {praise: users who have heard of it}
        """
        # sudo: customer.complaint - for customers who praise, too
        for praise in self.sudo().filtered(lambda one: one.kind == "praise"):
            told = (known or {}).get(praise)
            praised = praise.praised_user_ids
            if told:
                praised -= told
            if praised:
                praise._notify_praised(praised)

    def _notify_praised(self, users):
        self.ensure_one()
        by = self.account_id.name or self.partner_name or self.email_from or ""
        for lang, readers in users.grouped("lang").items():
            env = self.with_context(lang=lang).env
            opening = env._("A customer praises you: %(customer)s", customer=by)
            self.message_notify(
                partner_ids=readers.partner_id.ids,
                subject=self.subject,
                body=Markup("<p>%s</p>%s") % (opening, self.description or ""),
                notify_author=True,
            )
