from . import (
    customer_purchase,
    customer_purchase_category,
    customer_relationship,
    customer_tier,
    pos_order,
)
