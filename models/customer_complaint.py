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

# Only code of this module can put this object into a context: the complaint is created
# although what begins with it fails, so that nobody's words are lost.
BARE = object()
# The same for what is filled in before the clocks start: it changes no clock.
BEGINNING = object()
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
        "portal.mixin",
        "mail.thread.cc",
        "mail.activity.mixin",
        "rating.mixin",
        "utm.mixin",
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
    severity_proposed = fields.Selection(
        SEVERITIES,
        readonly=True,
        copy=False,
        groups=EMPLOYEES,
        help="What the rules propose.",
    )
    severity_reason = fields.Json(readonly=True, copy=False, groups=EMPLOYEES)
    severity_set_by_person = fields.Boolean(readonly=True, copy=False, groups=EMPLOYEES)
    is_safety = fields.Boolean(
        string="Safety at Stake", help="Somebody was, or may be, hurt."
    )
    remedy_sought_ids = fields.Many2many(
        "customer.complaint.remedy",
        string="What They Want",
        help="What would put it right, in the customer's own eyes.",
    )
    amount_disputed = fields.Monetary(string="Amount in Dispute", tracking=True)
    tag_ids = fields.Many2many("customer.complaint.tag", groups=EMPLOYEES)

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
        index="btree_not_null",
    )
    salesperson_id = fields.Many2one(
        "res.users",
        related="account_id.user_id",
        store=True,
        index="btree_not_null",
        string="Account Manager",
        groups=EMPLOYEES,
    )
    partner_name = fields.Char(string="Name Given")
    email_from = fields.Char(
        string="E-mail", compute="_compute_email_from", store=True, readonly=False
    )
    email_normalized = fields.Char(
        compute="_compute_email_normalized", store=True, index="btree_not_null"
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
    concerned_user_ids = fields.Many2many(
        "res.users",
        "customer_complaint_concerned_rel",
        string="Persons Concerned",
        groups="customer_retention.group_complaint_manager",
        help="Employees the complaint is about: they neither handle it nor approve "
        "anything in it, and only team managers see this.",
    )
    is_kept_from_salesperson = fields.Boolean(
        string="Keep from My Salesperson",
        help="The customer does not want the salesperson to read this.",
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
    resolved_at = fields.Datetime(readonly=True, copy=False)
    closed_at = fields.Datetime(readonly=True, copy=False)
    reopened_at = fields.Datetime(readonly=True, copy=False)
    reopen_count = fields.Integer(readonly=True, copy=False)
    waiting_since = fields.Datetime(readonly=True, copy=False)
    waiting_reason = fields.Char(string="Waiting For", readonly=True, copy=False)

    # Family
    merged_into_id = fields.Many2one(
        "customer.complaint", readonly=True, copy=False, index="btree_not_null"
    )
    split_from_id = fields.Many2one(
        "customer.complaint", readonly=True, copy=False, index="btree_not_null"
    )
    follow_up_of_id = fields.Many2one(
        "customer.complaint", readonly=True, copy=False, index="btree_not_null"
    )
    incident_id = fields.Many2one(
        "customer.complaint.incident",
        index="btree_not_null",
        copy=False,
        help="One failure that several customers complain about.",
    )

    # Deadlines: written by the clocks
    clock_ids = fields.One2many("customer.complaint.clock", "complaint_id", copy=False)
    next_deadline = fields.Datetime(readonly=True, copy=False, index=True)
    next_clock_kind = fields.Selection(
        selection="_selection_clock_kind", readonly=True, copy=False
    )

    _name_unique = models.UniqueIndex(
        "(name, company_id) WHERE name <> '/'",
        "This number has been given to another complaint.",
    )

    @api.model
    def _default_company_id(self):
        return self.env.company

    @api.model
    def _selection_clock_kind(self):
        clock = self.env["customer.complaint.clock"]
        return clock._fields["kind"]._description_selection(self.env)

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

    @api.model
    def _read_group_stage_ids(self, stages, domain):
        team = self.env["customer.complaint.team"].browse(
            self.env.context.get("default_team_id")
        )
        return self._all_stages()._of_team(team)

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Number and place new complaints, then let everything begin.

        What fails in what is only polite or clever never loses a complaint.
        """
        complaints = super().create(self._prepare_new_complaints(vals_list))
        if self.env.context.get("customer_complaint_bare") is BARE:
            complaints._log_event(
                "received", {one: one.received_at for one in complaints}
            )
            return complaints
        # what is filled in at the start is not a change to be told in the thread
        complaints.with_context(mail_notrack=True)._begin()
        return complaints

    @api.model
    def _prepare_new_complaints(self, vals_list):
        """Return copies of the values with company, team, stage and number."""
        prepared = [dict(vals) for vals in vals_list]
        self._fill_in_places(prepared)
        self._fill_in_numbers(prepared)
        return prepared

    @api.model
    def _fill_in_places(self, vals_list):
        """Find company, team and stage of those that come without them."""
        defaults = self.default_get(["company_id", "team_id", "stage_id"])
        Team = self.env["customer.complaint.team"]
        responsible, first_stages, stages = {}, {}, self._all_stages()
        for vals in vals_list:
            team = Team.browse(vals.get("team_id", defaults.get("team_id")) or [])
            vals.setdefault(
                "company_id",
                # sudo: customer.complaint.team - its company, whoever complains
                team.sudo().company_id.id or defaults["company_id"],
            )
            if not team:
                key = vals["company_id"], vals.get("category_id")
                if key not in responsible:
                    responsible[key] = Team._responsible(*key)
                team = responsible[key]
                vals["team_id"] = team.id
            if not vals.get("stage_id", defaults.get("stage_id")):
                if team not in first_stages:
                    first_stages[team] = self._stage_of_event("received", team, stages)
                vals["stage_id"] = first_stages[team].id

    def _begin(self):
        """Everything that starts with a complaint, in its order."""
        unstarted = self.with_context(customer_complaint_beginning=BEGINNING)
        unstarted._part_from_concerned()
        unstarted._propose_severity()
        unstarted._assign()
        self._log_event("received", {one: one.received_at for one in self})
        self._start_clocks()
        self._record_first_stage()
        self._acknowledge_new()
        self._pass_praise_on()

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
