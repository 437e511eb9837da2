ALTER TABLE school ADD COLUMN uses_sublevels BOOLEAN DEFAULT false NOT NULL;

DROP FUNCTION IF EXISTS enter_school(text);

ALTER TABLE level DROP CONSTRAINT ck_level_rung;

ALTER TABLE level ADD CONSTRAINT ck_level_rung CHECK (level IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1-', 'A1', 'A1+', 'A2-', 'A2', 'A2+', 'B1-', 'B1', 'B1+', 'B2-', 'B2', 'B2+', 'C1-', 'C1'));

ALTER TABLE level DROP CONSTRAINT ck_level_replaced;

ALTER TABLE level ADD CONSTRAINT ck_level_replaced CHECK (replaced IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1-', 'A1', 'A1+', 'A2-', 'A2', 'A2+', 'B1-', 'B1', 'B1+', 'B2-', 'B2', 'B2+', 'C1-', 'C1'));

ALTER TABLE exam_result DROP CONSTRAINT ck_exam_result_rung;

ALTER TABLE exam_result ADD CONSTRAINT ck_exam_result_rung CHECK (level IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1-', 'A1', 'A1+', 'A2-', 'A2', 'A2+', 'B1-', 'B1', 'B1+', 'B2-', 'B2', 'B2+', 'C1-', 'C1'));

ALTER TABLE goal DROP CONSTRAINT ck_goal_rung;

ALTER TABLE goal ADD CONSTRAINT ck_goal_rung CHECK (level IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1-', 'A1', 'A1+', 'A2-', 'A2', 'A2+', 'B1-', 'B1', 'B1+', 'B2-', 'B2', 'B2+', 'C1-', 'C1'));

ALTER TABLE can_do_statement DROP CONSTRAINT ck_can_do_statement_rung;

ALTER TABLE can_do_statement ADD CONSTRAINT ck_can_do_statement_rung CHECK (level IN ('Alfa A', 'Alfa B', 'Alfa C', 'A0', 'A1-', 'A1', 'A1+', 'A2-', 'A2', 'A2+', 'B1-', 'B1', 'B1+', 'B2-', 'B2', 'B2+', 'C1-', 'C1'));

ALTER TABLE can_do_statement ADD CONSTRAINT ck_can_do_statement_whole_level CHECK (level !~ '[-+]$');
