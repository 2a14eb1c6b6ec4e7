from odoo import api, models


class CustomerRuleWording(models.AbstractModel):
    """Versions of complaint policies in the reader's words."""

    _inherit = "customer.rule.wording"

    @api.model
    def _definition_sentence(self, definition, currency=None):
        if "targets" not in definition:
            return super()._definition_sentence(definition, currency)
        if not definition["targets"]:
            return self.env._("nothing is promised")
        return ", ".join(
            self._target_sentence(target) for target in definition["targets"]
        )

    @api.model
    def _target_sentence(self, target):
        clock = self.env["customer.complaint.clock"]
        kinds = dict(clock._fields["kind"]._description_selection(self.env))
        targets = self.env["customer.complaint.policy.target"]
        return self.env._(
            "%(promise)s within %(time)s",
            promise=kinds.get(target["kind"], target["kind"]),
            time=targets._time_text(target["amount"], target["unit"]),
        )

    @api.model
    def _definition_details(self, definition):
        if "targets" not in definition:
            return super()._definition_details(definition)
        rungs = len(definition.get("escalations", ()))
        if not rungs:
            return ""
        return self.env._("Steps of escalation: %(count)s", count=rungs)
