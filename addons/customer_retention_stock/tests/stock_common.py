class WarehouseMixin:
    """A warehouse of the tested company, to be mixed into a common of the addon."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        warehouses = cls.env["stock.warehouse"]
        cls.warehouse = warehouses.search(
            [("company_id", "=", cls.company.id)], limit=1
        ) or warehouses.create(
            {"name": "Tested", "code": "TST", "company_id": cls.company.id}
        )
