{
    "name": "Customer Retention: Point of Sale",
    "summary": "Purchases at the point of sale count for the relationship",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Retention contributors",
    "license": "LGPL-3",
    "depends": ["customer_retention", "point_of_sale"],
    "data": [
        "security/ir.model.access.csv",
        "security/customer_tier_security.xml",
        "data/ir_cron_data.xml",
    ],
    "post_init_hook": "post_init_hook",
    "uninstall_hook": "uninstall_hook",
    "auto_install": True,
}
