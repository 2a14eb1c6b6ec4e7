from __future__ import annotations

from odoo import api, fields, models
from odoo.tools import email_normalize

CHANNELS = [
    ("email", "E-mail"),
    ("portal", "Customer Portal"),
    ("web", "Public Page"),
    ("phone", "Phone"),
    ("person", "In Person"),
    ("letter", "Letter"),
    ("social", "Social Media"),
    ("third_party", "Third Party"),
    ("noticed", "Noticed by Us"),
]
SEVERITIES = [
    ("low", "Low"),
    ("normal", "Normal"),
    ("high", "High"),
    ("critical", "Critical"),
]

# Customers read their complaints in the portal, but not what we think of them.
EMPLOYEES = "base.group_user"


class CustomerComplaint(models.Model):
    """What a customer told us, and what became of it, from the first word on.

    Clocks, recovery, learning and the channels it arrives by live in files of their
    own. What counts for clocks and reports are events with their dates, never the
    order of the stages.
    """

    _name = "customer.complaint"
    _description = "Complaint"
    _inherit = [
        "customer.guarded.mixin",
        "portal.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "rating.mixin",
        "utm.mixin",
        "customer.document.choice.mixin",
    ]
    _order = "next_deadline, id desc"
    _rec_names_search = ["name", "subject", "email_normalized"]
    _primary_email = "email_from"
    _mail_post_access = "read"
    _mail_thread_customer = True
    _check_company_auto = True

    # What it is
    name = fields.Char(
        string="Number", required=True, readonly=True, copy=False, default="/"
    )
    subject = fields.Char(required=True, tracking=True)
    description = fields.Html(sanitize_attributes=False)
    kind = fields.Selection(
        [
            ("complaint", "Complaint"),
            ("suggestion", "Suggestion"),
            ("praise", "Praise"),
            ("question", "Question"),
        ],
        required=True,
        default="complaint",
        tracking=True,
        index=True,
        help="Deadlines run for complaints only.",
    )
    channel = fields.Selection(CHANNELS, required=True, default="phone", tracking=True)
    category_id = fields.Many2one(
        "customer.complaint.category",
        tracking=True,
        index="btree_not_null",
        ondelete="restrict",
    )
    severity = fields.Selection(
        SEVERITIES,
        required=True,
        default="normal",
        tracking=True,
        index=True,
        groups=EMPLOYEES,
    )
    is_safety = fields.Boolean(
        string="Safety at Stake", help="Somebody was, or may be, hurt."
    )
    remedy_sought_ids = fields.Many2many(
        "customer.complaint.remedy",
        string="What They Want",
        help="What would put it right, in the customer's own eyes.",
    )
    amount_disputed = fields.Monetary(string="Amount in Dispute", tracking=True)
    tag_ids = fields.Many2many(
        "customer.complaint.tag", string="Tags", groups=EMPLOYEES
    )

    # Who
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self._default_company_id(),
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Contact",
        tracking=True,
        index="btree_not_null",
        help="Who complains; the company this person belongs to is the customer.",
    )
    account_id = fields.Many2one(
        "res.partner",
        string="Customer",
        compute="_compute_account_id",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    salesperson_id = fields.Many2one(
        "res.users",
        related="account_id.user_id",
        store=True,
        precompute=True,
        index="btree_not_null",
        string="Account Manager",
        groups=EMPLOYEES,
    )
    partner_name = fields.Char(string="Name Given")
    email_from = fields.Char(
        string="E-mail",
        compute="_compute_email_from",
        store=True,
        precompute=True,
        readonly=False,
    )
    email_normalized = fields.Char(
        compute="_compute_email_normalized",
        store=True,
        precompute=True,
        index="btree_not_null",
    )
    phone = fields.Char(compute="_compute_phone", store=True, readonly=False)
    team_id = fields.Many2one(
        "customer.complaint.team",
        tracking=True,
        index=True,
        ondelete="restrict",
        check_company=True,
    )
    user_id = fields.Many2one(
        "res.users",
        string="Handler",
        tracking=True,
        index=True,
        domain="[('share', '=', False)]",
    )

    # What it is about
    order_id = fields.Many2one("sale.order", index="btree_not_null", check_company=True)
    order_line_ids = fields.Many2many("sale.order.line", string="Order Lines")
    move_id = fields.Many2one(
        "account.move",
        string="Invoice",
        index="btree_not_null",
        check_company=True,
        domain="[('move_type', 'in', ('out_invoice', 'out_receipt'))]",
    )
    product_id = fields.Many2one("product.product", index="btree_not_null")
    happened_on = fields.Date()

    # Where it stands
    stage_id = fields.Many2one(
        "customer.complaint.stage",
        tracking=True,
        index=True,
        copy=False,
        ondelete="restrict",
        group_expand="_read_group_stage_ids",
    )
    outcome = fields.Selection(
        [
            ("accepted", "Accepted"),
            ("partly", "Partly Accepted"),
            ("goodwill", "Goodwill"),
            ("refused", "Refused"),
            ("withdrawn", "Withdrawn"),
        ],
        tracking=True,
        copy=False,
        help="A refused complaint stays open to recourse.",
    )
    active = fields.Boolean(default=True)
    status = fields.Selection(
        [
            ("open", "Open"),
            ("waiting", "Waiting for the Customer"),
            ("resolved", "Resolved"),
            ("closed", "Closed"),
        ],
        required=True,
        default="open",
        readonly=True,
        copy=False,
        index=True,
    )
    received_at = fields.Datetime(
        required=True, default=fields.Datetime.now, copy=False, index=True
    )
    acknowledged_at = fields.Datetime(readonly=True, copy=False)
    investigating_at = fields.Datetime(
        string="Investigated Since", readonly=True, copy=False
    )
    answered_at = fields.Datetime(
        string="First Answered At",
        readonly=True,
        copy=False,
        help="The first message a person wrote to the customer.",
    )
    promised_at = fields.Datetime(
        string="Next Update Promised",
        readonly=True,
        copy=False,
        help="Until then the customer hears from us.",
    )
    decided_at = fields.Datetime(
        string="Decision Communicated At", readonly=True, copy=False
    )
    # What was resolved lately is counted every day, among all there ever was.
    resolved_at = fields.Datetime(readonly=True, copy=False, index="btree_not_null")
    closed_at = fields.Datetime(readonly=True, copy=False)
    reopened_at = fields.Datetime(readonly=True, copy=False)
    reopen_count = fields.Integer(readonly=True, copy=False)
    waiting_since = fields.Datetime(readonly=True, copy=False)
    waiting_reason = fields.Char(string="Waiting For", readonly=True, copy=False)

    _name_unique = models.UniqueIndex(
        "(name, company_id) WHERE name <> '/'",
        "This number has been given to another complaint.",
    )

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.depends("partner_id.commercial_partner_id")
    def _compute_account_id(self):
        for complaint in self:
            complaint.account_id = complaint.partner_id.commercial_partner_id

    @api.depends("partner_id")
    def _compute_email_from(self):
        for complaint in self:
            if complaint.partner_id.email:
                complaint.email_from = complaint.partner_id.email

    @api.depends("email_from")
    def _compute_email_normalized(self):
        for complaint in self:
            complaint.email_normalized = email_normalize(complaint.email_from)

    @api.depends("partner_id")
    def _compute_phone(self):
        for complaint in self:
            if complaint.partner_id.phone:
                complaint.phone = complaint.partner_id.phone

    @api.depends("name", "subject")
    def _compute_display_name(self):
        for complaint in self:
            # the screens call what has no number yet and no subject "New"
            number = complaint.name if complaint.name != "/" else ""
            complaint.display_name = f"{number} {complaint.subject or ''}".strip()

    # === BUSINESS METHODS === #

    def _write_each(self, values):
        """Write values that differ by complaint, with one write for each kind.

        :param values: {complaint: values to write}
        """
        kinds = {}
        for complaint, vals in values.items():
            kind = repr(sorted(vals.items()))
            kinds.setdefault(kind, ([], vals))[0].append(complaint.id)
        for ids, vals in kinds.values():
            self.browse(ids).write(vals)

    @api.model
    def _tz(self, company):
        """Return the name of the time zone in which a company makes promises."""
        tz = company._retention_root().retention_tz
        if not tz or tz == "UTC":  # never chosen
            # sudo: res.company - its working hours, whoever reads the promise
            tz = company.sudo().resource_calendar_id.tz
        return tz or "UTC"
