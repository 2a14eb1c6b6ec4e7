"""Our side of the comparison."""

from __future__ import annotations

from collections.abc import Callable

from peers_fill import People, relation_table
from peers_side import BATCH, Side, Work, all_of
from peers_tables import STRIDE, Table, thread_tables

from odoo import fields

DUE = 1_000


class Ours(Side):
    """Complaints with the deadlines that are there on the first day."""

    name = "ours"
    model = "customer.complaint"
    table = "customer_complaint"
    is_open = "status IN ('open', 'waiting')"
    open_domain = [("kind", "=", "complaint"), ("status", "in", ("open", "waiting"))]
    late_domain = [("kind", "=", "complaint"), ("is_overdue", "=", True)]
    groups = {
        "handler": "customer_retention.group_complaint_user",
        "manager": "customer_retention.group_complaint_manager",
    }

    def works(self) -> dict[str, Callable]:
        return super().works() | {
            "  the one with least to do assigned and told": super().receive,
            "1,000 deadlines over: clocks looked at": self.look,
        }

    def tables(self, env) -> tuple[Table, ...]:
        of_clock = """(SELECT complaint_id FROM customer_complaint_clock clock
                        WHERE clock.id = row.clock_id)"""
        address = "'customer' || customer.number + 1 || '@example.com'"
        return (
            Table("customer_complaint_clock_segment", of_clock, ("clock_id",)),
            Table("customer_complaint_clock_event", of_clock, ("clock_id",)),
            Table("customer_complaint_clock", "row.complaint_id", ("complaint_id",)),
            Table("customer_complaint_event", "row.complaint_id", ("complaint_id",)),
            relation_table(env, self.model, "tag_ids"),
            *thread_tables(self.model),
            Table(
                self.table,
                "row.id",
                fresh={
                    "name": f"'C/B/' || row.id + copy * {STRIDE}",
                    "partner_id": "%(base)s + customer.number",
                    "account_id": "%(base)s + customer.number",
                    "email_from": address,
                    "email_normalized": address,
                },
            ),
        )

    def set_up(self, env, people: People) -> None:
        self.people = people
        teams = env["customer.complaint.team"].create(
            [
                {"name": f"Team {number}", "member_ids": [(6, 0, members)]}
                for number, members in enumerate(people.teams)
            ]
        )
        teams[0].alias_name = "first"
        self.team_ids = teams.ids
        self.tag_ids = self.tags(env, "customer.complaint.tag").ids
        categories = env["customer.complaint.category"].search([], limit=10)
        self.category_ids = categories.ids
        events = ("investigating", "resolved")
        self.stages = {
            event: env[self.model]._stage_of_event(event, teams[0]).id
            for event in events
        }

    def values(self, number: int, partner) -> dict[str, object]:
        team = number % 10
        return {
            "subject": f"Broken {number}",
            "description": "<p>It does not work, and I have waited for a week.</p>",
            "partner_id": partner.id,
            "channel": "letter",
            "category_id": self.category_ids[number % len(self.category_ids)],
            "team_id": self.team_ids[team],
            "user_id": self.people.teams[team][number // 10 % 5],
            "amount_disputed": 10.0 * number,
            "tag_ids": [(6, 0, [self.tag_ids[number % 5]])],
        }

    def create_seeds(self, env, number: int):
        partners = self.customers(env)
        complaints = env[self.model].create(
            [self.values(one, partners[one]) for one in range(number)]
        )
        complaints[10:16]._record_event("investigating")
        complaints[16:20]._record_event("waiting")
        complaints[20:]._record_event("answered")
        complaints[20:]._record_event("closed")
        for complaint in complaints[:20:2]:
            complaint.activity_schedule("mail.mail_activity_data_todo")
        return complaints

    def make_late(self, env, first: int, after: int) -> None:
        """One in five of the open ones is late."""
        env.cr.execute(
            f"""
            UPDATE customer_complaint_clock
               SET deadline = deadline - interval '9 days', is_warned = TRUE,
                   is_breached = TRUE, next_event_at = NULL
             WHERE state = 'running' AND kind = 'answer'
               AND complaint_id / {STRIDE} %% 5 = 0
               AND complaint_id BETWEEN %s AND %s
         RETURNING complaint_id
            """,
            [first, after],
        )
        late = env[self.model].browse(row[0] for row in env.cr.fetchall())
        late._update_next_deadline()

    def create(self, env, is_acknowledged: bool) -> Work:
        if not is_acknowledged:
            teams = env["customer.complaint.team"].browse(self.team_ids)
            teams.acknowledgement_template_id = False
        own = self.handler(env)
        partners = self.customers(own)
        values = [self.values(10 * one, partners[one]) for one in range(BATCH)]
        for vals in values:
            vals["user_id"] = own.uid
        return lambda: own[self.model].create(values)

    def move(self, env, where: str) -> Work:
        complaints = self.manager(env)[self.model].search(
            [("status", "=", "open"), ("stage_id.event", "=", "acknowledged")],
            limit=BATCH,
            order="id",
        )
        stage = self.stages[{"next": "investigating", "settled": "resolved"}[where]]
        return lambda: all_of(complaints).write({"stage_id": stage})

    def receive(self, env) -> Work:
        """As with them: whose it is, a person decides later."""
        teams = env["customer.complaint.team"].browse(self.team_ids)
        teams.assignment = "manual"
        return super().receive(env)

    def look(self, env) -> Work | None:
        """What the job does with the clocks that are due, its commits left out."""
        env.cr.execute(
            """
            UPDATE customer_complaint_clock
               SET since = since - interval '90 days',
                   started_at = started_at - interval '90 days',
                   recorded_at = recorded_at - interval '90 days',
                   next_event_at = now() AT TIME ZONE 'UTC' - interval '1 minute'
             WHERE id IN (SELECT id FROM customer_complaint_clock
                           WHERE state = 'running' AND kind = 'decision'
                        ORDER BY id LIMIT %s)
            """,
            [DUE],
        )
        if env.cr.rowcount < DUE:
            return None
        clocks = env["customer.complaint.clock"]
        now = fields.Datetime.now()

        def work() -> None:
            while clocks._look_at_due(now):
                env.flush_all()

        return work
