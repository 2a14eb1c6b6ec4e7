"""Record rules stay as an administrator left them; only our own wording changes."""


def migrate(cr, version):
    """Let salespeople find their customers by the index of the list."""
    if version:
        cr.execute(
            """
            UPDATE ir_rule SET domain_force = replace(
                       domain_force, '''user_id''', '''looked_after_by_id''')
             WHERE id = (SELECT res_id FROM ir_model_data
                          WHERE module = 'customer_retention' AND model = 'ir.rule'
                            AND name = 'customer_relationship_rule_own')
               AND domain_force =
                   '[(''user_id'', ''in'', user._retention_salesperson_ids())]'
            """
        )
