from . import (
    customer_purchase,
    customer_relationship,
    customer_tier,
    pos_order,
)
