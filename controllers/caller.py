from odoo import http


class CallerController(http.Controller):
    """Opens the card of a caller, for telephone systems that can open a link."""
