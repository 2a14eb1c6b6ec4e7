from odoo import api, fields, models
from odoo.fields import Domain


class CustomerTreeMixin(models.AbstractModel):
    """A tree whose members are called by the way to them, as the reader says it.

    Names are translated, so the way is put together for whoever reads it and never
    stored.
    """

    _name = "customer.tree.mixin"
    _description = "Tree of Names"

    display_name = fields.Char(recursive=True)

    @api.depends("name", "parent_id.display_name")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for member in self:
            names = (member.parent_id.display_name, member._own_name())
            member.display_name = " / ".join(name for name in names if name)

    def _own_name(self) -> str:
        """Return what stands at the end of the way."""
        return self.name

    @api.model
    def _search_display_name(self, operator, value):
        """Find members by a part of the way: "service / mist", or exactly by it.

        The name of one finds what is below it, too.
        """
        if operator in Domain.NEGATIVE_OPERATORS:
            return NotImplemented
        if operator in ("like", "ilike") and isinstance(value, str):
            parts = [part.strip() for part in value.split("/")]
            return Domain.AND(
                Domain("id", "child_of", self._named(operator, part).ids)
                for part in parts
                if part
            )
        found = super()._search_display_name(operator, value)
        if operator == "in":
            found |= Domain("id", "in", self._at_the_end_of(value).ids)
        return found

    @api.model
    def _named(self, operator, name):
        """Return what has such a name of its own, archived or not."""
        return self.with_context(active_test=False).search([("name", operator, name)])

    @api.model
    def _at_the_end_of(self, ways):
        """Return what is called exactly so."""
        ways = {way for way in ways if isinstance(way, str) and "/" in way}
        names = [way.rpartition("/")[2].strip() for way in ways]
        return self._named("in", names).filtered(lambda one: one.display_name in ways)
