from . import (
    caller,
    churn_campaign_refusal,
    churn_survey,
    complaint_page,
    complaint_portal,
    complaint_public,
    complaint_survey,
    tier_portal,
)
