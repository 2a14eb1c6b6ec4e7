from . import (
    customer_purchase,
    customer_relationship,
    pos_order,
)
