from . import customer_tier_points_report
