"""Drop indexes that are made in another way now: the framework keeps those it finds."""


def migrate(cr, version):
    """Rows that nobody has evaluated yet are in no index of the steps."""
    if version:
        cr.execute(
            "DROP INDEX IF EXISTS customer_relationship__stage_id_index,"
            " customer_relationship__condition_id_index"
        )
