from __future__ import annotations

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError

# Customers written to in one transaction; as many as a request writes to itself.
SLICE_SIZE = 50
# Customers who are named one by one.
MOST_NAMED = 10


class CustomerComplaintLetter(models.Model):
    """One message of an incident to many customers, each in a complaint of their own.

    A few are written to at once, more in slices by a job: what has been written is
    kept with each of them, so that it goes on where it stopped and writes to nobody
    twice.
    """

    _name = "customer.complaint.letter"
    _description = "Message of an Incident"
    _inherit = ["customer.recovery.bulk"]
    _order = "id desc"

    incident_id = fields.Many2one(ondelete="cascade", index=True, readonly=True)
    company_id = fields.Many2one(related="incident_id.company_id", store=True)
    user_id = fields.Many2one("res.users", string="Sent By", required=True)
    subject = fields.Char(help="Empty: that of the complaint.")
    body = fields.Html(required=True)
    event = fields.Selection([("decided", "Decision"), ("resolved", "Resolution")])
    state = fields.Selection(
        [("sending", "Being Sent"), ("done", "Sent"), ("stopped", "Stopped")],
        required=True,
        default="sending",
        index=True,
    )
    line_ids = fields.One2many("customer.complaint.letter.line", "letter_id")
    total_count = fields.Integer(string="Customers", compute="_compute_counts")
    sent_count = fields.Integer(string="Written To", compute="_compute_counts")
    failed_count = fields.Integer(string="Not Possible", compute="_compute_counts")
    progress = fields.Integer(compute="_compute_counts")

    @api.depends("subject")
    def _compute_display_name(self):
        for letter in self:
            letter.display_name = letter.subject or self.env._("Answer to all")

    @api.depends("line_ids.state")
    def _compute_counts(self):
        counts = {}
        # sudo: customer.complaint.letter.line - how many, not who
        lines = self.env["customer.complaint.letter.line"].sudo()
        for letter, state, count in lines._read_group(
            [("letter_id", "in", self.ids)], ["letter_id", "state"], ["__count"]
        ):
            counts.setdefault(letter.id, {})[state] = count
        for letter in self:
            by_state = counts.get(letter.id, {})
            total, waiting = sum(by_state.values()), by_state.get("waiting", 0)
            letter.total_count = total
            letter.sent_count = by_state.get("sent", 0)
            letter.failed_count = by_state.get("failed", 0)
            letter.progress = 100 * (total - waiting) // total if total else 100

    # === ACTIONS === #

    def action_stop(self):
        """Write to nobody else for now."""
        self._check_may_steer()
        # sudo: customer.complaint.letter - written by buttons only
        self.filtered(lambda one: one.state == "sending").sudo().state = "stopped"

    def action_go_on(self):
        """Write to those who are left, and try again where it was not possible."""
        self._check_may_steer()
        # sudo: customer.complaint.letter - written by buttons only
        letters = self.sudo()
        letters.line_ids.filtered(lambda line: line.state == "failed").write(
            {"state": "waiting", "error": False}
        )
        letters.state = "sending"
        self._wake_job()

    def _check_may_steer(self):
        """Who sent it, or a manager.

        :raise UserError: somebody else's
        """
        self.check_access("read")
        is_manager = self.env.user.has_group(
            "customer_retention.group_complaint_manager"
        )
        if not is_manager and any(one.user_id != self.env.user for one in self):
            raise UserError(self.env._("Ask who sent it, or a manager of complaints."))

    # === BUSINESS === #

    @api.model
    def _send_to(self, values, recipients):
        """Write to customers: a few now, more by the job.

        :param values: of the letter
        :param recipients: values of its lines
        :return: the letter
        """
        # sudo: customer.complaint.letter - the dialog checked what is sent to whom
        letter = self.sudo().create({**values, "user_id": self.env.uid})
        letter.line_ids.create([{"letter_id": letter.id, **one} for one in recipients])
        if len(recipients) <= SLICE_SIZE:
            letter._write_to(letter.line_ids, letter._as_sender())
            letter._finish()
        else:
            letter._wake_job()
        return letter.with_env(self.env)

    def _tell_sender(self, following):
        """Return an action that tells whoever sent it what happens now.

        :param following: action to go on with
        """
        if self.state == "done":
            return following
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "info",
                "message": self.env._(
                    "%s customers are being written to. The incident shows how far "
                    "it is; you can go on with your work.",
                    self.total_count,
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @api.model
    def _wake_job(self):
        # sudo: ir.cron - whoever sends it, the job has to write
        self.env.ref("customer_retention.ir_cron_complaint_letters").sudo()._trigger()

    def _as_sender(self):
        """Return this letter with the rights, limits and language of who sent it."""
        user = self.user_id
        letter = self.with_user(user).with_company(self.company_id)
        return letter.with_context(lang=user.lang, tz=user.tz)

    def _write_to(self, lines, letter):
        """Write to some of the customers; who need not be written to is left out.

        :param letter: this one, in the environment to write in
        """
        # of two letters at once, the later one starts over and sees the first one
        key = f"incident,{self.incident_id.id}"
        self.env["customer.recovery.tally"]._touch({key})
        left_out = lines._outdated()
        left_out.state = "left_out"
        lines -= left_out
        complaints = lines._give_complaints(letter)
        for complaint in complaints:
            complaint._post_to_customer(letter.body, subject=letter.subject)
        actions = letter._recover(complaints)
        if letter.event:
            complaints._record_event(letter.event)
        lines._note_sent(complaints, actions)
        self.env.flush_all()

    def _finish(self):
        """Tell on the incident what became of it."""
        self.state = "done"
        letter = self.with_context(lang=self.user_id.lang)
        letter.incident_id.message_post(
            body=letter._summary(self.line_ids),
            author_id=self.user_id.partner_id.id,
            subtype_xmlid="mail.mt_note",
        )

    def _summary(self, lines):
        """Return what was sent to how many, and what became of the recovery."""
        by_state = lines.grouped("state")
        sentences = [self._recovery_words(lines.action_id)]
        if left_out := by_state.get("left_out"):
            sentences.append(
                self.env._("%s had been written to meanwhile.", len(left_out))
            )
        if failed := by_state.get("failed"):
            sentences.append(self._failure_sentence(failed))
        return Markup("<p>%s</p>%s<p>%s</p>") % (
            self.env._("Sent to %s customers:", len(by_state.get("sent", ()))),
            self.body,
            Markup("<br/>").join(filter(None, sentences)),
        )

    def _failure_sentence(self, lines):
        """Say to whom it was not possible to write, and why."""
        reasons = [f"{one.partner_id.name}: {one.error}" for one in lines[:MOST_NAMED]]
        if more := len(lines) - len(reasons):
            reasons.append(self.env._("and %s more", more))
        return self.env._("Not possible: %s.", "; ".join(reasons))
