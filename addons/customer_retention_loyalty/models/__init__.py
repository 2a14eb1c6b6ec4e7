from . import (
    customer_recovery_type,
    customer_recovery_action,
)
