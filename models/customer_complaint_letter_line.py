from odoo import fields, models
from odoo.fields import Domain


class CustomerComplaintLetterLine(models.Model):
    """A customer to whom an incident's message goes, and whether it has gone."""

    _name = "customer.complaint.letter.line"
    _description = "Customer to Write To"
    _order = "id"

    letter_id = fields.Many2one(
        "customer.complaint.letter", required=True, ondelete="cascade", index=True
    )
    partner_id = fields.Many2one("res.partner", ondelete="cascade", index=True)
    order_line_id = fields.Many2one(
        "sale.order.line",
        ondelete="set null",
        index="btree_not_null",
        help="What the customer bought of what failed.",
    )
    complaint_id = fields.Many2one(
        "customer.complaint",
        ondelete="set null",
        index="btree_not_null",
        help="Empty: the customer has not complained, and gets one noticed by us.",
    )
    action_id = fields.Many2one(
        "customer.recovery.action", ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("waiting", "To Be Written To"),
            ("sent", "Written To"),
            ("left_out", "Left Out"),
            ("failed", "Not Possible"),
        ],
        required=True,
        default="waiting",
    )
    error = fields.Char()

    def _outdated(self):
        """Return those who need not be written to any more.

        They have got a complaint of this incident meanwhile, or theirs belongs to
        another one now.
        """
        known = self.filtered("complaint_id")
        incident = self.letter_id.incident_id
        gone = known.filtered(
            lambda line: (
                line.complaint_id.incident_id != incident
                or line.complaint_id._live() != line.complaint_id
            )
        )
        accounts = (self - known).partner_id.commercial_partner_id
        heard = self.env["customer.complaint"].search(
            Domain("incident_id", "in", incident.ids)
            & Domain("account_id", "in", accounts.ids)
        )
        return gone | (self - known).filtered(
            lambda line: line.partner_id.commercial_partner_id in heard.account_id
        )

    def _give_complaints(self, letter):
        """Return the complaint of each, in order; who has none gets one.

        :param letter: in the environment to create them in
        """
        silent = self.filtered(lambda line: not line.complaint_id)
        created = letter.env["customer.complaint"].create(
            [line._prepare_complaint_values() for line in silent]
        )
        for line, complaint in zip(silent, created, strict=True):
            line.complaint_id = complaint
        return self.complaint_id.with_env(letter.env)

    def _prepare_complaint_values(self):
        """Values of a complaint that we noticed before the customer complained."""
        incident, order_line = self.letter_id.incident_id, self.order_line_id
        return {
            "subject": self.letter_id.subject or incident.name,
            "description": incident.description,
            "channel": "noticed",
            "company_id": incident.company_id.id,
            "partner_id": (order_line.order_id.partner_id or self.partner_id).id,
            "order_id": order_line.order_id.id,
            "product_id": order_line.product_id.id,
            "incident_id": incident.id,
        }

    def _note_sent(self, complaints, actions):
        """Remember that these have been written to, and what they are given."""
        self.state = "sent"
        planned = actions.grouped("complaint_id")
        for line in self.filtered(lambda one: one.complaint_id in planned):
            line.action_id = planned[line.complaint_id][:1]
