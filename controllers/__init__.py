from . import (
    caller,
    churn_survey,
    complaint_page,
    complaint_portal,
    complaint_public,
    complaint_survey,
    tier_portal,
)
