from . import (
    customer_purchase,
    customer_referral,
    customer_relationship,
    customer_tier,
    customer_tier_entry,
    customer_tier_till_discount,
    pos_order,
)
