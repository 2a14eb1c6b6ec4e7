{
    "name": "Customer Retention: Loyalty",
    "summary": "Coupons, gift cards and points as recovery after complaints",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Retention contributors",
    "license": "LGPL-3",
    "depends": ["customer_retention", "sale_loyalty"],
    "data": [
        "data/customer_recovery_type_data.xml",
        "views/customer_recovery_type_views.xml",
    ],
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
