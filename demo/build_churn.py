"""Makes what watching for churn looks like after some months: scores, losses, cases."""

from __future__ import annotations

from datetime import timedelta

from odoo.fields import Command

from ..logic.holdout import held_out

# Why the demo company lost customers: reason, competitor, what they said
LOSSES = (
    ("pricing_increase", "Toolwell Direct", "The third increase in two years."),
    ("response_none", "", "I complained twice and nobody called me back."),
    ("competition_better", "Brightfast", "They deliver the next morning."),
    ("inconvenience_wait", "", "Two weeks for a box of screws."),
    ("core_mistake", "Toolwell Direct", "Wrong articles in every third delivery."),
    ("gone", "", "The workshop is closed for good."),
    ("competition_person", "Anvil Trade", "Our man there changed to them."),
    ("pricing_unfair", "", "The web shop sells it cheaper to anybody."),
    ("need", "", "We buy these parts ready-made now."),
    ("encounter_uncaring", "", "Nobody knew my orders any more."),
)
# Whoever leaves for these does not come back.
FOR_GOOD = ("gone", "need")
# What came of calls in the last weeks: days ago, result, note
CONTACTS = (
    (3, "promised", "Will order after the stocktaking."),
    (5, "unreached", ""),
    (8, "reached", "Compares prices; sent the list of the spring campaign."),
    (11, "message", ""),
    (15, "unhappy", "Still waits for the credit note."),
    (20, "reached", "Builds a second hall, needs shelves in autumn."),
    (26, "promised", "Sends the order for the safety shoes."),
    (34, "reached", "New buyer from next month on."),
)
# How many customers a salesperson hands over for a leave.
PORTFOLIO = 6
# What the company does by itself to keep in touch.
CARE = ("check_in_key", "expected", "quotation", "introduction")
# A letter of months ago: days, whom it was for (days without a purchase), and the part
# in percent that was left alone to see what a letter does.
LETTER_DAYS_AGO = 150
LETTER_QUIET = (30, 300)
LETTER_LEFT_ALONE = 30


