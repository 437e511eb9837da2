ALTER TABLE data_request ADD COLUMN asker_number VARCHAR(40);

ALTER TABLE data_request ADD COLUMN asker_birth_date DATE;

ALTER TABLE data_request ADD COLUMN asked_for VARCHAR(200);

ALTER TABLE data_request DROP CONSTRAINT ck_data_request_requestchannel;

ALTER TABLE data_request ADD CONSTRAINT ck_data_request_requestchannel CHECK (channel IN ('portal', 'website', 'email', 'phone', 'letter', 'counter'));

ALTER TABLE data_request DROP CONSTRAINT ck_data_request_outcome;

ALTER TABLE data_request ADD CONSTRAINT ck_data_request_outcome CHECK (outcome IN ('granted', 'in_part', 'refused', 'nothing_held'));

ALTER TABLE request_answer DROP CONSTRAINT ck_request_answer_outcome;

ALTER TABLE request_answer ADD CONSTRAINT ck_request_answer_outcome CHECK (outcome IN ('granted', 'in_part', 'refused', 'nothing_held'));

ALTER TABLE request_answer DROP CONSTRAINT ck_request_answer_refusal_has_ground;

ALTER TABLE request_answer ADD CONSTRAINT ck_request_answer_refusal_has_ground CHECK (outcome in ('granted', 'nothing_held') or ground is not null);
