from . import (
    test_care_deliveries,
    test_churn_deliveries,
    test_complaint_delivery,
    test_recovery_stock,
)
