"""What the workbench does before it serves a database."""

from pathlib import Path
from types import SimpleNamespace
from unittest.mock import patch

from .test_progress import WorkbenchCase


class Bench:
    """A bench that writes down what it is asked, with one database."""

    def __init__(self):
        self.asked, self.logs = [], []
        self.server = SimpleNamespace(query=self.query)
        self.places = SimpleNamespace(log=self.log)

    def query(self, sql, database="postgres"):
        self.asked.append((sql, database))
        return []

    def log(self, name):
        self.logs.append(name)
        return Path("/dev/null")

    def exists(self, real):
        return real == "real_known"

    def real_name(self, name):
        return f"real_{name}"

    def configuration(self):
        return "settings"

    def environment(self):
        return {}

    def odoo_command(self, *arguments):
        return list(arguments)


class TestServing(WorkbenchCase):
    def setUp(self):
        super().setUp()
        self.bench = Bench()

    def start(self, port):
        with patch.object(self.workbench.subprocess, "Popen") as started:
            self.workbench.start_server(self.bench, "real_known", port)
        return started.call_args.args[0]

    def test_links_lead_to_the_port_that_is_served(self):
        """Before the server starts, which reads the address once."""
        command = self.start(8391)
        sql, database = self.bench.asked[0]
        self.assertEqual(database, "real_known")
        self.assertIn("'http://localhost:8391'", sql)
        self.assertIn("8391", command)

    def test_each_server_has_a_log_of_its_own(self):
        self.start(8391)
        self.start(8392)
        self.assertEqual(self.bench.logs, ["server-8391", "server-8392"])

    def test_port_that_does_not_exist(self):
        for port in (0, -1, 99999):
            with self.assertRaisesRegex(self.workbench.Failure, "no port"):
                self.workbench.check_port(port, "demo")

    def test_last_port_in_use_leaves_a_way_out(self):
        with (
            patch.object(self.workbench, "_is_free", return_value=False),
            self.assertRaisesRegex(self.workbench.Failure, "PORT=8069"),
        ):
            self.workbench.check_port(65535, "demo")

    def odoo(self, name):
        options = SimpleNamespace(db=name, port=0, arguments=["server"])
        with (
            patch.object(self.workbench, "open_bench", return_value=self.bench),
            patch.object(self.workbench.subprocess, "run") as run,
        ):
            self.workbench.command_odoo(options)
        return run.call_args.args[0]

    def test_odoo_makes_no_database_by_mistake(self):
        with self.assertRaisesRegex(self.workbench.Failure, "make db DB=nosuch"):
            self.odoo("nosuch")
        self.assertEqual(self.odoo("known"), ["server", "-d", "real_known"])
