{
    "name": "Customer Retention: Stock",
    "summary": "Late and short deliveries are noticed; returns and replacements "
    "follow their transfers",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Retention contributors",
    "license": "LGPL-3",
    "depends": ["customer_retention", "sale_stock"],
    "data": [
        "data/customer_care_plan_data.xml",
        "data/customer_recovery_type_data.xml",
        "data/ir_cron_data.xml",
        "views/customer_complaint_views.xml",
        "views/customer_complaint_incident_views.xml",
        "views/customer_recovery_action_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
