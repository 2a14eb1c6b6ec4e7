from . import test_complaint_delivery, test_recovery_stock
