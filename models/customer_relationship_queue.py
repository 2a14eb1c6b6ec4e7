from __future__ import annotations

from collections.abc import Iterable

from odoo import api, fields, models
from odoo.tools import SQL

# Where a transaction collects the ids until it commits: {reason: set of ids}
PENDING = "customer_retention.queue"


class CustomerRelationshipQueue(models.Model):
    """Partners whose relationship has to be looked at again: insert-only.

    Business transactions add rows and never update one, so that nobody waits for
    anybody. The account is resolved when the row is worked off.
    """

    _name = "customer.relationship.queue"
    _description = "Customers to Evaluate"
    _order = "id"
    _log_access = False

    partner_id = fields.Many2one("res.partner", required=True, ondelete="cascade")
    reason = fields.Selection(
        [
            ("document", "Document"),
            ("decision", "Decision"),
            ("contact", "Contact"),
            ("import", "Import"),
            ("merge", "Merge"),
            ("reparent", "Change of Company"),
            ("partner", "Partner"),
        ],
        required=True,
    )
    queued_at = fields.Datetime(required=True)

    @api.model
    def _enqueue(self, partner_ids: Iterable[int], reason: str) -> None:
        """Have the accounts of ``partner_ids`` evaluated after this transaction.

        Cheap enough for any business transaction: it only remembers the ids. One
        insert and one cron trigger follow just before the commit.

        :param partner_ids: contacts or accounts; empty ones are ignored
        :param reason: key of the selection ``reason``
        """
        ids = {partner_id for partner_id in partner_ids if partner_id}
        if not ids:
            return
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {}
            precommit.add(self._flush)
        precommit.data[PENDING].setdefault(reason, set()).update(ids)

    @api.model
    def _flush(self) -> None:
        """Write down what :meth:`_enqueue` collected: one insert, one trigger."""
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if pending:
            self.env["res.partner"].flush_model(["commercial_partner_id"])
            self.env.cr.execute(self._prepare_insert(pending))
            self._wake_cron()

    def _prepare_insert(self, pending: dict[str, set[int]]) -> SQL:
        """The statement that queues the partners, as far as they still exist.

        Attributes of a partner and contacts matter to customers only, so these
        reasons are dropped where nobody has a relationship yet.
        """
        rows = [
            (partner_id, reason)
            for reason, partner_ids in pending.items()
            for partner_id in sorted(partner_ids)
        ]
        return SQL(
            """
            INSERT INTO customer_relationship_queue (partner_id, reason, queued_at)
            SELECT dirty.id, dirty.reason, now() AT TIME ZONE 'UTC'
              FROM unnest(%(ids)s::int[], %(reasons)s::text[]) AS dirty (id, reason)
              JOIN %(mapping)s mapping ON mapping.partner_id = dirty.id
             WHERE dirty.reason NOT IN ('contact', 'partner')
                OR EXISTS (
                    SELECT FROM customer_relationship relationship
                     WHERE relationship.partner_id = mapping.account_id
                )
            """,
            mapping=self.env["customer.account"]._mapping_sql(),
            ids=[partner_id for partner_id, _reason in rows],
            reasons=[reason for _partner_id, reason in rows],
        )

    def _wake_cron(self) -> None:
        """Have the queue worked off soon, for the price of one insert.

        ``ir.cron._trigger()`` reads the job first; a trigger of a job that is
        switched off does no harm, so that this saves a query or two.
        """
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "customer_retention.ir_cron_relationship_queue", raise_if_not_found=False
        )
        if not cron_id:
            return
        # sudo: ir.cron.trigger - anybody's work may have to be looked at again
        self.env["ir.cron.trigger"].sudo().create(
            {"cron_id": cron_id, "call_at": fields.Datetime.now()}
        )
        self.env.cr.postcommit.add(self.env["ir.cron"].browse(cron_id)._notifydb)
