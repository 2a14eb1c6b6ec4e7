from . import customer_complaint_incident_reach
