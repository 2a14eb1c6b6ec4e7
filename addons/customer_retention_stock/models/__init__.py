from . import (
    customer_care_plan,
    customer_churn_signal,
    customer_complaint,
    customer_complaint_incident,
    customer_complaint_notice,
    customer_recovery_action,
    customer_recovery_type,
    stock_picking,
)
