#!/usr/bin/env python3
"""Make the screenshots of the documentation from a served demo database.

    make screenshots [ARGS="customers_list funnel"]

Environment: DEMO_URL where the database is served, DEMO_DB its name, DEMO_LOGIN and
DEMO_PASSWORD (admin). It drives a headless Chromium over its debugging protocol, and
fails when the client logs an error: a picture of a broken screen helps nobody.
"""

from __future__ import annotations

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

import websocket

BROWSERS = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")
TARGET = Path(__file__).resolve().parent.parent / "static" / "description"
WIDTH, HEIGHT = 1280, 760
WAIT_SECONDS = 60
SETTLE_SECONDS = 1.5
PHONE_WIDTH, PHONE_HEIGHT = 420, 860
# Pixels around an element that is a picture of its own.
CLIP_ROOM = 12


# --- the server ---


class Server:
    """A session with the demo: reads records to find what is worth a picture."""

    def __init__(self, url: str, login: str, password: str, database: str) -> None:
        self.url = url
        self.database = database
        self.jar = CookieJar()
        handler = urllib.request.HTTPCookieProcessor(self.jar)
        self.opener = urllib.request.build_opener(handler)
        credentials = {"db": database, "login": login, "password": password}
        session = self.post("/web/session/authenticate", credentials)
        # contacts and quotations show the relationship with this company
        self.company = session.get("user_companies", {}).get("current_company")

    def as_user(self, login: str) -> Server:
        """A session of a user of the demo."""
        return Server(self.url, login, login, self.database)

    def post(self, path: str, params: dict[str, Any]) -> Any:
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        request = urllib.request.Request(
            self.url + path, body.encode(), {"Content-Type": "application/json"}
        )
        with self.opener.open(request, timeout=120) as response:
            answer = json.load(response)
        if "error" in answer:
            sys.exit(f"{path}: {answer['error']['data']['message']}")
        return answer["result"]

    def call(self, model: str, method: str, *args: object, **kwargs: object) -> Any:
        path = f"/web/dataset/call_kw/{model}/{method}"
        params = {"model": model, "method": method, "args": args, "kwargs": kwargs}
        return self.post(path, params)

    def first(self, model: str, domain: list, fields: list[str], order: str) -> dict:
        """The first record of a search; the demo has one of each kind we look for."""
        rows = self.call(
            model, "search_read", domain, fields=fields, order=order, limit=1
        )
        if not rows:
            sys.exit(f"The demo has no {model} with {domain}.")
        return rows[0]

    def settle(self) -> None:
        """Wait until the jobs have worked off what a new database queued."""
        until = time.monotonic() + 5 * WAIT_SECONDS
        while time.monotonic() < until:
            status = self.call("customer.relationship", "get_evaluation_status")
            if not status["run"] and not status["waiting"]:
                return
            time.sleep(2)

    @property
    def session(self) -> str:
        return next(c.value for c in self.jar if c.name == "session_id")


# --- the browser ---


