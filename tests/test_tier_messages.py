import json
from contextlib import contextmanager
from datetime import timedelta

from odoo.exceptions import UserError, ValidationError
from odoo.fields import Command
from odoo.tests import tagged

from .common import on
from .tier_common import TierCommon


class MessagesCommon(TierCommon):
    """Tiers that send a message and plan something, and somebody who looks after."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context=dict(cls.env.context, mail_notrack=True))
        cls.company.write(
            {
                "retention_side_effects_from": "2025-01-01",
                "email": "shop@tested.example.com",
            }
        )
        cls.boss = cls._create_user("tier_boss", "customer_retention.group_manager")
        cls.company.retention_responsible_id = cls.boss
        cls.seller = cls._create_user("tier_seller")
        cls.partner.write({"email": "buyer@customer.example.com"})
        cls.partner.user_id = cls.seller
        cls.template = cls.env["mail.template"].create(
            {
                "name": "Reached",
                "model_id": cls.env["ir.model"]._get_id("customer.tier.transition"),
                "subject": "You are {{ object.to_tier_id.name }}",
                "email_from": "{{ object.sender_email }}",
                "lang": "{{ object.customer_lang }}",
                "body_html": "<p>Welcome</p>",
                "auto_delete": False,
            }
        )
        cls.plan = cls.env["mail.activity.plan"].create(
            {
                "name": "Welcome to Gold",
                "res_model": "res.partner",
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": cls.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                            "summary": "Call them",
                            "responsible_type": "other",
                            "responsible_id": cls.seller.id,
                        }
                    )
                ],
            }
        )
        cls.gold.write(
            {"mail_template_id": cls.template.id, "activity_plan_id": cls.plan.id}
        )
        cls.Log = cls.env["customer.tier.warning"]
        cls.Relationship._sync_and_evaluate(cls.partner.ids)

    def _mails(self, partner=None):
        return (
            self.env["mail.mail"]
            .sudo()
            .search([("recipient_ids", "in", (partner or self.partner).ids)])
        )

    def _activities(self, partner=None):
        return (partner or self.partner).activity_ids

    def _said(self, partner=None, kind=None):
        domain = [("partner_id", "in", (partner or self.partner).ids)]
        if kind:
            domain.append(("kind", "=", kind))
        return self.Log.search(domain, order="id")

    def _arrive(self, partner=None, tier=None, **values):
        move = self._transition(partner or self.partner, None, tier or self.gold)
        move._act()
        return move

    @contextmanager
    def _refused(self, text, error=ValidationError):
        with self.assertRaisesRegex(error, text), self.env.cr.savepoint():
            yield
            self.env.flush_all()


@tagged("post_install", "-at_install")
class TestTierActions(MessagesCommon):
    def test_an_arrival_sends_the_message_and_launches_the_plan_once(self):
        move = self._arrive()
        [mail] = self._mails()
        self.assertEqual(mail.subject, "You are Gold")
        self.assertIn("shop@tested.example.com", mail.email_from)
        self.assertEqual(self._activities().mapped("summary"), ["Call them"])
        self.assertEqual(self._said().mapped("outcome"), ["done"])
        move._act()
        self.assertEqual(len(self._mails()), 1)
        self.assertEqual(len(self._activities()), 1)

    def test_what_did_not_just_happen_says_nothing(self):
        for values in ({"live": False},):
            self._transition(self.partner, None, self.gold, **values)._act()
        for trigger in ("backfill", "import", "merge", "correction"):
            move = self._transition(self.partner, None, self.gold)
            self.env.cr.execute(
                "UPDATE customer_tier_transition SET trigger = %s WHERE id = %s",
                (trigger, move.id),
            )
            move.invalidate_recordset()
            move._act()
        self.assertFalse(self._mails())
        self.assertFalse(self._said())

    def test_a_downgrade_and_a_renewal_say_nothing(self):
        for direction in ("down", "same", "exit"):
            move = self._transition(self.partner, self.gold, self.gold)
            self.env.cr.execute(
                "UPDATE customer_tier_transition SET direction = %s WHERE id = %s",
                (direction, move.id),
            )
            move.invalidate_recordset()
            move._act()
        self.assertFalse(self._said())

    def _fall(self, cause="expired", to_tier=None, direction="down"):
        move = self._transition(
            self.partner,
            self.gold,
            self.silver if to_tier is None else to_tier,
            direction=direction,
        )
        self.env.cr.execute(
            "UPDATE customer_tier_transition SET cause = %s WHERE id = %s",
            (cause, move.id),
        )
        move.invalidate_recordset()
        return move

    def _tell_of_falls(self):
        self.gold.lost_template_id = self.env.ref(
            "customer_retention.mail_template_tier_lost"
        )

    def test_a_fall_is_told_where_the_tier_says_so_once(self):
        self._tell_of_falls()
        move = self._fall()
        move._act()
        move._act()
        [mail] = self._mails()
        self.assertEqual(mail.subject, "Your tier has changed")
        self.assertIn("Silver", mail.body_html)
        self.assertFalse(self._activities())
        self.assertEqual(
            self._said().mapped(lambda one: (one.kind, one.tier_id, one.outcome)),
            [("lost", self.gold, "done")],
        )

    def test_the_end_of_all_tiers_is_told_and_leaving_is_not(self):
        self._tell_of_falls()
        none = self.env["customer.tier"]
        for cause in ("left", "ladder", "rule", "corrected"):
            self._fall(cause, none, "exit")._act()
        self.assertFalse(self._mails())
        self._fall("grant_ended", none, "exit")._act()
        self.assertEqual(len(self._mails()), 1)

    def test_a_fall_that_is_made_up_for_says_nothing_of_it(self):
        self._tell_of_falls()
        down = self._fall()
        up = self._transition(self.partner, self.silver, self.gold)
        (down | up)._act()
        self.assertNotIn("lost", self._said().mapped("kind"))
        self.assertNotIn("Your tier has changed", self._mails().mapped("subject"))

    def test_a_tier_won_and_lost_in_the_same_go_is_no_fall(self):
        self._tell_of_falls()
        up = self._transition(self.partner, self.silver, self.gold)
        (up | self._fall())._act()
        self.assertFalse(self._said())

    def test_who_wants_no_messages_hears_of_no_fall(self):
        self._tell_of_falls()
        self.env["customer.tier.opt.out"].create(
            {"partner_id": self.partner.id, "date_from": "2025-06-01"}
        )
        self._fall()._act()
        self.assertFalse(self._mails())
        self.assertEqual(self._said().outcome, "opted_out")

    def test_a_fall_is_told_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self._tell_of_falls()
        self.gold.lost_template_id.with_context(lang="fr_FR").subject = "Au revoir"
        self.partner.lang = "fr_FR"
        self._fall()._act()
        self.assertEqual(self._mails().subject, "Au revoir")

    def test_a_tier_left_in_the_same_go_asks_for_nothing(self):
        up = self._transition(self.partner, None, self.gold)
        down = self._transition(self.partner, self.gold, self.silver)
        (up | down)._act()
        self.assertFalse(self._mails())

    def test_the_message_is_in_the_language_of_the_customer(self):
        self.env["res.lang"]._activate_lang("fr_FR")
        self.template.with_context(
            lang="fr_FR"
        ).subject = "Vous voilà {{ object.to_tier_id.name }}"
        self.gold.with_context(lang="fr_FR").name = "Or"
        self.partner.lang = "fr_FR"
        self._arrive()
        self.assertEqual(self._mails().subject, "Vous voilà Or")

    def test_in_a_shared_ladder_the_company_of_the_last_purchase_writes(self):
        other = self._create_company(
            "Other Company",
            email="other@tested.example.com",
            retention_side_effects_from="2025-01-01",
        )
        shared = self._create_ladder("Shared", company_id=False)
        top = shared.tier_ids.sorted("sequence")[-1]
        top.mail_template_id = self.template
        self._order(self.partner, "2025-05-01")
        self._order(self.partner, "2025-06-01", company_id=other.id)
        self._work_queue()
        self._arrive(tier=top)
        self.assertIn("other@tested.example.com", self._mails().email_from)

    def test_who_wants_no_messages_gets_none_and_keeps_the_plan(self):
        self.env["customer.tier.opt.out"].create(
            {"partner_id": self.partner.id, "date_from": "2025-06-01"}
        )
        self._arrive()
        self.assertFalse(self._mails())
        self.assertEqual(self._said().outcome, "opted_out")
        self.assertTrue(self._activities())

    def test_silence_begins_and_ends_on_its_days(self):
        opt_out = self.env["customer.tier.opt.out"].create(
            {
                "partner_id": self.partner.id,
                "date_from": "2025-06-01",
                "date_until": "2025-06-29",
            }
        )
        silent = opt_out._silent_accounts
        for day, found in (
            ("2025-05-31", set()),
            ("2025-06-01", {self.partner.id}),
            ("2025-06-29", {self.partner.id}),
            ("2025-06-30", set()),
        ):
            self.assertEqual(silent(self.partner.ids, self.company, on(day)), found)
        other = self._create_company("Other Company")
        day = on("2025-06-10")
        self.assertFalse(silent(self.partner.ids, other, day))
        opt_out.date_until = False
        with self._refused("stays as it was", UserError):
            opt_out.date_from = "2025-01-01"

    def test_without_an_address_nothing_is_sent(self):
        self.partner.email = False
        self._arrive()
        self.assertFalse(self._mails())
        self.assertEqual(self._said().outcome, "no_address")

    def test_a_broken_template_stops_nobody(self):
        # written by hand: the form tries a template on some record, if there is one
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE mail_template SET subject = jsonb_build_object('en_US', %s::text)"
            " WHERE id = %s",
            ("{{ object.nonsense }}", self.template.id),
        )
        self.template.invalidate_recordset()
        with self.assertLogs("odoo.addons.customer_retention", "WARNING"):
            self._arrive()
        self.assertEqual(self._said().outcome, "failed")
        self.assertTrue(self._activities())

    def test_a_gift_that_goes_wrong_stops_nobody(self):
        moves = self.env["customer.tier.transition"]

        def broken(records):
            # pylint: disable-next=translation-required
            raise UserError("No such program")

        self.patch(type(moves), "_welcome_gift", broken)
        with self.assertLogs("odoo.addons.customer_retention", "WARNING"):
            self._arrive()
        self.assertTrue(self._mails())
        self.assertEqual(self._said().outcome, "failed")

    def test_more_than_the_limit_is_summed_up(self):
        self.company.retention_side_effects_cap = 2
        partners = self.env["res.partner"].browse()
        moves = self.env["customer.tier.transition"].browse()
        for number in range(5):
            partner = self._create_partner(
                f"Customer {number}", email=f"c{number}@customer.example.com"
            )
            partners |= partner
            moves |= self._transition(partner, None, self.gold)
        started = self.env.cr.now()
        run = moves.with_context(customer_retention_run_started=started)
        run[:3]._act()
        run[3:]._act()
        self.assertEqual(len(self._mails(partners)), 2)
        outcomes = self._said(partners).mapped("outcome")
        self.assertEqual(outcomes, ["done"] * 2 + ["summed_up"] * 3)
        [digest] = self.company.partner_id.activity_ids
        self.assertEqual(digest.user_id, self.boss)

    def test_another_account_manager_is_proposed_and_never_set(self):
        expert = self._create_user("tier_expert")
        self.gold.account_manager_id = expert
        self._arrive()
        proposals = self._activities().filtered(lambda one: one.user_id == self.boss)
        self.assertEqual(len(proposals), 1)
        self.assertIn(expert.name, proposals.summary)
        self.assertEqual(self.partner.user_id, self.seller)

    def test_the_own_account_manager_is_not_proposed(self):
        self.gold.account_manager_id = self.seller
        self._order(self.partner, "2025-06-01")
        self._work_queue()
        self._arrive()
        self.assertFalse(
            self._activities().filtered(lambda one: one.user_id == self.boss)
        )

    def test_the_log_is_history(self):
        self._arrive()
        for change in (
            lambda: self._said().write({"outcome": "failed"}),
            lambda: self._said().unlink(),
        ):
            with self._refused("history", UserError):
                change()

    def test_shipped_templates_render(self):
        move = self._arrive(tier=self.silver)
        self._set_tier(self.partner, self.silver, next_tier_id=self.gold.id)
        membership = self._membership(self.partner)
        self.gold.benefit_ids = [Command.create({"name": "Free delivery"})]
        for name, record in (
            ("mail_template_tier_reached", move),
            ("mail_template_tier_lost", move),
            ("mail_template_tier_almost", membership),
        ):
            template = self.env.ref(f"customer_retention.{name}")
            values = template._generate_template(
                record.ids, ["subject", "body_html", "email_from"]
            )[record.id]
            self.assertIn(
                "Silver" if record == move else "Free delivery", values["body_html"]
            )
            self.assertIn("shop@tested.example.com", values["email_from"])


@tagged("post_install", "-at_install")
class TestTierWarnings(MessagesCommon):
    def _endangered(self, days, partner=None, tier=None, **values):
        """Let a tier be certain for so many more days only."""
        self._set_tier(
            partner or self.partner,
            tier or self.gold,
            valid_until=on(self.TODAY) + timedelta(days=days),
            missing_keep=1240.0,
            **values,
        )

    def _warn(self):
        self.env.flush_all()
        rows = self.Membership.with_context(
            customer_retention_run_started=self.env.cr.now()
        )
        after = 0
        while after is not None:
            _done, after = rows.sudo()._warn_slice(after)
        self.env.invalidate_all()

    def _move_today(self, day):
        self.company.retention_evaluation_date = day

    def test_warnings_come_60_30_and_7_days_before_once_each(self):
        self._endangered(61)
        self._warn()
        self.assertFalse(self._said())
        for days, levels in ((60, [60]), (45, [60]), (30, [60, 30]), (8, [60, 30])):
            self._endangered(days)
            self._warn()
            self._warn()
            self.assertEqual(self._said().mapped("level"), levels, days)
        self._endangered(7)
        self._warn()
        self.assertEqual(self._said().mapped("level"), [60, 30, 7])

    def test_after_an_outage_only_the_nearest_warning_is_given(self):
        self._endangered(5)
        self._warn()
        self.assertEqual(self._said().mapped("level"), [7])

    def test_the_account_manager_reads_what_is_missing(self):
        self._endangered(20)
        self._warn()
        [activity] = self._activities()
        self.assertEqual(activity.user_id, self.seller)
        self.assertIn("Gold ends on 07/20/2025", activity.summary)
        self.assertIn("1,240", activity.note)

    def test_the_plan_at_risk_is_launched_at_the_first_warning_only(self):
        self.gold.risk_activity_plan_id = self.plan
        self._endangered(20)
        self._warn()
        self._endangered(6)
        self._warn()
        calls = self._activities().filtered(lambda one: one.summary == "Call them")
        self.assertEqual(len(calls), 1)

    def test_the_next_danger_is_warned_of_again(self):
        self._endangered(30)
        self._warn()
        self._move_today("2025-08-29")
        self._set_tier(self.partner, self.gold, valid_until=on("2025-09-28"))
        self._warn()
        self.assertEqual(self._said().mapped("level"), [30])
        self._move_today("2026-06-30")
        self._set_tier(self.partner, self.gold, valid_until=on("2026-07-30"))
        self._warn()
        self.assertEqual(self._said().mapped("level"), [30, 30])

    def test_a_ladder_without_downgrades_or_warnings_is_left_alone(self):
        self._endangered(20)
        self.ladder.warns_of_loss = False
        self._warn()
        self.ladder.write({"warns_of_loss": True, "downgrade": "never"})
        self._warn()
        self.assertFalse(self._said())

    def test_before_the_first_day_of_side_effects_nobody_is_warned(self):
        self.company.retention_side_effects_from = "2025-07-01"
        self._endangered(20)
        self._warn()
        self.assertFalse(self._said())

    def test_the_person_responsible_steps_in_where_nobody_looks_after(self):
        self.partner.user_id = False
        self._endangered(20)
        self._warn()
        self.assertEqual(self._activities().user_id, self.boss)
        self.company.retention_responsible_id = False
        orphan = self._create_partner("Nobody's")
        self._endangered(20, orphan)
        self._warn()
        self.assertEqual(self._said(orphan).outcome, "nobody")

    def test_beyond_the_limit_of_a_run_there_is_a_digest(self):
        self.company.retention_side_effects_cap = 1
        others = self._create_partner("Second") | self._create_partner("Third")
        for partner in self.partner | others:
            self._endangered(20, partner)
        self._warn()
        everybody = self.partner | others
        self.assertEqual(
            sorted(self._said(everybody).mapped("outcome")),
            ["done", "summed_up", "summed_up"],
        )
        self.assertTrue(self.company.partner_id.activity_ids)


@tagged("post_install", "-at_install")
class TestAlmostThere(MessagesCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.almost = cls.env["mail.template"].create(
            {
                "name": "Almost",
                "model_id": cls.env["ir.model"]._get_id("customer.tier.membership"),
                "subject": "{{ object.almost_text }}",
                "email_from": "{{ object.sender_email }}",
                "lang": "{{ object.customer_lang }}",
                "body_html": "<p>Close</p>",
                "auto_delete": False,
            }
        )
        cls.ladder.almost_template_id = cls.almost

    def _at(self, value, partner=None):
        self._set_tier(
            partner or self.partner,
            self.silver,
            value=value,
            values=json.dumps({str(self.measure.id): value}),
            next_tier_id=self.gold.id,
            missing_next=5000.0 - value,
        )

    def _tell(self):
        self.env.flush_all()
        rows = self.Membership.with_context(
            customer_retention_run_started=self.env.cr.now()
        )
        rows.sudo()._almost_slice()
        self.env.invalidate_all()

    def test_who_is_close_is_told_what_is_missing(self):
        self._at(3999)
        self._tell()
        self.assertFalse(self._mails())
        self._at(4000)
        self._tell()
        self.assertIn("1,000", self._mails().subject)
        self.assertIn("you are Gold", self._mails().subject)

    def test_a_customer_is_not_told_again_before_the_days_are_over(self):
        self._at(4500)
        self._tell()
        for day, count in (("2025-09-27", 1), ("2025-09-28", 2), ("2025-09-29", 2)):
            self.company.retention_evaluation_date = day
            self._tell()
            self.assertEqual(len(self._said(kind="almost")), count, day)

    def test_all_conditions_of_the_tier_have_to_be_close(self):
        second = self.env["customer.tier.measure"].create(
            {"ladder_id": self.ladder.id, "name": "Orders", "metric": "purchases"}
        )
        self.gold.condition_ids = [
            Command.create({"measure_id": second.id, "at_least": 10})
        ]
        self._at(4500)
        self._tell()
        self.assertFalse(self._mails())
        self.gold.match = "any"
        self._tell()
        self.assertTrue(self._mails())

    def test_silent_customers_and_those_without_address_are_not_logged(self):
        """They may be told once they want to, or can be reached."""
        self.partner.email = False
        self._at(4500)
        self._tell()
        self.assertFalse(self._said())
        self.partner.email = "new@customer.example.com"
        self._tell()
        self.assertTrue(self._mails())

    def test_who_is_beyond_the_limit_is_written_to_by_the_next_run(self):
        self.company.retention_side_effects_cap = 1
        second = self._create_partner("Second", email="second@customer.example.com")
        for partner in self.partner | second:
            self._at(4500, partner)
        self._tell()
        everybody = self.partner | second
        self.assertEqual(len(self._mails(everybody)), 1)
        self.company.retention_side_effects_cap = 2
        self._tell()
        self.assertEqual(len(self._mails(everybody)), 2)

    def test_who_cannot_be_reached_takes_nobodys_turn(self):
        self.company.retention_side_effects_cap = 1
        second = self._create_partner("Second", email="second@customer.example.com")
        third = self._create_partner("Third", email="third@customer.example.com")
        self.partner.email = False
        for partner in self.partner | second | third:
            self._at(4500, partner)
        self._tell()
        self.assertTrue(self._mails(second))
        self.assertFalse(self._mails(third))

    def test_settings_have_to_make_sense(self):
        for values in (
            {"almost_percent": 0},
            {"almost_percent": 100},
            {"almost_cooldown_days": 0},
            {"adjustments_per_day": -1},
            {"referrals_per_day": -1},
            {"referrals_per_year": -1},
        ):
            with self.subTest(**values), self._refused("."):
                self.ladder.write(values)


@tagged("post_install", "-at_install")
class TestTierGuardRails(MessagesCommon):
    def test_nobody_records_more_adjustments_a_day_than_allowed(self):
        self.ladder.adjustments_per_day = 2
        adjustments = self.env["customer.tier.adjustment"].with_user(self.boss)
        values = {
            "partner_id": self.partner.id,
            "measure_id": self.measure.id,
            "value": 10,
            "reason": "Forgotten",
            "date": "2025-06-01",
        }
        adjustments.create([values, values])
        with self._refused("more than 2 adjustments", UserError):
            adjustments.create(values)
        other = self._create_user("second_boss", "customer_retention.group_manager")
        self.assertTrue(adjustments.with_user(other).create(values))
        self.ladder.adjustments_per_day = 0
        self.assertTrue(adjustments.create(values))

    def test_accounts_of_people_who_work_here_are_flagged(self):
        mine = self._create_partner("Company of the Seller")
        self._create_partner(
            "Its Contact", is_company=False, parent_id=mine.id, email=self.seller.email
        )
        self.seller.email = "seller@tested.example.com"
        mine.child_ids.email = "Seller@Tested.example.com"
        employee = self._create_partner("Employee", is_company=False, employee=True)
        for partner in self.partner | mine | employee:
            self._set_tier(partner, self.gold)
        flagged = self.Membership.search(
            [("ladder_id", "=", self.ladder.id), ("is_staff_account", "=", True)]
        )
        self.assertEqual(flagged.partner_id, mine | employee)
        self.assertFalse(self._membership(self.partner).is_staff_account)
        self.assertTrue(self._membership(mine).is_staff_account)
