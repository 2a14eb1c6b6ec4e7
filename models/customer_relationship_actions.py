from odoo import api, fields, models
from odoo.fields import Domain


class CustomerRelationship(models.Model):
    """What the screens of a relationship show beside it, and where they lead."""

    _inherit = "customer.relationship"

    partner_city = fields.Char(related="partner_id.city", string="City")
    partner_phone = fields.Char(related="partner_id.phone", string="Phone")
    partner_email = fields.Char(related="partner_id.email", string="Email")
    partner_activity_state = fields.Selection(
        related="partner_id.activity_state", string="Activity of the Customer"
    )
    pin_ids = fields.One2many(
        "customer.relationship.pin", string="Decisions", compute="_compute_decisions"
    )
    pin_text = fields.Text(
        string="Pinned",
        compute="_compute_pin_text",
        help="Who has decided, until when, why, and what the rules say.",
    )
    fit_ids = fields.One2many(
        "customer.fit", string="Fit Assessments", compute="_compute_decisions"
    )
    exclusion_ids = fields.One2many(
        "customer.profiling.exclusion",
        string="Exclusions from Profiling",
        compute="_compute_decisions",
    )

    @api.depends("stage_pin_id", "condition_pin_id")
    @api.depends_context("lang")
    def _compute_pin_text(self):
        for row in self:
            decided = (
                # a form may name any pin: only what its reader may see is told
                (row.stage_pin_id._filtered_access("read"), row.rule_stage_id),
                (row.condition_pin_id._filtered_access("read"), row.rule_condition_id),
            )
            sentences = [row._pin_sentence(*one) for one in decided if one[0]]
            row.pin_text = "\n".join(sentences) or False

    def _pin_sentence(self, pin, by_rules):
        """A decision in a line, beside what the rules say of the same."""
        # sudo: res.users - the name of a colleague
        by = pin.sudo().user_id.name
        words = self.env._(
            "%(what)s, decided by %(user)s: %(reason)s.",
            what=pin.display_name,
            user=by,
            reason=pin.reason.rstrip("."),
        )
        if not by_rules:
            return words
        rules = self.env._("The rules say “%(name)s”.", name=by_rules.name)
        return f"{words} {rules}"

    @api.depends("partner_id", "company_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_decisions(self):
        """What people decided about the account, in this company or in all of them."""
        about = Domain("partner_id", "in", self.partner_id.ids) & Domain(
            "company_id", "in", [*self.company_id.ids, False]
        )
        for name in ("pin_ids", "fit_ids", "exclusion_ids"):
            found = self.env[self._fields[name].comodel_name].search(about)
            decisions = found.grouped(lambda one: (one.partner_id, one.company_id))
            nowhere = self.env["res.company"]
            for row in self:
                row[name] = (
                    found.browse()
                    .union(
                        *(
                            decisions[row.partner_id, company]
                            for company in (row.company_id, nowhere)
                            if (row.partner_id, company) in decisions
                        )
                    )
                    .sorted()
                )

    # --------------------------------------------------------------------------
    # Buttons to the documents
    # --------------------------------------------------------------------------

    def action_open_partner(self):
        """The contact form of the customer."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "res_id": self.partner_id.id,
            "views": [(False, "form")],
        }

    def action_open_orders(self):
        """Quotations and orders of the account, its contacts included."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id("sale.action_orders")
        action["domain"] = list(self._get_documents_domain())
        action["context"] = {"default_partner_id": self.partner_id.id}
        return action

    def action_open_quotations(self):
        """The quotations the account has not answered yet."""
        action = self.action_open_orders()
        is_open = Domain("state", "in", ("draft", "sent"))
        action["domain"] = list(Domain(action["domain"]) & is_open)
        return action

    def action_open_invoices(self):
        """Invoices and credit notes of the account, its contacts included."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        is_invoice = Domain("move_type", "in", ("out_invoice", "out_refund"))
        action["domain"] = list(self._get_documents_domain() & is_invoice)
        action["context"] = {
            "default_move_type": "out_invoice",
            "default_partner_id": self.partner_id.id,
        }
        return action

    def action_open_purchases(self):
        """The purchases the facts were counted from."""
        self.ensure_one()
        action = self.env["ir.actions.actions"]._for_xml_id(
            "customer_retention.customer_purchase_action"
        )
        action["domain"] = [
            ("partner_id", "=", self.partner_id.id),
            ("company_id", "=", self.company_id.id),
        ]
        action["context"] = {}
        return action

    def _get_documents_domain(self):
        """Documents of the account and its contacts, those of branches included."""
        return Domain(
            "partner_id.commercial_partner_id", "=", self.partner_id.id
        ) & Domain("company_id", "child_of", self.company_id.id)

    # --------------------------------------------------------------------------
    # Buttons to the decisions
    # --------------------------------------------------------------------------

    def action_open_pin_wizard(self):
        """Ask why, and until when, a person decides otherwise than the rules.

        The proposed axis, position and condition come as `default_…` of the context.
        """
        self.check_access("read")
        action = self.env["ir.actions.actions"]._for_xml_id(
            "customer_retention.customer_pin_wizard_action"
        )
        proposed = {
            key: value
            for key, value in self.env.context.items()
            if key in ("default_axis", "default_stage_id", "default_condition_id")
        }
        action["context"] = {**proposed, "default_relationship_ids": self.ids}
        return action

    def action_assess_fit(self):
        """A new dated assessment whether the customer suits us."""
        return self._get_decision_action(
            "customer.fit",
            self.env._("Assess Fit"),
            default_company_id=self.company_id.id,
        )

    def action_exclude(self):
        """Leave the customer out of profiling from a day on.

        In every company if the person may propose that, else in the one of the row.
        """
        company = self.env["customer.profiling.exclusion"]._default_company_id()
        return self._get_decision_action(
            "customer.profiling.exclusion",
            self.env._("Exclude from Profiling"),
            default_company_id=self.company_id.id if company else False,
        )

    def _get_decision_action(self, model, name, **defaults):
        """A dialog for a new record of a person's decision about this account."""
        self.ensure_one()
        defaults["default_partner_id"] = self.partner_id.id
        return {
            "type": "ir.actions.act_window",
            "name": name,
            "res_model": model,
            "views": [(False, "form")],
            "target": "new",
            "context": defaults,
        }
