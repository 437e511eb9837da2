ALTER TABLE school
    ADD COLUMN holiday_region VARCHAR(40),
    ADD CONSTRAINT ck_school_holidayregion CHECK (holiday_region IN ('north', 'middle', 'south'));
