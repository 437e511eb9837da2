"""Inzage: a portal in which a language school keeps what it promises about its learners' data.

Which way imports run, low to high; a lower one never imports a higher one:

    core, permissions, schools, policy, accounts, courses, learners,
    attendance | progress, consent, disclosures, imports, overview, demo, app

Inside a feature: routes | jobs | commands, forms, services, queries, models.
"""
