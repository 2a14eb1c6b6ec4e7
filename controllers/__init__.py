from . import (
    caller,
    complaint_page,
    complaint_portal,
    complaint_public,
    complaint_survey,
)