class Page:
    """One page of a browser, over the debugging protocol."""

    def __init__(self, port: int) -> None:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json") as response:
            tabs = [tab for tab in json.load(response) if tab["type"] == "page"]
        address = tabs[0]["webSocketDebuggerUrl"]
        self.socket = websocket.create_connection(address, timeout=WAIT_SECONDS)
        self.count = 0
        self.errors: list[str] = []
        for domain in ("Page", "Runtime", "Network"):
            self.send(f"{domain}.enable")

    def send(self, method: str, **params: object) -> dict[str, Any]:
        self.count += 1
        message = {"id": self.count, "method": method, "params": params}
        self.socket.send(json.dumps(message))
        while True:
            answer = json.loads(self.socket.recv())
            self.note(answer)
            if answer.get("id") == self.count:
                if "error" in answer:
                    raise RuntimeError(answer["error"])
                return answer["result"]

    def note(self, event: dict[str, Any]) -> None:
        """Remember what the client complains about."""
        params = event.get("params", {})
        if event.get("method") == "Runtime.exceptionThrown":
            details = params["exceptionDetails"]
            self.errors.append(details.get("exception", {}).get("description", "?"))
        elif (
            event.get("method") == "Runtime.consoleAPICalled"
            and params["type"] == "error"
        ):
            words = (a.get("value", a.get("description", "")) for a in params["args"])
            self.errors.append(" ".join(map(str, words)))

    def evaluate(self, script: str) -> Any:
        result = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        return result["result"].get("value")

    def wait(self, selector: str) -> None:
        found = f"!!document.querySelector({json.dumps(selector)})"
        until = time.monotonic() + WAIT_SECONDS
        while not self.evaluate(found):
            if time.monotonic() > until:
                raise TimeoutError(f"{selector} did not appear")
            time.sleep(0.2)

    def click(self, selector: str) -> None:
        self.wait(selector)
        self.evaluate(f"document.querySelector({json.dumps(selector)}).click()")

    def fill(self, selector: str, text: str) -> None:
        """Type into an input, and leave it."""
        self.wait(selector)
        self.evaluate(
            f"""(() => {{
                const input = document.querySelector({json.dumps(selector)});
                input.focus();
                input.value = {json.dumps(text)};
                input.dispatchEvent(new Event("input", {{ bubbles: true }}));
                input.dispatchEvent(new Event("change", {{ bubbles: true }}));
            }})()"""
        )

    def sign_in(self, server: Server) -> None:
        session = {"name": "session_id", "value": server.session, "url": server.url}
        self.send("Network.setCookie", **session)

    def sign_out(self) -> None:
        self.send("Network.clearBrowserCookies")

    def capture(self, selector: str = "") -> bytes:
        """Take the window, or one element of it with some room around it."""
        options = {"clip": self._clip(selector)} if selector else {}
        picture = self.send("Page.captureScreenshot", format="png", **options)
        return base64.b64decode(picture["data"])

    def _clip(self, selector: str) -> dict[str, Any]:
        self.wait(selector)
        box = self.evaluate(
            f"""(() => {{
                const element = document.querySelector({json.dumps(selector)});
                element.scrollIntoView({{ block: "center" }});
                const {{ x, y, width, height }} = element.getBoundingClientRect();
                return {{ x, y, width, height }};
            }})()"""
        )
        return {
            "x": max(box["x"] - CLIP_ROOM, 0),
            "y": max(box["y"] - CLIP_ROOM, 0),
            "width": box["width"] + 2 * CLIP_ROOM,
            "height": box["height"] + 2 * CLIP_ROOM,
            "scale": 1,
        }


