"""The database: base model, sessions, the school's scope, row security, statements across schools, migrations."""
