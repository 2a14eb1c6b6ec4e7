"""The rules of the product: plain Python, no Odoo, no clock, no database."""
