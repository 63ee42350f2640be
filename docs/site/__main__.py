"""Lays the site out below build/: `python -m docs.site`, then `zensical build --strict -f build/mkdocs.yml`."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from docs.site.contents import OUTSIDE, contents, inwards
from docs.site.reference import PAGES

ROOT = Path(__file__).resolve().parents[2]
BUILD = ROOT / "build"

#: Fonts are those of the reader: a page fetches nothing from elsewhere.
CONFIGURATION: dict[str, Any] = {  # Any: what a YAML file holds
    "site_name": "Preflight",
    "site_description": "Tells whether a Rocket.Chat deployment keeps the promises of its public API documentation.",
    "docs_dir": "docs",
    "site_dir": "site",
    "theme": {
        "name": "material",
        "font": False,
        "features": ["navigation.sections", "navigation.top", "navigation.footer", "content.code.copy"],
        "palette": [
            {
                "media": "(prefers-color-scheme: light)",
                "scheme": "default",
                "toggle": {"icon": "lucide/moon", "name": "Dark"},
            },
            {
                "media": "(prefers-color-scheme: dark)",
                "scheme": "slate",
                "toggle": {"icon": "lucide/sun", "name": "Light"},
            },
        ],
    },
    "plugins": ["search"],
    "markdown_extensions": [
        "tables",
        {"toc": {"permalink": True}},
        "pymdownx.highlight",
        "pymdownx.superfences",
    ],
}


def lay_out() -> None:
    """Write pages, reference and configuration."""
    pages = BUILD / "docs"
    shutil.rmtree(pages, ignore_errors=True)
    for source in sorted((ROOT / "docs").rglob("*.md")):
        _write(pages / source.relative_to(ROOT / "docs"), inwards(source.read_text(encoding="utf-8"), outside=False))
    for there, here in OUTSIDE.items():
        text = (ROOT / there.removeprefix("../")).read_text(encoding="utf-8")
        _write(pages / here, inwards(text, outside=True))
    for name, write in PAGES.items():
        _write(pages / name, write())
    index = (ROOT / "docs" / "index.md").read_text(encoding="utf-8")
    generated = {"Generated from the code": list(PAGES)}
    nav = [{"Contents": "index.md"}, {"README": "readme.md"}, *contents(index), generated]
    _write(BUILD / "mkdocs.yml", yaml.safe_dump({**CONFIGURATION, "nav": nav}, sort_keys=False, allow_unicode=True))


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    lay_out()
