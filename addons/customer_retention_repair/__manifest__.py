{
    "name": "Customer Retention: Repair",
    "summary": "Repairs as recovery after complaints, done when the repair is",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Retention contributors",
    "license": "LGPL-3",
    "depends": ["customer_retention_stock", "repair"],
    "data": [
        "data/customer_recovery_type_data.xml",
        "views/customer_recovery_action_views.xml",
        "views/customer_recovery_type_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
