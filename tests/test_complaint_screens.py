"""What people see of complaints: each what is theirs, and at what cost."""

from lxml import etree

from odoo.exceptions import AccessError
from odoo.fields import Command, Datetime
from odoo.tests import tagged

from .common import RetentionCommon

HANDLER = "customer_retention.group_complaint_user"
MANAGER = "customer_retention.group_complaint_manager"
VIEWS = ("kanban", "list", "form", "calendar", "pivot", "graph", "activity", "search")


@tagged("post_install", "-at_install")
class TestComplaintScreens(RetentionCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.handler = cls._create_user("screens_handler", HANDLER)
        cls.manager = cls._create_user("screens_manager", MANAGER)
        cls.salesperson = cls._create_user("screens_sales")
        cls.everything = cls._create_user(
            "screens_all", f"{HANDLER},sales_team.group_sale_salesman_all_leads"
        )
        cls.partner.user_id = cls.salesperson
        cls.team = cls.env["customer.complaint.team"].create(
            {"name": "Tested Team", "company_id": cls.company.id}
        )
        cls.order = cls._order(cls.partner, "2025-06-01")
        cls._work_queue()
        cls.complaint = cls._complain(subject="Delivered a week late")

    @classmethod
    def _complain(cls, **values):
        values.setdefault("partner_id", cls.partner.id)
        values.setdefault("subject", "Something is wrong")
        # noticed by ourselves: nobody is written to
        values.setdefault("channel", "noticed")
        values.setdefault("team_id", cls.team.id)
        return cls.env["customer.complaint"].create(values)

    def test_the_list_names_whoever_complained(self):
        known = self.complaint
        named, address = (
            self._complain(partner_id=False, email_from="ann@example.org", **values)
            for values in ({"partner_name": "Ann of the Web"}, {})
        )
        self.assertEqual(
            (known | named | address).mapped("customer_name"),
            [self.partner.display_name, "Ann of the Web", "ann@example.org"],
        )
        self.assertIn("customer_name", self._specification(self.handler, "list"))

    def _specification(self, user, view_type):
        """Return what the client reads for a view, as far as that matters here."""
        complaints = self.env["customer.complaint"].with_user(user)
        view = complaints.get_views([(False, view_type)])["views"][view_type]
        arch = etree.fromstring(view["arch"])
        names = {
            node.get("name") for node in arch.xpath("//field[not(ancestor::field)]")
        }
        many = ("many2one",)
        return {
            name: {"fields": {"display_name": {}}}
            if complaints._fields[name].type in many
            else {}
            for name in names
        }

    def _count_queries(self, user, view_type, complaints):
        specification = self._specification(user, view_type)
        records = complaints.with_user(user)
        # the first reading fills what is kept between requests
        records.web_read(specification)
        self.env.flush_all()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.web_read(specification)
        return self.env.cr.sql_log_count - before

    # --------------------------------------------------------------------------
    # Everybody
    # --------------------------------------------------------------------------

    def test_each_kind_of_user_can_read_every_view(self):
        """No field of a view is beyond the rights of those who open it."""
        for user in (self.handler, self.manager, self.salesperson, self.everything):
            complaint = self.complaint.with_user(user)
            complaint.get_views([(False, view_type) for view_type in VIEWS])
            for view_type in ("kanban", "list", "form"):
                with self.subTest(user=user.login, view=view_type):
                    specification = self._specification(user, view_type)
                    [values] = complaint.web_read(specification)
                    self.assertEqual(values["subject"], "Delivered a week late")

    def test_salespeople_read_what_only_handlers_change(self):
        """Every field that can be edited asks whether the reader may."""
        self.assertTrue(self.complaint.with_user(self.handler).may_handle)
        self.assertFalse(self.complaint.with_user(self.salesperson).may_handle)
        new = self.env["customer.complaint"].with_user(self.salesperson).new({})
        self.assertTrue(new.may_handle)
        arch, _view = self.env["customer.complaint"]._get_view(view_type="form")
        for node in arch.xpath("//field[not(ancestor::field)]"):
            if not self.complaint._fields[node.get("name")].readonly:
                self.assertIn("may_handle", node.get("readonly"), node.get("name"))

    def test_salespeople_read_incidents_and_write_to_nobody_from_there(self):
        offered = {}
        for user in (self.handler, self.salesperson):
            incidents = self.env["customer.complaint.incident"].with_user(user)
            arch = etree.fromstring(incidents.get_view(view_type="form")["arch"])
            offered[user] = set(arch.xpath("//header/button/@name"))
        self.assertEqual(
            offered,
            {
                self.handler: {"action_answer", "action_who_else"},
                self.salesperson: set(),
            },
        )

    def test_documents_open_for_those_who_may_read_them(self):
        """Others read which ones they are, with no link into an error."""
        own = self._create_user("screens_own_orders")
        order = self._order(self.partner, "2025-06-01")
        order.user_id = own
        complaint = self.env["customer.complaint"].create(
            {
                "subject": "Of an order",
                "partner_id": self.partner.id,
                "order_id": order.id,
                "move_id": self._invoice(self.partner, "2025-06-02").id,
            }
        )
        both = ("may_open_order", "may_open_invoice")
        empty = self.env["customer.complaint"].create({"subject": "Of nothing"})
        for user, expected, nothing in (
            (self.handler, (False, False), (False, False)),
            (own, (True, False), (True, True)),
            (self.env.user, (True, True), (True, True)),
        ):
            shown = [
                tuple(one.with_user(user).sudo(False)[name] for name in both)
                for one in (complaint, empty)
            ]
            self.assertEqual(shown, [expected, nothing], user.login)

    def test_number_stays_readonly(self):
        """What the model writes itself is no input in the form."""
        arch, _view = self.env["customer.complaint"]._get_view(view_type="form")
        [node] = arch.xpath("//field[@name='name'][not(ancestor::field)]")
        self.assertFalse(node.get("readonly"))

    def test_menus(self):
        """The application opens for handlers; analysis of customers is not theirs."""
        expected = {
            self.handler: ("customer_complaint_menu", "customer_complaint_report_menu"),
            self.salesperson: (
                "customer_complaint_menu",
                "customer_relationship_menu",
                "customer_today_menu",
            ),
            self.manager: ("customer_complaint_menu", "customer_complaint_team_menu"),
        }
        hidden = {
            self.handler: (
                "customer_relationship_menu",
                "customer_retention_funnel_menu",
                "customer_retention_caller_menu",
                "customer_today_menu",
                "customer_complaint_team_menu",
            ),
            self.salesperson: ("customer_complaint_team_menu",),
            self.manager: ("customer_relationship_pin_menu",),
        }
        for user, names in expected.items():
            for name in names:
                self.assertTrue(self._sees_menu(user, name), (user.login, name))
            for name in hidden[user]:
                self.assertFalse(self._sees_menu(user, name), (user.login, name))

    def _sees_menu(self, user, name):
        """Whether a menu and everything above it is shown to somebody."""
        visible = self.env["ir.ui.menu"].with_user(user)._visible_menu_ids()
        menu = self.env.ref(f"customer_retention.{name}")
        above = [int(key) for key in menu.parent_path.split("/") if key]
        return visible.issuperset(above)

    # --------------------------------------------------------------------------
    # The next step
    # --------------------------------------------------------------------------

    def test_one_step_after_the_other(self):
        complaint = self._complain(channel="letter", email_from=False)
        complaint.write({"acknowledged_at": False})
        steps = []
        for event in ("acknowledged", "investigating", "decided", "resolved", "closed"):
            steps.append(complaint.next_step)
            complaint._record_event(event)
        self.assertEqual(
            steps, ["acknowledge", "investigate", "decide", "resolve", "close"]
        )
        self.assertFalse(complaint.next_step)

    def test_step_while_waiting_is_to_go_on(self):
        self.complaint._record_event("waiting")
        self.assertEqual(self.complaint.next_step, "resume")

    def test_nobody_acknowledges_what_we_noticed_ourselves(self):
        self.assertEqual(self.complaint.next_step, "investigate")

    def test_a_later_step_skips_the_earlier_ones(self):
        self.complaint._record_event("decided")
        self.assertEqual(self.complaint.next_step, "resolve")

    # --------------------------------------------------------------------------
    # The customer card
    # --------------------------------------------------------------------------

    def test_card_tells_handlers_how_the_customer_stands(self):
        """Facts to decide by; what they may not open is no link."""
        card = self.complaint.with_user(self.handler).customer_card
        self.assertEqual(card["name"], self.partner.name)
        self.assertTrue(card["standing"]["position"])
        self.assertFalse(card["standing"]["relationship_id"])
        self.assertEqual(card["open_orders"], 1)
        self.assertFalse(card["may_open_orders"])
        card = self.complaint.with_user(self.everything).customer_card
        self.assertTrue(card["standing"]["relationship_id"])
        self.assertTrue(card["may_open_orders"])

    def test_card_tells_others_no_more_than_they_may_read(self):
        other = self._create_user("screens_reader", "base.group_user")
        complaints = self.env["customer.complaint"].with_user(other)
        standings = complaints._gather_card_standings(self.partner, self.company)
        self.assertEqual(standings, {})
        self.assertIsNone(complaints._gather_card_orders(self.partner, self.company))

    def test_card_tells_the_outcome_of_former_complaints(self):
        former = self._complain(
            subject="Once before",
            received_at=Datetime.to_datetime("2025-01-10 09:00:00"),
        )
        former._record_event("decided", outcome="goodwill")
        former._record_event("resolved")
        complaints = self.complaint.with_user(self.handler).customer_card["complaints"]
        self.assertEqual((complaints["number"], complaints["open"]), (1, 0))
        self.assertEqual(complaints["rows"][0]["result"], "Goodwill")

    def test_unknown_customers_have_no_card(self):
        complaint = self._complain(partner_id=False, partner_name="A Caller")
        self.assertFalse(complaint.customer_card)

    # --------------------------------------------------------------------------
    # Contact and order
    # --------------------------------------------------------------------------

    def test_contact_and_quotation_warn(self):
        self.complaint.order_id = self.order
        for user in (self.everything, self.salesperson):
            partner = self.partner.with_user(user)
            self.assertEqual(partner.complaint_open_count, 1)
            self.assertIn("1 open complaint", partner.complaint_hint)
            order = self.order.with_user(user)
            self.assertEqual(order.complaint_count, 1)
            self.assertIn("1 open complaint", order.complaint_hint)

    def test_nothing_is_said_of_what_one_may_not_read(self):
        self.complaint.is_kept_from_salesperson = True
        partner = self.partner.with_user(self.salesperson)
        self.assertEqual(partner.complaint_count, 0)
        self.assertFalse(partner.complaint_hint)

    def test_other_employees_cannot_read_the_fields(self):
        other = self._create_user("screens_other", "base.group_user")
        with self.assertRaises(AccessError):
            self.partner.with_user(other).read(["complaint_hint"])

    # --------------------------------------------------------------------------
    # Cost
    # --------------------------------------------------------------------------

    def test_cost_of_boards_and_lists_does_not_grow(self):
        """Eighty complaints of eighty customers cost what one does."""
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(80)]
        )
        complaints = self.env["customer.complaint"].create(
            [
                {
                    "subject": "Wrong",
                    "partner_id": partner.id,
                    "channel": "noticed",
                    "team_id": self.team.id,
                    "user_id": self.handler.id,
                    "tag_ids": [Command.create({"name": f"Tag {partner.name}"})],
                }
                for partner in partners
            ]
        )
        for view_type in ("kanban", "list"):
            with self.subTest(view=view_type):
                one = self._count_queries(self.handler, view_type, complaints[0])
                many = self._count_queries(self.handler, view_type, complaints)
                self.assertLessEqual(many, one + 2)
                self.assertLessEqual(many, 20)

    def test_cost_of_the_form(self):
        self.assertLessEqual(
            self._count_queries(self.everything, "form", self.complaint), 110
        )

    def test_cost_of_cards_does_not_grow(self):
        partners = self.env["res.partner"].create(
            [{"name": f"Customer {number}"} for number in range(80)]
        )
        complaints = self.env["customer.complaint"].create(
            [
                {"subject": "Wrong", "partner_id": partner.id, "channel": "noticed"}
                for partner in partners
            ]
        )
        numbers = []
        for some in (complaints[:2], complaints):
            some = some.with_user(self.everything)
            some.mapped("customer_card")
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            some.mapped("customer_card")
            numbers.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(numbers[1], numbers[0] + 2, numbers)
