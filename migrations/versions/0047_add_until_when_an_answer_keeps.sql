ALTER TABLE request_answer ADD COLUMN kept_for VARCHAR(400) DEFAULT '' NOT NULL;

ALTER TABLE request_answer ADD COLUMN kept_until DATE;
