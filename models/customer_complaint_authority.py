from __future__ import annotations

from odoo import SUPERUSER_ID, api, fields, models

from ..logic.authority import claim, severity_for
from .customer_complaint import EMPLOYEES, SEVERITIES

SEVERITY_ORDER = tuple(severity for severity, _name in SEVERITIES)


class CustomerComplaint(models.Model):
    """Whose word it is how serious a complaint is, and which team has it.

    Nobody's own word raises the own limits. For whoever recorded what makes a
    complaint serious it stays, in matters of limits, as serious as it is without that;
    for whoever moved it to another team the team counts from which it came. Everybody
    else goes by what stands there.
    """

    _inherit = "customer.complaint"

    severity_claims = fields.Json(
        readonly=True,
        copy=False,
        groups=EMPLOYEES,
        help="Who recorded what makes it as serious as that, by severity.",
    )
    team_moved_by_id = fields.Many2one(
        "res.users", string="Moved By", readonly=True, copy=False, groups=EMPLOYEES
    )
    team_before_id = fields.Many2one(
        "customer.complaint.team",
        string="Moved From",
        readonly=True,
        copy=False,
        ondelete="set null",
        groups=EMPLOYEES,
        help="The team whose limits and budget count for whoever moved it.",
    )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        complaints = super().create(vals_list)
        chosen = [
            complaint.id
            for complaint, vals in zip(complaints, vals_list, strict=True)
            if vals.get("team_id") and "team_moved_by_id" not in vals
        ]
        if chosen and self.env.uid != SUPERUSER_ID:
            complaints.browse(chosen)._note_chosen_team()
        return complaints

    def write(self, vals):
        if "team_id" not in vals:
            return super().write(vals)
        before = {complaint: complaint.team_id for complaint in self}
        result = super().write(vals)
        for complaint in self:
            if complaint.team_id != before[complaint]:
                complaint._note_move(before[complaint])
        return result

    # === BUSINESS METHODS === #

    def _note_chosen_team(self):
        """Whoever records a complaint elsewhere than usual has moved it there."""
        usual = {}
        for complaint in self:
            key = complaint.company_id.id, complaint.category_id.id
            if key not in usual:
                usual[key] = complaint.team_id._responsible(*key)
            if usual[key] != complaint.team_id:
                complaint._note_move(usual[key])

    def _note_move(self, before):
        """Remember from where a person took it; whoever moves it twice, from the start.

        :param before: the team that had it
        """
        # sudo: customer.complaint - a verb; who moved it is not entered
        complaint = self.sudo()
        mover = self.env.user
        if complaint.team_moved_by_id == mover:
            before = complaint.team_before_id
        is_back = before == complaint.team_id
        if mover._is_superuser() or is_back:
            mover = before = False
        complaint.write(
            {
                "team_moved_by_id": mover and mover.id,
                "team_before_id": before and before.id,
            }
        )

    def _authority_team(self, user):
        """Return the team whose limits count for a user; maybe none."""
        # sudo: customer.complaint - decides about those who cannot read it, too
        complaint = self.sudo()
        is_mover = user and complaint.team_moved_by_id == user
        return complaint.team_before_id if is_mover else complaint.team_id

    def _paying_team(self, user):
        """Return the team whose budget a user spends; maybe none.

        Taken out of every team, a complaint still costs the one it came from.
        """
        # sudo: customer.complaint - decides about those who cannot read it, too
        complaint = self.sudo()
        return (
            complaint._authority_team(user)
            or complaint.team_id
            or complaint.team_before_id
        )

    def _authority_severity(self, user):
        """Return how serious it is for the limits of a user."""
        # sudo: customer.complaint - the portal has no say in limits
        complaint = self.sudo()
        return severity_for(
            user.id,
            complaint.severity,
            complaint.severity_proposed,
            complaint.severity_claims or {},
            SEVERITY_ORDER,
        )

    def _authority_caveat(self, user):
        """Say why less counts for a user than what stands there; maybe nothing."""
        # sudo: customer.complaint - says why to the person it is about
        complaint = self.sudo()
        sentences = []
        severity = complaint._authority_severity(user)
        if user.id in (complaint.severity_claims or {}).values():
            names = dict(self._fields["severity"]._description_selection(self.env))
            sentences.append(
                self.env._(
                    "What you recorded yourself raises no limit of yours: for you it "
                    "counts as “%(severity)s”.",
                    severity=names[severity],
                )
            )
        if user and complaint.team_moved_by_id == user:
            sentences.append(
                self.env._(
                    "You moved it to another team: for you the limits of “%(team)s” "
                    "count.",
                    team=complaint.team_before_id.name or self.env._("No Team"),
                )
            )
        return " ".join(sentences)

    def _claims_after(self, severity, known) -> dict:
        """Return who vouches for the severity that the rules propose now.

        :param severity: what they propose
        :param known: what they would propose without what people recorded
        """
        self.ensure_one()
        return claim(
            self.severity_claims or {},
            None if self.env.uid == SUPERUSER_ID else self.env.uid,
            (self.severity_proposed, severity),
            known,
            SEVERITY_ORDER,
        )
