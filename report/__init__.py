from . import (
    customer_complaint_agenda,
    customer_complaint_report,
    customer_relationship_transition_report,
    customer_relationship_transition_report_actions,
    customer_relationship_transition_report_funnel,
)
