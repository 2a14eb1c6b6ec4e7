from odoo import api, models

# Whose papers and conversations a legal hold keeps: {model: path to the complaint}
HELD = {"customer.complaint": "id", "customer.complaint.recourse": "complaint_id"}
# What a message says, and where it belongs.
WORDS = frozenset(
    {
        "body",
        "subject",
        "date",
        "model",
        "res_id",
        "author_id",
        "email_from",
        "attachment_ids",
    }
)
# What a file holds, and where it belongs.
CONTENT = frozenset(
    {
        "datas",
        "raw",
        "db_datas",
        "store_fname",
        "url",
        "type",
        "name",
        "res_model",
        "res_id",
        "res_field",
    }
)


class CustomerComplaint(models.Model):
    """What was written stays as it was written while somebody looks into it."""

    _inherit = "customer.complaint"

    @api.model
    def _check_papers_not_on_hold(self, places):
        """Refuse to change what belongs to complaints under legal hold.

        :param places: (model, id) of what the papers belong to
        :raise UserError: one of the complaints is under hold
        """
        ids = {}
        for model, res_id in places:
            if model in HELD and res_id:
                ids.setdefault(model, set()).add(res_id)
        for model, found in ids.items():
            # sudo: customer.complaint - only whether it is under hold
            records = self.env[model].sudo().browse(found).exists()
            complaints = records if HELD[model] == "id" else records[HELD[model]]
            complaints._check_not_on_hold()

    def _message_update_content(self, message, /, **kwargs):
        """Nobody takes back what was said."""
        self._check_not_on_hold()
        return super()._message_update_content(message, **kwargs)


class CustomerComplaintRecourse(models.Model):
    _inherit = "customer.complaint.recourse"

    def _message_update_content(self, message, /, **kwargs):
        """Nobody takes back what was said."""
        self.complaint_id._check_not_on_hold()
        return super()._message_update_content(message, **kwargs)


class IrAttachment(models.Model):
    _inherit = "ir.attachment"

    def write(self, vals):
        """Keep the papers of complaints under legal hold as they are."""
        if not (self.env.su or CONTENT.isdisjoint(vals)):
            self._check_not_on_legal_hold()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_legal_hold(self):
        """Keep the papers of complaints under legal hold."""
        self._check_not_on_legal_hold()

    def _check_not_on_legal_hold(self):
        # sudo: ir.attachment - what they belong to, whoever may read them
        places = {(one.res_model, one.res_id) for one in self.sudo()}
        self.env["customer.complaint"]._check_papers_not_on_hold(places)


class MailMessage(models.Model):
    _inherit = "mail.message"

    def write(self, vals):
        """Keep the conversation of complaints under legal hold as it is."""
        if not (self.env.su or WORDS.isdisjoint(vals)):
            self._check_not_on_legal_hold()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_legal_hold(self):
        """Keep the conversation of complaints under legal hold."""
        self._check_not_on_legal_hold()

    def _check_not_on_legal_hold(self):
        # sudo: mail.message - what they belong to, whoever may read them
        places = {(one.model, one.res_id) for one in self.sudo()}
        self.env["customer.complaint"]._check_papers_not_on_hold(places)
