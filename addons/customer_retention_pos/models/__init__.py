from . import customer_purchase, customer_purchase_category, pos_order
