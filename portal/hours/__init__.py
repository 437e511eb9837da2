"""Contact hours of learners and groups, added up from marks: the only place that adds minutes.

Tables: school_figure. Jobs: hours.count_figures, hours.count_month. Used by: who sees figures, and each learner her
own.
"""
