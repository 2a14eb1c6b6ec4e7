from datetime import date
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.fields import Domain
from odoo.tests import tagged

from ..logic.churn_rates import month_end, spans
from .common import on
from .test_churn_history import HistoryCommon


@tagged("post_install", "-at_install")
class TestChurnDashboard(HistoryCommon):
    """Every figure is what its list adds up to, as the reader may see it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.team = cls.env["crm.team"].create(
            {
                "name": "Team North",
                "company_id": cls.company.id,
                "member_ids": [(4, cls.seller.id)],
            }
        )

    def dashboard(self, reader=None, **filters):
        history = self.History.with_user(reader or self.manager)
        return history.with_context(allowed_company_ids=self.company.ids).get_dashboard(
            {"company": self.company.id, **filters}
        )

    def tile(self, key, reader=None, **filters):
        tiles = self.dashboard(reader, **filters)["tiles"]
        return next(tile for tile in tiles if tile["key"] == key)

    def listed(self, action, user=None):
        model = self.env[action["res_model"]].with_user(user or self.manager)
        context = {**action["context"], "allowed_company_ids": self.company.ids}
        return model.with_context(**context).search(action["domain"])

    def test_six_figures_for_who_may_see_complaints(self):
        admin = self._create_user("dash_admin", "customer_retention.group_admin")
        keys = [tile["key"] for tile in self.dashboard(admin)["tiles"]]
        self.assertEqual(
            keys,
            [
                *("customers", "acquisition", "retention", "revenue_retention"),
                *("value_at_risk", "clocks", "recovered"),
            ],
        )

    def test_the_bridge_leads_from_start_to_end(self):
        for period in ("year", "half", "quarter", "month"):
            bridge = self.dashboard(period=period)["bridge"]
            steps = sum(step["amount"] for step in bridge["steps"])
            with self.subTest(period=period):
                self.assertAlmostEqual(bridge["start"] + steps, bridge["end"], 2)

    def test_each_step_is_its_list(self):
        bridge = self.dashboard()["bridge"]
        for step in bridge["steps"]:
            rows = self.listed(step["action"])
            with self.subTest(step=step["step"]):
                self.assertEqual(len(rows), step["customers"])
                self.assertAlmostEqual(sum(rows.mapped("change")), step["amount"], 2)
        self.assertTrue(any(step["customers"] for step in bridge["steps"]))

    def test_customers_and_retention_are_their_lists(self):
        for user in (self.manager, self.seller):
            customers = self.tile("customers", user)
            rows = self.listed(customers["action"], user)
            self.assertEqual(customers["value"], len(rows))
            retention = self.tile("retention", user)
            was = self.listed(retention["action"], user)
            self.assertAlmostEqual(
                retention["value"], sum(was.mapped("is_kept")) / len(was)
            )

    def test_revenue_retention_is_its_list_whatever_was_credited(self):
        """Who was credited more than bought is no customer of that period."""
        self.env.cr.execute(
            """INSERT INTO customer_purchase (source, res_id, partner_id, company_id,
               date, amount, is_purchase)
               SELECT 'credit', 999999, partner_id, company_id, '2024-05-05', -9e6,
                      FALSE
                 FROM customer_purchase
                WHERE company_id = %s AND date BETWEEN '2023-07-01' AND '2024-06-30'
                LIMIT 1""",
            (self.company.id,),
        )
        tile = self.tile("revenue_retention")
        was = self.listed(tile["action"])
        self.assertAlmostEqual(
            tile["value"],
            sum(was.mapped("revenue")) / sum(was.mapped("revenue_before")),
        )
        self.History._record(self.company)
        [*_months, month] = self.dashboard()["months"]
        self.assertAlmostEqual(month["rates"]["revenue_retention"], tile["value"])

    def test_acquisition_is_its_list_for_each_customer_before(self):
        was = self.listed(self.tile("retention")["action"])
        new = self.listed(self.tile("acquisition")["action"])
        self.assertTrue(new)
        self.assertAlmostEqual(self.tile("acquisition")["value"], len(new) / len(was))

    def test_value_at_risk_is_its_list(self):
        for filters in ({}, {"team": self.team.id}, {"user": self.colleague.id}):
            tile = self.tile("value_at_risk", **filters)
            rows = self.listed(tile["action"])
            self.assertAlmostEqual(tile["value"], sum(rows.mapped("value_at_risk")), 2)

    def test_a_salesperson_sees_the_own_figures(self):
        own = self.tile("customers", self.seller)["value"]
        others = self.tile("customers", self.colleague)["value"]
        self.assertEqual(own + others, self.tile("customers")["value"])
        as_filter = self.tile("customers", team=self.team.id)["value"]
        self.assertEqual(own, as_filter)

    def test_months_end_with_the_present_one(self):
        months = self.dashboard()["months"]
        self.assertEqual(len(months), 24)
        self.assertEqual(months[-1]["month"], "2025-06-01")
        self.assertAlmostEqual(
            months[-1]["rates"]["retention"], self.tile("retention")["value"]
        )
        self.assertAlmostEqual(
            months[-1]["value_at_risk"], self.tile("value_at_risk")["value"], 2
        )

    def test_a_month_is_its_list_of_the_team_as_well(self):
        for filters in ({}, {"team": self.team.id}):
            with self.subTest(**filters):
                month = self.dashboard(**filters)["months"][-2]
                rows = self.listed({"context": {}, **month["action"]})
                self.assertTrue(rows)
                self.assertAlmostEqual(sum(rows.mapped("revenue")), month["revenue"])
                self.assertEqual({str(row.month) for row in rows}, {month["month"]})

    def test_the_present_month_is_at_risk_as_the_tile_says(self):
        """Whoever bought since the night changes both."""
        score = self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        score.value_at_risk = 0
        months = self.dashboard()["months"]
        self.assertAlmostEqual(
            months[-1]["value_at_risk"], self.tile("value_at_risk")["value"], 2
        )

    def test_each_step_says_what_it_means(self):
        for period, is_short in (("year", False), ("quarter", True), ("month", True)):
            bridge = self.dashboard(period=period)["bridge"]
            self.assertTrue(all(step["help"] for step in bridge["steps"]))
            self.assertEqual(bool(bridge["note"]), is_short)

    def test_segments_are_a_filter(self):
        segment = self.env["customer.segment"].create(
            {"name": "Tested", "company_id": self.company.id}
        )
        rows = self.env["customer.relationship"].search(
            [("company_id", "=", self.company.id)], limit=10
        )
        self.env.cr.execute(
            "UPDATE customer_relationship SET segment_id = %s WHERE id = ANY(%s)",
            (segment.id, rows.ids),
        )
        self.env.invalidate_all()
        tile = self.tile("value_at_risk", segment=segment.id)
        scores = self.listed(tile["action"])
        self.assertEqual(set(scores.partner_id), set(rows.partner_id))
        self.assertEqual(scores.segment_id, segment)

    def test_reasons_are_their_losses_most_money_first(self):
        reasons = self.env["customer.churn.reason"].search([], limit=2)
        events = self.env["customer.churn.event"]
        here = self.buyers - events.search([]).partner_id
        for buyer, reason, amount in zip(
            here[:3], (*reasons, reasons[:0]), (300.0, 900.0, 100.0), strict=True
        ):
            event = events.create(
                {
                    "partner_id": buyer.id,
                    "company_id": self.company.id,
                    "date": "2025-06-02",
                    "reason_ids": [(6, 0, reason.ids)],
                    "main_reason_id": reason.id,
                }
            )
            event.flush_recordset()
            self.env.cr.execute(
                "UPDATE customer_churn_event SET lost_revenue = %s WHERE id = %s",
                (amount, event.id),
            )
        back = events.create(
            {
                "partner_id": here[3].id,
                "company_id": self.company.id,
                "date": "2025-06-02",
                "main_reason_id": reasons[0].id,
            }
        )
        back._engine().write({"lost_revenue": 5000.0, "state": "returned"})
        self.env.flush_all()
        self.env.invalidate_all()
        bars = self.dashboard()["reasons"]
        found = {bar["label"]: bar["amount"] for bar in bars}
        self.assertEqual(found[reasons[0].display_name], 300.0)
        self.assertEqual(found[reasons[1].display_name], 900.0)
        amounts = [bar["amount"] for bar in bars]
        self.assertEqual(amounts, sorted(amounts, reverse=True))
        self.assertAlmostEqual(bars[-1]["cumulated"], 1)
        for bar in bars:
            rows = self.listed(bar["action"])
            self.assertEqual(len(rows), bar["customers"])
            self.assertAlmostEqual(sum(rows.mapped("lost_revenue")), bar["amount"], 2)
        self._reasons_of_a_segment(here[0], reasons[0])

    def _reasons_of_a_segment(self, buyer, reason):
        """The filters of the dashboard hold for the reasons, too."""
        segment = self.env["customer.segment"].create(
            {"name": "Tested", "company_id": self.company.id}
        )
        self.env.cr.execute(
            "UPDATE customer_relationship SET segment_id = %s, user_id = %s "
            "WHERE id = %s",
            (segment.id, self.seller.id, self._relationship(buyer, self.company).id),
        )
        self.env.invalidate_all()
        for filters in (
            {"segment": segment.id},
            {"segment": segment.id, "team": self.team.id},
            {"segment": segment.id, "user": self.seller.id},
        ):
            with self.subTest(**filters):
                [bar] = self.dashboard(**filters)["reasons"]
                self.assertEqual(bar["label"], reason.display_name)
                losses = self.listed(bar["action"])
                self.assertEqual(losses.partner_id, buyer)
                self.assertEqual(losses.segment_id, segment)
        nobody = self.dashboard(segment=segment.id, user=self.manager.id)["reasons"]
        self.assertFalse(nobody)

    def test_whether_it_helped_is_for_managers(self):
        self.assertFalse(self.dashboard(self.seller)["effect"])
        self.assertFalse(self.dashboard()["effect"])  # nobody has been approached

    def test_what_people_did_this_week(self):
        contacts = self.env["customer.contact.log"].with_user(self.seller)
        for day in ("2025-06-30", "2025-06-29"):  # a Monday, and the day before
            contacts.create(
                {
                    "partner_id": self.buyers[0].id,
                    "company_id": self.company.id,
                    "date": day,
                }
            )
        people = {row["id"]: row for row in self.dashboard()["people"]["rows"]}
        self.assertEqual(people[self.seller.id]["contacts"], 1)
        self.assertEqual(
            people[self.seller.id]["customers"],
            self.tile("customers", self.seller)["value"],
        )
        own = self.dashboard(self.seller)["people"]["rows"]
        self.assertEqual([row["id"] for row in own], [self.seller.id])
        team = self.dashboard(team=self.team.id)["people"]["rows"]
        self.assertEqual([row["id"] for row in team], [self.seller.id])

    def _to_do(self, document, day, user=None):
        self.env["mail.activity"].create(
            {
                "res_model_id": self.env["ir.model"]._get_id(document._name),
                "res_id": document.id,
                "user_id": (user or self.seller).id,
                "date_deadline": day,
            }
        )

    def _person(self, reader=None, **filters):
        people = self.dashboard(reader, **filters)["people"]["rows"]
        return next(row for row in people if row["id"] == self.seller.id)

    def test_a_leader_sees_what_colleagues_have_to_do(self):
        """Who may not write a contact sees no activity of others on it, but leads."""
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.buyers[0].id
        )
        case = self.env["customer.retention.case"].create(
            {"partner_id": self.buyers[1].id, "company_id": self.company.id}
        )
        case.activity_ids.unlink()
        for document, day in (
            (self.buyers[0], "2025-06-29"),  # yesterday, twice the same customer
            (contact, "2025-07-01"),
            (case, "2025-07-02"),
            (self.buyers[2], "2025-07-20"),  # in some weeks
        ):
            self._to_do(document, day)
        for reader in (self.manager, self.seller):
            row = self._person(reader)
            self.assertEqual((row["due"], row["late"]), (2, 1))
            due = self.listed(row["lists"]["due"], reader)
            self.assertEqual(due.partner_id, self.buyers[:2])
            late = self.listed(row["lists"]["late"], reader)
            self.assertEqual(late.partner_id, self.buyers[0])

    def test_what_there_is_to_do_with_another_company_is_not_ours(self):
        other = self._create_company("Not Theirs")
        stranger = self._create_partner("Stranger", company_id=other.id)
        self._order(stranger, "2025-05-05", company_id=other.id)
        self.env["customer.relationship"]._evaluate([stranger.id], company=other)
        self._to_do(stranger, "2025-07-01")
        self.assertFalse(self._person().get("due"))

    def test_every_figure_of_a_person_is_its_list(self):
        contacts = self.env["customer.contact.log"].with_user(self.seller)
        contacts.create(
            {
                "partner_id": self.buyers[0].id,
                "company_id": self.company.id,
                "date": self.TODAY,
            }
        )
        self.env["customer.retention.case"].create(
            {
                "partner_id": self.buyers[1].id,
                "company_id": self.company.id,
                "user_id": self.seller.id,
            }
        )
        row = self._person()
        for name in ("contacts", "cases", "customers"):
            with self.subTest(name=name):
                self.assertTrue(row[name])
                self.assertEqual(len(self.listed(row["lists"][name])), row[name])
        kept = self.listed(row["lists"]["revenue_kept"])
        self.assertAlmostEqual(sum(kept.mapped("revenue_kept")), row["revenue_kept"], 2)
        self.assertFalse(self.listed(row["lists"]["contacts_late"]))

    def test_a_rate_needs_a_whole_period_to_compare_with(self):
        """The first purchases are of three years ago or less."""
        months = self.dashboard()["months"]
        first = self.env["customer.relationship"].search(
            [("company_id", "=", self.company.id)], order="first_purchase_on", limit=1
        )
        since = first.first_purchase_on.replace(day=1)
        for month in months:
            end = min(month_end(date.fromisoformat(month["month"])), on(self.TODAY))
            whole = spans(end, 12)[1].first >= since
            self.assertEqual(month["rates"]["retention"] is not None, whole)

    def test_what_makes_no_sense_is_left_out(self):
        usual = self.dashboard()["filters"]
        for nonsense in (
            {"period": "century"},
            {"period": ["year"]},
            {"team": "x"},
            {"team": -1},
            {"segment": 10**30},
            {"user": True},
        ):
            with self.subTest(**nonsense):
                self.assertEqual(self.dashboard(**nonsense)["filters"], usual)
        for filters in (None, [], "x", 7, {"company": 10**9}):
            self.History.with_user(self.manager).get_dashboard(filters)

    def test_another_company_is_out_of_reach(self):
        other = self._create_company("Not Theirs")
        answer = self.dashboard(company=other.id)
        self.assertEqual(answer["company"]["id"], self.company.id)

    def test_nobody_from_outside_asks(self):
        for groups in ("base.group_user", "base.group_portal", "base.group_public"):
            user = self._create_user(groups.replace(".", "_"), groups)
            for method in ("get_dashboard", "get_cohorts"):
                with self.subTest(groups=groups), self.assertRaises(AccessError):
                    getattr(self.History.with_user(user), method)({})

    def test_statements_do_not_grow_with_customers(self):
        self.dashboard()
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        self.dashboard()
        self.assertLessEqual(self.env.cr.sql_log_count - before, 45)

    def test_an_empty_company_has_a_dashboard(self):
        empty = self._create_company("Nobody Yet")
        user = self._create_user(
            "dash_empty", "customer_retention.group_manager", company_id=empty.id
        )
        history = self.History.with_user(user).with_context(
            allowed_company_ids=empty.ids
        )
        answer = history.get_dashboard({})
        self.assertEqual(answer["months"], [])
        self.assertEqual(answer["bridge"]["end"], 0)
        self.assertFalse(answer["grade"])
        self.assertEqual(history.get_cohorts()["cohorts"], [])


@tagged("post_install", "-at_install")
class TestChurnOnForms(HistoryCommon):
    """The danger stands where salespeople look, and costs next to nothing."""

    def seen(self, record, field, user):
        self.env.invalidate_all()
        return record.with_user(user).with_company(self.company)[field]

    def test_the_band_says_danger_money_and_two_reasons(self):
        score = self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id), ("danger", "=", "extreme")], limit=1
        )
        partner = score.partner_id
        for record in (partner, score.relationship_id):
            card = self.seen(record, "churn_card", self.manager)
            self.assertEqual(card["kind"], "extreme")
            self.assertIn("at risk", card["money"])
            self.assertTrue(0 < len(card["reasons"]) <= 2)
        self.assertEqual(card["score_id"], score.id)

    def test_contacts_show_the_band_of_their_company(self):
        contact = self._create_partner(
            "Contact", is_company=False, parent_id=self.buyers[0].id
        )
        self.assertTrue(self.seen(contact, "churn_card", self.seller))

    def test_others_see_no_band(self):
        self.assertFalse(self.seen(self.buyers[0], "churn_card", self.colleague))
        self.company.retention_use_churn = False
        self.assertFalse(self.seen(self.buyers[0], "churn_card", self.seller))

    def test_the_portal_sees_nothing(self):
        portal = self._create_user("churn_portal", "base.group_portal")
        for record, field in (
            (portal.partner_id, "churn_card"),
            (self._quotation(portal.partner_id, self.TODAY), "churn_hint"),
        ):
            with self.assertRaises(AccessError):
                record.with_user(portal).read([field])

    def test_a_quotation_hints_at_danger_quietly(self):
        scores = self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id)]
        )
        burning = scores.filtered(lambda score: score.danger == "extreme")[0]
        calm = scores.filtered(lambda score: score.danger == "low")[0]
        hint = self._quotation(burning.partner_id, self.TODAY).churn_hint
        self.assertIn(burning.reasons[0], hint)
        self.assertFalse(self._quotation(calm.partner_id, self.TODAY).churn_hint)
        order = self._order(burning.partner_id, self.TODAY)
        self.assertFalse(order.churn_hint)

    def test_whom_we_leave_alone_gives_no_hint(self):
        scores = self.env["customer.churn.score"]
        burning = scores.search(
            [("company_id", "=", self.company.id), ("danger", "=", "extreme")], limit=2
        )
        left_alone, other = burning
        usual = type(scores)._today_domain

        def without_one(self, company):
            return usual(self, company) & Domain("id", "!=", left_alone.id)

        with patch.object(type(scores), "_today_domain", without_one):
            quotation = self._quotation(left_alone.partner_id, self.TODAY)
            self.assertFalse(quotation.churn_hint)
            quotation = self._quotation(other.partner_id, self.TODAY)
            self.assertTrue(quotation.churn_hint)

    def test_the_hint_costs_a_few_statements_for_one_or_a_hundred(self):
        orders = self.env["sale.order"].concat(
            *(self._quotation(buyer, self.TODAY) for buyer in self.buyers[:100])
        )
        self.env.flush_all()
        counts = []
        for some in (orders[:1], orders):
            some.mapped("churn_hint")
            self.env.invalidate_all()
            some.mapped("partner_id.commercial_partner_id")
            some.mapped("company_id.name")
            before = self.env.cr.sql_log_count
            some.mapped("churn_hint")
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[0], 12)
        self.assertLessEqual(counts[1], counts[0] + 3)

    def test_the_page_of_a_month_can_be_printed(self):
        report = self.env["ir.actions.report"].with_user(self.manager)
        html, _kind = report._render_qweb_html(
            "customer_retention.customer_churn_month",
            [],
            data={"company": self.company.id},
        )
        page = html.decode()
        self.assertIn("May 2025", page)
        self.assertIn("Revenue Retention", page)
        self.assertRegex(page, r"[+−±][\d.]+ points")
        self.assertRegex(page, r"Most money at risk on\s+<span[^>]*>06/30/2025</span>")
        worst = self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id)], limit=1
        )
        self.assertIn(worst.partner_id.name, page)

    def test_the_page_of_an_old_month_names_who_was_at_risk_then(self):
        """Somebody who bought last month was at risk in spring, and is not today."""
        month, scores = date(2025, 3, 1), self.env["customer.churn.score"]
        self.env.cr.execute(scores._past_scores_sql(self.company, month_end(month)))
        worst_id, _money = max(
            self.env.cr.fetchall(), key=lambda row: (row[1], -row[0])
        )
        then = self.env["res.partner"].browse(worst_id)
        scores.search([("partner_id", "=", worst_id)]).value_at_risk = 0
        report = self.env["report.customer_retention.customer_churn_month"]
        report = report.with_user(self.manager)
        old, present = (
            report._get_report_values([], {"company": self.company.id, "month": day})
            for day in ("2025-03-01", "2025-06-01")
        )
        self.assertEqual(old["at_risk"][0]["name"], then.name)
        self.assertFalse(old["is_recent"])
        self.assertTrue(present["is_recent"])
        self.assertNotIn(then.name, [row["name"] for row in present["at_risk"]])

    def test_the_page_of_a_month_names_nobody_whom_the_reader_does_not_see(self):
        report = self.env["report.customer_retention.customer_churn_month"]
        rows = report.with_user(self.seller)._was_at_risk(
            self.company, date(2025, 3, 31)
        )
        own = set(
            self.buyers.filtered(lambda one: one.user_id == self.seller).mapped("name")
        )
        self.assertTrue(rows)
        self.assertLessEqual({row["name"] for row in rows}, own)

    def test_the_page_of_a_month_says_whose_customers_it_counts(self):
        report = self.env["report.customer_retention.customer_churn_month"]
        values = {"company": self.company.id}
        everybody = report.with_user(self.manager)._get_report_values([], values)
        own = report.with_user(self.seller)._get_report_values([], values)
        self.assertFalse(everybody["whose"])
        self.assertIn(self.seller.name, own["whose"])
        said = [report._customers(number) for number in (None, 0, 1, 12)]
        self.assertEqual(said, ["", "0 customers", "1 customer", "12 customers"])

    def test_the_page_of_nobody(self):
        empty = self._create_company("Nobody Yet")
        user = self._create_user(
            "page_empty", "customer_retention.group_manager", company_id=empty.id
        )
        report = self.env["ir.actions.report"].with_user(user)
        report = report.with_context(allowed_company_ids=empty.ids)
        html, _kind = report._render_qweb_html(
            "customer_retention.customer_churn_month", [], data={"month": "x"}
        )
        self.assertIn("Nothing has been recorded", html.decode())
