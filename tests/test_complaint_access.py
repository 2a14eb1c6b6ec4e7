"""Who sees and does what with complaints: every kind of user, by every way."""

from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tests import new_test_user, tagged

from .complaint_common import ComplaintCommon
from .complaint_rights import COMPLAINT_RIGHTS

GROUP = "customer_retention.group_complaint_user"
# They name complaints, but are not part of them.
NOT_PARTS = (
    "customer.complaint",
    "customer.complaint.notice",
    "customer.corrective.action",
)


class ComplaintUsersCommon(ComplaintCommon):
    """Everybody who has something to do with complaints, and a few of them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team.acknowledgement_template_id = False
        cls.other_team = cls.env["customer.complaint.team"].create(
            {
                "name": "Other Team",
                "company_id": cls.company.id,
                "assignment": "manual",
                "member_ids": [Command.set(cls.second.ids)],
            }
        )
        cls.team.member_ids = cls.handler
        cls.colleague = cls._create_user("complaint_colleague")
        cls.leader = cls._create_user("complaint_leader")
        cls.env["crm.team"].create(
            {
                "name": "Team of the Leader",
                "user_id": cls.leader.id,
                "company_id": False,
                "member_ids": [Command.link(cls.seller.id)],
            }
        )
        cls.all_documents = cls._create_user(
            "complaint_all", "sales_team.group_sale_salesman_all_leads"
        )
        cls.admin = cls._create_user(
            "complaint_admin", "customer_retention.group_admin"
        )
        cls.employee = cls._create_user("complaint_employee", "base.group_user")
        cls.public = cls.env.ref("base.public_user")
        cls.other_company = cls._create_company("Other Company")
        cls.outsider = cls._create_user(
            "complaint_outsider",
            "customer_retention.group_complaint_manager",
            company_id=cls.other_company.id,
        )
        cls._create_portal_users()
        cls._create_complaints()
        cls.env.flush_all()
        cls.env.invalidate_all()

    @classmethod
    def _create_portal_users(cls):
        cls.contact, cls.workmate, cls.rival = (
            new_test_user(
                cls.env,
                f"complaint_{name}",
                groups="base.group_portal",
                email=f"{name}@example.com",
                company_id=cls.company.id,
                company_ids=[Command.set(cls.company.ids)],
            )
            for name in ("contact", "workmate", "rival")
        )
        (cls.contact | cls.workmate).partner_id.parent_id = cls.partner

    @classmethod
    def _create_complaints(cls):
        cls.plain = cls._complain(partner_id=cls.contact.partner_id.id)
        cls.kept = cls._complain(is_kept_from_salesperson=True)
        cls.elsewhere = cls._complain(team_id=cls.other_team.id)
        cls.noticed = cls._complain(channel="noticed")
        cls.unknown = cls._complain(partner_id=False)
        cls.theirs = cls._complain(
            partner_id=cls._create_partner("Theirs", user_id=cls.colleague.id).id
        )
        cls.nobodys = cls._complain(partner_id=cls._create_partner("Nobody's").id)
        cls.about_handler = cls._complain(
            concerned_user_ids=[Command.set(cls.handler.ids)]
        )
        cls.about_boss = cls._complain(concerned_user_ids=[Command.set(cls.boss.ids)])
        cls.abroad = cls._complain(company_id=cls.other_company.id, team_id=False)
        cls.all = (
            cls.plain
            | cls.kept
            | cls.elsewhere
            | cls.noticed
            | cls.unknown
            | cls.theirs
            | cls.nobodys
            | cls.about_handler
            | cls.about_boss
            | cls.abroad
        )
        # somebody recorded them whom no test is about
        cls.env.flush_all()
        cls.env.cr.execute(
            "UPDATE customer_complaint SET create_uid = 1 WHERE id IN %s",
            (cls.all._ids,),
        )

    def _seen(self, user, operation="read"):
        """Return which of the complaints a user may read, or write."""
        self.env.invalidate_all()
        complaints = (
            self.Complaint.with_user(user)
            .with_context(allowed_company_ids=user.company_ids.ids)
            .browse(self.all.ids)
        )
        seen = complaints._filtered_access(operation)
        if operation == "read":
            found = complaints.search([("id", "in", self.all.ids)])
            self.assertEqual(found, seen)
        return self.all & self.Complaint.browse(seen.ids)

    def assertSeen(self, user, expected, operation="read"):
        seen = self._seen(user, operation)
        self.assertEqual(
            seen.sorted("id").mapped("name"), expected.sorted("id").mapped("name")
        )


@tagged("post_install", "-at_install")
class TestComplaintVisibility(ComplaintUsersCommon):
    def test_handlers_see_and_change_those_of_their_teams(self):
        here = self.all - self.abroad
        own = here - self.elsewhere - self.about_handler
        self.assertSeen(self.handler, own)
        self.assertSeen(self.handler, own, "write")
        self.assertSeen(self.second, self.elsewhere)

    def test_handlers_see_what_nobody_is_there_for(self):
        self.other_team.member_ids = False
        self.plain.team_id = False
        self.assertIn(self.elsewhere, self._seen(self.handler))
        self.assertIn(self.plain, self._seen(self.second))

    def test_handlers_see_what_was_given_to_them(self):
        self.plain.user_id = self.second
        self.assertSeen(self.second, self.elsewhere | self.plain)

    def test_team_managers_see_all_of_their_company(self):
        here = self.all - self.abroad
        self.assertSeen(self.boss, here - self.about_boss)
        self.assertSeen(self.boss, here - self.about_boss, "write")
        self.assertSeen(self.boss, here - self.about_boss, "unlink")
        self.assertSeen(self.admin, here)
        self.assertSeen(self.outsider, self.abroad)

    def test_salespeople_see_those_of_own_customers(self):
        own = (
            self.plain
            | self.elsewhere
            | self.noticed
            | self.nobodys
            | self.about_handler
            | self.about_boss
        )
        self.assertSeen(self.seller, own)
        self.assertSeen(self.seller, self.all.browse(), "write")
        self.assertSeen(self.leader, own)
        self.assertSeen(self.colleague, self.theirs | self.nobodys)
        self.assertSeen(self.all_documents, own | self.theirs)

    def test_kept_from_the_salesperson_who_is_a_handler_too(self):
        self.seller.group_ids |= self.env.ref(GROUP)
        self.team.member_ids |= self.seller
        self.assertNotIn(self.kept, self._seen(self.seller))
        self.assertIn(self.unknown, self._seen(self.seller))

    def test_kept_from_the_salespeople_of_the_contact_and_of_the_order(self):
        """Handlers of the team as they are, they neither read nor get it."""
        contact = self._create_partner(
            "Buyer", is_company=False, parent_id=self.partner.id
        )
        contact.user_id = self.second
        order = self._order(self.partner, "2025-06-10")
        order.user_id = self.handler
        complaint = self._complain(
            partner_id=contact.id, order_id=order.id, is_kept_from_salesperson=True
        )
        for user in (self.second, self.handler):
            with self.subTest(user=user.login):
                self.assertFalse(complaint.with_user(user).has_access("read"))
                self.assertFalse(complaint._can_handle(user))
        complaint.order_id = False
        self.assertTrue(complaint.with_user(self.handler).has_access("read"))

    def test_a_new_salesperson_takes_over_the_sight(self):
        self.partner.user_id = self.colleague
        self.assertIn(self.plain, self._seen(self.colleague))
        self.assertNotIn(self.kept, self._seen(self.colleague))
        self.assertNotIn(self.plain, self._seen(self.seller))

    def test_salespeople_change_what_they_handle(self):
        self.plain.user_id = self.seller
        self.assertSeen(self.seller, self.plain, "write")

    def test_salespeople_record_for_any_customer_and_read_it(self):
        complaint = self.Complaint.with_user(self.seller).create(
            {"subject": "x", "partner_id": self.theirs.partner_id.id}
        )
        self.assertEqual(complaint.subject, "x")
        with self.assertRaises(AccessError):
            complaint.subject = "y"

    def test_salespeople_write_messages(self):
        message = self.plain.with_user(self.seller).message_post(
            body="We will see.", subtype_xmlid="mail.mt_comment"
        )
        self.assertEqual(message.author_id, self.seller.partner_id)
        with self.assertRaises(AccessError):
            self.kept.with_user(self.seller).message_post(body="Oh.")

    def test_customers_see_those_of_their_company(self):
        own = (
            self.plain
            | self.kept
            | self.elsewhere
            | self.about_handler
            | self.about_boss
        )
        for user in (self.contact, self.workmate):
            self.assertSeen(user, own)
            self.assertSeen(user, self.all.browse(), "write")
        self.assertSeen(self.rival, self.all.browse())

    def test_customers_see_what_we_noticed_once_we_told_them(self):
        self.noticed._record_event("answered")
        self.assertIn(self.noticed, self._seen(self.contact))

    def test_nobody_else_sees_anything(self):
        for user in (self.employee, self.public):
            with self.subTest(user=user.login):
                self.assertFalse(self._seen_without_error(user))

    def _seen_without_error(self, user):
        complaints = self.Complaint.with_user(user).browse(self.all.ids)
        return complaints._filtered_access("read")

    def test_what_we_think_is_not_for_customers(self):
        complaint = self.plain.with_user(self.contact)
        self.assertEqual(complaint.subject, "The thing is broken")
        for name in (
            "severity",
            "severity_reason",
            "severity_explanation",
            "tag_ids",
            "concerned_user_ids",
            "praised_user_ids",
            "salesperson_id",
            "closing_warning",
            "guidance",
        ):
            with self.subTest(field=name), self.assertRaises(AccessError):
                complaint.read([name])


@tagged("post_install", "-at_install")
class TestPersonConcernedAccess(ComplaintUsersCommon):
    def test_only_managers_know_whom_it_is_about(self):
        complaint = self.about_handler
        known = complaint.with_user(self.boss).read(["concerned_user_ids"])[0]
        self.assertEqual(known["concerned_user_ids"], self.handler.ids)
        for user in (self.seller, self.second):
            self.elsewhere.concerned_user_ids = self.handler
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.elsewhere.with_user(user).read(["concerned_user_ids"])
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                self.Complaint.with_user(user).search(
                    [("concerned_user_ids", "in", self.handler.ids)]
                )

    def test_whoever_it_is_about_never_sees_it(self):
        """Not as handler of the team, as its manager, nor as administrator."""
        self.about_handler.user_id = False
        for group in (
            GROUP,
            "customer_retention.group_complaint_manager",
            "customer_retention.group_admin",
        ):
            self.handler.group_ids |= self.env.ref(group)
            with self.subTest(group=group):
                self.assertNotIn(self.about_handler, self._seen(self.handler))
                with self.assertRaises(AccessError):
                    self.about_handler.with_user(self.handler).read(["subject"])

    def test_nor_what_hangs_on_it(self):
        self.about_handler._record_event("investigating")
        for model in (
            "customer.complaint.event",
            "customer.complaint.clock",
            "customer.complaint.report",
            "customer.complaint.agenda",
        ):
            records = self.env[model].with_user(self.handler)
            domain = [("complaint_id", "in", self.all.ids)]
            with self.subTest(model=model):
                self.assertNotIn(
                    self.about_handler,
                    records.search(domain).sudo().complaint_id,
                )

    def test_messages_are_hidden_too(self):
        message = self.about_handler.message_post(
            body="About you", subtype_xmlid="mail.mt_note"
        )
        with self.assertRaises(AccessError):
            message.with_user(self.handler).read(["body"])
        self.assertIn("About you", message.with_user(self.boss).body)

    def test_nothing_is_sent_to_them(self):
        self.about_handler.message_subscribe(self.second.partner_id.ids)
        message = self.about_handler.message_post(
            body="About you",
            subtype_xmlid="mail.mt_note",
            partner_ids=(self.handler | self.second).partner_id.ids,
        )
        self.assertEqual(
            message.notification_ids.res_partner_id, self.second.partner_id
        )

    def test_kept_from_the_salesperson_in_every_way(self):
        complaint = self.plain
        complaint.user_id = self.seller
        complaint.message_subscribe(self.seller.partner_id.ids)
        complaint.with_user(self.boss).is_kept_from_salesperson = True
        self.assertFalse(complaint.user_id)
        complaint.message_subscribe(self.seller.partner_id.ids)
        self.assertNotIn(self.seller.partner_id, complaint.message_partner_ids)
        with self.assertRaisesRegex(ValidationError, "Choose somebody else"):
            complaint.user_id = self.seller
        self.seller.group_ids |= self.env.ref(
            "customer_retention.group_complaint_manager"
        )
        complaint.user_id = self.seller
        self.assertIn(complaint, self._seen(self.seller))


@tagged("post_install", "-at_install")
class TestComplaintRights(ComplaintUsersCommon):
    def _rights(self, model, user):
        operations = {"r": "read", "w": "write", "c": "create", "u": "unlink"}
        access = self.env["ir.model.access"].with_user(user)
        return "".join(
            letter
            for letter, operation in operations.items()
            if access.check(model, operation, raise_exception=False)
        )

    def test_rights(self):
        users = (self.seller, self.handler, self.boss, self.admin)
        for model, rights in COMPLAINT_RIGHTS.items():
            for user, expected in zip(users, rights, strict=True):
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self._rights(model, user), expected)

    def test_nobody_else_has_any(self):
        for model in COMPLAINT_RIGHTS:
            for user in (self.employee, self.contact, self.public):
                is_own = model == "customer.complaint" and user == self.contact
                with self.subTest(model=model, user=user.login):
                    self.assertEqual(self._rights(model, user), "r" if is_own else "")

    def test_what_hangs_on_a_complaint_has_a_rule(self):
        """As visible as the complaint, or the user's own if it is a dialog."""
        for model in COMPLAINT_RIGHTS:
            fields = self.env[model]._fields
            if not any(
                field.comodel_name == "customer.complaint"
                for field in fields.values()
                if field.type in ("many2one", "many2many") and field.store
            ):
                continue
            if model in NOT_PARTS:
                continue
            rules = self.env["ir.rule"].search([("model_id.model", "=", model)])
            asked = "create_uid" if self.env[model]._transient else "is_readable"
            with self.subTest(model=model):
                self.assertTrue(
                    any(
                        asked in rule.domain_force and not rule.groups for rule in rules
                    )
                )


