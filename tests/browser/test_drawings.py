"""The contact sheet: every drawing as Chromium paints it, in both themes, each unlike the others.

SCREENSHOTS=<folder> keeps the sheets, to be looked at.
"""

import os
from base64 import b64encode
from itertools import combinations
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, Page

from exercises import pictures

COLUMNS, WIDE, HIGH = 6, 240, 180
# Of the area of a drawing, what must look different between two motions; and by how much of 255.
LEAST_SHARE = 0.03
SEEN = 48
LEAST_CONTRAST = 3.0
# (what is drawn, what it lies on): WCAG 2.2, 1.4.11.
PAIRS = [
    ("moving edge", "ground"),
    ("moving edge", "rest skin"),
    ("moving edge", "moving skin"),
    ("rest edge", "ground"),
    ("ghost edge", "ground"),
    ("helper edge", "ground"),
    ("helper edge", "moving skin"),
    ("way", "ground"),
    ("way", "bed"),
    ("pad-edge", "rest skin"),
]
MEASURE = """([picture, columns, wide, high, seen, pairs]) => new Promise(done => {
  const image = new Image();
  image.onload = () => {
    const canvas = document.createElement('canvas');
    canvas.width = image.width; canvas.height = image.height;
    const pen = canvas.getContext('2d', {willReadFrequently: true});
    pen.drawImage(image, 0, 0);
    const cell = n => pen.getImageData((n % columns) * wide, Math.floor(n / columns) * high,
      wide, high).data;
    const cells = new Map();
    const get = n => { if (!cells.has(n)) cells.set(n, cell(n)); return cells.get(n); };
    done(pairs.map(([a, b]) => {
      const one = get(a), other = get(b);
      let different = 0;
      for (let i = 0; i < one.length; i += 4) {
        const far = Math.max(Math.abs(one[i] - other[i]), Math.abs(one[i + 1] - other[i + 1]),
          Math.abs(one[i + 2] - other[i + 2]));
        if (far > seen) different += 1;
      }
      return different / (wide * high);
    }));
  };
  image.src = 'data:image/png;base64,' + picture;
})"""
COLOURS = """() => {
  const svg = document.querySelector('svg.drawing');
  const read = (name, property) => {
    const each = document.createElementNS('http://www.w3.org/2000/svg', 'path');
    each.setAttribute('class', name); svg.append(each);
    const found = getComputedStyle(each)[property]; each.remove();
    return found;
  };
  const edges = ['moving edge', 'rest edge', 'ghost edge', 'helper edge', 'way'];
  const fills = ['ground', 'bed', 'moving skin', 'rest skin'];
  return {...Object.fromEntries(edges.map(name => [name, read(name, 'stroke')])),
    ...Object.fromEntries(fills.map(name => [name, read(name, 'fill')])),
    'pad-edge': read('pad', 'stroke')};
}"""

MOTIONS = sorted(pictures.motions_drawn())
MUSCLES = sorted(pictures.muscles_drawn())


def _sheet(page: Page, drawn: list[str]) -> None:
    style = Path(finders.find("exercises/drawings.css")).read_text("utf-8")
    grid = (
        "body { margin: 0; display: grid; align-content: start;"
        f" grid-template-columns: repeat({COLUMNS}, {WIDE}px); grid-auto-rows: {HIGH}px }}"
    )
    page.set_content(
        f"<!doctype html><html lang=en><title>-</title><style>{style}{grid}</style>"
        + "".join(drawn)
    )


@pytest.fixture(params=["light", "dark"])
def theme(request: pytest.FixtureRequest) -> str:
    return request.param


@pytest.fixture
def paper(chrome: Browser, theme: str) -> Page:
    context = chrome.new_context(
        viewport={"width": COLUMNS * WIDE, "height": 12 * HIGH}, color_scheme=theme
    )
    yield context.new_page()
    context.close()


def _photograph(page: Page, name: str) -> str:
    picture = page.screenshot(full_page=True)
    if folder := os.environ.get("SCREENSHOTS"):
        Path(folder).mkdir(parents=True, exist_ok=True)
        (Path(folder) / f"{name}.png").write_bytes(picture)
    return b64encode(picture).decode()


def test_each_drawing_can_be_told_from_every_other_without_reading(paper: Page, theme: str) -> None:
    drawn = [pictures.drawing(motion=each, language="en") for each in MOTIONS]
    drawn += [pictures.drawing(muscle=each, language="zh-Hans") for each in MUSCLES]
    _sheet(paper, drawn)
    picture = _photograph(paper, f"drawings-{theme}")
    names = [*MOTIONS, *MUSCLES]
    pairs = list(combinations(range(len(names)), 2))
    shares = paper.evaluate(MEASURE, [picture, COLUMNS, WIDE, HIGH, SEEN, pairs])
    alike = {
        f"{names[a]} / {names[b]}": round(share, 4)
        for (a, b), share in zip(pairs, shares, strict=True)
        if share < LEAST_SHARE
    }
    assert alike == {}


def test_the_left_side_and_a_shorter_way_look_different(paper: Page, theme: str) -> None:
    drawn = []
    for motion in MOTIONS:
        own = pictures.motions_drawn()[motion]
        shorter = own.start_degrees + (own.end_degrees - own.start_degrees) * 0.4
        drawn += [
            pictures.drawing(motion=motion, language="en"),
            pictures.drawing(motion=motion, side="left", language="en"),
            pictures.drawing(motion=motion, end_degrees=shorter, language="en"),
        ]
    _sheet(paper, drawn)
    pairs = [(first, first + other) for first in range(0, len(drawn), 3) for other in (1, 2)]
    picture = _photograph(paper, f"drawings-in-a-plan-{theme}")
    shares = paper.evaluate(MEASURE, [picture, COLUMNS, WIDE, HIGH, SEEN, pairs])
    least = dict(zip(pairs, shares, strict=True))
    unchanged = {
        MOTIONS[a // 3]: round(share, 4) for (a, _), share in least.items() if share < 0.004
    }
    assert unchanged == {}


def test_lines_can_be_seen_in_both_themes(paper: Page, theme: str) -> None:
    _sheet(paper, [pictures.drawing(motion="knee.flexion", language="en")])
    colours = {name: _parts(said) for name, said in paper.evaluate(COLOURS).items()}
    faint = {
        pair: round(contrast, 2)
        for pair in PAIRS
        if (contrast := _contrast(colours[pair[0]], colours[pair[1]])) < LEAST_CONTRAST
    }
    assert faint == {}


def test_a_drawing_in_a_file_of_its_own_follows_the_theme(paper: Page, theme: str) -> None:
    svg = pictures.drawing(motion="knee.flexion", language="en", standalone=True)
    paper.goto("data:image/svg+xml;base64," + b64encode(svg.encode()).decode())
    ground = paper.evaluate("getComputedStyle(document.querySelector('.ground')).fill")
    assert (_luminance(_parts(ground)) > 0.5) is (theme == "light")


def _parts(colour: str) -> tuple[float, ...]:
    """Red, green and blue of rgb(1, 2, 3)."""
    return tuple(float(each) for each in colour.partition("(")[2].rstrip(")").split(",")[:3])


def _contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    lighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: tuple[float, ...]) -> float:
    linear = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
