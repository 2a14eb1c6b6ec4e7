from __future__ import annotations

from datetime import date

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL

from ..logic.handover import introduce_by, outcome


class CustomerHandoverLine(models.Model):
    """A customer who is handed over, what to know, and what came of it."""

    _name = "customer.handover.line"
    _inherit = [
        "customer.visible.mixin",
        "customer.account.mixin",
        "customer.guarded.mixin",
    ]
    _description = "Customer Handed Over"
    _order = "handover_id desc, yearly_value desc, id"
    _rec_name = "partner_id"

    handover_id = fields.Many2one(
        "customer.handover", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(
        related="handover_id.company_id", store=True, index=True
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        ondelete="cascade",
    )
    to_user_id = fields.Many2one(
        "res.users",
        string="To",
        domain="[('share', '=', False), ('company_ids', 'child_of', company_id)]",
        ondelete="restrict",
        help="Empty: whoever gets all the others.",
    )
    successor_id = fields.Many2one("res.users", compute="_compute_successor_id")
    contact_id = fields.Many2one(
        "res.partner",
        string="Whom to Greet",
        domain="[('commercial_partner_id', '=', partner_id)]",
        ondelete="set null",
    )
    note = fields.Char(string="What to Know")
    given_partner_ids = fields.Many2many(
        "res.partner",
        "customer_handover_line_given_rel",
        string="Contacts Given",
        readonly=True,
        copy=False,
        exportable=False,
        help="On whom the account manager was named, and the successor is since.",
    )
    yearly_value = fields.Monetary(
        string="A Year's Worth",
        readonly=True,
        help="What the customer brought in the twelve months before the hand-over.",
    )
    value_at_risk = fields.Monetary(
        readonly=True, help="How much of it was at risk on that day."
    )
    revenue_since = fields.Monetary(compute="_compute_outcome")
    outcome = fields.Selection(
        [
            ("bought", "Bought Again"),
            ("waiting", "Not Yet"),
            ("lost", "Lost"),
            ("before", "Lost Before"),
        ],
        string="Since Then",
        compute="_compute_outcome",
    )

    @api.depends("to_user_id", "handover_id.to_user_id")
    def _compute_successor_id(self):
        for line in self:
            line.successor_id = line.to_user_id or line.handover_id.to_user_id

    @api.depends("partner_id", "handover_id.state", "handover_id.date")
    def _compute_outcome(self):
        """What came of each one; nothing before the hand-over was done."""
        revenue = self._revenue_since()
        # sudo: customer.relationship - what came of whom one does not look after now
        rows = self.sudo()._relationships()
        none = self.env["customer.relationship"]
        for line in self:
            amount = revenue.get(line._origin.id)
            row = rows.get(line._account_key(), none)
            handover = line.handover_id
            line.revenue_since = amount or 0.0
            line.outcome = handover.state != "draft" and outcome(
                handover.date, amount is not None, self._lost_on(row)
            )

    @api.model
    def _lost_on(self, row) -> date | None:
        """Return since when a customer counts as lost, None for who does not."""
        if row.condition_kind != "lost":
            return None
        return row.condition_since or date.max

    def _revenue_since(self) -> dict[int, float]:
        """Return ``{line id: revenue}`` of those who bought after the hand-over."""
        if not self._origin.ids:
            return {}
        self.env.flush_all()
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT line.id, sum(purchase.amount)
                      FROM customer_handover_line line
                      JOIN customer_handover handover ON handover.id = line.handover_id
                      JOIN customer_purchase purchase
                        ON purchase.partner_id = line.partner_id
                       AND purchase.company_id = line.company_id
                       AND purchase.date > handover.date
                     WHERE line.id = ANY(%s) AND handover.state != 'draft'
                  GROUP BY line.id
                    HAVING bool_or(purchase.is_purchase)
                    """,
                    self._origin.ids,
                )
            )
        )

    @api.constrains("to_user_id")
    def _check_to_user_id(self):
        if any(line.to_user_id.share for line in self):
            raise ValidationError(
                self.env._("Choose a colleague as the new account manager.")
            )

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env.su:
            for vals in vals_list:
                self._check_guarded(vals, is_new=True)
        lines = super().create([self._with_account(vals) for vals in vals_list])
        lines._check_draft()
        return lines

    @api.model
    def _with_account(self, vals):
        """The customer in place of one of the people there, who is greeted."""
        # sudo: res.partner - the company of a contact one may see decides
        partner = self.env["res.partner"].sudo().browse(vals.get("partner_id"))
        account = partner.commercial_partner_id
        if not account or account == partner:
            return vals
        return {"contact_id": partner.id, **vals, "partner_id": account.id}

    def write(self, vals):
        vals = self._with_account(vals)
        self._check_draft()
        if not self.env.su:
            self._check_guarded(vals)
            self._check_stays(vals)
        return super().write(vals)

    def _check_stays(self, vals):
        """Refuse to move a line to another hand-over."""
        target = vals.get("handover_id", False)
        if "handover_id" in vals and any(
            line.handover_id.id != target for line in self
        ):
            raise UserError(
                self.env._(
                    "A customer stays in the hand-over. Take the line off, and put the "
                    "customer on the other list."
                )
            )

    @api.model
    def _guarded_message(self, label):
        return self.env._(
            "“%s” is not entered: it is what the customer is worth on the day of the "
            "hand-over.",
            label,
        )

    @api.ondelete(at_uninstall=False)
    def _unlink_drafts_only(self):
        self._check_draft()

    def _check_draft(self):
        """Lines of one's own drafts alone are changed."""
        handovers = self.handover_id
        if not self.env.su:
            handovers.check_access("write")
        handovers._check_draft()

    # === BUSINESS === #

    def _remember_worth(self):
        """Keep what the customers are worth on the day they are handed over."""
        scores = self._rows_by_account("customer.churn.score")
        none = self.env["customer.churn.score"]
        # sudo: customer.handover.line - figures nobody enters
        for line in self.sudo():
            score = scores.get(line._account_key(), none)
            line.yearly_value = score.yearly_value
            line.value_at_risk = score.value_at_risk

    def _give_to(self, giver, successor):
        """Make somebody the account manager, in place of the one before.

        Contacts, activities, retention cases with their steps and, if wanted, open
        quotations go along.
        """
        if not self:
            return
        contacts = self._give_contacts(giver, successor)
        # sudo: res.partner - who may hand over was checked, Sales writes no contacts
        people = (self.partner_id | contacts).sudo()
        self._give_activities("res.partner", people.ids, giver, successor)
        self._give_cases(giver, successor)
        if self.handover_id.with_quotations:
            self._give_quotations(giver, successor)
        self._give_relationships(successor)

    def _give_contacts(self, giver, successor):
        """Name the successor where the giver was named, on the way back only where
        that was done by the hand-over.

        :return: the contacts
        """
        # sudo: customer.handover.line - what nobody enters, of contacts of others too
        lines = self.sudo()
        if self.handover_id.state == "draft":
            # sudo: res.partner - who may hand over was checked already
            accounts = self.partner_id.sudo()
            named = accounts.search(
                [("id", "child_of", accounts.ids), ("user_id", "=", giver.id)]
            )
            by_account = named.grouped("commercial_partner_id")
            for line in lines:
                line.given_partner_ids = by_account.get(line.partner_id)
        given = lines.given_partner_ids.filtered(lambda one: one.user_id == giver)
        given.write({"user_id": successor.id})
        return given

    def _give_relationships(self, successor):
        """Have the successor see the customers at once, in this company alone."""
        for company, lines in self.grouped("company_id").items():
            self.env["customer.relationship"]._hand_to(
                lines.partner_id.ids, company, successor
            )
        self.env["customer.churn.score"]._follow_salespeople(self.partner_id.ids)

    @api.model
    def _give_activities(self, model, res_ids, giver, successor):
        """Have the successor keep what the giver promised to do."""
        # sudo: mail.activity - what was promised is kept by the successor
        self.env["mail.activity"].sudo().search(
            [
                ("res_model", "=", model),
                ("res_id", "in", res_ids),
                ("user_id", "=", giver.id),
            ]
        ).write({"user_id": successor.id})

    def _give_cases(self, giver, successor):
        """Give open cases, and steps of the giver in those of others, too."""
        # sudo: customer.retention.case - who may hand the customers over was checked
        cases = self.env["customer.retention.case"].sudo()
        cases = cases.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("company_id", "in", self.company_id.ids),
                ("state", "=", "open"),
            ]
        )
        cases.filtered(lambda case: case.user_id == giver).with_context(
            mail_auto_subscribe_no_notify=True
        ).write({"user_id": successor.id})
        self._give_activities(cases._name, cases.ids, giver, successor)

    def _give_quotations(self, giver, successor):
        # sudo: sale.order - who may hand the customers over was checked
        orders = self.env["sale.order"].sudo()
        orders.search(
            [
                ("partner_id", "child_of", self.partner_id.ids),
                ("company_id", "child_of", self.company_id.ids),
                ("state", "in", ("draft", "sent")),
                ("user_id", "=", giver.id),
            ]
        ).with_context(mail_auto_subscribe_no_notify=True).write(
            {"user_id": successor.id}
        )

    def _plan_introductions(self):
        """Ask the successor to call, and for key customers both to go together."""
        # sudo: customer.churn.score - of customers who are no longer the giver's
        scores = self.env["customer.churn.score"].sudo()
        classes = {
            score.partner_id: score.value_class
            for score in scores.search([("partner_id", "in", self.partner_id.ids)])
        }
        for line in self:
            value_class = classes.get(line.partner_id)
            line._plan_introduction(value_class)

    def _plan_introduction(self, value_class):
        handover, partner = self.handover_id, self.partner_id
        day = introduce_by(handover.company_id._retention_today(), value_class)
        known = [handover.note, self.note]
        env = self._env_of(self.successor_id)
        # sudo: res.partner - Sales plans activities with customers it does not write
        partner = partner.sudo()
        partner.activity_schedule(
            "mail.mail_activity_data_call",
            date_deadline=day,
            user_id=self.successor_id.id,
            summary=env._(
                "Introduce yourself to %(name)s",
                name=(self.contact_id or partner).display_name,
            ),
            note="\n".join(filter(None, known)),
        )
        giver = handover.from_user_id
        if value_class == "key" and handover.reason == "rotation" and giver.active:
            env = self._env_of(giver)
            partner.activity_schedule(
                "mail.mail_activity_data_meeting",
                date_deadline=day,
                user_id=giver.id,
                summary=env._(
                    "Take %(name)s along to the customer",
                    name=self.successor_id.name,
                ),
            )

    def _env_of(self, user):
        """Return an environment in the language of a colleague, who reads it."""
        # sudo: res.users - the language of a colleague
        return self.with_context(lang=user.sudo().lang or self.env.lang).env
