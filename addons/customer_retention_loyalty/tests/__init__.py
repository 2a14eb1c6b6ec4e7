from . import (
    test_care_birthdays,
    test_recovery_coupon,
    test_tier_core_defects,
    test_tier_gifts,
    test_tier_points_report,
    test_tier_programs,
    test_tier_referral_gifts,
)
