"""The acknowledgement: once, to the customer, in the customer's words and our time."""

from datetime import datetime
from unittest.mock import patch

from odoo.tests import tagged
from odoo.tools import mute_logger

from .complaint_common import ComplaintCommon


@tagged("post_install", "-at_install")
class TestComplaintAcknowledgement(ComplaintCommon):
    def _mails(self, complaint):
        return self.env["mail.mail"].search(
            [("mail_message_id", "in", self._acknowledgements(complaint).ids)]
        )

    def test_it_reaches_the_customer_with_the_number(self):
        complaint = self._complain(channel="email")
        message = self._acknowledgements(complaint)
        self.assertEqual(len(message), 1)
        self.assertEqual(message.partner_ids, self.partner)
        self.assertIn(complaint.name, message.subject)
        self.assertIn(complaint.name, message.body)
        self.assertFalse(message.is_internal or message.subtype_id.internal)
        self.assertTrue(complaint.acknowledged_at)
        self.assertEqual(complaint.stage_id, self.stages["acknowledged"])

    def test_once(self):
        complaint = self._complain(channel="email")
        complaint.with_user(self.handler).action_acknowledge()
        complaint._acknowledge_new()
        complaint.write({"team_id": complaint.team_id.copy({"name": "Next"}).id})
        self.assertEqual(len(self._acknowledgements(complaint)), 1)

    def test_only_the_customer_gets_it(self):
        complaint = self._complain(channel="email", user_id=self.handler.id)
        complaint.message_subscribe(self.second.partner_id.ids)
        message = self._acknowledgements(complaint)
        self.assertEqual(message.notification_ids.res_partner_id, self.partner)

    def test_somebody_unknown_is_written_to_without_becoming_a_contact(self):
        partners = self.env["res.partner"].search_count([])
        complaint = self._complain(
            channel="web", partner_id=False, email_from="Ann <ann@example.org>"
        )
        self.assertEqual(len(self._acknowledgements(complaint)), 1)
        self.assertEqual(self._mails(complaint).email_to, "ann@example.org")
        self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_another_address_than_the_contacts(self):
        complaint = self._complain(channel="email", email_from="other@example.org")
        self.assertEqual(self._mails(complaint).email_to, "other@example.org")

    def test_it_comes_from_the_company_of_the_complaint(self):
        other = self._create_company("Other Company", email="care@other.example")
        complaint = self._complain(channel="email", company_id=other.id, team_id=False)
        message = self._acknowledgements(complaint)
        self.assertEqual(message.email_from, '"Other Company" <care@other.example>')
        self.assertEqual(message.author_id, other.partner_id)
        self.assertIn("Other Company", message.body)

    def test_it_comes_from_the_address_of_the_team(self):
        domain = self.env["mail.alias.domain"].create({"name": "team.example"})
        self.team.write({"alias_name": "sorry", "alias_domain_id": domain.id})
        complaint = self._complain(channel="email")
        self.assertIn(
            "sorry@team.example", self._acknowledgements(complaint).email_from
        )

    def test_the_customers_language_and_the_companys_time(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._template().with_context(lang="fr_FR").subject = "Reçu {{ object.name }}"
        self.partner.lang = "fr_FR"
        self.company.retention_tz = "Asia/Ho_Chi_Minh"
        deadline = datetime(2025, 7, 1, 9, 0)
        with patch.object(
            self.registry["customer.complaint"],
            "_answer_deadlines",
            lambda complaints: dict.fromkeys(complaints, deadline),
        ):
            complaint = self._complain(channel="email")
            message = self._acknowledgements(complaint)
        self.assertTrue(message.subject.startswith("Reçu"))
        self.assertIn("mardi 1 juillet 2025, 16:00 (UTC+07:00)", message.body)

    def test_without_a_deadline_nothing_is_promised(self):
        with patch.object(
            self.registry["customer.complaint"],
            "_answer_deadlines",
            lambda complaints: {},
        ):
            complaint = self._complain(channel="email")
            self.assertNotIn("We answer by", self._acknowledgements(complaint).body)

    def test_what_we_noticed_ourselves_stays_silent(self):
        complaint = self._complain(channel="noticed")
        complaint.action_acknowledge()
        self.assertFalse(self._acknowledgements(complaint))
        self.assertFalse(complaint.acknowledged_at)

    def test_machines_get_none(self):
        with patch.object(
            self.registry["customer.complaint"], "_is_from_machine", lambda one: True
        ):
            complaint = self._complain(channel="email")
            self.assertFalse(complaint.acknowledged_at)
            complaint.action_acknowledge()
            self.assertFalse(self._acknowledgements(complaint))

    def test_our_own_addresses_get_none(self):
        domain = self.env["mail.alias.domain"].create({"name": "team.example"})
        self.team.write({"alias_name": "sorry", "alias_domain_id": domain.id})
        for address in ("sorry@team.example", f"catchall@{domain.name}"):
            complaint = self._complain(
                channel="email", partner_id=False, email_from=address
            )
            self.assertFalse(self._acknowledgements(complaint))

    def test_praise_is_optional(self):
        self.assertFalse(
            self._acknowledgements(self._complain(channel="email", kind="praise"))
        )
        self.team.is_praise_acknowledged = True
        self.assertTrue(
            self._acknowledgements(self._complain(channel="email", kind="praise"))
        )

    def test_whoever_writes_it_down_on_the_phone_has_acknowledged(self):
        complaint = self._complain(channel="phone", partner_id=False)
        self.assertFalse(self._acknowledgements(complaint))
        self.assertTrue(complaint.acknowledged_at)

    def test_without_address_somebody_acknowledges_by_hand(self):
        complaint = self._complain(channel="letter", partner_id=False)
        self.assertFalse(complaint.acknowledged_at)
        complaint.with_user(self.handler).action_acknowledge()
        self.assertTrue(complaint.acknowledged_at)

    def test_a_team_without_template(self):
        self.team.acknowledgement_template_id = False
        complaint = self._complain(channel="email")
        self.assertFalse(self._acknowledgements(complaint))
        self.assertFalse(complaint.acknowledged_at)

    def test_a_deleted_template_loses_nothing(self):
        self._template().unlink()
        self.assertTrue(self._complain(channel="email", team_id=False))
        self.assertFalse(self.team.acknowledgement_template_id)

    @mute_logger(
        "odoo.addons.customer_retention.models.customer_complaint_acknowledgement",
        "odoo.addons.mail.models.mail_render_mixin",
    )
    def test_a_broken_template_keeps_no_complaint_out(self):
        self._template().subject = "{{ object.no_such_field }}"
        complaint = self._complain(channel="email")
        self.assertTrue(complaint.exists())
        self.assertFalse(complaint.acknowledged_at)

    def test_left_to_the_caller(self):
        complaints = self.Complaint.with_context(
            customer_complaint_acknowledge_later=True
        )
        complaint = complaints.create(
            {
                "subject": "x",
                "partner_id": self.partner.id,
                "team_id": self.team.id,
                "channel": "email",
            }
        )
        self.assertFalse(complaint.acknowledged_at)
        self.Complaint.browse(complaint.id)._acknowledge_new()
        self.assertEqual(len(self._acknowledgements(complaint)), 1)

    def test_recording_for_a_customer_as_a_salesperson(self):
        complaint = self.Complaint.with_user(self.seller).create(
            {"subject": "x", "partner_id": self.partner.id, "channel": "phone"}
        )
        self.assertEqual(len(self._acknowledgements(complaint.sudo())), 1)
