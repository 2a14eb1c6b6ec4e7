from odoo import models


class CustomerComplaint(models.Model):
    """A complaint about one of us: out of the hands and the sight of that person.

    Record rules keep it from the persons concerned, whatever their groups; here it is
    taken from them when they are named.
    """

    _inherit = "customer.complaint"

    def write(self, vals):
        result = super().write(vals)
        if "concerned_user_ids" in vals:
            self._part_from_concerned()
            self._assign()
        return result

    def _part_from_concerned(self):
        """Take complaints away from the persons they are about."""
        # sudo: customer.complaint - the person who names them may not see all of it
        for complaint in self.sudo():
            concerned = complaint.concerned_user_ids
            if not concerned:
                continue
            if complaint.user_id in concerned:
                complaint.user_id = False
            complaint.message_unsubscribe(concerned.partner_id.ids)
            complaint.activity_ids.filtered(
                lambda activity, concerned=concerned: activity.user_id in concerned
            ).unlink()

    def _message_subscribe(self, partner_ids=None, subtype_ids=None, customer_ids=None):
        """Persons concerned never follow the complaint about them."""
        # sudo: customer.complaint - persons concerned are known to managers only
        concerned = self.sudo().concerned_user_ids.partner_id
        if not concerned or not partner_ids:
            return super()._message_subscribe(partner_ids, subtype_ids, customer_ids)
        for complaint in self:
            hidden = set(complaint.sudo().concerned_user_ids.partner_id.ids)
            super(CustomerComplaint, complaint)._message_subscribe(
                [one for one in partner_ids if one not in hidden],
                subtype_ids,
                customer_ids,
            )
        return True