@tagged("post_install", "-at_install")
class TestComplaintParts(ComplaintUsersCommon):
    def test_events_are_as_visible_as_their_complaint(self):
        for user in (self.handler, self.boss, self.seller, self.colleague):
            events = (
                self.env["customer.complaint.event"]
                .with_user(user)
                .search([("complaint_id", "in", self.all.ids)])
            )
            with self.subTest(user=user.login):
                self.assertEqual(
                    events.sudo().complaint_id.sorted("id").ids,
                    self._seen(user).sorted("id").ids,
                )

    def test_readable_says_what_the_rules_say(self):
        for user in (self.handler, self.seller, self.contact):
            complaints = self.Complaint.with_user(user).browse(self.all.ids)
            readable = complaints.filtered("is_readable")
            with self.subTest(user=user.login):
                self.assertEqual(readable.ids, self._seen(user).ids)

    def test_events_are_written_by_nobody(self):
        event = self.plain.event_ids
        for user in (self.handler, self.boss, self.admin):
            with self.subTest(user=user.login):
                with self.assertRaises(AccessError):
                    event.with_user(user).at = "2020-01-01 00:00:00"
                with self.assertRaises(AccessError):
                    event.with_user(user).unlink()
                with self.assertRaises(AccessError):
                    event.with_user(user).create(
                        {
                            "complaint_id": self.plain.id,
                            "event": "closed",
                            "at": "2020-01-01 00:00:00",
                        }
                    )

    def test_dates_and_status_follow_from_events_only(self):
        for user in (self.handler, self.boss, self.admin):
            for name, value in (
                ("status", "closed"),
                ("acknowledged_at", "2020-01-01 00:00:00"),
                ("resolved_at", False),
                ("reopen_count", 5),
            ):
                with (
                    self.subTest(user=user.login, field=name),
                    self.assertRaisesRegex(UserError, "follows? from what happens"),
                ):
                    self.plain.with_user(user).with_context(
                        customer_complaint_event=True
                    ).write({name: value})

    def test_merging_contacts_takes_over_who_sees(self):
        source = self.theirs.partner_id
        target = self._create_partner("Theirs, Too", user_id=self.seller.id)
        self.env.user.group_ids |= self.env.ref("base.group_partner_manager")
        self.env["base.partner.merge.automatic.wizard"]._merge(
            (source | target).ids, target
        )
        self.env.flush_all()
        self.assertEqual(self.theirs.account_id, target)
        self.assertEqual(self.theirs.salesperson_id, self.seller)
        self.assertIn(self.theirs, self._seen(self.seller))

    def test_configuration_is_for_managers(self):
        records = (
            self.team,
            self.stages["received"],
            self.env["customer.complaint.category"].create({"name": "X"}),
            self.env["customer.complaint.remedy"].create({"name": "X"}),
            self.env["customer.complaint.tag"].create({"name": "X"}),
        )
        for record in records:
            with self.subTest(model=record._name):
                record.with_user(self.boss).name = "Changed"
                self.assertTrue(record.with_user(self.handler).name)
                with self.assertRaises(AccessError):
                    record.with_user(self.handler).name = "No"
                for user in (self.contact, self.public):
                    self.assertFalse(record.with_user(user).has_access("read"))

    def test_teams_and_categories_of_other_companies(self):
        team = self.team.copy({"name": "X", "company_id": self.other_company.id})
        category = self.env["customer.complaint.category"].create(
            {"name": "X", "company_id": self.other_company.id}
        )
        for record in (team, category):
            for user, expected in ((self.boss, False), (self.outsider, True)):
                seen = record.with_user(user).with_context(
                    allowed_company_ids=user.company_ids.ids
                )
                self.assertEqual(seen.has_access("read"), expected)

    def test_dialogs_are_their_users(self):
        for model in (
            "customer.complaint.pass.on",
            "customer.complaint.promise",
            "customer.complaint.wait",
            "customer.complaint.decision",
            "customer.complaint.close",
        ):
            values = {
                "complaint_ids": self.plain.ids,
                "until": "2050-01-01 00:00:00",
                "reason": "A photo",
                "outcome": "accepted",
            }
            dialogs = self.env[model].with_user(self.handler)
            dialog = dialogs.create(
                {key: val for key, val in values.items() if key in dialogs._fields}
            )
            with self.subTest(model=model):
                self.assertFalse(dialog.with_user(self.boss).has_access("read"))
