"""Drop the index that another one has made superfluous: the framework keeps it."""


def migrate(cr, version):
    """Salespeople are found by the index their lists are read from."""
    if version:
        cr.execute("DROP INDEX IF EXISTS customer_relationship__user_id_index")
