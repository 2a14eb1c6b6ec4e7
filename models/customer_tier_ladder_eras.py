from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from odoo import models


@dataclass(frozen=True)
class LadderEra:
    """A version of a ladder in the days on which it decides.

    :param starts: first day; None: always.
    :param recorded_on: day on which it was saved.
    """

    ladder_id: int
    number: int
    version_id: int
    starts: date | None
    definition: dict
    recorded_on: date = date.min


class CustomerTierLadder(models.Model):
    """The versions of ladders through time."""

    _inherit = "customer.tier.ladder"

    def _eras(self) -> dict[int, list[LadderEra]]:
        """Return {ladder id: eras}, the earliest first; one query for all.

        Versions that were replaced before they decided about anybody are left out.
        """
        # sudo: customer.rule.version - the rules decide, whoever evaluates
        versions = self.env["customer.rule.version"].sudo()
        found: dict[int, list[LadderEra]] = {ladder.id: [] for ladder in self}
        for version in versions.search_fetch(
            [("res_model", "=", "customer.tier.ladder"), ("res_id", "in", self.ids)],
            ["res_id", "number", "date_from", "definition", "create_date"],
            order="number",
        ):
            found[version.res_id].append(
                LadderEra(
                    version.res_id,
                    version.number,
                    version.id,
                    version.date_from or None,
                    version.definition,
                    version.create_date.date(),
                )
            )
        return {ladder_id: _in_force(eras) for ladder_id, eras in found.items()}


def _in_force(versions: list[LadderEra]) -> list[LadderEra]:
    """Return the versions that decide on some day, in the order of their days.

    The highest number decides whose day has come. The first one decides about the
    days before it, too.
    """
    eras: list[LadderEra] = []
    for version in sorted(versions, key=lambda one: one.number):
        first = version.starts or date.min
        eras = [era for era in eras if (era.starts or date.min) < first]
        eras.append(version)
    if eras:
        eras[0] = replace(eras[0], starts=None)
    return eras
