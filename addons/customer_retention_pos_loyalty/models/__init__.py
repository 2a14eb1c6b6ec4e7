from . import (
    customer_tier_till_discount,
    loyalty_card,
    loyalty_program,
    loyalty_reward,
    pos_config,
    pos_order,
    res_partner,
)
