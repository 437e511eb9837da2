"""The look keeps its rules: readable in any school's colour, no left or right, a light first page."""

import gzip
import json
import math
import re
from itertools import product
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SHEETS = sorted((ROOT / "static/css").glob("*.css"))
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
CHROMAS = (0.0, 0.05, 0.09, 0.14, 0.2)
HUES = range(0, 360, 15)
ON_GROUND = [(text, ground, 4.5) for text in ("ink", "muted", "accent") for ground in ("paper", "card", "quiet")]
ON_TINT = [(text, f"{text}-soft", 4.5) for text in ("good", "late", "bad", "accent")]
ON_CARD = [(text, "card", 4.5) for text in ("good", "late", "bad", "second")]
SEEN = [
    ("ink", "accent-soft", 4.5),
    ("on-accent", "accent", 4.5),
    ("on-accent", "accent-deep", 4.5),
    ("edge", "card", 3.0),
]
PAIRS = ON_GROUND + ON_TINT + ON_CARD + SEEN


def plain(path: Path) -> str:
    return re.sub(r"/\*.*?\*/|url\([^)]*\)", "", path.read_text(), flags=re.S)


def tokens(dark: bool) -> dict[str, str]:
    """Read the colours from the sheet as they stand in light or in dark."""
    light, _, rest = (ROOT / "static/css/inzage.css").read_text().partition("@media (prefers-color-scheme: dark)")
    found = re.findall(r"--([a-z-]+):\s*([^;]+);", light)
    if dark:
        found += re.findall(r"--([a-z-]+):\s*([^;]+);", rest.partition("@media")[0])
    return dict(found)


def luminance(value: str, hue: float, chroma: float) -> float:
    """Return the relative luminance (WCAG) of #fff or of an oklch() colour made from the school's hue and chroma."""
    if value == "#fff":
        return 1.0
    inside = re.sub(r"var\(--school-h\)", str(hue), value.removeprefix("oklch(").removesuffix(")"))
    inside = re.sub(r"calc\(var\(--school-c\) \* ([\d.]+)\)", lambda m: str(chroma * float(m[1])), inside)
    inside = inside.replace("var(--school-c)", str(chroma))
    lightness, c, h = inside.split()
    return _from_oklch(float(lightness.rstrip("%")) / 100, float(c), math.radians(float(h)))


def _from_oklch(lightness: float, c: float, h: float) -> float:
    a, b = c * math.cos(h), c * math.sin(h)
    l3 = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m3 = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s3 = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    red = 4.0767416621 * l3 - 3.3077115913 * m3 + 0.2309699292 * s3
    green = -1.2684380046 * l3 + 2.6097574011 * m3 - 0.3413193965 * s3
    blue = -0.0041960863 * l3 - 0.7034186147 * m3 + 1.7076147010 * s3
    clipped = [min(1.0, max(0.0, part)) for part in (red, green, blue)]
    return 0.2126 * clipped[0] + 0.7152 * clipped[1] + 0.0722 * clipped[2]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_text_stays_readable_in_every_colour_a_school_may_choose(dark: bool) -> None:
    known = tokens(dark)
    weak = []
    for (text, ground, wanted), hue, chroma in product(PAIRS, HUES, CHROMAS):
        low, high = sorted((luminance(known[text], hue, chroma), luminance(known[ground], hue, chroma)))
        if (high + 0.05) / (low + 0.05) < wanted:
            weak.append((text, ground, hue, chroma, round((high + 0.05) / (low + 0.05), 2)))
    assert not weak


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_knows_no_left_and_right(sheet: Path) -> None:
    text = re.sub(r"\[dir=rtl\][^{]*{[^}]*}|env\(safe-area-inset-\w+\)", "", plain(sheet))
    physical = re.findall(
        r"(?:margin|padding|border|inset)-(?:left|right)|\b(?:left|right)\s*:|text-align:\s*(?:left|right)", text
    )
    assert not physical


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda path: path.name)
def test_a_sheet_fetches_only_what_is_ours(sheet: Path) -> None:
    assert not re.findall(r"https?:|//[a-z]", re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.S))


def test_every_token_that_is_used_exists() -> None:
    text = "\n".join(plain(path) for path in SHEETS)
    used = set(re.findall(r"var\(--(?!pico-)([a-z-]+)", text))
    assert used <= set(re.findall(r"--([a-z-]+):", text))


def test_the_version_of_pico_is_the_locked_one() -> None:
    wanted = json.loads((ROOT / "package.json").read_text())["dependencies"]["@picocss/pico"]
    assert f"pico.classless.min.css?v={wanted}" in (ROOT / "static/css/inzage.css").read_text()
    assert f'filename="vendor/pico.classless.min.css", v="{wanted}"' in (ROOT / "templates/base.html").read_text()


def test_every_drawing_exists() -> None:
    shapes = set(re.findall(r'^  "([a-z]+)": \'<', (ROOT / "templates/components/icons.html").read_text(), re.M))
    asked = {name for path in TEMPLATES for name in re.findall(r'icon\("([a-z_]+)"\)', path.read_text())}
    assert asked <= shapes


def test_styles_and_script_of_the_first_page_are_light() -> None:
    parts = [
        *SHEETS,
        ROOT / "static/js/app.js",
        *(ROOT / "static/vendor" / name for name in ("pico.classless.min.css", "htmx.min.js")),
    ]
    packed = sum(len(gzip.compress(path.read_bytes(), 6)) for path in parts)
    assert packed <= 50 * 1024
