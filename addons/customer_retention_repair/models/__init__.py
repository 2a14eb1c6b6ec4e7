from . import (
    customer_recovery_action,
    customer_recovery_type,
    repair_order,
)
