"""The text that goes with a hand-over, in Dutch and English: what lies where, and how one reads it."""

_TEXT = """\
# Gegevens van {slug}

Gemaakt op {made_at}. Dit zijn alle gegevens van uw school uit Inzage, leesbaar zonder Inzage.

- `tables/`: per tabel één CSV-bestand (UTF-8, komma, eerste regel zijn de kolommen). Een lege cel is geen waarde.
- `schemas/`: per tabel een JSON Schema: soort waarde, categorie, en naar welke tabel een id verwijst.
- `files/`: de opgeslagen bestanden, ontsleuteld. De naam is het id uit `tables/stored_file.csv`.
- `policy/`: elke versie van uw privacybeleid, zoals gepubliceerd.
- `manifest.json`: aantallen, en wat er niet bij zit met de reden. Wat gewist is, komt niet terug.
- `SHA256SUMS`: controleer met `sha256sum -c SHA256SUMS`.

Deze map bevat persoonsgegevens. Bewaar haar versleuteld en geef haar alleen aan wie ervoor bevoegd is.

# Data of {slug}

Made at {made_at}. This is all data of your school from Inzage, to be read without Inzage.

- `tables/`: a CSV file for each table (UTF-8, comma, the first line has the columns). An empty cell is no value.
- `schemas/`: a JSON Schema for each table: kind of value, category, and to which table an id points.
- `files/`: the stored files, decrypted. Each is called by its id in `tables/stored_file.csv`.
- `policy/`: each version of your privacy policy, as it was published.
- `manifest.json`: counts, and what is left out with the reason. What was erased doesn't come back.
- `SHA256SUMS`: check with `sha256sum -c SHA256SUMS`.

This folder holds personal data. Keep it encrypted, and give it only to who may have it.
"""


def readme(slug: str, made_at: str) -> str:
    """Return the text for a school."""
    return _TEXT.format(slug=slug, made_at=made_at)
