"""Templates drawn once and filled in many times: a row of a list, the bars around a page.

A stencil is a template as it looks for one shape (which choice is made, is there a button), with holes for what differs
from one row, or one person, to the next. It sees its shape, its holes, words and addresses, and nothing else: what
stands in one person's page can't get into another's by way of a stencil.
"""

import re
import secrets
from collections.abc import Hashable, Mapping
from operator import itemgetter
from typing import Any, NoReturn

from flask import Flask, current_app
from jinja2 import Environment
from markupsafe import Markup

from portal.core.http.languages import language
from portal.core.http.templating import special, written

Piece = tuple[Hashable, Mapping[str, Any]]
_SEEN = frozenset({"_", "gettext", "url_for", "languages", "reviewed_languages", "range", "dict", "namespace"})
_MOST = 2_000
_SIGN = secrets.token_hex(8)  # what stands in a shape can't pass for a hole
_MARK = re.compile(f"\x02{_SIGN}([^\x03]*)\x03")


class Hole:
    """Where a value will stand. Nothing can be decided by it: what decides belongs to the shape."""

    __slots__ = ("_name",)

    def __init__(self, name: str) -> None:
        """Make the hole for a value of this name."""
        self._name = name

    def __html__(self) -> str:
        """Return the mark that stands in the drawn template until it is filled in."""
        return f"\x02{_SIGN}{self._name}\x03"

    def _refuse(self, *_given: object) -> NoReturn:
        raise TypeError(f"the hole {self._name!r} can only be written; what decides belongs to the shape")

    __bool__ = __str__ = __len__ = __iter__ = __eq__ = __lt__ = __hash__ = __getitem__ = _refuse


def _filled(holes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what fills the holes, escaped; most rows hold texts in which nothing is to be escaped."""
    try:
        if not special("".join(holes.values())):
            return holes
    except TypeError:  # not all of them are texts
        pass
    return {name: written(value) for name, value in holes.items()}


class _Stencil:
    """A template drawn for one shape: its pieces, with a gap for each hole."""

    __slots__ = ("_names", "_pieces", "_values")

    def __init__(self, drawn: str) -> None:
        self._pieces = _MARK.split(drawn)
        self._names = self._pieces[1::2]
        self._values = itemgetter(*self._names) if len(self._names) > 1 else None

    def fill(self, holes: Mapping[str, Any]) -> str:
        """Return it with what belongs in the holes."""
        values, pieces = _filled(holes), self._pieces.copy()
        pieces[1::2] = self._values(values) if self._values is not None else [values[name] for name in self._names]
        return "".join(pieces)


class Stencils:
    """The stencils of an app, kept by template, shape and language."""

    def __init__(self, environment: Environment) -> None:
        """Take the app's environment; stencils are drawn in one of their own, which knows nobody."""
        self._environment = environment.overlay()
        self._environment.globals = {name: environment.globals[name] for name in _SEEN}
        self._kept: dict[tuple[str, Hashable, str], _Stencil] = {}

    def draw(self, template: str, *pieces: Piece) -> Markup:
        """Return a template once for each piece, a shape with what fills its holes; what isn't markup is escaped.

        The template sees `shape` and `hole` (`hole.name`). The same shape must come with the same holes.
        """
        lang, kept, drawn = language(), self._kept, []
        for shape, holes in pieces:
            stencil = kept.get((template, shape, lang))
            if stencil is None or self._environment.auto_reload:
                stencil = self._cut(template, shape, holes)
                if len(kept) >= _MOST:
                    kept.clear()
                kept[template, shape, lang] = stencil
            drawn.append(stencil.fill(holes))
        return Markup("".join(drawn))  # noqa: S704

    def _cut(self, template: str, shape: Hashable, holes: Mapping[str, Any]) -> _Stencil:
        named = {name: Hole(name) for name in holes}
        return _Stencil(self._environment.get_template(template).render(shape=shape, hole=named))


def stencils() -> Stencils:
    """Return the stencils of the app that answers."""
    found: Stencils = current_app.extensions["stencils"]
    return found


def install(app: Flask) -> None:
    """Give the app its stencils, and its templates `draw`."""
    made = app.extensions["stencils"] = Stencils(app.jinja_env)
    app.jinja_env.globals["draw"] = made.draw
