"""Makes what people said, planned and decided."""

from __future__ import annotations

from datetime import datetime, timedelta
from datetime import time as clock

from .build_records import Records


class PeopleBuilder(Records):
    """Conversations, to-dos, judgements of fit, pins and exclusions."""

    def make_talks(self) -> None:
        """Conversations of the past, on the customers."""
        comment = self.env.ref("mail.mt_comment").id
        done = self.env.ref("mail.mt_activities").id
        types = {
            "call": self.env.ref("mail.mail_activity_data_call").id,
            "visit": self.env.ref("mail.mail_activity_data_meeting").id,
        }
        values = []
        for talk in self.plan.talks:
            user = self.users.get(talk.author)
            author = user.partner_id if user else self.partners[talk.author]
            activity = types.get(talk.kind)
            values.append(
                {
                    "model": "res.partner",
                    "res_id": self.partners[talk.customer].id,
                    "author_id": author.id,
                    "email_from": author.email_formatted,
                    "date": datetime.combine(talk.day, clock(14, 30)),
                    "body": talk.text,
                    "message_type": "notification" if activity else "email",
                    "subtype_id": done if activity else comment,
                    "mail_activity_type_id": activity,
                    "record_name": self.partners[talk.customer].name,
                }
            )
        self.env["mail.message"].create(values)

    def make_todos(self) -> None:
        model = self.env["ir.model"]._get("res.partner")
        call = self.env.ref("mail.mail_activity_data_call")
        self.env["mail.activity"].create(
            [
                {
                    "res_model_id": model.id,
                    "res_id": self.partners[todo.customer].id,
                    "activity_type_id": call.id,
                    "summary": todo.summary,
                    "user_id": self.users[todo.user].id,
                    "date_deadline": todo.due,
                }
                for todo in self.plan.todos
            ]
        )

    def make_decisions(self) -> None:
        """Judgements of fit, pins, and customers who must not be profiled."""
        by_key = {customer.key: customer for customer in self.plan.customers}
        self.env["customer.fit"].create(
            [
                {
                    "partner_id": self.partners[fit.customer].id,
                    "company_id": self.companies[fit.company].id,
                    "date": fit.day,
                    "user_id": self.users[by_key[fit.customer].salesperson].id,
                    "note": fit.note,
                    **fit.answers,
                }
                for fit in self.plan.fits
            ]
        )
        self.env["customer.relationship.pin"].create(self.prepare_pins())
        self.env["customer.profiling.exclusion"].create(
            [
                {
                    "partner_id": self.partners[key].id,
                    "company_id": self.companies[by_key[key].company].id,
                    "reason": "Asked not to be profiled.",
                    "date_from": self.plan.today - timedelta(60),
                    "user_id": self.users["leader"].id,
                }
                for key in self.plan.excluded
            ]
        )

    def prepare_pins(self) -> list[dict[str, object]]:
        """Values of the pins whose target an administrator has not removed."""
        values = []
        for pin in self.plan.pins:
            name = "stage" if pin.axis == "position" else "condition"
            xmlid = f"customer_retention.customer_relationship_{name}_{pin.target}"
            target = self.env.ref(xmlid, raise_if_not_found=False)
            if target:
                values.append(
                    {
                        "partner_id": self.partners[pin.customer].id,
                        "company_id": self.companies[pin.company].id,
                        "axis": pin.axis,
                        f"{name}_id": target.id,
                        "reason": pin.reason,
                        "date_from": pin.day,
                        "date_until": pin.until,
                        "user_id": self.users["leader"].id,
                    }
                )
        return values
