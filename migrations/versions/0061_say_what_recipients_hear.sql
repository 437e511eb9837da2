-- Of what was told before, the categories aren't known: it counts as all of the file.
ALTER TABLE recipient_notice ADD COLUMN categories VARCHAR(40)[] DEFAULT '{}' NOT NULL;
