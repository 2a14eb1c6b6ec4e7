from contextlib import contextmanager
from datetime import date

from odoo.exceptions import AccessError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged
from odoo.tools import SQL

from .common import RetentionCommon, on


class GroupsCommon(RetentionCommon):
    """A holding with two daughters; a household stands beside them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.Group = cls.env["customer.account.group"]
        # the groups of the database are none of our business
        cls.Group.search([]).active = False
        cls.holding = cls._create_partner("Tested Holding")
        cls.daughter = cls._create_partner("Tested Daughter")
        cls.second = cls._create_partner("Second Daughter")
        cls.group = cls._create_group(
            "Holding", cls.holding, (cls.holding, {}), (cls.daughter, {"share": 50})
        )

    @classmethod
    def _create_group(cls, name, lead, *members, **values):
        return cls.Group.create(
            {
                "name": name,
                "lead_id": lead.id,
                "member_ids": [
                    Command.create({"partner_id": partner.id, **more})
                    for partner, more in members
                ],
                **values,
            }
        )

    @contextmanager
    def _refused(self, text):
        """The change is refused with this sentence, and nothing of it is left."""
        with self.assertRaisesRegex(ValidationError, text):
            with self.env.cr.savepoint():
                yield
                self.env.flush_all()

    def _heads(self, company=None):
        """{account: (head, share, from, until)} as the evaluation reads it."""
        rows = self.env.execute_query(
            SQL(
                "SELECT account_id, head_id, share::float8, date_from, date_until"
                " FROM %s heads",
                self.Group._heads_sql(company or self.company),
            )
        )
        found = {}
        for account_id, head_id, *values in rows:
            self.assertNotIn((account_id, values[1]), found)
            found[account_id, values[1]] = (head_id, *values)
        return {key[0]: value for key, value in found.items()}


@tagged("post_install", "-at_install")
class TestAccountGroups(GroupsCommon):
    def test_members_count_for_the_head_by_their_share(self):
        heads = self._heads()
        self.assertEqual(heads[self.holding.id], (self.holding.id, 1.0, None, None))
        self.assertEqual(heads[self.daughter.id], (self.holding.id, 0.5, None, None))
        self.assertNotIn(self.second.id, heads)

    def test_a_group_of_another_company_does_not_count_here(self):
        other = self._create_company("Other Company")
        self.group.company_id = other
        self.assertNotIn(self.daughter.id, self._heads(self.company))
        self.assertIn(self.daughter.id, self._heads(other))
        shared = SQL("SELECT 1 FROM %s heads", self.Group._heads_sql())
        self.assertFalse(self.env.execute_query(shared))

    def test_an_archived_group_and_one_without_head_count_nobody(self):
        self.group.active = False
        self.assertFalse(self._heads())
        self.group.active = True
        self.group.lead_id = False
        self.assertFalse(self._heads())
        self.assertIn("choose a head", self.group.warning)

    def test_the_head_is_one_of_the_members(self):
        with self._refused("has to be one of its members"):
            self.group.lead_id = self.second
        with self._refused("has to be one of its members"):
            self.group.member_ids.filtered("is_lead").unlink()
        with self._refused("has to be one of its members"):
            self._create_group("Headless", self.second)

    def test_another_head_takes_over_together_with_its_membership(self):
        """One save may take the old head out and put the new one in."""
        self.group.write(
            {
                "lead_id": self.second.id,
                "member_ids": [
                    Command.delete(self.group.member_ids.filtered("is_lead").id),
                    Command.create({"partner_id": self.second.id}),
                ],
            }
        )
        self.assertEqual(self._heads()[self.daughter.id][0], self.second.id)

    def test_a_customer_is_in_one_group_at_a_time(self):
        with self._refused("is in the group Holding"):
            self._create_group("Another", self.daughter, (self.daughter, {}))
        member = self.group.member_ids.filtered(
            lambda one: one.partner_id == self.daughter
        )
        member.date_until = "2024-12-31"
        later = self._create_group(
            "Another", self.daughter, (self.daughter, {"date_from": "2025-01-01"})
        )
        self.assertEqual(self._heads()[self.daughter.id][0], self.daughter.id)
        with self._refused("one group at a time"):
            member.date_until = "2025-01-01"
        self.assertFalse(later.warning)

    def test_a_customer_is_not_twice_in_a_group(self):
        with self._refused("is in Holding twice"):
            self.group.member_ids = [Command.create({"partner_id": self.daughter.id})]

    def test_groups_of_two_companies_do_not_disturb_each_other(self):
        other = self._create_company("Other Company")
        self.group.company_id = self.company
        self._create_group(
            "There", self.daughter, (self.daughter, {}), company_id=other.id
        )
        self.assertEqual(
            self._heads(self.company)[self.daughter.id][0], self.holding.id
        )
        self.assertEqual(self._heads(other)[self.daughter.id][0], self.daughter.id)
        with self._refused("one group at a time"):
            self.group.company_id = False

    def test_an_archived_group_comes_back_only_where_it_is_alone(self):
        self.group.active = False
        self._create_group("Another", self.daughter, (self.daughter, {}))
        with self._refused("one group at a time"):
            self.group.active = True

    def test_a_share_is_a_percentage_and_days_are_in_order(self):
        member = self.group.member_ids[1]
        for share in (-1, 101):
            with self._refused("0 to 100 %"):
                member.share = share
        with self._refused("before joining"):
            member.write({"date_from": "2025-02-01", "date_until": "2025-01-31"})

    def test_a_contact_stands_for_its_company(self):
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.second.id
        )
        group = self._create_group("Third", contact, (contact, {}))
        self.assertEqual(group.member_ids.partner_id, self.second)
        self.assertEqual(group.lead_id, self.second)

    def test_whoever_joins_or_leaves_is_evaluated_with_the_head(self):
        self._forget_queue()
        self.group.member_ids = [Command.create({"partner_id": self.second.id})]
        self.assertEqual(
            {partner for partner, _why in self._queued()},
            {self.holding.id, self.daughter.id, self.second.id},
        )
        self._forget_queue()
        self.group.member_ids.filtered(
            lambda one: one.partner_id == self.second
        ).unlink()
        self.assertLessEqual(
            {self.holding.id, self.second.id},
            {partner for partner, _why in self._queued()},
        )
        self._forget_queue()
        self.group.unlink()
        self.assertEqual(
            {partner for partner, _why in self._queued()},
            {self.holding.id, self.daughter.id},
        )

    def test_a_merge_of_two_members_counts_once(self):
        self.group.member_ids = [Command.create({"partner_id": self.second.id})]
        self._merge(self.second, self.daughter)
        self.assertEqual(len(self.group.member_ids), 2)
        self.assertEqual(set(self._heads()), {self.holding.id, self.daughter.id})

    def test_a_merge_into_a_stranger_brings_the_membership_along(self):
        self._merge(self.daughter, self.second)
        self.assertEqual(self._heads()[self.second.id][0], self.holding.id)

    def test_a_merge_of_the_head_keeps_the_group(self):
        self._merge(self.holding, self.second)
        self.assertEqual(self.group.lead_id, self.second)
        self.assertEqual(self._heads()[self.daughter.id][0], self.second.id)

    def test_a_merge_across_groups_counts_for_the_older_membership_and_says_so(self):
        other = self._create_group("Another", self.second, (self.second, {}))
        self._merge(self.second, self.daughter)
        self.assertEqual(self._heads()[self.daughter.id][0], self.holding.id)
        self.assertIn("counts for Holding at the same time", other.warning)
        self.assertFalse(self.group.warning)

    def test_a_member_that_becomes_a_contact_brings_its_company_in(self):
        self.daughter.write({"parent_id": self.second.id, "is_company": False})
        self.env.flush_all()
        self.assertEqual(self._heads()[self.second.id][0], self.holding.id)
        self.assertNotIn(self.daughter.id, self._heads())

    def test_an_archived_member_goes_on_counting(self):
        self.daughter.active = False
        self.assertEqual(self._heads()[self.daughter.id][0], self.holding.id)

    def test_a_deleted_member_is_forgotten(self):
        self.second.unlink()
        member = self.group.member_ids - self.group.member_ids.filtered("is_lead")
        self.daughter.unlink()
        self.env["customer.account.group.member"]._gc_members_without_customer()
        self.assertFalse(member.exists())

    def test_contributions_are_those_of_the_window_and_of_the_days_in_the_group(self):
        self._order(self.holding, "2025-02-01", 300)
        self._order(self.daughter, "2025-02-01", 1000)
        self._order(self.daughter, "2025-05-01", 400)
        self._order(self.daughter, "2023-05-01", 7000)
        self.group.member_ids[1].date_from = "2025-03-01"
        self._work_queue()
        rows = self.group._contributions(
            self.company, (date(2024, 7, 1), date(2025, 6, 30))
        )
        self.assertEqual(
            [(row["name"], row["revenue"], row["counted"]) for row in rows],
            [("Tested Holding", 300.0, 300.0), ("Tested Daughter", 400.0, 200.0)],
        )
        self.assertEqual(rows[1]["date_from"], on("2025-03-01"))

    def test_salespeople_read_groups_and_managers_change_them(self):
        seller = self._create_user("group_seller")
        manager = self._create_user("group_manager", "customer_retention.group_manager")
        self.assertEqual(self.group.with_user(seller).name, "Holding")
        with self.assertRaises(AccessError):
            self.group.with_user(seller).name = "Mine"
        self.group.with_user(manager).name = "Renamed"
        self.assertEqual(self.group.name, "Renamed")

    def _merge(self, source, target):
        wizard = self.env["base.partner.merge.automatic.wizard"].create({})
        wizard._merge((source | target).ids, target)
        self.env.flush_all()
        self.env.invalidate_all()
