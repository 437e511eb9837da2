"""The base of every part of a policy file: frozen, no unknown keys, and a description that a mistake can quote."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Source = Literal["statement", "school"]
Key = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", description="a name in small letters, digits and underscores")]
FieldKey = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", description='a field as "table.column"')]
FieldOrTable = Annotated[
    str,
    Field(
        pattern=r"^[a-z][a-z0-9_]*\.(\*|[a-z][a-z0-9_]*)$",
        description='a field as "table.column", or "table.*" for all that a table has of this category',
    ),
]
PromiseId = Annotated[str, Field(pattern=r"^[A-Z]{2}-[0-9]{2}$", description='a promise id such as "LB-02"')]


class Part(BaseModel):
    """A table of a policy file."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Rule(Part):
    """A part that says where it comes from: the statement, by its promises, or the school itself."""

    source: Source = Field("statement", description='"statement" or "school"')
    promises: tuple[PromiseId, ...] = Field((), description='a list of promise ids such as ["LB-02"]')
