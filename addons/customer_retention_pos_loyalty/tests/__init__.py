from . import test_pos_tiers
