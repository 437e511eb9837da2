"""Order and invoice lines. Tables: invoice_line, order_line."""