class ChurnBuilder:
    """Adds to a demo company that has been evaluated who leaves and what is done."""

    def __init__(self, builder) -> None:
        self.env = builder.env
        self.plan = builder.plan
        self.partners = builder.partners
        self.companies = builder.companies
        self.users = builder.users
        self.today = builder.plan.today
        self.company = self.companies["main"]

    def build(self) -> None:
        """Score everybody, tell why some left, and begin to fight."""
        for company in self.env["res.company"]._churn_roots():
            self.env["customer.churn.model"]._score_company(company, learn=True)
            self.env["customer.churn.event"]._sync(company)
            self.env["customer.churn.history"]._record(company)
        self.explain_losses()
        self.record_talks()
        self.make_contacts()
        self.open_cases()
        self.send_past_letter()
        self.plan_care()
        self.prepare_handover()

    def explain_losses(self) -> None:
        """What was found out about those who brought most."""
        events = self.env["customer.churn.event"].search(
            [("company_id", "=", self.company.id)], order="lost_revenue desc, id"
        )
        for place, event in enumerate(events[: 3 * len(LOSSES)]):
            name, competitor, words = LOSSES[place % len(LOSSES)]
            reason = self.env.ref(
                f"customer_retention.customer_churn_reason_{name}",
                raise_if_not_found=False,
            )
            came_back = event.state == "returned" and name in FOR_GOOD
            if reason and not came_back:
                event.with_user(self.users["leader"]).write(
                    {
                        "main_reason_id": reason.id,
                        "competitor": competitor,
                        "words": words,
                    }
                )

    def record_talks(self) -> None:
        """Calls and visits of the past are on record, as done activities are."""
        companies = {
            one.key: self.companies[one.company] for one in self.plan.customers
        }
        self.env["customer.contact.log"].create(
            [
                {
                    "partner_id": self.partners[talk.customer].id,
                    "company_id": companies[talk.customer].id,
                    "date": talk.day,
                    "user_id": self.users[talk.author].id,
                    "channel": talk.kind,
                    "purpose": "sale",
                    "note": talk.text,
                }
                for talk in self.plan.talks
                if talk.kind in ("call", "visit")
            ]
        )

    def make_contacts(self) -> None:
        """Calls of the last weeks with customers who may leave."""
        scores = self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id), ("user_id", "!=", False)],
            limit=2 * len(CONTACTS),
        )
        self.env["customer.contact.log"].create(
            [
                {
                    "partner_id": score.partner_id.id,
                    "company_id": self.company.id,
                    "date": self.today - timedelta(days_ago),
                    "user_id": score.user_id.id,
                    "channel": "call",
                    "purpose": "retention",
                    "result": result,
                    "note": note,
                }
                for score, (days_ago, result, note) in zip(
                    scores[1::2], CONTACTS, strict=False
                )
            ]
        )

    def open_cases(self) -> None:
        """Cases for the most money at risk; some are left alone at random.

        Salespeople answer for those of their customers, the leader for the others.
        """
        self.env["customer.retention.case"]._open_due(self.company, self.today)
        self.env["customer.retention.case"].search(
            [("company_id", "=", self.company.id), ("user_id", "=", False)]
        ).user_id = self.users["leader"]

    def send_past_letter(self) -> None:
        """A campaign whose window is over: chance left some alone, their purchases of
        the weeks after say what it did. Nobody gets a mail now.
        """
        day = self.today - timedelta(LETTER_DAYS_AGO)
        play = self.env.ref("customer_retention.customer_retention_play_save_small")
        template = self.env.ref("customer_retention.mail_template_retention_campaign")
        partners = self._quiet_on(day)
        campaign = self.env["customer.retention.campaign"].create(
            {
                "name": "We miss you",
                "company_id": self.company.id,
                "play_id": play.id,
                "template_id": template.id,
                "partner_ids": [Command.set(partners.ids)],
            }
        )
        campaign.write({"state": "sent", "sent_on": day})
        rows = self.env["customer.relationship"].search(
            [
                ("partner_id", "in", partners.ids),
                ("company_id", "=", self.company.id),
            ]
        )
        segments = {row.partner_id: row.segment_id.id for row in rows}
        draws = self.env["customer.retention.draw"]
        draws.create(
            [
                draws._prepare_draw(
                    play,
                    self.company,
                    day,
                    held_out(str(place), campaign.name, LETTER_LEFT_ALONE / 100),
                    campaign_id=campaign.id,
                    partner_id=partner.id,
                    segment_id=segments.get(partner),
                    hold_out_share=LETTER_LEFT_ALONE,
                )
                for place, partner in enumerate(partners)
            ]
        )
        draws._measure(self.company, self.today)

    def _quiet_on(self, day):
        """Return the customers who had not bought for a while on a day."""
        longest, shortest = (day - timedelta(days) for days in reversed(LETTER_QUIET))
        last_purchases = self.env["customer.purchase"]._read_group(
            [
                ("company_id", "=", self.company.id),
                ("is_purchase", "=", True),
                ("date", "<=", day),
            ],
            ["partner_id"],
            ["date:max"],
        )
        return self.env["res.partner"].union(
            *(
                partner
                for partner, last in last_purchases
                if longest <= last <= shortest
            )
        )

    def plan_care(self) -> None:
        """The first plans are switched on, and ask for something already."""
        plans = self.env["customer.care.plan"]
        for name in CARE:
            plans |= self.env.ref(f"customer_retention.customer_care_plan_{name}")
        plans.active = True
        plans._plan_company(self.company)

    def prepare_handover(self) -> None:
        """A salesperson who goes on leave has a portfolio ready for a colleague."""
        giver, successor = self.users["sales2"], self.users["sales"]
        scores = self.env["customer.churn.score"].search(
            [("company_id", "=", self.company.id), ("user_id", "=", giver.id)],
            limit=PORTFOLIO,
        )
        handovers = self.env["customer.handover"].with_user(giver)
        handovers.with_context(allowed_company_ids=self.company.ids).create(
            {
                "from_user_id": giver.id,
                "to_user_id": successor.id,
                "company_id": self.company.id,
                "reason": "leave",
                "date_back": self.today + timedelta(28),
                "note": "Prices are agreed until the end of the year.",
                "line_ids": [
                    Command.create({"partner_id": score.partner_id.id})
                    for score in scores
                ],
            }
        )
