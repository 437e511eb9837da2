"""What somebody does with a workbook; a file for each step.

Consent tells the record's rules how consents are found, so it is known here, also in the shell.
"""

import portal.consent.services  # noqa: F401
