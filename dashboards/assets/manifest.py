"""Which hashed file stands behind a logical name; made by `dashboards.assets.build`."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

DIST = Path(__file__).parents[1] / "static" / "dist"


class AssetsMissingError(RuntimeError):
    """The browser files were not built. Run `make setup`."""


@dataclass(frozen=True)
class Assets:
    """The built files. `build` changes whenever one of them does."""

    build: str
    paths: Mapping[str, str]
    folder: Path

    def url(self, name: str) -> str:
        """Address of a file; KeyError for one that was not built."""
        return f"/static/{self.paths[name]}"

    @cached_property
    def served(self) -> frozenset[str]:
        """The only file names that are served."""
        return frozenset(self.paths.values())


def read_assets(folder: Path = DIST) -> Assets:
    """Read the manifest. Raises AssetsMissingError when set-up has not run."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text())
    except FileNotFoundError as error:
        raise AssetsMissingError((AssetsMissingError.__doc__ or "").strip()) from error
    paths = {name: about["path"] for name, about in manifest["files"].items()}
    return Assets(build=manifest["build"], paths=paths, folder=folder)
