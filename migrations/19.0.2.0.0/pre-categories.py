"""The categories of a purchase are kept with it, no longer in a table of their own."""


def migrate(cr, version):
    """Remove the table with all that the framework knows about it."""
    if version:
        cr.execute("DROP TABLE IF EXISTS customer_purchase_category")
        cr.execute("DELETE FROM ir_model WHERE model = 'customer.purchase.category'")
        cr.execute(
            "DELETE FROM ir_model_data WHERE name LIKE '%customer_purchase_category%'"
            " AND module IN ('customer_retention', 'customer_retention_pos')"
        )
