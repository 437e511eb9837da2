ALTER TABLE trajectory
    ADD COLUMN municipality_asked_on DATE,
    ADD COLUMN municipality_request VARCHAR(200),
    ADD COLUMN municipality_request_ended_on DATE,
    ADD CONSTRAINT ck_trajectory_request_has_day_and_words CHECK ((municipality_asked_on is null) = (municipality_request is null)),
    ADD CONSTRAINT ck_trajectory_request_of_family_or_other CHECK (municipality_asked_on is null or (act = 'wi2021' and client_id is not null and target_group is not null and target_group in ('family', 'other'))),
    ADD CONSTRAINT ck_trajectory_request_ends_after_start CHECK (municipality_request_ended_on is null or (municipality_asked_on is not null and municipality_request_ended_on >= municipality_asked_on));
