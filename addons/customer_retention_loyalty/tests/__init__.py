from . import test_recovery_coupon
