"""A pytest plugin: what many classes of tests set up alike is set up once.

Nearly every class begins by creating the same company, users and customers, which takes
longer than most of its tests. With ``-p shared_setup`` classes with the same bases run
one after the other in one transaction. It goes back to the savepoint behind the last
common ``setUpClass`` before the next class, as it goes back to the one before each test
within a class; what a class does by itself is undone, and nothing is ever committed.

A base counts as common only where everything it looks up on the class is the same, when
it started no patch and left the registry alone, and while the transaction is young. Its
``setUpClass`` runs again otherwise, as it does without this plugin.
"""

from __future__ import annotations

import copy
import time
from collections import deque
from dataclasses import dataclass
from inspect import getattr_static
from unittest.mock import patch

import pytest

BASE = ("odoo.addons.customer_retention.tests.common", "RetentionCommon")
OLDEST = 120.0  # seconds: `now()` stands still in a transaction
CALLBACKS = ("precommit", "postcommit", "prerollback", "postrollback")


@dataclass
class Level:
    """A ``setUpClass`` that is done, and what it left behind."""

    owner: type
    looks: dict[str, object]  # what the class gives for the names of its bases
    savepoint: str
    attributes: dict[str, object]
    environments: list[object]
    callbacks: list[tuple[deque, dict]]


class World:
    """The transaction that classes share, and the levels that stand in it."""

    def __init__(self):
        self.sharing: set[type] = set()
        self.cursor, self.born, self.levels = None, 0.0, []
        self.cls, self.usable, self.alone = None, 0, False
        self.before: dict[str, object] = {}
        self.cleanups = 0

    # === ONE CLASS === #

    def run(self, owner: type, original, cls: type) -> None:
        """Do the ``setUpClass`` of a base for a class, or take over what it did."""
        if self.cls is not cls:
            self._begin(cls)
        if self.usable and self.levels[self.usable - 1].owner is owner:
            self._take_over(cls)
            return
        original(cls)
        if not self.alone:
            self._keep(owner, cls)

    def _begin(self, cls: type) -> None:
        from freezegun.api import freeze_factories

        self.cls, self.usable = cls, 0
        self.alone = bool(freeze_factories)  # another time would be written down
        if self.alone or time.monotonic() - self.born > OLDEST:
            self.close()
        for level, owner in zip(self.levels, levels_of(cls), strict=False):
            if level.owner is not owner or level.looks != self._looks(owner, cls):
                break
            self.usable += 1
        if not self.usable:
            self.close()

    def _looks(self, owner: type, cls: type) -> dict[str, object]:
        """Return what a class gives for each name that a base or its bases define, and
        which classes of Odoo it has besides."""
        base = base_of(owner)
        ours = [one for one in owner.__mro__ if issubclass(one, base)]
        names = {name for one in ours for name in vars(one)}
        names = names - set(dir(base.__base__)) | {"freeze_time"}
        looks = {name: getattr_static(cls, name, None) for name in names}
        return looks | {"<foreign>": foreign(cls)}

    def _take_over(self, cls: type) -> None:
        del self.levels[self.usable :]
        level = self.levels[-1]
        self._go_back(level)
        super(base_of(cls), cls).setUpClass()
        for name, value in level.attributes.items():
            plain = isinstance(value, dict | list | set)
            setattr(cls, name, copy.copy(value) if plain else value)

    def core_set_up(self, original, cls: type) -> None:
        """Odoo's own part: gets our cursor, which it must not close."""
        if self.cls is not cls or self.alone:
            self.close()
            original(cls)
            return
        from odoo.orm.registry import Registry
        from odoo.tests.common import get_db_name

        if self.cursor is None:
            self.cursor = Registry(get_db_name()).cursor()
            self.born = time.monotonic()
        with patch.object(Registry, "cursor", lambda *_args, **_kw: self.cursor):
            original(cls)
        cls._class_cleanups[:] = [
            (self._end, (), {}) if self._is_closing(cleanup) else cleanup
            for cleanup in cls._class_cleanups
            if cleanup[0] != cls._gc_filestore  # files of what is not committed, too
        ]
        self.mark(cls)

    def mark(self, cls: type) -> None:
        """Odoo's own part ends here: what comes now is ours."""
        self.before, self.cleanups = dict(vars(cls)), len(cls._class_cleanups)

    def _is_closing(self, cleanup: tuple) -> bool:
        owner = getattr(cleanup[0], "__self__", None)
        return owner is self.cursor and cleanup[0].__name__ == "close"

    def _keep(self, owner: type, cls: type) -> None:
        """Keep a level that stands on the one before it and can be gone back to."""
        expected = levels_of(cls)[: len(self.levels) + 1]
        registry = cls.registry
        clean = (
            len(cls._class_cleanups) == self.cleanups
            and not registry.registry_invalidated
            and registry.registry_sequence == cls.registry_start_sequence
            and expected[-1:] == [owner]
        )
        if not clean:
            return
        cls.env.flush_all()
        name = f"shared_{len(self.levels)}"
        self.cursor.execute(f"SAVEPOINT {name}")
        missing = object()
        self.levels.append(
            Level(
                owner,
                self._looks(owner, cls),
                name,
                {
                    name: value
                    for name, value in vars(cls).items()
                    if self.before.get(name, missing) is not value
                },
                list(self.cursor.transaction.envs),
                self._callbacks(),
            )
        )

    def _callbacks(self) -> list[tuple[deque, dict]]:
        known = [getattr(self.cursor, name) for name in CALLBACKS]
        return [(deque(one._funcs), copy.deepcopy(one.data)) for one in known]

    # === BETWEEN CLASSES === #

    def _end(self) -> None:
        """The class is done: undo all it did, or everything when nothing is kept."""
        self.cls = None
        if self.levels:
            self._go_back(self.levels[-1])
        else:
            self.close()

    def _go_back(self, level: Level) -> None:
        cursor = self.cursor
        cursor.execute(f"ROLLBACK TO SAVEPOINT {level.savepoint}")
        cursor.cache.clear()
        cursor.transaction.envs.clear()
        cursor.transaction.envs.update(level.environments)
        cursor.transaction.reset()
        for name, (functions, data) in zip(CALLBACKS, level.callbacks, strict=True):
            callbacks = getattr(cursor, name)
            callbacks._funcs = deque(functions)
            callbacks.data = copy.deepcopy(data)

    def close(self) -> None:
        """Undo everything."""
        from odoo.tests.common import TransactionCase

        self.levels, self.usable = [], 0
        if self.cursor is not None:
            cursor, self.cursor = self.cursor, None
            cursor.close()
            TransactionCase._gc_filestore()


