"""Signals: questions to a person about a learner who may need somebody, never measures (OP-06, LL-13).

Tables: signal, signal_rule. Jobs: signals.look, signals.look_at_lesson. Used by: coaches and the office, who answer;
a learner sees that one was raised and what was answered.
"""
