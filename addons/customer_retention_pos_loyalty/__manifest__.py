{
    "name": "Customer Retention: Point of Sale Loyalty",
    "summary": "Tiers at the till: shown, and deciding about programs and points",
    "version": "19.0.1.0.0",
    "category": "Sales/Sales",
    "author": "Customer Retention contributors",
    "license": "LGPL-3",
    "depends": [
        "customer_retention_loyalty",
        "customer_retention_pos",
        "pos_loyalty",
    ],
    "assets": {
        "point_of_sale._assets_pos": [
            "customer_retention_pos_loyalty/static/src/app/**/*",
        ],
        "web.assets_unit_tests": [
            "customer_retention_pos_loyalty/static/tests/unit/**/*",
        ],
    },
    "auto_install": True,
}
