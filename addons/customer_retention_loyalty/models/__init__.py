from . import (
    customer_birthday,
    customer_recovery_action,
    customer_recovery_type,
    customer_tier,
    customer_tier_gift,
    customer_tier_ladder,
    customer_tier_multiplier,
    customer_tier_referral,
    customer_tier_transition,
    loyalty_program,
    loyalty_reward,
    sale_order,
)
