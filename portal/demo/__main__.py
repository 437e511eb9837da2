"""`python -m portal.demo` runs the demo."""

import sys

from portal.demo.run import main

sys.exit(main())