@contextmanager
def open_page() -> Iterator[Page]:
    """A browser, closed afterwards."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if not program:
        sys.exit("There is no Chromium on the PATH.")
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        options = ["--headless", "--disable-gpu", "--hide-scrollbars", "--no-first-run"]
        options += ["--no-sandbox", "--disable-dev-shm-usage", "--lang=en-US"]
        options += ["--remote-debugging-port=0", "--remote-allow-origins=*"]
        options += [f"--user-data-dir={folder}", f"--window-size={WIDTH},{HEIGHT}"]
        browser = subprocess.Popen(
            [program, *options, "about:blank"], stderr=subprocess.DEVNULL
        )
        try:
            yield Page(_debugging_port(Path(folder, "DevToolsActivePort")))
        finally:
            browser.terminate()
            browser.wait(20)


def _debugging_port(path: Path) -> int:
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        if path.exists() and path.stat().st_size > 5:
            time.sleep(0.3)
            return int(path.read_text().split()[0])
        time.sleep(0.1)
    raise TimeoutError("The browser did not start")


# --- the pictures ---


@dataclass(frozen=True)
class Shot:
    """A picture: where it is, what has to be there, and what to do before.

    :param clip: selector of the element that is the picture; else the window is
    :param is_public: as somebody sees it who has not signed in
    :param login: as this user of the demo sees it, whose password is the login
    """

    name: str
    path: str
    wait: str
    height: int = HEIGHT
    act: Callable[[Page], None] | None = field(default=None)
    width: int = WIDTH
    clip: str = ""
    is_public: bool = False
    login: str = ""


def explain(page: Page) -> None:
    page.click("[name=condition_explanation] .o_customer_why")
    page.wait(".o_customer_explain_popover")


def change_rule(page: Page) -> None:
    """Move a threshold, so that the dry run has something to show."""
    page.fill(".o_customer_rule_value input", "2.5")
    page.wait(".o_customer_rule_preview_sentence")


def find_caller(term: str) -> Callable[[Page], None]:
    def act(page: Page) -> None:
        page.fill(".o_customer_caller_box input", term)
        page.wait(".o_customer_caller_card")

    return act


def all_shots(server: Server) -> list[Shot]:
    """What the documentation shows, with the demo's most telling records."""
    key = server.first(
        "customer.relationship",
        [
            ("company_id", "=", server.company),
            ("condition_kind", "=", "at_risk"),
            ("purchase_days", ">=", 8),
        ],
        ["partner_id"],
        "revenue_12m desc",
    )
    quoted = server.first(
        "customer.relationship",
        [
            ("company_id", "=", server.company),
            ("open_quotation_count", ">", 0),
            ("purchase_days", ">=", 3),
        ],
        ["partner_id"],
        "revenue_12m desc",
    )
    order = server.first(
        "sale.order",
        [
            ("state", "in", ("draft", "sent")),
            ("partner_id", "child_of", quoted["partner_id"][0]),
        ],
        ["name"],
        "id desc",
    )
    condition = server.first(
        "customer.relationship.condition", [("kind", "=", "active")], [], "id"
    )
    customers = "/odoo/action-customer_retention.customer_relationship_action"
    card = f"{customers}/{key['id']}"
    rules = "/odoo/action-customer_retention.customer_relationship_condition_action"
    rule = f"{rules}/{condition['id']}"
    funnel = "/odoo/action-customer_retention.customer_retention_funnel_action"
    caller = "/odoo/action-customer_retention.customer_retention_caller_action"
    term = key["partner_id"][1].split()[0]
    return [
        Shot(
            "customers_list",
            f"{customers}?view_type=list",
            ".o_data_row",
            height=860,
            width=1500,
        ),
        Shot(
            "customers_kanban",
            f"{customers}?view_type=kanban",
            ".o_kanban_record",
            width=1500,
        ),
        Shot("relationship_form", card, ".o_customer_rhythm", 1000),
        Shot("explain_popover", card, ".o_customer_why", act=explain),
        Shot("rule_editor", rule, ".o_customer_rule", 860, change_rule),
        Shot("funnel", funnel, ".o_customer_funnel_steps", 900),
        Shot("caller", caller, ".o_customer_caller_box", act=find_caller(term)),
        Shot(
            "partner_form",
            f"/odoo/res.partner/{key['partner_id'][0]}",
            "div[name=relationship]",
        ),
        Shot(
            "quotation_line",
            f"/odoo/sale.order/{order['id']}",
            ".o_customer_order_hints",
        ),
        Shot("retention_dashboard", "/odoo/retention-dashboard", "canvas", 960),
        Shot("today", "/odoo/today", ".o_customer_today_danger", 720),
        *tier_shots(server),
        *complaint_shots(server),
    ]


