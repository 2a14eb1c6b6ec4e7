from __future__ import annotations

import time
from collections.abc import Iterable
from operator import itemgetter

from odoo import api, fields, models
from odoo.tools import SQL

from .integer_array import IntegerArray
from .loose_many2one import LooseMany2one

# Where a transaction collects until it commits what there is to look at:
# {reason: {partner: orders, or None for everything}}
PENDING = "customer_retention.queue"

# The one statement that queues partners and triggers the job. It looks at no partner:
# whoever confirms an order would wait half as long again for it.
QUEUE_AND_TRIGGER = """
    WITH queued AS (
        INSERT INTO customer_relationship_queue
                    (partner_id, reason, order_ids, queued_at)
        SELECT dirty.id, dirty.reason, dirty.orders::int[], now() AT TIME ZONE 'UTC'
          FROM (VALUES %(rows)s) dirty (id, reason, orders)
         WHERE %(wanted)s
     RETURNING id
    )
    INSERT INTO ir_cron_trigger (cron_id, call_at)
    SELECT %(cron)s::int, now() AT TIME ZONE 'UTC'
     WHERE %(cron)s::int IS NOT NULL AND EXISTS (SELECT FROM queued)
"""

# Of reasons that matter to customers only, those who are one.
OF_CUSTOMERS = """
    dirty.reason <> ALL(%(known_only)s) OR EXISTS (
        SELECT FROM %(mapping)s mapping
          JOIN customer_relationship relationship
            ON relationship.partner_id = mapping.account_id
         WHERE mapping.partner_id = dirty.id)
"""

# Waking the workers opens a connection of its own, which would be felt when orders
# are confirmed one after the other. They look for triggers every minute anyway.
WAKE_INTERVAL = 10.0  # seconds
woken_at: dict[str, float] = {}  # {database: monotonic clock}, of this process


class CustomerRelationshipQueue(models.Model):
    """Partners whose relationship has to be looked at again: insert-only.

    Business transactions add rows and never update one, so that nobody waits for
    anybody. The account is resolved when the row is worked off.
    """

    _name = "customer.relationship.queue"
    _description = "Customers to Evaluate"
    _order = "id"
    _log_access = False
    # Reasons that matter only where there is a relationship already.
    _known_only_reasons: tuple[str, ...] = ("contact", "partner")
    # Reasons that change the past or the rules of a customer and not its documents.
    _forced_reasons: tuple[str, ...] = (
        "decision",
        "deletion",
        "merge",
        "reparent",
        "partner",
        "rule",
    )

    # Whoever is written down and deleted in one transaction leaves a row, which is
    # nobody's when it is worked off.
    partner_id = LooseMany2one("res.partner", required=True, ondelete="cascade")
    reason = fields.Selection(
        [
            ("document", "Document"),
            ("deletion", "Deleted Document"),
            ("decision", "Decision"),
            ("contact", "Contact"),
            ("import", "Import"),
            ("merge", "Merge"),
            ("reparent", "Change of Company"),
            ("partner", "Partner"),
            ("rule", "Rule"),
        ],
        required=True,
    )
    order_ids = IntegerArray(
        string="Orders",
        readonly=True,
        help="Only these orders of the partner are read again. Empty: all documents.",
    )
    queued_at = fields.Datetime(required=True)

    @api.model
    def _enqueue(
        self,
        partner_ids: Iterable[int],
        reason: str,
        order_ids: Iterable[int] | None = None,
    ) -> None:
        """Have the accounts of ``partner_ids`` evaluated after this transaction.

        Cheap enough for any business transaction: it only remembers the ids. One
        insert and one cron trigger follow just before the commit.

        :param partner_ids: contacts or accounts; empty ones are ignored
        :param reason: key of the selection ``reason``
        :param order_ids: the orders that have changed, if no other order can have;
            None where anything may have
        """
        ids = {partner_id for partner_id in partner_ids if partner_id}
        if not ids:
            return
        precommit = self.env.cr.precommit
        if PENDING not in precommit.data:
            precommit.data[PENDING] = {}
            precommit.add(self._flush)
        pending = precommit.data[PENDING].setdefault(reason, {})
        orders = None if order_ids is None else set(order_ids)
        for partner_id in ids:
            before = pending.get(partner_id, frozenset())
            both = None if orders is None or before is None else orders | before
            pending[partner_id] = both

    @api.model
    def _flush(self) -> None:
        """Write down what :meth:`_enqueue` collected and have it worked off soon."""
        pending = self.env.cr.precommit.data.pop(PENDING, None)
        if not pending:
            return
        cron_id = self.env["ir.model.data"]._xmlid_to_res_id(
            "customer_retention.ir_cron_relationship_queue", raise_if_not_found=False
        )
        self.env["res.partner"].flush_model(["commercial_partner_id"])
        self.env.cr.execute(self._prepare_insert(pending, cron_id or None))
        if cron_id:
            self.env.cr.postcommit.add(self._wake_workers)

    def _prepare_insert(
        self, pending: dict[str, dict[int, set[int] | None]], cron_id: int | None
    ) -> SQL:
        """The statement that queues the partners and triggers the job.

        Attributes of a partner and contacts matter to customers only, so these
        reasons are dropped where nobody has a relationship yet. ``ir.cron._trigger()``
        would take three more statements; a trigger of a job that is switched off does
        no harm.
        """
        rows = [
            (partner_id, reason, None if orders is None else list(orders))
            for reason, partners in pending.items()
            for partner_id, orders in sorted(partners.items(), key=itemgetter(0))
        ]
        return SQL(
            QUEUE_AND_TRIGGER,
            rows=SQL(", ".join(["%s"] * len(rows)), *rows),
            wanted=self._wanted_sql(pending),
            cron=cron_id,
        )

    def _wanted_sql(self, reasons: Iterable[str]) -> SQL:
        """Return who is queued; documents, of everybody, ask for nothing: that halves
        what whoever confirms an order waits for.
        """
        if not set(reasons) & set(self._known_only_reasons):
            return SQL("TRUE")
        return SQL(
            OF_CUSTOMERS,
            known_only=list(self._known_only_reasons),
            mapping=self.env["customer.account"]._mapping_sql(),
        )

    @api.model
    def _wake_workers(self) -> None:
        """Tell the cron workers that there is something to do, but not all the time."""
        now = time.monotonic()
        dbname = self.env.cr.dbname
        if now - woken_at.get(dbname, -WAKE_INTERVAL) >= WAKE_INTERVAL:
            woken_at[dbname] = now
            self.env["ir.cron"]._notifydb()
