from . import base_partner_merge, customer_ladder_load, customer_pin_wizard
