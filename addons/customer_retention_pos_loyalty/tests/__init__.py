from . import (
    test_js,
    test_pos_tiers,
)
