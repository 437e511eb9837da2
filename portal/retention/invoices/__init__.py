"""Invoices that the bookkeeping must have before they go here: whose wait for that, and that somebody said it has."""
