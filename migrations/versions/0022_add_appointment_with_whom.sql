ALTER TABLE appointment ADD COLUMN with_whom VARCHAR(120);
