from odoo import api, fields, models

# What there is to do, in its order, by kind of complaint.
STEPS = {
    "complaint": ("acknowledge", "investigate", "decide", "resolve"),
    "suggestion": ("acknowledge", "resolve"),
    "question": ("acknowledge", "resolve"),
    "praise": ("acknowledge",),
}
# The date that shows that a step has been taken.
PROOFS = {
    "acknowledge": "acknowledged_at",
    "investigate": "investigating_at",
    "decide": "decided_at",
    "resolve": "resolved_at",
}


class CustomerComplaint(models.Model):
    """What the form asks of a complaint: the next step, and who may take it."""

    _inherit = "customer.complaint"

    next_step = fields.Selection(
        [
            ("acknowledge", "Acknowledge"),
            ("investigate", "Investigate"),
            ("decide", "Communicate Decision"),
            ("resolve", "Resolve"),
            ("close", "Close"),
            ("resume", "Go On"),
        ],
        compute="_compute_next_step",
        groups="base.group_user",
        help="What is sensible to do next; everything else stays possible.",
    )
    may_handle = fields.Boolean(
        compute="_compute_may_handle",
        groups="base.group_user",
        help="Others read the complaint and write messages.",
    )

    may_open_order = fields.Boolean(
        compute="_compute_may_open",
        groups="base.group_user",
        help="Others see which one it is.",
    )
    may_open_invoice = fields.Boolean(
        compute="_compute_may_open",
        groups="base.group_user",
        help="Others see which one it is.",
    )

    # The family: what else came out of it
    merged_complaint_ids = fields.One2many(
        "customer.complaint",
        "merged_into_id",
        string="Merged into This One",
        context={"active_test": False},
        groups="base.group_user",
    )
    part_ids = fields.One2many(
        "customer.complaint",
        "split_from_id",
        string="Parts",
        groups="base.group_user",
    )
    follow_up_ids = fields.One2many(
        "customer.complaint",
        "follow_up_of_id",
        string="Follow-Ups",
        groups="base.group_user",
    )

    @api.depends(
        "kind",
        "channel",
        "status",
        "acknowledged_at",
        "investigating_at",
        "decided_at",
        "merged_into_id",
    )
    def _compute_next_step(self):
        for complaint in self:
            complaint.next_step = complaint._find_next_step()

    def _find_next_step(self):
        """Return the first step that has not been taken; False when it is over."""
        if self.status == "closed" or self.merged_into_id:
            return False
        if self.status == "waiting":
            return "resume"
        if self.status == "resolved":
            return "close"
        steps = STEPS.get(self.kind, ())
        if self.channel == "noticed":
            # nobody waits to hear that we have heard
            steps = [step for step in steps if step != "acknowledge"]
        taken = [rank for rank, step in enumerate(steps) if self[PROOFS[step]]]
        left = steps[max(taken, default=-1) + 1 :]
        return left[0] if left else "close"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_handle(self):
        known = self._origin
        writable = known._filtered_access("write")
        for complaint in self:
            origin = complaint._origin
            complaint.may_handle = not origin or origin in writable

    @api.depends("order_id", "move_id")
    @api.depends_context("uid", "allowed_company_ids")
    def _compute_may_open(self):
        self._fill_may_open("may_open_order", "order_id")
        self._fill_may_open("may_open_invoice", "move_id")

    def _fill_may_open(self, name, document):
        """Whoever may open none of them is not asked to choose one either."""
        documents = self[document]._origin
        readable = documents._filtered_access("read")
        may_choose = documents.browse().has_access("read")
        for complaint in self:
            one = complaint[document]._origin
            complaint[name] = one in readable if one else may_choose

    @api.model
    def _get_view(self, view_id=None, view_type="form", **options):
        """Salespeople read in the form what only its handlers change."""
        arch, view = super()._get_view(view_id, view_type, **options)
        if view_type == "form" and arch.xpath("//field[@name='may_handle']"):
            for node in arch.xpath("//field[not(ancestor::field)]"):
                self._lock_for_readers(node)
        return arch, view

    def _lock_for_readers(self, node):
        """Let only handlers change a field of the form, and only where it can be."""
        condition = node.get("readonly")
        if not condition and self._fields[node.get("name")].readonly:
            return
        reader = "id and not may_handle"
        node.set("readonly", f"({condition}) or {reader}" if condition else reader)
