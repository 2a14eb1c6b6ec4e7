"""What every test on the database needs: a company, customers, dated documents."""

from __future__ import annotations

from datetime import date, datetime, time

from odoo.fields import Command
from odoo.tests import TransactionCase, new_test_user


def on(text: str) -> date:
    """Return the day of an ISO date."""
    return date.fromisoformat(text)


class RetentionCommon(TransactionCase):
    """A company of its own, evaluated as of a fixed day, and helpers.

    Documents get their true dates; nothing is evaluated before
    :meth:`_work_queue` or :meth:`_evaluate`.
    """

    TODAY = "2025-06-30"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(
            context=dict(
                cls.env.context,
                tracking_disable=True,
                mail_notrack=True,
                mail_create_nolog=True,
                no_reset_password=True,
            )
        )
        cls.company = cls._create_company("Retention Test Company")
        cls.env.user.write(
            {
                "company_ids": [Command.link(cls.company.id)],
                "company_id": cls.company.id,
            }
        )
        cls.env = cls.env(
            context=dict(cls.env.context, allowed_company_ids=cls.company.ids)
        )
        cls.company = cls.company.with_env(cls.env)
        cls.currency = cls.company.currency_id
        cls.category = cls.env["product.category"].create({"name": "Tested Goods"})
        cls.product = cls.env["product.product"].create(
            {
                "name": "Tested Product",
                "categ_id": cls.category.id,
                "list_price": 100.0,
                # nothing to deliver: the tests also run where a warehouse is
                "type": "service",
                "invoice_policy": "order",
                "taxes_id": [Command.clear()],
            }
        )
        cls.partner = cls._create_partner("Tested Customer")
        cls.Relationship = cls.env["customer.relationship"]
        cls.Queue = cls.env["customer.relationship.queue"]

    # --------------------------------------------------------------------------
    # Masters
    # --------------------------------------------------------------------------

    @classmethod
    def _create_company(cls, name, **values):
        """Create a company with a minimal chart of accounts, evaluated as of TODAY."""
        values.setdefault("currency_id", cls.env.ref("base.EUR").id)
        values.setdefault("retention_evaluation_date", cls.TODAY)
        company = cls.env["res.company"].create({"name": name, **values})
        cls.env.user.company_ids |= company
        if not company.parent_id:
            cls._load_accounting(company)
        return company

    @classmethod
    def _load_accounting(cls, company):
        """Give a company what an invoice needs: two accounts and a sales journal."""
        env = cls.env(context=dict(cls.env.context, allowed_company_ids=company.ids))
        receivable, income = env["account.account"].create(
            [
                {
                    "name": "Receivable",
                    "code": "RET1",
                    "account_type": "asset_receivable",
                    "reconcile": True,
                },
                {"name": "Income", "code": "RET2", "account_type": "income"},
            ]
        )
        journal = env["account.journal"].create(
            {
                "name": "Customer Invoices",
                "code": "RINV",
                "type": "sale",
                "company_id": company.id,
                "default_account_id": income.id,
            }
        )
        env["ir.default"].set(
            "res.partner",
            "property_account_receivable_id",
            receivable.id,
            company_id=company.id,
        )
        return journal

    @classmethod
    def _create_partner(cls, name, **values):
        """Create a customer: a company unless ``values`` say otherwise."""
        values.setdefault("is_company", True)
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def _create_user(cls, login, groups="sales_team.group_sale_salesman", **values):
        """Create a user of the test company with these groups and no others."""
        values.setdefault("company_id", cls.company.id)
        values.setdefault("company_ids", [Command.set([values["company_id"]])])
        return new_test_user(cls.env, login=login, groups=groups, **values)

    # --------------------------------------------------------------------------
    # Documents
    # --------------------------------------------------------------------------

    @classmethod
    def _quotation(cls, partner, day, amount=100.0, **values):
        """Create a quotation of one line that was made at noon of ``day``."""
        moment = cls._noon(day)
        line = {
            "product_id": values.pop("product", cls.product).id,
            "product_uom_qty": values.pop("quantity", 1.0),
            "price_unit": amount,
        }
        values.setdefault("order_line", [Command.create(line)])
        values.setdefault("company_id", cls.company.id)
        order = cls.env["sale.order"].create(
            {"partner_id": partner.id, "date_order": moment, **values}
        )
        cls._set_create_date(order, moment)
        return order

    @classmethod
    def _order(cls, partner, day, amount=100.0, **values):
        """Create an order of one line, confirmed at noon of ``day``."""
        order = cls._quotation(partner, day, amount, **values)
        order.action_confirm()
        order.date_order = cls._noon(day)
        return order

    @classmethod
    def _invoice(cls, partner, day, amount=100.0, post=True, **values):
        """Create a customer invoice of one line, posted and dated ``day``."""
        line = {
            "product_id": values.pop("product", cls.product).id,
            "quantity": values.pop("quantity", 1.0),
            "price_unit": amount,
            "tax_ids": [Command.clear()],
        }
        values.setdefault("move_type", "out_invoice")
        values.setdefault("invoice_line_ids", [Command.create(line)])
        values.setdefault("company_id", cls.company.id)
        move = cls.env["account.move"].create(
            {"partner_id": partner.id, "invoice_date": day, "date": day, **values}
        )
        if post:
            move.action_post()
        return move

    @classmethod
    def _invoice_of(cls, order, day):
        """Invoice everything of a confirmed order, posted and dated ``day``."""
        move = order._create_invoices()
        move.write({"invoice_date": day, "date": day})
        move.action_post()
        return move

    @classmethod
    def _credit(cls, invoice, day, amount=None):
        """Post a credit note of ``invoice`` on ``day``, for all or some of it."""
        credit = invoice._reverse_moves([{"invoice_date": day, "date": day}])
        if amount is not None:
            credit.invoice_line_ids[0].write({"quantity": 1.0, "price_unit": amount})
        credit.action_post()
        return credit

    @classmethod
    def _noon(cls, day):
        """Return noon UTC of a day given as a date or an ISO text."""
        return datetime.combine(on(day) if isinstance(day, str) else day, time(12))

    @classmethod
    def _set_create_date(cls, record, moment):
        """Let a record have been created at ``moment`` (naive UTC)."""
        record.flush_recordset()
        cls.env.cr.execute(
            f'UPDATE "{record._table}" SET create_date = %s WHERE id = ANY(%s)',
            (moment, record.ids),
        )
        record.invalidate_recordset(["create_date"])

    # --------------------------------------------------------------------------
    # Evaluation
    # --------------------------------------------------------------------------

    @classmethod
    def _flush_queue(cls):
        """Do what a commit would do to the accounts that were marked."""
        cls.env.flush_all()
        cls.env["customer.relationship.queue"]._flush()

    @classmethod
    def _queued(cls):
        """Return {(partner, reason)} waiting for evaluation."""
        cls._flush_queue()
        cls.env.cr.execute("SELECT partner_id, reason FROM customer_relationship_queue")
        return set(cls.env.cr.fetchall())

    @classmethod
    def _forget_queue(cls):
        """Empty the queue, so that a test sees only what comes next."""
        cls._flush_queue()
        cls.env.cr.execute("DELETE FROM customer_relationship_queue")

    @classmethod
    def _work_queue(cls):
        """Evaluate what business transactions have marked, as the job does."""
        cls._flush_queue()
        cls.env.cr.execute(
            "SELECT DISTINCT partner_id FROM customer_relationship_queue"
        )
        partner_ids = [partner_id for (partner_id,) in cls.env.cr.fetchall()]
        cls.env["customer.relationship"]._sync_and_evaluate(partner_ids)
        cls.env.cr.execute("DELETE FROM customer_relationship_queue")
        cls.env.invalidate_all()

    @classmethod
    def _evaluate_at(cls, day, company=None):
        """Evaluate everybody as of ``day``."""
        company = company or cls.company
        company.retention_evaluation_date = day
        cls.env["customer.relationship"]._evaluate(
            as_of=on(day), cause="live", company=company
        )
        cls.env.invalidate_all()

    @classmethod
    def _relationship(cls, partner, company=None):
        """Return the relationship with ``partner``, archived ones included."""
        company = company or cls.company
        return (
            cls.env["customer.relationship"]
            .with_context(active_test=False)
            .search([("partner_id", "=", partner.id), ("company_id", "=", company.id)])
        )
