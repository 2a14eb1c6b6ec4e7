from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ..logic.severity import Limits
from .res_company import SETTINGS

NEVER_NEGATIVE = (
    "complaint_reopen_days",
    "complaint_duplicate_days",
    "complaint_money_trifle",
    "complaint_money_high",
    "complaint_money_critical",
    "complaint_customer_revenue",
    "complaint_repeat_days",
    "recovery_guide_minimum",
    "complaint_survey_hours",
    "complaint_survey_reminder_days",
)


class ResCompany(models.Model):
    """How a company works with complaints: intake, severity, recovery, learning."""

    _inherit = "res.company"

    retention_use_complaints = fields.Boolean(string="Complaints", default=True)

    # Intake
    complaint_reopen_days = fields.Integer(
        string="Reopen Complaints Within (Days)",
        default=14,
        help="A customer's reply within these days after the end reopens a complaint; "
        "a later one starts a new complaint that follows up on it.",
    )
    complaint_duplicate_days = fields.Integer(
        string="Look for Duplicates Within (Days)",
        default=30,
        help="How far apart two complaints about the same thing may have been "
        "received to be proposed as duplicates.",
    )
    complaint_public_page = fields.Boolean(
        string="Public Complaint Page",
        help="Anybody can complain at /complaints/… without an account. Off until "
        "somebody switches it on, with people who read what comes in.",
        prefetch=SETTINGS,
    )

    # Severity
    complaint_money_trifle = fields.Monetary(
        string="A Trifle Below",
        help="Disputes about less are of low severity. 0: none are.",
    )
    complaint_money_high = fields.Monetary(
        string="Much Money From",
        default=1000.0,
        help="Disputes about at least this much are of high severity. 0: none are.",
    )
    complaint_money_critical = fields.Monetary(
        string="Very Much Money From",
        default=10000.0,
        help="Disputes about at least this much are critical. 0: none are.",
    )
    complaint_customer_revenue = fields.Monetary(
        string="Important Customer From",
        help="Complaints of customers who bought for at least this much within twelve "
        "months are of high severity. 0: revenue does not count.",
    )
    complaint_repeat_days = fields.Integer(
        string="Repeated Within",
        default=90,
        help="Another complaint of the same customer within these days makes it one "
        "step more serious. 0: never.",
    )

    # Recovery
    recovery_goodwill_product_id = fields.Many2one(
        "product.product",
        string="Goodwill Product",
        domain="[('type', '=', 'service')]",
        help="Stands on credit notes for goodwill, and so chooses their account.",
        prefetch=SETTINGS,
    )
    recovery_guide_minimum = fields.Integer(
        string="Cases for a Guide",
        default=10,
        help="How many comparable complaints it takes before the guide goes by what "
        "their customers got.",
        prefetch=SETTINGS,
    )

    # Learning
    complaint_use_survey = fields.Boolean(
        string="Ask Customers After a Complaint",
        default=True,
        prefetch=SETTINGS,
    )
    complaint_survey_hours = fields.Integer(
        string="Hours Until Customers Are Asked",
        default=24,
        prefetch=SETTINGS,
    )
    complaint_survey_reminder_days = fields.Integer(
        string="Days Until They Are Reminded",
        default=3,
        help="0: never.",
        prefetch=SETTINGS,
    )

    @api.constrains(*NEVER_NEGATIVE)
    def _check_complaint_numbers(self):
        for company in self:
            if any(company[name] < 0 for name in NEVER_NEGATIVE):
                raise ValidationError(
                    self.env._(
                        "Days, hours and amounts of complaints are counted from 0 on. "
                        "Enter 0 where a limit is not to count."
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create(vals_list)
        # sudo: ir.sequence - whoever may create a company
        self.env["ir.sequence"].sudo()._create_complaint_sequences(companies)
        return companies

    def write(self, vals):
        result = super().write(vals)
        if "retention_use_complaints" in vals:
            self._sync_complaint_feature()
        return result

    # === BUSINESS METHODS === #

    @api.model
    def _sync_complaint_feature(self) -> None:
        """Show the menus of complaints while a company uses them."""
        # sudo: res.groups - a setting of the company, whoever may change it
        employees = self.env.ref("base.group_user").sudo()
        # sudo: res.groups - a setting of the company, whoever changes it
        feature = self.env.ref("customer_retention.group_use_complaints").sudo()
        # sudo: res.company - whether any company uses complaints
        if self.sudo().search_count([("retention_use_complaints", "=", True)], limit=1):
            employees._apply_group(feature)
        else:
            employees._remove_group(feature)

    @api.model
    def _number_complaints(self) -> None:
        """Give every company that has none its sequence of complaints."""
        sequences = self.env["ir.sequence"]
        for company in self.search([]):  # pylint: disable=no-search-all
            sequences._complaint_sequence(company)

    def _create_complaint_team(self):
        """Give a company its first team; members and address come later."""
        self.ensure_one()
        return self.env["customer.complaint.team"].create(
            {"name": self.env._("Customer Complaints"), "company_id": self.id}
        )

    # === BUSINESS METHODS - INTAKE === #

    def _complaint_places(self) -> dict:
        """Return {slug: company or team} of every public page there is."""
        # sudo: res.company - anybody may complain
        companies = self.sudo().search([("complaint_public_page", "=", True)])
        teams = (
            self.env["customer.complaint.team"]
            # sudo: customer.complaint.team - anybody may complain
            .sudo()
            .search([("company_id", "in", companies.ids)], order="id")
        )
        places = {}
        slugify = self.env["ir.http"]._slugify
        for place in [*companies.sorted("id"), *teams]:
            # the address does not change with the reader's language
            name = place.with_context(lang=None).name
            slug = slugify(name) or f"{place.id}"
            if slug in places:
                slug = f"{slug}-{place.id}"
            places[slug] = place
        return places

    def _complaint_url(self) -> str:
        """Return the address of this company's public page, empty if it has none."""
        self.ensure_one()
        for slug, place in self._complaint_places().items():
            if place == self:
                return f"/complaints/{slug}"
        return ""

    # === BUSINESS METHODS - SEVERITY === #

    def _complaint_limits(self) -> Limits:
        """Return what counts as much in this company."""
        self.ensure_one()
        return Limits(
            trifle=self.complaint_money_trifle,
            high=self.complaint_money_high,
            critical=self.complaint_money_critical,
            customer=self.complaint_customer_revenue,
            days=self.complaint_repeat_days,
        )

    # === BUSINESS METHODS - RECOVERY === #

    def _recovery_goodwill_product(self):
        """Return the product of goodwill credit notes."""
        self.ensure_one()
        return self.recovery_goodwill_product_id or self._recovery_product(
            "product_recovery_goodwill", self.env._("Goodwill after a complaint")
        )

    def _recovery_discount_product(self):
        """Return the product of discounts: the one Sales uses, if there is one."""
        self.ensure_one()
        return self.sale_discount_product_id or self._recovery_product(
            "product_recovery_discount", self.env._("Discount after a complaint")
        )

    def _recovery_product(self, xmlid, name):
        """Return a service of ours, made anew when somebody deleted it."""
        product = self.env.ref(f"customer_retention.{xmlid}", raise_if_not_found=False)
        if product and product.active:
            return product
        return self.env["product.product"].create(
            {
                "name": name,
                "type": "service",
                "invoice_policy": "order",
                "list_price": 0.0,
                "sale_ok": False,
                "purchase_ok": False,
                "taxes_id": False,
            }
        )
