"""`portal` as it runs where no developer's tools are: structlog loads rich where it finds it."""

import sys
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec


class _WithoutRich(MetaPathFinder):
    """Tells Python that rich isn't installed."""

    def find_spec(self, fullname: str, _path: object, _target: object = None) -> ModuleSpec | None:
        """Raise ModuleNotFoundError for rich; leave all else to the finders after this one."""
        if fullname == "rich":
            raise ModuleNotFoundError(name=fullname)
        return None


sys.meta_path.insert(0, _WithoutRich())

if __name__ == "__main__":
    from portal.cli import main

    main()
