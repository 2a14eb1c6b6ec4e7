from odoo import api, fields, models
from odoo.exceptions import UserError

from .customer_complaint import EMPLOYEES

# Whose papers and conversations a legal hold keeps: {model: path to the complaint}
HELD = {"customer.complaint": "id", "customer.complaint.recourse": "complaint_id"}


class CustomerComplaint(models.Model):
    """What a complaint that others look into must not lose."""

    _inherit = "customer.complaint"

    recourse_ids = fields.One2many(
        "customer.complaint.recourse",
        "complaint_id",
        string="External Recourse",
        groups=EMPLOYEES,
    )
    legal_hold = fields.Boolean(
        string="Hold by Hand",
        tracking=True,
        copy=False,
        groups="customer_retention.group_complaint_manager",
        help="Keeps the complaint and its papers also before anybody outside asks.",
    )
    is_on_hold = fields.Boolean(
        string="Legal Hold",
        compute="_compute_is_on_hold",
        search="_search_is_on_hold",
        # sudo: customer.complaint.recourse - whether there is a hold, for everybody
        compute_sudo=True,
        groups=EMPLOYEES,
    )

    @api.depends("legal_hold", "recourse_ids.is_legal_hold")
    def _compute_is_on_hold(self):
        for complaint in self:
            complaint.is_on_hold = complaint.legal_hold or any(
                complaint.recourse_ids.mapped("is_legal_hold")
            )

    def _search_is_on_hold(self, operator, value):
        if operator != "in":
            return NotImplemented
        held = (
            # sudo: customer.complaint - by fields that managers only read
            self.sudo()
            .with_context(active_test=False)
            ._search(
                [
                    "|",
                    ("legal_hold", "=", True),
                    ("recourse_ids.is_legal_hold", "=", True),
                ]
            )
        )
        return [("id", "in", held)]

    # === CRUD === #

    def write(self, vals):
        """Keep what is under legal hold where it is."""
        if vals.get("merged_into_id") or not vals.get("active", True):
            self._check_not_on_hold()
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_hold(self):
        self._check_not_on_hold()

    # === BUSINESS === #

    def _held(self):
        """Return those under legal hold, also for whoever may not see why."""
        # sudo: customer.complaint - only whether it is
        return self.filtered(lambda one: one.sudo().is_on_hold)

    def _check_not_on_hold(self):
        """Refuse what would take something away from a complaint under legal hold."""
        held = self._held()
        if held:
            raise UserError(
                self.env._(
                    "Complaint %s is under legal hold: it is neither deleted, archived "
                    "nor merged, and its papers stay as they are. A complaint manager "
                    "lifts the hold first.",
                    held[0].name,
                )
            )

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

    def _record_event(self, event, at=None, **details):
        """Nothing closes by itself under legal hold; people may."""
        if event == "closed" and self.env.user._is_superuser():
            self -= self._held()
        return super()._record_event(event, at, **details)

    def _closing_warnings(self):
        warnings = super()._closing_warnings()
        for complaint in self:
            # sudo: customer.complaint.recourse - whether one is open, no more
            for recourse in complaint.sudo().recourse_ids:
                if recourse.state in ("open", "answered"):
                    warnings[complaint].append(
                        self.env._(
                            "%s is still looking into it.", recourse.display_name
                        )
                    )
        return warnings
