ALTER TABLE school ADD COLUMN invoices_handed_until DATE;
