"""Customers and their orders, straight in SQL: a trading company over five years.

The same seed gives the same company. How often a customer buys is log-normal (half of
them buy five times or less, one in a hundred more than seventy times); everyone has a
first and a last day between which the orders lie, a part of the quotations is never
confirmed, a fifth of the customers order through a contact person, and documents have
the messages that the ERP writes.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date

SEED = 0.42
DAYS = 5 * 365
ORDERS_EACH = 10
SALESPEOPLE = 50
CATEGORIES = 20
PRODUCTS = 200

CUSTOMERS = """
    INSERT INTO res_partner (
        id, name, complete_name, commercial_partner_id, commercial_company_name,
        is_company, active, type, lang, email, email_normalized, phone, user_id,
        customer_rank, supplier_rank, autopost_bills, color, create_uid, write_uid,
        create_date, write_date)
    SELECT %(first)s + n, 'Customer ' || n, 'Customer ' || n, %(first)s + n,
           'Customer ' || n, TRUE, TRUE, 'contact', 'en_US',
           'customer' || n || '@example.com', 'customer' || n || '@example.com',
           '+1 555 ' || lpad(n::text, 7, '0'),
           CASE WHEN n %% 10 < 8 THEN (%(salespeople)s)[1 + n %% %(people)s] END,
           1, 0, 'ask', 0, 1, 1, now(), now()
      FROM generate_series(1, %(customers)s) n
"""

CONTACTS = """
    INSERT INTO res_partner (
        id, name, complete_name, parent_id, commercial_partner_id,
        commercial_company_name, is_company, active, type, lang, customer_rank,
        supplier_rank, autopost_bills, color, create_uid, write_uid, create_date,
        write_date)
    SELECT %(first)s + %(customers)s + n, 'Buyer ' || n,
           'Customer ' || n * 5 || ', Buyer ' || n, %(first)s + n * 5,
           %(first)s + n * 5, 'Customer ' || n * 5, FALSE, TRUE, 'contact', 'en_US',
           0, 0, 'ask', 0, 1, 1, now(), now()
      FROM generate_series(1, %(customers)s / 5) n
"""

# Normally distributed numbers are made of two even ones (Box and Muller).
HABITS = """
    CREATE TEMPORARY TABLE bench_habit AS
    SELECT n, %(first)s + n AS account_id,
           CASE WHEN n %% 5 = 0 THEN %(first)s + %(customers)s + n / 5
                ELSE %(first)s + n END AS partner_id,
           (%(salespeople)s)[1 + n %% %(people)s] AS user_id,
           starts, starts + (%(days)s - starts)
               * CASE WHEN stays < 0.6 THEN 1 ELSE random() END AS ends,
           round(exp(1.75 + 1.0 * spread))::int AS number,
           round(exp(5.5 + 0.8 * size)) AS basket
      FROM (SELECT n, random() * (%(days)s - 1) AS starts, random() AS stays,
                   sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS spread,
                   sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()) AS size
              FROM generate_series(1, %(customers)s) n) draw
"""

ORDERS = """
    INSERT INTO sale_order (
        name, partner_id, partner_invoice_id, partner_shipping_id, company_id,
        currency_id, currency_rate, user_id, state, date_order, create_date,
        validity_date, amount_untaxed, amount_tax, amount_total, invoice_status,
        locked, require_signature, require_payment, access_token, create_uid,
        write_uid, write_date)
    SELECT 'S' || lpad(row_number() OVER (ORDER BY ordered_at)::text, 8, '0'),
           partner_id, partner_id, partner_id, %(company)s, %(currency)s, 1, user_id,
           state, ordered_at, ordered_at - prepared * interval '1 day',
           (ordered_at + interval '30 days')::date, amount, 0, amount, 'no', FALSE,
           TRUE, FALSE, md5(ordered_at::text || partner_id), 1, 1, ordered_at
      FROM (SELECT partner_id, user_id, %(midnight)s::timestamp
                   - (%(days)s - starts - random() * (ends - starts))
                     * interval '1 day' AS ordered_at,
                   CASE WHEN random() < 0.2 THEN ceil(random() * 20) ELSE 0 END
                       AS prepared,
                   CASE WHEN random() < 0.92 THEN 'sale'
                        WHEN random() < 0.5 THEN 'cancel' ELSE 'sent' END AS state,
                   round((basket * (0.5 + random()))::numeric, 2) AS amount
              FROM bench_habit, generate_series(1, number)) draw
  ORDER BY ordered_at
"""

LINES = """
    INSERT INTO sale_order_line (
        order_id, order_partner_id, salesman_id, sequence, company_id, currency_id,
        product_id, product_uom_id, name, state, invoice_status, product_uom_qty,
        price_unit, discount, price_subtotal, price_total, price_tax,
        price_reduce_taxexcl, price_reduce_taxinc, qty_delivered, qty_invoiced,
        qty_to_invoice, customer_lead, is_downpayment, is_expense, create_uid,
        write_uid, create_date, write_date)
    SELECT id, partner_id, user_id, 10, company_id, currency_id,
           (%(products)s)[1 + floor(random() * %(range)s)::int], %(uom)s, 'Goods',
           state, 'no', 1, amount_untaxed, 0, amount_untaxed, amount_untaxed, 0,
           amount_untaxed, amount_untaxed, 0, 0, 0, 0, FALSE, FALSE, 1, 1,
           create_date, create_date
      FROM sale_order WHERE id > %(last_order)s ORDER BY id
