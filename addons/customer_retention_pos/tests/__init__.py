from . import test_pos_purchases, test_pos_tier_discount
