"""Forms by which people are told that the school has their data, as `ids_sent` has the others."""

from uuid import UUID

from tests.house.ids_sent import Place, Sent


def _ticked(_: Place, person_id: UUID) -> dict[str, str]:
    return {"wie": str(person_id)}


def _sent(path: str) -> Sent:
    return Sent("privacy_staff", lambda _: path, _ticked, "learner", lambda place: place.beyond.id)


TOLD: dict[str, Sent] = {
    "who is to be told, before a mail goes": _sent("/nog-niet-verteld/nakijken"),
    "who is told by mail": _sent("/nog-niet-verteld"),
    "who is told by a printed letter": _sent("/nog-niet-verteld/brieven"),
    "who was sent a letter": _sent("/nog-niet-verteld/brieven/verstuurd"),
}
