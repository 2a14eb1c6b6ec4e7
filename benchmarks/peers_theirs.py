"""Their side of the comparison: the helpdesk of the OCA with its deadlines."""

from __future__ import annotations

from peers_fill import People, relation_table
from peers_side import BATCH, Side, Work, all_of
from peers_tables import STRIDE, Table, thread_tables


class Theirs(Side):
    """Tickets with four deadlines; set up so that they do what ours do at once."""

    name = "theirs"
    model = "helpdesk.ticket"
    table = "helpdesk_ticket"
    is_open = "closed_date IS NULL"
    open_domain = [("closed", "=", False)]
    late_domain = [("sla_expired", "=", True)]
    groups = {
        "handler": "helpdesk_mgmt.group_helpdesk_user_team",
        "manager": "helpdesk_mgmt.group_helpdesk_manager",
    }

    def tables(self, env) -> tuple[Table, ...]:
        return (
            Table("helpdesk_ticket_sla", "row.ticket_id", ("ticket_id",)),
            relation_table(env, self.model, "tag_ids"),
            *thread_tables(self.model),
            Table(
                self.table,
                "row.id",
                fresh={
                    "number": f"'HT' || row.id + copy * {STRIDE}",
                    "partner_id": "%(base)s + customer.number",
                    "commercial_partner_id": "%(base)s + customer.number",
                    "partner_email": (
                        "'customer' || customer.number + 1 || '@example.com'"
                    ),
                },
            ),
        )

    def set_up(self, env, people: People) -> None:
        self.people = people
        teams = env["helpdesk.ticket.team"].create(
            [
                {
                    "name": f"Team {number}",
                    "user_ids": [(6, 0, members)],
                    "use_sla": True,
                }
                for number, members in enumerate(people.teams)
            ]
        )
        teams[0].alias_name = "first"
        self.team_ids = teams.ids
        self.tag_ids = self.tags(env, "helpdesk.ticket.tag").ids
        names = [{"name": f"Category {number}"} for number in range(10)]
        self.category_ids = env["helpdesk.ticket.category"].create(names).ids
        self.channel_id = env.ref("helpdesk_mgmt.helpdesk_ticket_channel_other").id
        self.stages = {
            name: env.ref(f"helpdesk_mgmt.helpdesk_ticket_stage_{name}").id
            for name in ("new", "in_progress", "awaiting", "done")
        }
        self._set_up_deadlines(env)
        self._set_up_acknowledgement(env)

    def _set_up_deadlines(self, env) -> None:
        """Four for each ticket, as many as ours have; two of them can pause."""
        awaiting, done = self.stages["awaiting"], self.stages["done"]
        env["helpdesk.sla"].create(
            [
                {"name": "Begun", "stage_id": self.stages["in_progress"], "hours": 4},
                {"name": "Asked", "stage_id": awaiting, "hours": 8},
                {
                    "name": "Decided",
                    "stage_id": done,
                    "days": 5,
                    "ignore_stage_ids": [(4, awaiting)],
                },
                {
                    "name": "Done",
                    "stage_id": done,
                    "days": 10,
                    "ignore_stage_ids": [(4, awaiting)],
                },
            ]
        )

    def _set_up_acknowledgement(self, env) -> None:
        """The first stage sends a template, the last one none: ours sends none."""
        template = env["mail.template"].create(
            {
                "name": "Received",
                "model_id": env["ir.model"]._get_id(self.model),
                "email_from": "{{ object.company_id.partner_id.email }}",
                "partner_to": "{{ object.partner_id.id }}",
                "use_default_to": False,
                "lang": "{{ object.partner_id.lang }}",
                "subject": "We have received {{ object.number }}",
                "body_html": "<p>We have received <t t-out='object.name'/> and will"
                " answer by <t t-out='object.sla_deadline'/>.</p>",
            }
        )
        stages = env["helpdesk.ticket.stage"]
        stages.browse(self.stages["new"]).mail_template_id = template
        stages.browse(self.stages["done"]).mail_template_id = False

    def values(self, number: int, partner) -> dict[str, object]:
        team = number % 10
        return {
            "name": f"Broken {number}",
            "description": "<p>It does not work, and I have waited for a week.</p>",
            "partner_id": partner.id,
            "partner_name": partner.name,
            "partner_email": partner.email,
            "channel_id": self.channel_id,
            "category_id": self.category_ids[number % 10],
            "team_id": self.team_ids[team],
            "user_id": self.people.teams[team][number // 10 % 5],
            "tag_ids": [(6, 0, [self.tag_ids[number % 5]])],
        }

    def create_seeds(self, env, number: int):
        partners = self.customers(env)
        tickets = env[self.model].create(
            [self.values(one, partners[one]) for one in range(number)]
        )
        tickets[10:16].write({"stage_id": self.stages["in_progress"]})
        tickets[16:20].write({"stage_id": self.stages["awaiting"]})
        tickets[20:].write({"stage_id": self.stages["done"]})
        for ticket in tickets[:20:2]:
            ticket.activity_schedule("mail.mail_activity_data_todo")
        return tickets

    def make_late(self, env, first: int, after: int) -> None:
        """One in five of the open ones is late."""
        env.cr.execute(
            f"""
            UPDATE helpdesk_ticket_sla SET deadline = deadline - interval '9 days'
             WHERE state = 'in_progress' AND ticket_id / {STRIDE} %% 5 = 0
               AND ticket_id BETWEEN %s AND %s
            """,
            [first, after],
        )

    def create(self, env, is_acknowledged: bool) -> Work:
        if not is_acknowledged:
            new = env["helpdesk.ticket.stage"].browse(self.stages["new"])
            new.mail_template_id = False
        own = self.handler(env)
        partners = self.customers(own)
        values = [self.values(10 * one, partners[one]) for one in range(BATCH)]
        for vals in values:
            vals["user_id"] = own.uid
        return lambda: own[self.model].create(values)

    def move(self, env, where: str) -> Work:
        tickets = self.manager(env)[self.model].search(
            [("stage_id", "=", self.stages["new"])], limit=BATCH, order="id"
        )
        stage = self.stages[{"next": "in_progress", "settled": "done"}[where]]
        return lambda: all_of(tickets).write({"stage_id": stage})
