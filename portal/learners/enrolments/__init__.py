"""Who is in a group, from when until when. Tables: enrolment."""
