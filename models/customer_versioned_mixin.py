from datetime import date

from odoo import api, fields, models

# Only code of this module can put these objects into a context: a call from outside
# neither lets a definition count for the past nor silences the run that follows.
ALWAYS = object()
NO_RUN = object()


class CustomerVersionedMixin(models.AbstractModel):
    """A definition that decides about customers and is versioned on every change.

    The record shows the latest definition; what decides is the append-only
    :class:`customer.rule.version`, so that yesterday's verdicts keep yesterday's
    definition. Heirs have a ``company_id`` and say by :meth:`_definition` what is
    versioned, and by :meth:`_get_definition_fields` which fields that depends on.
    """

    _name = "customer.versioned.mixin"
    _description = "Versioned Definition"

    version_number = fields.Integer(
        string="Version",
        compute="_compute_version_number",
        # sudo: customer.rule.version - how many there are is no secret to readers
        compute_sudo=True,
    )

    def _compute_version_number(self):
        numbers = dict(
            self.env["customer.rule.version"]._read_group(
                [("res_model", "=", self._name), ("res_id", "in", self.ids)],
                groupby=["res_id"],
                aggregates=["number:max"],
            )
        )
        for record in self:
            record.version_number = numbers.get(record._origin.id, 0)

    # === CRUD === #

    @api.model_create_multi
    def create(self, vals_list):
        records = super().create([self._with_root_company(vals) for vals in vals_list])
        for record in records:
            record._record_version(record._definition())
        records._queue_rule_run()
        return records

    def write(self, vals):
        before = {record: record._definition() for record in self}
        result = super().write(self._with_root_company(vals))
        changed = self.filtered(lambda record: record._definition() != before[record])
        for record in changed:
            record._record_version(record._definition())
        if self._decides(vals):
            changed = self
        changed._queue_rule_run()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_and_evaluate(self):
        self._queue_rule_run()

    @api.model
    def _with_root_company(self, vals):
        """The same values with the main company in place of one of its branches."""
        if not vals.get("company_id"):
            return vals
        company = self.env["res.company"].browse(vals["company_id"])
        return {**vals, "company_id": company._retention_root().id}

    def action_open_versions(self):
        """Open the versions of this record, newest first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "customer_retention.customer_rule_version_action"
        )
        action["domain"] = [("res_model", "=", self._name), ("res_id", "=", self.id)]
        action["display_name"] = self.env._("Versions of %(name)s", name=self.name)
        return action

    # === VERSIONS === #

    def _definition(self):
        """What decides, as plain values that JSON keeps unchanged."""
        raise NotImplementedError

    @api.model
    def _get_definition_fields(self):
        """Names of the fields that the definition is read from."""
        raise NotImplementedError

    @api.model
    def _decides(self, vals):
        """Whether unversioned values among these change who is judged how."""
        return False

    def _record_version(self, definition):
        """Append a version with this definition, in force from the right day."""
        self.ensure_one()
        # sudo: customer.rule.version - append-only, nobody has access to create it
        versions = self.env["customer.rule.version"].sudo()
        self.invalidate_recordset(["version_number"])
        return versions._record(self, definition, self._version_date_from())

    def _counting_always(self):
        """The same records: what is saved through them counts for the past, too."""
        return self.with_context(customer_retention_rule_always=ALWAYS)

    def _without_run(self):
        """The same records: saving through them queues no evaluation."""
        return self.with_context(customer_retention_rule_run=NO_RUN)

    def _version_date_from(self):
        """First day on which the present definition decides, False for always.

        A definition decides from today on, so that the past keeps its verdicts.
        While no customer has been judged there is no such past: so what a module
        brings at its installation counts always.
        """
        if self.env.context.get("customer_retention_rule_always") is ALWAYS:
            return False
        if not self._has_judged():
            return False
        if self.company_id:
            return self.company_id._retention_today()
        return self._shared_today()

    @api.model
    def _shared_today(self) -> date:
        """Return today of the companies that share a definition.

        An evaluation date is one company's affair, for demonstrations and tests: it
        says nothing as long as a company is evaluated as of the real today. That is
        then the day in the editor's company, or in the first such company if the
        editor's has a setting. When every company has one, the earliest counts: from
        then on the definition decides everywhere.
        """
        own = self.env.company._retention_root()
        roots = self.env["res.company"]._retention_roots() or own
        real = roots.filtered(lambda root: not root.retention_evaluation_date)
        if real:
            return (own & real or real[:1])._retention_today()
        return min(root._retention_today() for root in roots)

    def _has_judged(self):
        """Whether a customer of the companies concerned has been evaluated yet."""
        domain = [("evaluated_on", "!=", False)]
        if self.company_id:
            domain.append(("company_id", "=", self.company_id.id))
        # sudo: customer.relationship - whether there is any, whoever may see it
        rows = self.env["customer.relationship"].sudo().with_context(active_test=False)
        return bool(rows.search_count(domain, limit=1))

    # === EVALUATION === #

    def _queue_rule_run(self):
        """Evaluate everybody concerned again, once per transaction and company."""
        if not self or self._is_run_needless():
            return
        data = self.env.cr.precommit.data
        if "customer_retention.rule_run" not in data:
            data["customer_retention.rule_run"] = set()
            self.env.cr.precommit.add(self._start_rule_runs)
        data["customer_retention.rule_run"].update(
            record.company_id.id for record in self
        )

    @api.model
    def _is_run_needless(self):
        """Whether a run is under way, or module data is loaded that has its own.

        A call from outside may send ``install_mode``, yet never while modules load.
        """
        context = self.env.context
        if context.get("customer_retention_rule_run") is NO_RUN:
            return True
        return bool(context.get("install_mode")) and not self.env.registry.ready

    @api.model
    def _start_rule_runs(self):
        company_ids = self.env.cr.precommit.data.pop("customer_retention.rule_run", ())
        runs = self.env["customer.evaluation.run"]
        if False in company_ids:
            runs._start("rule")
            return
        for company in self.env["res.company"].browse(sorted(company_ids)):
            runs._start("rule", company)