def tier_shots(server: Server) -> list[Shot]:
    """What consultants, salespeople and customers see of tiers."""
    members = "/odoo/action-customer_retention.customer_tier_membership_action"
    setup = "/odoo/action-customer_retention.customer_tier_setup_action"
    granted = server.first(
        "customer.tier.membership",
        [("company_id", "=", server.company), ("is_granted", "=", True)],
        [],
        "value desc",
    )
    return [
        Shot("tier_setup", setup, ".o_customer_tier_chart", 900),
        Shot("tiers_kanban", members, ".o_kanban_record", 860, width=1500),
        Shot(
            "tier_membership",
            f"{members}/{granted['id']}",
            ".o_customer_tier_full",
            900,
        ),
        Shot(
            "tier_portal",
            "/my/membership",
            ".o_membership_tier",
            PHONE_HEIGHT,
            width=PHONE_WIDTH,
            login="customer",
        ),
    ]


def complaint_shots(server: Server) -> list[Shot]:
    """What customers and handlers see of complaints."""
    complaint = server.first(
        "customer.complaint",
        [
            ("company_id", "=", server.company),
            ("kind", "=", "complaint"),
            ("status", "=", "open"),
            ("answered_at", "!=", False),
            ("decided_at", "=", False),
            ("promised_at", "!=", False),
            ("action_ids", "!=", False),
        ],
        ["status_url"],
        "next_deadline desc, id",
    )
    complaints = "/odoo/action-customer_retention.customer_complaint_action"
    form = f"{complaints}/{complaint['id']}"
    curve = "/odoo/action-customer_retention.customer_complaint_curve_action"
    clocks = ".o_field_customer_clock_timeline"
    status = "/" + complaint["status_url"].split("/", 3)[3]
    phone = {"height": PHONE_HEIGHT, "width": PHONE_WIDTH, "is_public": True}
    return [
        Shot(
            "complaints_kanban",
            f"{complaints}?view_type=kanban",
            ".o_kanban_record",
            width=1500,
        ),
        Shot("complaint_form", form, ".o_customer_card", 1180, width=1500),
        Shot("complaint_clocks", form, clocks, 1000, width=1500, clip=clocks),
        Shot("complaint_curve", curve, ".o_customer_curve_points", 560),
        Shot("complaint_public", "/complaints", "form textarea", **phone),
        Shot("complaint_status", status, "form textarea", **phone),
    ]


def take(page: Page, server: Server, shot: Shot) -> None:
    page.send(
        "Emulation.setDeviceMetricsOverride",
        width=shot.width,
        height=shot.height,
        deviceScaleFactor=1,
        mobile=shot.width <= PHONE_WIDTH,
    )
    if shot.is_public:
        page.sign_out()
    else:
        page.sign_in(server.as_user(shot.login) if shot.login else server)
    page.send("Page.navigate", url=server.url + shot.path)
    page.wait(shot.wait)
    time.sleep(SETTLE_SECONDS)
    if shot.act:
        shot.act(page)
        time.sleep(SETTLE_SECONDS)
    path = TARGET / f"{shot.name}.png"
    path.write_bytes(page.capture(shot.clip))
    # Leaving a changed form would save it, and change what the next pictures show.
    page.evaluate("document.querySelector('.o_form_button_cancel')?.click()")
    print(f"  {path.name}: {path.stat().st_size // 1024} KB", flush=True)


def main(names: list[str]) -> int:
    server = Server(
        os.environ.get("DEMO_URL", "http://127.0.0.1:8069"),
        os.environ.get("DEMO_LOGIN", "admin"),
        os.environ.get("DEMO_PASSWORD", "admin"),
        os.environ.get("DEMO_DB", "demo"),
    )
    shots = all_shots(server)
    unknown = set(names) - {shot.name for shot in shots}
    if unknown:
        known = ", ".join(shot.name for shot in shots)
        sys.exit(f"Unknown: {', '.join(sorted(unknown))}. There are: {known}")
    server.settle()
    failed = False
    with open_page() as page:
        for shot in shots:
            if names and shot.name not in names:
                continue
            page.errors.clear()
            try:
                take(page, server, shot)
            except TimeoutError as error:
                page.errors.append(str(error))
            for text in page.errors:
                failed = True
                print(f"  {shot.name}: {text}", file=sys.stderr)
    return int(failed)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
