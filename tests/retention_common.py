"""What tests of losses and cases need: customers who buy in a rhythm, and stop."""

from __future__ import annotations

from datetime import timedelta

from odoo.fields import Command

from .common import on
from .test_churn_scores import ChurnCommon


class KeepCommon(ChurnCommon):
    """A company that watches since 2025, with a salesperson and people to approve."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = cls._create_user("keep_seller")
        cls.colleague = cls._create_user("keep_colleague")
        cls.manager = cls._create_user(
            "keep_manager",
            "customer_retention.group_manager,sales_team.group_sale_salesman_all_leads",
        )
        cls.company.write(
            {
                "retention_side_effects_from": "2025-01-01",
                "retention_responsible_id": cls.manager.id,
                "churn_key_share": 50.0,
            }
        )
        cls.events = cls.env["customer.churn.event"]
        cls.cases = cls.env["customer.retention.case"]
        cls.draws = cls.env["customer.retention.draw"]
        cls.plays = cls.env["customer.retention.play"]
        # Only what a test makes is there.
        cls.plays.search([]).active = False

    @classmethod
    def _rhythm(cls, name, last, amount=100.0, every=30, number=6, **values):
        """Create a customer who bought every so many days, until a day."""
        values.setdefault("user_id", cls.seller.id)
        values.setdefault("email", f"{name.lower().replace(' ', '.')}@example.com")
        partner = cls._create_partner(name, **values)
        end = on(last)
        cls._insert_purchases(
            [
                (partner.id, end - timedelta(every * step), amount)
                for step in range(number)
            ]
        )
        return partner

    @classmethod
    def _buy(cls, partner, day, amount=100.0):
        cls._insert_purchases([(partner.id, on(day), amount)])

    @classmethod
    def _see(cls, day, *partners, cause="live"):
        """Evaluate customers as of a day."""
        cls.company.retention_evaluation_date = day
        ids = [partner.id for partner in partners]
        cls.env["customer.relationship"]._evaluate(
            ids, as_of=on(day), cause=cause, company=cls.company
        )
        cls.env.invalidate_all()

    @classmethod
    def _score(cls, day):
        cls.env["customer.churn.score"]._refresh(cls.company, on(day))
        cls.env.invalidate_all()

    @classmethod
    def _play(cls, name="Call", **values):
        """Create a play of one step that leaves nobody alone."""
        plan = cls.env["mail.activity.plan"].create(
            {
                "name": name,
                "res_model": "customer.retention.case",
                "company_id": False,
                "template_ids": [
                    Command.create(
                        {
                            "activity_type_id": cls.env.ref(
                                "mail.mail_activity_data_call"
                            ).id,
                            "summary": name,
                            "responsible_type": "on_demand",
                            "delay_count": 2,
                            "delay_from": "after_plan_date",
                        }
                    )
                ],
            }
        )
        values.setdefault("activity_plan_id", plan.id)
        values.setdefault("hold_out_share", 0.0)
        return cls.plays.create({"name": name, **values})

    def _event(self, partner):
        return self.events.search([("partner_id", "=", partner.id)])

    def _case(self, partner, user=None, **values):
        cases = self.cases.with_user(user or self.manager)
        return cases.create({"partner_id": partner.id, **values})

    def _activities(self, record):
        return self.env["mail.activity"].search(
            [("res_model", "=", record._name), ("res_id", "in", record.ids)],
            order="id",
        )
