"""What both sides of the comparison share."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from unittest.mock import patch

from lxml import etree
from peers_fill import DOMAIN, People

BATCH = 100
PAGE = 80
MAIL = """\
From: Customer 77 <customer77@example.com>
To: first@{domain}
Subject: Broken again
Message-ID: <peer.{number}@example.com>
Date: Mon, 02 Mar 2026 09:00:00 +0000
Content-Type: text/plain; charset=utf-8

The second machine has the same fault as the first. Please call me.
"""
NUMBERS = count(1)
Work = Callable[[], object]


class Side:
    """What both sides share: the screens, the mail, and how work is handed out."""

    name: str
    model: str
    table: str
    is_open: str
    open_domain: list
    late_domain: list
    groups: dict[str, str]

    def __init__(self, database: str) -> None:
        self.database = database
        self.people: People | None = None

    def works(self) -> dict[str, Callable]:
        """``{title: prepares the work in an environment}``."""
        return {
            "100 created, nothing acknowledged": lambda env: self.create(env, False),
            "100 created, all acknowledged": lambda env: self.create(env, True),
            "100 moved on to the next stage": lambda env: self.move(env, "next"),
            "100 settled": lambda env: self.move(env, "settled"),
            "list of 80 open ones": lambda env: self.page(env, self.open_domain),
            "list of 80 late ones": lambda env: self.page(env, self.late_domain),
            "board of the open ones": self.board,
            "one mail received, nobody assigned": self.receive,
        }

    def no_mail(self, env) -> AbstractContextManager:
        """Nothing leaves the machine: sending is not what is compared."""
        return patch.object(env.registry["mail.mail"], "send", lambda *_a, **_b: True)

    def handler(self, env):
        return env(user=self.people.teams[0][0])

    def manager(self, env):
        return env(user=self.people.manager)

    def page(self, env, domain: list) -> Work | None:
        """The first page of the list, as the web client asks for it."""
        records = self.handler(env)[self.model]
        if records.search_count(domain, limit=PAGE) < PAGE:
            return None
        asked = specification(records, "list")

        def read() -> None:
            records.web_search_read(domain, asked, limit=PAGE, count_limit=10_001)

        return read

    def board(self, env) -> Work:
        """The board by stage, with the bars above its columns."""
        records = self.handler(env)[self.model]
        asked = specification(records, "kanban")
        arch = etree.fromstring(records.get_view(view_type="kanban")["arch"])
        bars = [
            {"field": bar.get("field"), "colors": {}}
            for bar in arch.iter("progressbar")
        ]

        def read() -> None:
            records.web_read_group(
                self.open_domain,
                ["stage_id"],
                auto_unfold=True,
                unfold_read_specification=asked,
            )
            for bar in bars:
                records.read_progress_bar(self.open_domain, "stage_id", bar)

        return read

    def receive(self, env) -> Work:
        """A customer's first mail to the address of a team."""
        raw = MAIL.format(domain=DOMAIN, number=next(NUMBERS))

        def process() -> None:
            if not env["mail.thread"].message_process(None, raw):
                raise AssertionError("The mail was lost")

        return process

    def customers(self, env):
        return env["res.partner"].search(
            [("name", "=like", "Customer %")], order="id", limit=BATCH
        )

    def tags(self, env, model: str):
        return env[model].create([{"name": f"Tag {number}"} for number in range(5)])


def specification(records, view_type: str) -> dict[str, dict]:
    """The fields of a view, as the web client asks for them."""
    views = records.get_views([(False, view_type)])
    asked = {}
    for name in views["models"][records._name]["fields"]:
        found = records._fields[name]
        asked[name] = {}
        if found.type == "many2one":
            asked[name] = {"fields": {"display_name": {}}}
        elif found.type == "many2many":
            shown = {"display_name", "color"} & set(records[name]._fields)
            asked[name] = {"fields": {one: {} for one in shown}}
    return asked


def all_of(records):
    """These, if there are as many as there should be."""
    if len(records) != BATCH:
        raise AssertionError(f"{len(records)} open ones, not {BATCH}")
    return records
