"""A stand-in for the command of Allure: takes what the real one takes, and writes down what it was given."""

import sys
from pathlib import Path
from typing import Final

# Its pages hold what the real ones hold that matters here: the history, and the tags of analytics.
_SCRIPT: Final = """#!{python}
import json, pathlib, sys
words = sys.argv[1:]
if {npx!r}:
    assert words[:2] == ["--yes", "allure@3"]
    words = words[2:]
if words == ["--version"]:
    print({version!r})
    sys.exit(0)
option = lambda name: words[words.index(name) + 1]
if {fails!r}:
    sys.exit("\\x1b[31mSomething\\x1b[0m went wrong in Java\\n  at somewhere")
results = next(pathlib.Path(word) for word in words[1:] if pathlib.Path(word).name == "results")
names = sorted(json.loads(file.read_text())["name"] for file in results.glob("*-result.json"))
if {version!r}.startswith("2."):
    pages, title = pathlib.Path(option("--output")), option("--name")
    known = results / "history" / "history.json"
    before = json.loads(known.read_text()) if known.is_file() else []
    (pages / "history").mkdir(parents=True)
    (pages / "history" / "history.json").write_text(json.dumps([*before, len(names)]))
else:
    config = json.loads(pathlib.Path(option("--config")).read_text())
    pages, title, known = pathlib.Path(config["output"]), config["name"], pathlib.Path(config["historyPath"])
    assert config["categories"]["rules"]
    pages.mkdir()
    before = known.read_text().splitlines() if known.is_file() else []
    known.write_text("".join(line + "\\n" for line in [*before, str(len(names))]))
(pages / "index.html").write_text(
    f"<title>{{title}}</title><p>{{len(names)}} tests, {{len(before)}} runs before</p>"
    '<script async src="https://www.googletagmanager.com/gtag/js?id=G-X"></script>'
    "<script>\\n window.dataLayer = []; function gtag(){{}} gtag('config', 'G-X'); </script><script>keep()</script>"
)
"""


def put_allure(folder: Path, version: str, *, fails: bool = False, npx: bool = False) -> Path:
    """Put a stand-in into a folder that can be the PATH; `npx` is the one that fetches Allure 3 and runs it."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / ("npx" if npx else "allure")
    script.write_text(_SCRIPT.format(python=sys.executable, version=version, fails=fails, npx=npx), encoding="utf-8")
    script.chmod(0o755)
    return folder
