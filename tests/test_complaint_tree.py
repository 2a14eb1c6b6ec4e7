from odoo.tests import TransactionCase, tagged


@tagged("post_install", "-at_install")
class TestTreesOfComplaints(TransactionCase):
    """Categories and causes are called by the way to them, as the reader says it."""

    MODELS = ("customer.complaint.category", "customer.complaint.cause")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("fr_FR")
        cls.trees = {}
        for model in cls.MODELS:
            top = cls.env[model].create({"name": "Zebra Delivery"})
            middle = cls.env[model].create({"name": "Late", "parent_id": top.id})
            leaf = cls.env[model].create({"name": "Twice", "parent_id": middle.id})
            top.with_context(lang="fr_FR").name = "Livraison Zèbre"
            leaf.with_context(lang="fr_FR").name = "Deux fois"
            cls.trees[model] = (top, middle, leaf)

    def found(self, model, term, operator="ilike", lang="en_US"):
        names = self.env[model].with_context(lang=lang)
        tree = self.env[model].union(*self.trees[model])
        return [
            self.env[model].browse(key).with_context(lang="en_US").name
            for key, _name in names.name_search(term, operator=operator)
            if key in tree.ids
        ]

    def test_each_reader_reads_the_way_in_their_own_language(self):
        for _top, _middle, leaf in self.trees.values():
            self.assertEqual(leaf.display_name, "Zebra Delivery / Late / Twice")
            french = leaf.with_context(lang="fr_FR")
            self.assertEqual(french.display_name, "Livraison Zèbre / Late / Deux fois")

    def test_another_name_above_is_another_way(self):
        for top, middle, leaf in self.trees.values():
            self.assertEqual(leaf.display_name, "Zebra Delivery / Late / Twice")
            top.name = "Zebra Transport"
            self.assertEqual(leaf.display_name, "Zebra Transport / Late / Twice")
            middle.parent_id = False
            self.assertEqual(leaf.display_name, "Late / Twice")

    def test_found_by_any_part_of_the_way(self):
        for model in self.MODELS:
            everything = ["Zebra Delivery", "Late", "Twice"]
            self.assertCountEqual(self.found(model, "zebra"), everything)
            self.assertEqual(self.found(model, "zebra / twi"), ["Twice"])
            self.assertEqual(self.found(model, "twice"), ["Twice"])
            self.assertEqual(self.found(model, "zebra / nothing"), [])

    def test_found_in_the_language_of_the_reader(self):
        for model in self.MODELS:
            self.assertEqual(self.found(model, "zèbre / deux", lang="fr_FR"), ["Twice"])
            self.assertEqual(self.found(model, "zèbre", lang="en_US"), [])

    def test_found_by_exactly_the_name_or_the_way(self):
        """As an import finds them."""
        for model in self.MODELS:
            way = "Zebra Delivery / Late / Twice"
            self.assertEqual(self.found(model, way, "="), ["Twice"])
            self.assertEqual(self.found(model, "Twice", "="), ["Twice"])
            self.assertEqual(self.found(model, "Zebra Delivery / Twice", "="), [])

    def test_left_out_by_a_part_of_the_way(self):
        for model, tree in self.trees.items():
            tree = self.env[model].union(*tree)
            left = tree.search(
                [("id", "in", tree.ids), ("display_name", "not ilike", "late")]
            )
            self.assertEqual(left, tree[0])

    def test_what_is_below_an_archived_one_is_found_by_it(self):
        for model, (top, _middle, _leaf) in self.trees.items():
            top.active = False
            self.assertCountEqual(self.found(model, "zebra"), ["Late", "Twice"])

    def test_a_branch_stays_together_in_lists(self):
        """Those of the same place in the order follow what they belong to."""
        for model, tree in self.trees.items():
            tree = self.env[model].union(*tree)
            other = self.env[model].create({"name": "Alpha"})
            listed = tree.search([("id", "in", (tree | other).ids)])
            self.assertEqual(list(listed - other), list(tree))
            self.assertIn(listed.ids.index(other.id), (0, len(tree)))
