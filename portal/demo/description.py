"""`var/demo.json`: where the demo is and how to sign in to it, for people and for programs."""

import json
from pathlib import Path
from typing import Any

from portal.demo.world.online import LEARNER, REPRESENTATIVE
from portal.demo.world.plan import PASSWORD, PLANS, STAFF_ROLES, SchoolPlan
from portal.demo.world.staff import FIRST, totp_secret
from portal.permissions import Role


def write(path: Path, port: int, settings: dict[str, str]) -> None:
    """Write it whole or not at all."""
    described = {
        "base": f"http://localhost:{port}",
        "schools": {plan.slug: _school(plan, port) for plan in PLANS},
        "database": settings["DATABASE_URL"],
        "database_owner": settings["PORTAL_MIGRATE_DATABASE_URL"],
        "keys": settings["PORTAL_KEYS_URL"],
        "keys_copy": settings["PORTAL_KEYS_COPY_URL"],
        "redis": settings["REDIS_URL"],
        "mail": settings["PORTAL_MAIL_DIR"],
    }
    new = path.with_suffix(".new")
    new.touch(mode=0o600)
    new.write_text(json.dumps(described, indent=2, ensure_ascii=False) + "\n")
    new.rename(path)


def _school(plan: SchoolPlan, port: int) -> dict[str, Any]:
    locals_by_role = {role: FIRST[role] for role in STAFF_ROLES}
    locals_by_role |= {Role.LEARNER: LEARNER, Role.REPRESENTATIVE: REPRESENTATIVE}
    return {
        "name": plan.name,
        "address": f"http://{plan.host}:{port}",
        "learners": plan.learners,
        "sign_ins": {role.value: _sign_in(plan, role, local) for role, local in locals_by_role.items()},
    }


def _sign_in(plan: SchoolPlan, role: Role, local: str) -> dict[str, str]:
    sign_in = {"email": f"{local}@{plan.slug}.example", "password": PASSWORD}
    if role in plan.second_factor:
        sign_in["totp_secret"] = totp_secret(plan, role)
    return sign_in