def base_of(cls: type | None) -> type | None:
    """The class below which setting up is shared, for those that stand on it."""
    bases = cls.__mro__ if cls else ()
    return next((o for o in bases if (o.__module__, o.__qualname__) == BASE), None)


def levels_of(cls: type) -> list[type]:
    """The bases of a class that set something up, the first one first."""
    base = base_of(cls)
    known = [one for one in cls.__mro__[1:] if base and issubclass(one, base)]
    return [one for one in reversed(known) if "setUpClass" in vars(one)]


def foreign(cls: type) -> tuple[type, ...]:
    """Classes of Odoo and others that do not stand on the base."""
    base = base_of(cls)
    return tuple(one for one in cls.__mro__ if not (base and issubclass(one, base)))


def neighbourly(classes: list[type]) -> list[list[int]]:
    """Return keys that bring classes together: by where their bases came first."""
    order: dict[tuple, int] = {}
    keys = []
    for cls in classes:
        path = (foreign(cls), *levels_of(cls))
        parts = [path[:n] for n in range(1, len(path) + 1)]
        keys.append([order.setdefault(part, len(order)) for part in parts])
    return keys


def share(world: World, owner: type) -> None:
    """Let a base's ``setUpClass`` ask the world first."""
    original = vars(owner)["setUpClass"].__func__
    world.sharing.add(owner)

    def set_up_class(cls):
        world.run(owner, original, cls)

    owner.setUpClass = classmethod(set_up_class)


def pytest_collection(session):
    """Before any class is seen, for its ``setUpClass`` is looked up then."""
    from odoo.tests.common import HttpCase, TransactionCase

    session.config.retention_world = world = World()
    core = vars(TransactionCase)["setUpClass"].__func__
    TransactionCase.setUpClass = classmethod(lambda cls: world.core_set_up(core, cls))
    http = vars(HttpCase)["setUpClass"].__func__
    HttpCase.setUpClass = classmethod(lambda cls: (http(cls), world.mark(cls)))


def pytest_pycollect_makeitem(collector, name, obj):
    """Let the bases of a class share, before it is seen."""
    world = collector.config.retention_world
    for owner in levels_of(obj) if isinstance(obj, type) else ():
        if owner not in world.sharing:
            share(world, owner)


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items):
    """Bring classes with the same bases together."""
    ours = [cls for cls in dict.fromkeys(item.cls for item in items) if base_of(cls)]
    keys = dict(zip(ours, neighbourly(ours), strict=True))
    items.sort(key=lambda item: keys.get(item.cls, []))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_teardown(item, nextitem):
    yield
    if nextitem is None:
        item.config.retention_world.close()
