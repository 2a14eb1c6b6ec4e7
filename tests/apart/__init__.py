"""Tests that commit, install and uninstall, each on a database of its own.

They are programs, not part of the suite that runs inside one transaction: `make test`
gives each of them a copy of the database with the addon and throws it away.
"""
