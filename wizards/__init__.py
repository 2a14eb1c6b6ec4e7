from . import (
    customer_complaint_review,
    base_partner_merge,
    customer_complaint_dialog,
    customer_complaint_close,
    customer_complaint_decision,
    customer_complaint_pass_on,
    customer_complaint_promise,
    customer_complaint_reevaluation,
    customer_ladder_load,
    customer_pin_wizard,
)
