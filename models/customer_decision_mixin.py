from odoo import api, models
from odoo.exceptions import UserError, ValidationError

# Decisions recorded together beyond which their customers wait for the queue.
IMMEDIATE_LIMIT = 100

# Only code of this module can put this object into a context: a call from outside
# cannot amend what was decided.
AMENDMENT = object()


class CustomerDecisionMixin(models.AbstractModel):
    """A person's dated decision about a customer: truth that the evaluation reads.

    Heirs have ``partner_id``, ``company_id`` and ``user_id``. The customer is kept
    as the commercial partner; whatever is decided shows at once. A decision without
    a company is about the customer in every company.

    A decision stays as it was recorded: whom it is about, where, since when and by
    whom included. Heirs name the exceptions by :meth:`_get_amendable_fields`, and
    their own code writes through :meth:`_amend`.
    """

    _name = "customer.decision.mixin"
    _inherit = "customer.visible.mixin"
    _description = "Decision about a Customer"

    @api.model
    def _default_company_id(self):
        return self.env.company._retention_root()

    @api.model
    def _default_date(self):
        """Today, as the company that decides counts its days."""
        return self.env.company._retention_root()._retention_today()

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        vals_list = [self._prepare_decision(vals) for vals in vals_list]
        records = super().create(self._with_accounts(vals_list))
        records._settle()
        records._decide()
        return records

    def write(self, vals):
        """Change what may be changed afterwards.

        :raise UserError: anything else is among the values
        """
        if self.env.context.get("customer_retention_amendment") is AMENDMENT:
            return super().write(vals)
        self._check_amendment(vals)
        result = super().write(vals)
        self._decide()
        return result

    def _amend(self, vals):
        """Write what a person may not, through the ORM; the caller then decides."""
        return self.with_context(customer_retention_amendment=AMENDMENT).write(vals)

    def _check_amendment(self, vals):
        """Refuse to rewrite a decision; record rules only see it before the change."""
        # An import names the record by its id, among the values.
        if vals.keys() - self._get_amendable_fields() - {"id"}:
            raise UserError(self._amendment_message())

    @api.model
    def _get_amendable_fields(self):
        """Names of the fields that a person may change afterwards."""
        return set()

    @api.model
    def _amendment_message(self):
        """Why a decision is not rewritten, and what to do instead."""
        return self.env._(
            "A decision stays as it was made. End it and record a new one instead."
        )

    def unlink(self):
        partners = self.partner_id
        result = super().unlink()
        self.browse()._decide(partners)
        return result

    @api.model
    def _prepare_decision(self, vals):
        """Values of a new decision, about the account and by its true author.

        Only an administrator records what somebody else decided, as an import does.

        :raise ValidationError: the customer is missing
        """
        vals = {**self.default_get(["partner_id", "company_id"]), **vals}
        if not vals.get("partner_id"):
            raise ValidationError(self.env._("Choose the customer this is about."))
        if not self.env.su and not self.env.user.has_group(
            "customer_retention.group_admin"
        ):
            vals["user_id"] = self.env.uid
        return vals

    @api.model
    def _with_accounts(self, vals_list):
        """The same values with accounts and main companies in place of their parts."""
        # sudo: res.partner - the company of a contact one may see decides
        partners = self.env["res.partner"].sudo()
        partners = partners.browse({vals["partner_id"] for vals in vals_list})
        accounts = {one.id: one.commercial_partner_id.id or one.id for one in partners}
        companies = self.env["res.company"].browse(
            {vals["company_id"] for vals in vals_list if vals.get("company_id")}
        )
        roots = {company.id: company._retention_root().id for company in companies}
        return [
            {
                **vals,
                "partner_id": accounts[vals["partner_id"]],
                "company_id": roots.get(vals.get("company_id"), False),
            }
            for vals in vals_list
        ]

    def _settle(self):
        """Adapt earlier decisions to these new ones, before anybody evaluates."""

    # === EVALUATION === #

    def _decide(self, more_partners=None):
        """Have the customers evaluated: a few at once, many by the queue.

        :param more_partners: customers of decisions that are no more
        """
        partner_ids = set(self.partner_id.ids)
        if more_partners:
            partner_ids |= set(more_partners.ids)
        if not partner_ids:
            return
        self.env["customer.relationship.queue"]._enqueue(partner_ids, "decision")
        if len(partner_ids) <= IMMEDIATE_LIMIT:
            relationships = self.env["customer.relationship"]
            # Nobody waits for a job that is at work on the customer right now.
            free = relationships._free_accounts(partner_ids)
            # A decision may change the verdict while every fact stays the same.
            relationships._sync_and_evaluate(free, force=True)

    # === GARBAGE COLLECTION === #

    @api.autovacuum
    def _gc_decisions_without_customer(self):
        """Forget what was decided about customers who have been deleted."""
        if not self._abstract:
            self.search([("partner_id", "=", False)]).unlink()
