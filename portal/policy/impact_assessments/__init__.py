"""On which day a school decided on its impact assessment (AVG art. 35), which some uses of data wait for.

Tables: impact_assessment.
"""
