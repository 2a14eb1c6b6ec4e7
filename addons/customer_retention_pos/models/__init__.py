from . import (
    customer_purchase,
    customer_purchase_category,
    customer_relationship,
    customer_tier,
    customer_tier_entry,
    pos_order,
)
