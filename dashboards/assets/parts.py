"""Which third-party files go to the browser, from which package, under which name."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Part:
    """One file of an npm package."""

    package: str
    path: str
    name: str


SCRIPTS = (Part(package="idiomorph", path="dist/idiomorph.min.js", name="idiomorph.js"),)
EXPORTS = {"idiomorph.js": "\nexport {Idiomorph};\n"}
"""The small build of idiomorph is a plain script; this line makes it a module."""

STYLES = tuple(
    Part(package=f"@nl-design-system-candidate/{name}-css", path=f"dist/{name}.css", name=f"{name}.css")
    for name in ("button", "data-badge", "heading", "link", "paragraph", "skip-link")
)

FONTS = tuple(
    Part(
        package="@fontsource-variable/noto-sans",
        path=f"files/noto-sans-{subset}-wght-normal.woff2",
        name=f"noto-sans-{subset}.woff2",
    )
    for subset in ("latin", "latin-ext")
)

ICON_PACKAGE = "lucide-static"
ICONS = (
    "activity",
    "arrow-right",
    "ban",
    "bell",
    "building-2",
    "check",
    "circle",
    "circle-check",
    "circle-dashed",
    "circle-x",
    "clipboard-list",
    "clock",
    "diamond",
    "eye",
    "file-text",
    "flask-conical",
    "info",
    "landmark",
    "languages",
    "link",
    "log-out",
    "message-square-warning",
    "pause",
    "phone",
    "play",
    "printer",
    "refresh-cw",
    "scale",
    "scroll-text",
    "shield",
    "shield-alert",
    "siren",
    "skip-forward",
    "split",
    "triangle-alert",
    "users",
    "wifi",
    "wifi-off",
)

TEST_ONLY = "axe-core"
"""Never shipped: the accessibility tests read it from node_modules."""
