"""`portal` as it runs where no developer's tools are: structlog and click load rich where they find it."""

import sys

sys.modules["rich"] = None  # type: ignore[assignment]  # to Python: not installed

if __name__ == "__main__":
    from portal.cli import main

    main()
