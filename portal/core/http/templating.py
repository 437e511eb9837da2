"""Jinja without its detours: what a page says is the same, the way from template to text is shorter."""

import re
from collections.abc import MutableMapping
from types import FunctionType, MethodType
from typing import Any

from flask.templating import Environment
from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.runtime import Context, Macro
from jinja2.visitor import NodeTransformer
from markupsafe import Markup, escape

_PLAIN = frozenset({FunctionType, MethodType, Macro})
special = re.compile("[&<>'\"]").search


def written(value: Any) -> str:
    """Return a value as it stands in a page: escaped, unless it is markup; most texts hold nothing to escape."""
    kind = type(value)
    if kind is Markup or (kind is str and special(value) is None):
        return value  # type: ignore[no-any-return]
    return escape(value)


class _Gather(NodeTransformer):
    """Let an outermost loop hand over one text: each of its pieces would climb through every layout by itself."""

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        return nodes.FilterBlock([node], nodes.Filter(None, "safe", [], [], None, None)).set_lineno(node.lineno)

    def visit_Macro(self, node: nodes.Macro) -> nodes.Node:  # noqa: N802
        return node

    def visit_CallBlock(self, node: nodes.CallBlock) -> nodes.Node:  # noqa: N802
        return node


class QuickCodeGenerator(CodeGenerator):
    """Writes values by `written`."""

    def visit_Template(self, node: nodes.Template, frame: Frame | None = None) -> None:  # noqa: N802
        """Compile a template."""
        self.writeline(f"from {__name__} import written")
        super().visit_Template(node, frame)

    def _output_child_pre(self, node: nodes.Expr, frame: Frame, finalize: CodeGenerator._FinalizeInfo) -> None:
        if frame.eval_ctx.volatile or not frame.eval_ctx.autoescape or finalize.src is not None:
            super()._output_child_pre(node, frame, finalize)
        else:
            self.write("written(")


class QuickContext(Context):
    """Calls plain functions and macros at once; Jinja first asks each what it wants to be handed."""

    def call(self, called: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call something that a template names."""
        if type(called) in _PLAIN and not hasattr(called, "jinja_pass_arg"):
            kwargs.pop("_block_vars", None)
            kwargs.pop("_loop_vars", None)
            return called(*args, **kwargs)
        return super().call(called, *args, **kwargs)


class QuickEnvironment(Environment):
    """Jinja whose templates share one plain dictionary of globals: a chain of two is slow to compare at each import."""

    code_generator_class = QuickCodeGenerator
    context_class = QuickContext

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        """Return the environment's own globals, or a copy with those of one template added."""
        return {**self.globals, **d} if d else self.globals

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        parsed: nodes.Template = _Gather().visit(super()._parse(source, name, filename))
        return parsed
