ALTER TABLE learner_group ADD COLUMN capacity INTEGER CONSTRAINT ck_learner_group_capacity CHECK (capacity between 1 and 500);
