from . import test_recovery_stock
