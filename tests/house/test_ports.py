"""Ports: what lower features need from higher ones. Each is listed here, and connected in `portal/ports.py` alone."""

import ast
import gc
from collections.abc import Iterator
from pathlib import Path

from portal import wiring
from portal.core.ports import Port

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
WIRING = PORTAL / "wiring.py"
CONNECTED = PORTAL / "ports.py"
PORTS = {
    "core.derivations": "how what is derived in a row is made anew when one of its sources is erased",
    "core.shared_holdings": "takes the part of people who are erased out of what is held of several",
    "core.traces": "clears where an erased value came from, and what was proposed for it",
    "core.closed_to": "whose data may not be used for a purpose now, as mails and lists ask",
    "core.closed_to_contact": "whether a contact may not be mailed for a purpose now, as each mail asks",
    "core.staff_accounts": "which accounts are of who works here, so that they outlast the erasure of what else she is",
    "core.applied_again": "how endings of each kind are applied again to a database that was put back from a backup",
    "core.tried_endings": "how a drill tries endings of each kind: what of them still holds or opens something",
    "core.outlasting_again": "keeps without names what a restore erases again, as it was kept the first time",
    "core.voided": "what such a database holds that counts for nothing any more: sessions, links, waiting mails",
    "accounts.sign_in_refusal": "why an account that proved its password opens nothing today",
    "schools.still_open": "how many requests, complaints and incidents are open at a school that leaves",
    "organisations.trajectory_counts": "how many trajectories a client pays for, for the list of organisations",
    "organisations.reference_counts": "which rows that outlive an organisation name it, so that it can't be removed",
    "organisations.still_asks": "whether a contact waits for an answer to a request or complaint: she stays until then",
    "organisations.held": "which contacts a hold keeps past their terms: nothing of theirs goes until it ends",
    "organisations.before_erasure": "keeps what outlasts a contact without her: a no to news, a line in learners' logs",
    "contacts.certify": "certifies that a contact is erased whole without a request, before it is done",
    "contacts.held_for": "whether a feature holds a contact for a reason of its own, so that she isn't erased yet",
    "learners.entry_kinds": "the kinds of entries that stand under a learner, in the order of her record",
    "learners.entry_followers": "tells whom an entry of a record concerns that it was added, changed or removed",
    "learners.correctables": "what a learner may ask to correct, and how an accepted correction is stored",
    "attendance.register_followers": "what looks at a lesson's learners once its register is stored",
    "courses.lesson_followers": "tells who comes to a lesson that it was moved, cancelled or put back",
    "courses.register_counts": "how far the register of each lesson is, for its group's page",
    "courses.learners_at_once": "whether learners of a lesson that is planned have another at the same time",
    "courses.places_taken": "how many places of a group are taken, for its page and the list of groups",
    "learners.consents_in_force": "to what a learner consented, so that a field that rests on it may be kept",
    "purposes.restriction_lifted": "tells who was told of a restriction that it is over",
    "learners.representatives": "who acts or acted for a learner, for her record's page",
    "learners.corrected": "tells whoever had a value that it was replaced as the learner asked (AVG art. 19)",
    "learners.correction_heard_by": "who hears that a learner's own proposal was carried out, for her to read",
    "learners.before_correction": "whether what a parent changes may be stored where the other chose otherwise",
    "learners.acting_accounts": "the accounts of who may act for learners today, to tell them what happened",
    "learners.summary_facts": "a line of what other rooms keep of a learner, for the summary that opens her record",
    "learners.row_labels": "what rows about a learner in higher rooms are called, where two records become one",
    "purposes.told_elsewhere": "who was told of the privacy statement in a higher room, such as at an intake",
    "policy.public_figures": "how the school kept its promises, as was counted, for the public statement",
    "policy.version_followers": "what a new version of the policy ends: consents, and files made under them",
    "requests.code_labels": "what codes of columns in higher rooms are called, for a copy of somebody's data",
    "requests.filed": "what a request stops from the moment in which it is filed",
    "requests.erase": "erases what was granted because it was asked, with its certificate",
    "requests.still_here": "whether who asks to be erased works here or acts for somebody, and so can't go whole yet",
    "requests.legal_keeps": "what may not be erased though it was asked: by which law or case, and until when",
    "requests.identified": "what is made, or stands still, for a request once it is known who asks",
    "learners.merge_settlements": "how rows of two records agree before one becomes part of the other",
}


def trees() -> Iterator[tuple[Path, ast.Module]]:
    for path in sorted(PORTAL.rglob("*.py")):
        yield path, ast.parse(path.read_text())


def declared() -> list[str]:
    """The names of the ports that modules of the portal make."""
    return [
        node.args[0].value
        for _path, tree in trees()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id == "Port"
        and isinstance(node.args[0], ast.Constant)
        and isinstance(node.args[0].value, str)
    ]


def test_every_port_is_listed_here() -> None:
    assert sorted(declared()) == sorted(PORTS)


def test_every_port_is_connected_when_the_features_are_wired() -> None:
    wiring.connect()
    ports = {each.name: each for each in gc.get_objects() if isinstance(each, Port) and each.name in PORTS}
    assert set(ports) == set(PORTS)
    assert not [name for name, each in ports.items() if not each.all]


def test_a_port_is_called_by_the_feature_that_needs_it() -> None:
    features = {path.parent.name for path in PORTAL.glob("*/__init__.py")}
    assert not [name for name in declared() if name.partition(".")[0] not in features]


def test_ports_are_connected_in_one_place() -> None:
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path, tree in trees()
        if path not in {CONNECTED, PORTAL / "core" / "ports.py"}
        and any(isinstance(node, ast.ImportFrom) and node.module == "portal.core.ports" for node in ast.walk(tree))
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "connect"
    ]
    assert not strays


def test_only_the_wiring_loads_a_module_by_name() -> None:
    by_name = {"import_module", "__import__", "iter_modules", "walk_packages", "run_module", "run_path"}
    strays = [
        f"{path.relative_to(ROOT)}:{node.lineno} {name}"
        for path, tree in trees()
        if path != WIRING
        for node in ast.walk(tree)
        if isinstance(node, ast.Name | ast.Attribute | ast.alias)
        for name in [getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", "")]
        if name.rpartition(".")[2] in by_name
    ]
    assert not strays


def test_no_import_is_there_for_what_it_sets_off() -> None:
    """An imported name is used, or given on by the package itself; ruff can't be told otherwise."""
    strays = [f"{path.relative_to(ROOT)}" for path, _tree in trees() if "noqa: F401" in path.read_text()]
    for path, tree in trees():
        if path.name == "__init__.py":
            continue
        names = [
            (alias.asname or alias.name).partition(".")[0]
            for node in ast.walk(tree)
            if isinstance(node, ast.Import | ast.ImportFrom)
            for alias in node.names
        ]
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
        exported = {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        strays += [f"{path.relative_to(ROOT)}: {name}" for name in names if name not in used | exported]
    assert not strays
