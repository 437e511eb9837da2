"""Order and invoice lines of a learner.

Tables: invoice_line, order_line. Jobs: none. Used by: administration; a learner sees her own.
"""
