from odoo import fields, models


class ResCompany(models.Model):
    """How a company receives complaints."""

    _inherit = "res.company"

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
        default=True,
        help="Anybody can complain at /complaints/… without an account.",
    )

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
