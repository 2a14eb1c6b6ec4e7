"""What groups may do with the models of tiers, apart from record rules."""

READ, RECORD, ALL, NONE = "r", "rwc", "rwcu", ""

# What users, managers and administrators may do: read, write, create, unlink. Nobody
# else does anything, customers included: their page reads for them.
TIER_RIGHTS = {
    "customer.account.group": (READ, ALL, ALL),
    "customer.account.group.member": (READ, ALL, ALL),
    "customer.referral": (RECORD, RECORD, RECORD),
    "customer.tier": (READ, READ, ALL),
    "customer.tier.adjustment": (READ, "rc", "rc"),
    "customer.tier.anomaly": (NONE, READ, READ),
    "customer.tier.benefit": (READ, READ, ALL),
    "customer.tier.condition": (READ, READ, ALL),
    "customer.tier.discount": (READ, READ, READ),
    "customer.tier.enrolment": (READ, RECORD, RECORD),
    "customer.tier.entry": (READ, READ, READ),
    "customer.tier.grant": (RECORD, RECORD, RECORD),
    "customer.tier.ladder": (READ, READ, ALL),
    "customer.tier.measure": (READ, READ, ALL),
    "customer.tier.membership": (READ, READ, READ),
    "customer.tier.opt.out": (RECORD, RECORD, RECORD),
    "customer.tier.point.rule": (READ, READ, ALL),
    "customer.tier.price.conflict": (NONE, READ, READ),
    "customer.tier.renewal": (NONE, ALL, ALL),
    "customer.tier.renewal.line": (NONE, ALL, ALL),
    "customer.tier.report": (READ, READ, READ),
    "customer.tier.simulation": (NONE, NONE, ALL),
    "customer.tier.simulation.cell": (NONE, NONE, ALL),
    "customer.tier.simulation.line": (NONE, NONE, ALL),
    "customer.tier.simulation.threshold": (NONE, NONE, ALL),
    "customer.tier.transition": (READ, READ, READ),
    "customer.tier.warning": (READ, READ, READ),
}

# What accountants read, who are no users of ours.
TIER_READ_BY_ACCOUNTANTS = {"customer.tier", "customer.tier.membership"}

# The same of the models of bridges, where these are installed.
TIER_BRIDGE_RIGHTS = {
    "customer.birthday": (ALL, ALL, ALL),
    "customer.tier.gift": (READ, READ, READ),
    "customer.tier.points.month": (NONE, READ, READ),
    "customer.tier.points.report": (NONE, READ, READ),
    "customer.tier.multiplier": (READ, ALL, ALL),
    "customer.tier.till.discount": (READ, READ, READ),
}

# Methods that may be called from outside, by model: buttons, and what screens read.
TIER_PUBLIC = {
    "customer.referral": {"action_refuse"},
    "customer.tier": {"action_open_members"},
    "customer.tier.anomaly": {"action_open_customer"},
    "customer.tier.enrolment": {"action_leave"},
    "customer.tier.grant": {"action_approve", "action_end", "action_refuse"},
    "customer.tier.ladder": {
        "action_open_members",
        "action_open_renewals",
        "action_open_versions",
    },
    "customer.tier.membership": {
        "action_grant",
        "action_open_ladder",
        "action_open_partner",
        "get_explanation",
    },
    "customer.tier.price.conflict": {"action_clean_up", "action_open_partner"},
    "customer.tier.simulation": {"action_apply", "action_open_cell", "action_run"},
    "customer.tier.simulation.cell": {"action_open_members"},
    "res.partner": {"action_open_referrals", "action_record_referral"},
    "sale.order": {
        "action_follow_tier_prices",
        "action_open_tier",
        "action_take_tier_delivery",
        "action_take_tier_payment_term",
    },
}


def tier_rights(registry):
    """Return the rights of the models of tiers that are installed."""
    installed = {
        name: rights for name, rights in TIER_BRIDGE_RIGHTS.items() if name in registry
    }
    return {**TIER_RIGHTS, **installed}
