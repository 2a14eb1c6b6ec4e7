from . import customer_tier_report
