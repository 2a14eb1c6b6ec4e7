from __future__ import annotations

import logging
from collections import defaultdict

import psycopg2

from odoo import api, models
from odoo.tools import SQL

_logger = logging.getLogger(__name__)

# Somebody else notices the same at this moment.
RACES = (
    psycopg2.errors.SerializationFailure,
    psycopg2.errors.DeadlockDetected,
)


class CustomerComplaintNotice(models.Model):
    """Two who notice the same at the same time notice it once."""

    _inherit = "customer.complaint.notice"

    @api.model
    def _insert_once(self, vals):
        """Insert a proposal unless its document has one for the same reason.

        :return: the proposal; empty when there is one, even one of another
            transaction that this one does not see
        """
        # sudo: res.partner - who the customer is, whoever notices
        partner = self.env["res.partner"].sudo().browse(vals["partner_id"])
        row = {
            **vals,
            "state": "open",
            "account_id": partner.commercial_partner_id.id,
            "create_uid": self.env.uid,
            "write_uid": self.env.uid,
            "create_date": self.env.cr.now(),
            "write_date": self.env.cr.now(),
        }
        query = SQL(
            "INSERT INTO %s (%s) VALUES %s ON CONFLICT (res_model, res_id, reason)"
            " WHERE res_id IS NOT NULL DO NOTHING RETURNING id",
            SQL.identifier(self._table),
            SQL(", ").join(map(SQL.identifier, row)),
            tuple(
                self._fields[name].convert_to_column_insert(value, self)
                for name, value in row.items()
            ),
        )
        try:
            with self.env.cr.savepoint(flush=False):
                # a race is nothing for the log
                self.env.cr.execute(query, log_exceptions=False)
                return self.browse(id_ for (id_,) in self.env.cr.fetchall())
        except RACES:
            return self.browse()


class CustomerComplaint(models.Model):
    """Documents speak for customers who say nothing."""

    _inherit = "customer.complaint"

    @api.model
    def _notice(self, documents):
        """Propose complaints about documents, never in the way of who works on them.

        :param documents: records that know their ``_complaint_notices``
        """
        # what waits to be written is that person's work, and so are its errors
        self.env.flush_all()
        try:
            with self.env.cr.savepoint(flush=False):
                self._propose_noticed(documents._complaint_notices())
        except Exception:
            self.env.invalidate_all(flush=False)
            _logger.exception("What went wrong with %s is not noticed", documents)

    @api.model
    def _propose_noticed(self, vals_list):
        """Propose complaints about what went wrong without a word of the customer.

        Left out is what has been proposed before, what the customer has already
        complained about, companies that do not use complaints, and our own people.

        :param vals_list: values of :class:`customer.complaint.notice`
        :return: the new proposals
        """
        # sudo: customer.complaint.notice - proposed by documents, read by handlers
        Notice = self.env["customer.complaint.notice"].sudo()
        wanted = [vals for vals in vals_list if self._is_worth_noticing(vals)]
        if not wanted:
            return Notice
        known = {
            (notice.res_model, notice.res_id, notice.reason)
            for notice in Notice.search_fetch(
                [("res_id", "in", [vals.get("res_id") for vals in wanted])],
                ["res_model", "res_id", "reason"],
            )
        }
        spoken = self._spoken_documents(wanted)
        news = Notice
        for vals in wanted:
            if (
                (vals.get("res_model"), vals.get("res_id"), vals["reason"]) not in known
                and not spoken["order_id"] & {vals.get("order_id")}
                and not spoken["move_id"] & {vals.get("move_id")}
            ):
                news |= Notice._insert_once(vals)
        return news

    @api.model
    def _is_worth_noticing(self, vals) -> bool:
        # sudo: res.partner - who the customer is, whoever credits
        partner = self.env["res.partner"].sudo().browse(vals.get("partner_id") or [])
        # sudo: res.company - a setting, whoever credits
        company = self.env["res.company"].sudo().browse(vals["company_id"])
        return (
            bool(partner)
            and company.retention_use_complaints
            and (partner.partner_share or not partner.user_ids)
            and not partner.commercial_partner_id.ref_company_ids
        )

    @api.model
    def _spoken_documents(self, vals_list) -> dict:
        """Return the orders and invoices among these that have a complaint."""
        # sudo: customer.complaint - that somebody has spoken, not what
        this = self.sudo().with_context(active_test=False)
        spoken = defaultdict(set)
        for name in ("order_id", "move_id"):
            ids = [vals[name] for vals in vals_list if vals.get(name)]
            found = ids and this.search_fetch([(name, "in", ids)], [name])
            spoken[name] = set(found[name].ids) if found else set()
        return spoken
