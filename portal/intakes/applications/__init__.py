"""The public form by which somebody signs up for an intake, and what the office does with it (ST-01, LL-12).

Tables: intake_application.
"""
