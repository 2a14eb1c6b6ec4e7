from . import (
    customer_complaint_agenda,
    customer_complaint_report,
    customer_complaint_report_tier,
    customer_dependence,
    customer_relationship_transition_report,
    customer_relationship_transition_report_actions,
    customer_relationship_transition_report_funnel,
    customer_retention_effect,
    customer_tier_anomaly,
    customer_tier_price_conflict,
    customer_tier_report,
    customer_tier_report_money,
)
