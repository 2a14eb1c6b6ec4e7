from . import (
    customer_purchase,
    customer_purchase_category,
    customer_relationship,
    pos_order,
)