"""

MESSAGES = """
    INSERT INTO mail_message (
        model, res_id, message_type, subtype_id, author_id, body, date, is_internal,
        email_from, message_id, create_uid, write_uid, create_date, write_date)
    SELECT 'sale.order', id, type, CASE type WHEN 'comment' THEN %(comment)s
               ELSE %(note)s END, CASE type WHEN 'comment' THEN %(person)s
               ELSE %(robot)s END, body, create_date, FALSE, 'sales@example.com',
           '<' || id || '.' || type || '@example.com>', 1, 1, create_date,
           create_date
      FROM (SELECT id, create_date, 'notification' AS type,
                   'Sales Order created' AS body
              FROM sale_order WHERE id > %(last_order)s
             UNION ALL
            SELECT id, create_date, 'comment', 'Thank you for your order.'
              FROM sale_order WHERE id > %(last_order)s AND id %% 8 = 0) written
  ORDER BY create_date
"""

BULK_TABLES = ("res_partner", "sale_order", "sale_order_line", "mail_message")


def create_masters(env) -> None:
    """Create salespeople, products and their categories."""
    env["res.users"].create(
        [
            {
                "name": f"Salesperson {number}",
                "login": f"bench{number}",
                "group_ids": [(4, env.ref("sales_team.group_sale_salesman").id)],
            }
            for number in range(SALESPEOPLE)
        ]
    )
    categories = env["product.category"].create(
        [{"name": f"Category {number}"} for number in range(CATEGORIES)]
    )
    env["product.product"].create(
        [
            {
                "name": f"Product {number}",
                "categ_id": categories[number % CATEGORIES].id,
                "list_price": 10.0 + number,
                "default_code": f"BENCH{number}",
                "taxes_id": [(5,)],
            }
            for number in range(PRODUCTS)
        ]
    )


def generate(env, customers: int, today: date) -> dict[str, int]:
    """Fill a database; call it once, after :func:`create_masters`.

    :return: numbers of what was generated, for the head of the report.
    """
    cursor = env.cr
    values = _parameters(env, customers, today)
    cursor.execute("SELECT setseed(%s)", [SEED])
    with bare_tables(cursor, BULK_TABLES):
        for statement in (CUSTOMERS, CONTACTS, HABITS, ORDERS, LINES, MESSAGES):
            cursor.execute(statement, values)
        cursor.execute(
            "SELECT setval('res_partner_id_seq', (SELECT max(id) FROM res_partner))"
        )
    cursor.execute(
        "SELECT count(*), count(*) FILTER (WHERE state = 'sale') FROM sale_order"
    )
    orders, confirmed = cursor.fetchone()
    cursor.execute("DROP TABLE bench_habit")
    return {"customers": customers, "orders": orders, "confirmed": confirmed}


def order_today(env, account_ids: list[int]) -> list[tuple[int, int]]:
    """Insert one confirmed order of this moment for each of some customers.

    :return: (order, customer)
    """
    cursor = env.cr
    values = _parameters(env, 0, date.today())
    cursor.execute(
        """
        INSERT INTO sale_order (
            name, partner_id, partner_invoice_id, partner_shipping_id, company_id,
            currency_id, currency_rate, user_id, state, date_order, create_date,
            amount_untaxed, amount_tax, amount_total, invoice_status)
        SELECT 'T' || id, id, id, id, %(company)s, %(currency)s, 1,
               (%(salespeople)s)[1], 'sale', now() AT TIME ZONE 'UTC',
               now() AT TIME ZONE 'UTC', 100, 0, 100, 'no'
          FROM unnest(%(accounts)s) id
     RETURNING id, partner_id
        """,
        values | {"accounts": account_ids},
    )
    orders = cursor.fetchall()
    cursor.execute(LINES, values)
    return orders


def _parameters(env, customers: int, today: date) -> dict[str, object]:
    company = env.ref("base.main_company")
    salespeople = env["res.users"].search([("login", "=like", "bench%")])
    products = env["product.product"].search([("default_code", "=like", "BENCH%")])
    env.cr.execute(
        "SELECT (SELECT max(id) FROM res_partner),"
        " (SELECT COALESCE(max(id), 0) FROM sale_order)"
    )
    first, last_order = env.cr.fetchone()
    return {
        "first": first,
        "last_order": last_order,
        "customers": customers,
        "days": DAYS,
        "midnight": today,
        "company": company.id,
        "currency": company.currency_id.id,
        "salespeople": salespeople.ids,
        "people": len(salespeople),
        "products": products.ids,
        "range": len(products),
        "uom": env.ref("uom.product_uom_unit").id,
        "comment": env.ref("mail.mt_comment").id,
        "note": env.ref("mail.mt_note").id,
        "person": env.ref("base.partner_admin").id,
        "robot": env.ref("base.partner_root").id,
    }


@contextmanager
def bare_tables(cursor, tables: tuple[str, ...]) -> Iterator[None]:
    """Take indexes and foreign keys away while millions of rows are inserted."""
    cursor.execute(
        """
        SELECT format('ALTER TABLE %%I DROP CONSTRAINT %%I', relname, conname),
               format('ALTER TABLE %%I ADD CONSTRAINT %%I %%s', relname, conname,
                      pg_get_constraintdef(constr.oid))
          FROM pg_constraint constr JOIN pg_class ON pg_class.oid = conrelid
         WHERE relname = ANY(%(tables)s) AND contype = 'f'
         UNION ALL
        SELECT format('DROP INDEX %%I', indexname), indexdef
          FROM pg_indexes
         WHERE tablename = ANY(%(tables)s) AND indexname NOT IN (
               SELECT conname FROM pg_constraint)
        """,
        {"tables": list(tables)},
    )
    statements = cursor.fetchall()
    for away, _back in statements:
        cursor.execute(away)
    yield
    for _away, back in statements:
        cursor.execute(back)
