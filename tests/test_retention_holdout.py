from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from ..logic.holdout import FEWEST
from .common import on
from .guarded_values import hostile_values
from .test_retention_cases import BurningCommon


@tagged("post_install", "-at_install")
class TestHoldOut(BurningCommon):
    """Chance decides before anybody acts, and everybody keeps to it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.play = cls._play(kind="save", hold_out_share=50.0)
        cls.company.churn_case_capacity = 20

    def drawn(self):
        return self.draws.search([("company_id", "=", self.company.id)])

    def test_every_case_was_drawn_and_who_is_left_alone_has_none(self):
        self.work()
        drawn = self.drawn()
        held = drawn.filtered("is_held_out")
        self.assertEqual(drawn.partner_id - held.partner_id, self.opened().partner_id)
        self.assertFalse(held.partner_id & self.opened().partner_id)
        self.assertEqual(self.opened().draw_id, drawn - held)
        self.assertEqual(set(drawn.mapped("hold_out_share")), {50.0})
        self.assertEqual(set(drawn.mapped("until")), {on("2025-06-18")})

    def hold(self, partner, until="2025-06-18"):
        draw = self.draws.create(
            self.draws._prepare_draw(
                self.play, self.company, on(self.DAY), True, partner_id=partner.id
            )
        )
        draw.until = until
        return draw

    def test_left_alone_until_the_window_ends(self):
        self.hold(self.burning[0])
        held = self.draws._held_out_ids
        self.assertEqual(held(self.company, on("2025-06-18")), {self.burning[0].id})
        self.assertFalse(held(self.company, on("2025-06-19")))
        self.assertFalse(held(self.company, on("2025-03-19")))

    def test_absent_from_today(self):
        scores = self.env["customer.churn.score"]
        domain = scores._today_domain(self.company)
        self.assertIn(self.burning[0], scores.search(domain).partner_id)
        self.hold(self.burning[0])
        domain = scores._today_domain(self.company)
        self.assertNotIn(self.burning[0], scores.search(domain).partner_id)

    def test_no_case_by_hand_but_a_manager_may_and_it_still_counts_as_left_alone(self):
        draw = self.hold(self.burning[0])
        for user, values in (
            (self.seller, {}),
            (self.seller, {"override_reason": "I know better"}),
            (self.manager, {}),
        ):
            with (
                self.subTest(user=user.login),
                self.assertRaisesRegex(UserError, r"until \d\d/\d\d/\d{4},"),
            ):
                with self.env.cr.savepoint():
                    self._case(self.burning[0], user, **values)
        case = self._case(self.burning[0], self.manager, override_reason="Is dying")
        self.assertEqual(draw.broken_reason, "Is dying")
        self.assertTrue(draw.is_held_out)
        self.assertFalse(case.draw_id)
        self.assertFalse(self.draws._held_out_ids(self.company, on(self.DAY)))

    def test_no_former_case_is_taken_up_again(self):
        case = self._case(self.burning[0], self.seller)
        case._verb().write({"state": "lost", "closed_on": on(self.DAY)})
        self.hold(self.burning[0])
        with self.assertRaisesRegex(UserError, "is left alone until"):
            case.action_reopen()
        self.assertEqual(case.state, "lost")

    def test_screens_say_who_is_left_alone_and_invite_to_nothing(self):
        held, other = self.burning[:2]
        self.hold(held)
        scores = self.env["customer.churn.score"].with_user(self.seller)
        score, usual = (
            scores.search([("partner_id", "=", partner.id)])
            for partner in (held, other)
        )
        self.assertEqual(score.left_alone_until, on("2025-06-18"))
        self.assertEqual(score.reason_text, "Left alone until 06/18/2025")
        self.assertFalse(usual.left_alone_until)
        self.assertNotIn("Left alone", usual.reason_text)
        for record in (held, score.relationship_id):
            card = record.with_user(self.seller).with_company(self.company).churn_card
            self.assertEqual(card["title"], "Left alone until 06/18/2025")
            self.assertFalse(card["money"] or card["reasons"] or card["kind"])
        page = self.env["report.customer_retention.customer_churn_month"]
        shown = {row["name"]: row for row in page._at_risk(self.company, on(self.DAY))}
        reason = shown[held.display_name]["reason"]
        self.assertEqual(reason, "Left alone until 06/18/2025")

    def test_a_quotation_says_nothing_but_the_position_of_who_is_left_alone(self):
        held, other = self.burning[:2]
        orders = self._quotation(held, self.DAY) | self._quotation(other, self.DAY)
        row = self.env["customer.relationship"].search([("partner_id", "=", held.id)])
        row.condition_id = self.env["customer.relationship.condition"].search(
            [("kind", "=", "dormant")], limit=1
        )
        self.hold(held)
        self.env.invalidate_all()
        quiet, usual = orders.with_user(self.manager).mapped(
            lambda order: order.relationship_hint or ""
        )
        self.assertEqual(quiet, row.stage_id.name or "")
        self.assertIn("usually every", usual)

    def test_a_case_for_who_is_left_alone_is_refused_before_anything_is_typed(self):
        self.hold(self.burning[0])
        row = self.env["customer.relationship"].search(
            [("partner_id", "=", self.burning[0].id)]
        )
        with self.assertRaisesRegex(UserError, r"until 06/18/2025"):
            row.with_user(self.seller).action_open_retention_case()
        action = row.with_user(self.manager).action_open_retention_case()
        self.assertFalse(action["res_id"])

    def test_who_is_left_alone_is_looked_up_once_for_a_list(self):
        self.hold(self.burning[0])
        scores = self.env["customer.churn.score"].search(
            [("partner_id", "in", self.burning.ids)]
        )
        self.env.flush_all()
        scores.mapped("left_alone_until")  # what a company is called, its zone
        counts = []
        for some in (scores[:1], scores):
            some.invalidate_recordset()
            some.mapped("partner_id")
            before = self.env.cr.sql_log_count
            some.mapped("left_alone_until")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertEqual(counts, [1, 1])

    def test_nobody_is_drawn_twice_in_a_window(self):
        self.work()
        number = len(self.drawn())
        self.opened().action_let_go()
        self.work("2025-03-28")
        self.assertEqual(len(self.drawn()), number)

    def test_a_draw_cannot_be_changed_or_deleted(self):
        draw = self.hold(self.burning[0])
        for user in (self.seller, self.manager):
            with self.subTest(user=user.login), self.assertRaises(AccessError):
                draw.with_user(user).is_held_out = False
            with self.assertRaises(AccessError):
                draw.with_user(user).unlink()
        with self.assertRaises(UserError):
            draw.unlink()
        with self.assertRaises(AccessError):
            draw.with_user(self.seller).read(["is_held_out"])

    # === EFFECT === #

    def experiment(self, treated, control, play=None, **values):
        """Insert windows that are over: (customers, of whom bought again) each."""
        partners = self.env["res.partner"].create(
            [{"name": f"E {n}"} for n in range(treated[0] + control[0])]
        )
        rows = []
        for number, partner in enumerate(partners):
            held = number >= treated[0]
            index = number - treated[0] if held else number
            bought = index < (control if held else treated)[1]
            rows.append(
                {
                    **self.draws._prepare_draw(
                        play or self.play, self.company, on("2024-06-01"), held
                    ),
                    "partner_id": partner.id,
                    "is_over": True,
                    "bought_on": "2024-07-01" if bought else False,
                    "revenue": 100.0 + index if bought else 0.0,
                    "net_margin": 30.0 + index if bought else 0.0,
                    **values,
                }
            )
        return self.draws.create(rows)

    def effect(self, **domain):
        lines = self.env["customer.retention.effect"].with_user(self.manager)
        about = [(name, "=", value) for name, value in domain.items()]
        return lines.search([("company_id", "=", self.company.id), *about])

    def test_not_enough_data_is_said(self):
        self.experiment((FEWEST, 20), (FEWEST - 1, 2))
        line = self.effect(part="total")
        self.assertEqual(line.verdict, "not_enough")
        self.assertIn("Not enough data", line.sentence)
        self.assertFalse(line.interval_text)
        self.assertIn("Not enough data", self.play.effect_text)

    def test_an_effect_is_shown_with_its_interval(self):
        self.experiment((200, 150), (100, 50), value_class="key")
        line = self.effect(part="total")
        self.assertEqual((line.treated_count, line.control_count), (200, 100))
        self.assertEqual((line.treated_share, line.control_share), (0.75, 0.5))
        self.assertEqual(line.verdict, "helped")
        self.assertIn("25.0 points", line.interval_text)
        self.assertIn("It helped", self.play.effect_text)
        self.assertTrue(line.margin_text)
        self.assertEqual(self.effect(part="value_class").whom, "Key")
        self.assertEqual(self.effect(part="play").play_id, self.play)

    def test_the_dashboard_tells_each_segment_by_itself(self):
        enough, few = self.env["customer.segment"].search([], limit=2)
        self.experiment((200, 150), (100, 50), segment_id=enough.id)
        few_draws = self.experiment((5, 3), (2, 1), segment_id=few.id)
        history = self.env["customer.churn.history"].with_user(self.manager)
        effect = history.get_dashboard({"company": self.company.id})["effect"]
        told = {one["id"]: one for one in effect["segments"]}
        self.assertEqual(list(told), [enough.id, few.id], "the larger one first")
        self.assertEqual(told[enough.id]["verdict"], "helped")
        self.assertIn("25.0 points", told[enough.id]["interval"])
        self.assertEqual(told[few.id]["verdict_label"], "Not Enough Data")
        self.assertFalse(told[few.id]["interval"])
        opened = self.draws.search(told[few.id]["action"]["domain"])
        self.assertEqual(opened, few_draws)

    def test_lines_are_worked_out_together(self):
        """A statement for each way of telling apart, however many lines there are."""
        names = [{"name": f"Segment {number}"} for number in range(4)]
        segments, counts = self.env["customer.segment"].create(names), []
        for part in (segments[:1], segments[1:]):
            for number, segment in enumerate(part, 1):
                self.experiment(
                    (40, 30 - number), (40, 10 + number), segment_id=segment.id
                )
            self.env.invalidate_all()
            lines = self.env["customer.retention.effect"].search(
                [("company_id", "=", self.company.id)]
            )
            lines.mapped("company_id.currency_id.symbol")
            lines.mapped("whom")
            before = self.env.cr.sql_log_count
            lines.mapped("sentence")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])
        self.assertLessEqual(counts[1], 6)

    def test_a_line_says_what_a_question_about_it_alone_says(self):
        segments = self.env["customer.segment"].search([], limit=2)
        for number, segment in enumerate(segments):
            self.experiment((40, 30 - number), (40, 10 + number), segment_id=segment.id)
        lines = self.env["customer.retention.effect"].search(
            [("company_id", "=", self.company.id)]
        )
        self.assertEqual(len(lines.filtered("segment_id")), 2)
        for line in lines:
            domain = line._draws_domain()
            effect = self.draws._effect(self.company, domain)
            with self.subTest(line=line.whom):
                self.assertEqual(
                    line.sentence, self.draws._effect_sentence(self.company, domain)
                )
                self.assertEqual(line.treated_share, effect["treated"].share)
                self.assertEqual(line.treated_count, effect["treated"].customers)
                self.assertEqual(line.control_count, effect["control"].customers)

    def test_who_was_approached_nevertheless_counts_as_left_alone(self):
        draws = self.experiment((60, 30), (60, 30))
        broken = draws.filtered("is_held_out")[:20]
        broken.broken_reason = "A manager insisted"
        self.assertEqual(self.effect(part="total").control_count, 60)

    def test_other_shares_are_other_experiments(self):
        """A play for good customers does not look better than it is."""
        other = self._play("Other", kind="save", hold_out_share=90.0)
        self.experiment((300, 270), (34, 31))
        self.experiment((34, 3), (300, 30), play=other)
        line = self.effect(part="total")
        self.assertEqual(line.verdict, "unclear")
        self.assertGreater(line.treated_share - line.control_share, 0.5)

    def test_running_windows_and_other_companies_do_not_count(self):
        draws = self.experiment((40, 30), (40, 10))
        draws.is_over = False
        self.env.flush_all()
        self.assertFalse(self.effect(part="total"))

    def test_the_spread_of_money_is_that_of_the_database(self):
        self.experiment((50, 40), (50, 20))
        effect = self.draws._effect(self.company)
        treated = [30.0 + n if n < 40 else 0.0 for n in range(50)]
        control = [30.0 + n if n < 20 else 0.0 for n in range(50)]
        expected = sum(treated) / 50 - sum(control) / 50
        self.assertAlmostEqual(effect["margin"].difference, expected, 4)

        def variance(values):
            mean = sum(values) / len(values)
            return sum((value - mean) ** 2 for value in values) / (len(values) - 1)

        error = ((variance(treated) + variance(control)) / 50) ** 0.5
        self.assertAlmostEqual(
            effect["margin"].high - expected, 1.959963984540054 * error, 3
        )

    def test_windows_are_measured_to_their_last_day(self):
        draw = self.hold(self.burning[0], until="2025-04-01")
        self._buy(self.burning[0], "2025-04-01", 70.0)
        self._buy(self.burning[0], "2025-04-02", 500.0)
        self.draws._measure(self.company, on("2025-04-01"))
        self.assertRecordValues(
            draw,
            [{"bought_on": on("2025-04-01"), "revenue": 70.0, "is_over": False}],
        )
        self.draws._measure(self.company, on("2025-04-02"))
        self.assertTrue(draw.is_over)
        self.assertAlmostEqual(draw.net_margin, 21.0)

    # === CAMPAIGN === #

    def campaign(self, partners, user=None, **values):
        campaigns = self.env["customer.retention.campaign"].with_user(
            user or self.manager
        )
        return campaigns.create(
            {
                "name": "Reminder",
                "play_id": self.play.id,
                "template_id": self.env.ref(
                    "customer_retention.mail_template_retention_campaign"
                ).id,
                "partner_ids": partners.ids,
                **values,
            }
        )

    def test_a_campaign_draws_first_and_respects_who_wants_no_mail(self):
        self.env["mail.blacklist"]._add(self.burning[0].email)
        self.burning[1].email = False
        self.hold(self.burning[2])
        campaign = self.campaign(self.burning)
        self.assertEqual((campaign.reachable_count, campaign.blocked_count), (5, 3))
        no_mail, worked_on = campaign.blocked_text.split("\n")
        for partner, line in zip(
            self.burning[:3], (no_mail, no_mail, worked_on), strict=True
        ):
            self.assertIn(partner.display_name, line)
        campaign.action_send()
        drawn = campaign.draw_ids
        self.assertEqual(drawn.partner_id, self.burning[3:])
        written = (drawn.filtered(lambda d: not d.is_held_out)).partner_id
        mails = self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "in", self.burning.ids)]
        )
        self.assertEqual(set(mails.mapped("res_id")), set(written.ids))
        with self.assertRaisesRegex(UserError, "sent already"):
            campaign.action_send()
        with self.assertRaises(UserError):
            campaign.partner_ids = False
        with self.assertRaises(UserError):
            campaign.unlink()

    def test_each_mail_goes_to_its_customer_alone(self):
        """Also when the form was opened from a list, whose customers are a default."""
        self.env["mail.blacklist"]._add(self.burning[0].email)
        scores = self.env["customer.churn.score"].with_user(self.manager)
        scores = scores.search([("partner_id", "in", self.burning.ids)])
        context = scores.action_start_campaign()["context"]
        campaigns = self.env["customer.retention.campaign"].with_user(self.manager)
        campaign = campaigns.with_context(**context).create(
            {"name": "Reminder", "play_id": self.play.id}
        )
        self.assertEqual(campaign.partner_ids, self.burning)
        campaign.action_send()
        mails = self.env["mail.mail"].search(
            [("model", "=", "res.partner"), ("res_id", "in", self.burning.ids)]
        )
        self.assertTrue(mails)
        for mail in mails:
            self.assertEqual(mail.recipient_ids.ids, [mail.res_id])

    def test_nobody_to_write_to(self):
        campaign = self.campaign(self.burning[:0])
        with self.assertRaisesRegex(UserError, "Nobody on the list"):
            campaign.action_send()

    def test_salespeople_write_to_no_lists(self):
        with self.assertRaises(AccessError):
            self.campaign(self.burning, self.seller)
        scores = self.env["customer.churn.score"].search([]).with_user(self.seller)
        with self.assertRaises(AccessError):
            scores.action_start_campaign()

    def test_a_campaign_needs_a_mail_to_customers(self):
        """A mail about something else could not be sent."""
        campaign = self.campaign(self.burning)
        for values in ({}, {"model_id": self.env.ref("sale.model_sale_order").id}):
            template = self.env["mail.template"].create({"name": "Miss", **values})
            with (
                self.subTest(**values),
                self.assertRaisesRegex(ValidationError, "contacts"),
                self.cr.savepoint(),
            ):
                campaign.template_id = template
        template = campaign.sudo().template_id.copy()
        campaign.template_id = template
        template.sudo().model_id = False
        with self.assertRaisesRegex(UserError, "contacts"):
            campaign.action_send()
        self.assertEqual(campaign.state, "draft")
        self.assertFalse(campaign.draw_ids)

    def test_a_campaign_is_not_sent_by_writing_so(self):
        with self.assertRaisesRegex(UserError, "is not entered"):
            self.campaign(self.burning, state="sent")
        campaign = self.campaign(self.burning)
        for name, value in hostile_values(campaign, self.seller.id).items():
            with (
                self.subTest(field=name),
                self.assertRaisesRegex(UserError, "is not entered"),
            ):
                campaign.write({name: value})
        campaigns = campaign.browse().with_context(default_state="sent")
        self.assertEqual(
            campaigns.default_get(["state", "user_id"]),
            {"state": "draft", "user_id": self.manager.id},
        )
