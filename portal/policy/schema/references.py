"""Names in a policy that point nowhere: to a part that the file hasn't, to a field that nobody keeps."""

from collections.abc import Collection, Iterator, Mapping

from portal.policy.schema.mistakes import Mistake, nearest
from portal.policy.schema.policy import Policy


def _points(path: str, keys: tuple[str, ...], known: Collection[str], what: str) -> Iterator[Mistake]:
    for key in keys:
        if key not in known:
            yield path, f'there is no {what} "{key}" in this file{nearest(key, known)}'


def dangling_keys(policy: Policy) -> Iterator[Mistake]:
    """Yield each key of a part that the file hasn't."""
    purposes = {purpose.key: purpose for purpose in policy.purposes}
    terms = {term.key: term for term in policy.terms}
    recipients = {recipient.key: recipient for recipient in policy.recipients}
    categories = {category.key: category for category in policy.categories}
    for category in policy.categories:
        yield from _points(f"categories.{category.key}.purposes", category.purposes, purposes, "purpose")
        yield from _points(f"categories.{category.key}.term", (category.term,), terms, "retention term")
    for use in policy.contacts:
        yield from _points(f"contacts.{use.key}.term", (use.term,), terms, "retention term")
    for recipient in policy.recipients:
        yield from _points(f"recipients.{recipient.key}.purposes", recipient.purposes, purposes, "purpose")
        yield from _points(f"recipients.{recipient.key}.categories", recipient.categories, categories, "category")
    for template in policy.templates:
        yield from _points(f"templates.{template.key}.recipient", (template.recipient,), recipients, "recipient")
        yield from _points(f"templates.{template.key}.purpose", (template.purpose,), purposes, "purpose")
    for purpose in policy.purposes:
        deleted = purpose.deletes.categories if purpose.deletes is not None else ()
        yield from _points(f"purposes.{purpose.key}.deletes.categories", deleted, categories, "category")
    for condition in policy.conditions:
        if condition.purpose is not None:
            yield from _points(f"conditions.{condition.key}.purpose", (condition.purpose,), purposes, "purpose")


def unkept_fields(policy: Policy, known: Mapping[str, str]) -> Iterator[Mistake]:
    """Yield each field that a rule, a file or a deletion names and that stands in no category."""
    named = [(f"conditions.{part.key}.fields", part.fields) for part in policy.conditions]
    named += [("checked.fields", policy.checked.fields)]
    named += [(f"templates.{template.key}.fields", template.fields) for template in policy.templates]
    named += [(f"purposes.{part.key}.deletes.fields", part.deletes.fields) for part in policy.purposes if part.deletes]
    for path, fields in named:
        for field in fields:
            if not policy.allows(field):
                own = f' (it belongs to "{known[field]}")' if field in known else nearest(field, policy.fields)
                yield path, f'"{field}" stands in no category, so the school doesn\'t keep it{own}'


def unknown_fields(policy: Policy, known: Mapping[str, str]) -> Iterator[Mistake]:
    """Yield each entry of a category that the portal hasn't, or has in another category."""
    for category in policy.categories:
        path = f"categories.{category.key}.fields"
        for entry in category.entries:
            table, _, column = entry.partition(".")
            held = {
                known[field] for field in known if field == entry or (column == "*" and field.startswith(f"{table}."))
            }
            if not held:
                yield path, f'the portal has no "{entry}"{nearest(entry, known)}'
            elif category.key not in held:
                yield path, f'"{entry}" belongs to the category "{", ".join(sorted(held))}" and is wanted there'
