CREATE TABLE checked_figure (
    school_id UUID NOT NULL,
    id UUID NOT NULL,
    key VARCHAR(40) NOT NULL,
    subject VARCHAR(60) NOT NULL,
    good BIGINT NOT NULL,
    total BIGINT NOT NULL,
    checked_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_checked_figure PRIMARY KEY (school_id, id),
    CONSTRAINT ck_checked_figure_good_of_total CHECK (good between 0 and total),
    CONSTRAINT uq_checked_figure_key UNIQUE (school_id, key, subject),
    CONSTRAINT fk_checked_figure_school_id FOREIGN KEY(school_id) REFERENCES school (id)
);
