from __future__ import annotations

from collections import Counter
from datetime import datetime, time, timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools.misc import format_date

LONGEST_GRANT = timedelta(days=3653)


class CustomerTierGrant(models.Model):
    """Grants are dated, have a reason, and large ones take two people.

    What the ladder does not let one person do waits for a manager who is somebody
    else. Nothing but the verbs below changes a grant, whatever rights a call has.
    """

    _inherit = "customer.tier.grant"
    _follows = ("state", "waits_because", "approver_id", "approved_at", "ended_on")

    # === CONSTRAINTS === #

    @api.constrains("date_from", "date_until")
    def _check_dates(self):
        for grant in self:
            if grant.date_until < grant.date_from:
                raise ValidationError(
                    self.env._(
                        "The grant would end on %(until)s, before it begins on "
                        "%(start)s. Choose a later last day.",
                        until=format_date(self.env, grant.date_until),
                        start=format_date(self.env, grant.date_from),
                    )
                )
            if grant.date_until > grant.date_from + LONGEST_GRANT:
                raise ValidationError(
                    self.env._(
                        "A grant does not last for ever: choose a last day within ten "
                        "years."
                    )
                )

    @api.constrains("tier_id")
    def _check_tier(self):
        """The steps above what is earned are counted among the tiers there are."""
        # sudo: customer.tier - whether it is one of today's, whoever grants
        for tier in self.sudo().tier_id:
            if not tier.active:
                raise ValidationError(
                    self.env._(
                        "“%(name)s” is no tier any more. Choose one of its ladder.",
                        name=tier.name,
                    )
                )

    @api.constrains("note")
    def _check_note(self):
        if any(not (grant.note or "").strip() for grant in self):
            raise ValidationError(
                self.env._("Say why the tier is granted: others will read it.")
            )

    # === CRUD === #

    @api.model
    def _with_accounts(self, vals_list):
        """Also with the state that the rules of the ladder give each grant."""
        vals_list = super()._with_accounts(vals_list)
        made: Counter = Counter()
        for vals in vals_list:
            because = self._waits_because(vals, made)
            vals.update(
                state="waiting" if because else "granted", waits_because=because
            )
        return vals_list

    @api.model
    def _amendment_message(self):
        return self.env._(
            "A grant stays as it was recorded. End it and record a new one instead."
        )

    # === FOUR EYES === #

    @api.model
    def _waits_because(self, vals, made):
        """Say why one person alone may not grant this, False when one may.

        :param made: {ladder: grants of the same call so far}, which this one adds to
        """
        # sudo: customer.tier - its ladder sets the limits, whoever grants
        tier = self.env["customer.tier"].sudo().browse(vals["tier_id"])
        ladder = tier.ladder_id
        made[ladder] += 1
        steps = self._steps_above(tier, vals["partner_id"])
        if steps > ladder.grant_steps_alone:
            return self.env._(
                "%(steps)s steps above the earned tier; one person grants %(limit)s.",
                steps=steps,
                limit=ladder.grant_steps_alone,
            )
        limit = ladder.grants_per_day
        if limit and self._count_today(ladder) + made[ladder] > limit:
            return self.env._(
                "More than %(limit)s grants by one person on one day.", limit=limit
            )
        return False

    @api.model
    def _steps_above(self, tier, account_id):
        """How many steps a tier is above the one the customer has earned."""
        tiers = tier.ladder_id.tier_ids.sorted()
        ranks = {one.id: rank for rank, one in enumerate(tiers, start=1)}
        # sudo: customer.tier.membership - what is earned decides, whoever grants
        members = self.env["customer.tier.membership"].sudo()
        holder_ids = members._holder_ids(tier.ladder_id, [account_id])
        member = members.with_context(active_test=False).search(
            [
                ("ladder_id", "=", tier.ladder_id.id),
                ("partner_id", "=", holder_ids[account_id]),
            ],
            limit=1,
        )
        return ranks.get(tier.id, 0) - ranks.get(member.earned_tier_id.id, 0)

    @api.model
    def _count_today(self, ladder):
        """Grants that this person has recorded in a ladder today, refused or not."""
        midnight = datetime.combine(fields.Datetime.now().date(), time.min)
        # sudo: customer.tier.grant - also those of customers seen by others only
        return self.sudo().search_count(
            [
                ("ladder_id", "=", ladder.id),
                ("create_uid", "=", self.env.uid),
                ("create_date", ">=", midnight),
                ("create_date", "<", midnight + timedelta(days=1)),
            ]
        )

    # === VERBS === #

    def action_approve(self):
        """Grant what waits: as a manager, and never what one proposed oneself.

        What waited counts from the day it is approved at the earliest.
        """
        self._check_decider()
        for grant in self:
            today = grant._today()
            if grant.date_until < today:
                raise UserError(
                    self.env._(
                        "The grant would have ended on %(date)s. Refuse it and record "
                        "a new one.",
                        date=format_date(self.env, grant.date_until),
                    )
                )
            grant._amend(
                {
                    "state": "granted",
                    "date_from": max(grant.date_from, today),
                    "approver_id": self.env.uid,
                    "approved_at": fields.Datetime.now(),
                }
            )
        self._decide()

    def action_refuse(self):
        """Refuse what waits, as a manager; whoever proposed it may take it back."""
        own = self.filtered(lambda grant: self.env.user in grant._proposers())
        if others := self - own:
            others._check_decider()
        own._check_waiting()
        self._amend(
            {
                "state": "refused",
                "approver_id": self.env.uid,
                "approved_at": fields.Datetime.now(),
            }
        )
        self._decide()

    def action_end(self):
        """End grants that are in force today, by whoever made them or a manager."""
        self.check_access("write")
        for grant in self:
            if grant.state != "granted":
                raise UserError(self.env._("Only what has been granted can be ended."))
            if self.env.user not in grant._proposers() and not self._is_tier_manager():
                raise AccessError(
                    self.env._(
                        "Only %(author)s or a manager ends this grant.",
                        author=grant.user_id.name,
                    )
                )
            ends = max(grant._today(), grant.date_from)
            if not grant.ended_on or grant.ended_on > ends:
                grant._amend({"ended_on": ends})
        self._decide()

    def _check_decider(self):
        """Refuse to let anybody but a second person with the right decide."""
        self.check_access("write")
        self._check_waiting()
        if not self._is_tier_manager():
            raise AccessError(
                self.env._("Grants that wait are decided by a manager. Ask one.")
            )
        if any(self.env.user in grant._proposers() for grant in self):
            raise AccessError(
                self.env._(
                    "Nobody approves an own grant. Ask another manager to look at it."
                )
            )

    def _check_waiting(self):
        if any(grant.state != "waiting" for grant in self):
            raise UserError(self.env._("This grant has been decided already."))

    def _proposers(self):
        """Who made the grant: in whose name, and who recorded it."""
        self.ensure_one()
        return self.user_id | self.create_uid

    def _today(self):
        # sudo: customer.tier.ladder - its day, whoever decides
        return self.sudo().ladder_id._today()
