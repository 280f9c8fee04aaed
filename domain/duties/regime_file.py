"""Reads the configuration file and says of each mistake where it stands: line, place and reason."""

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from domain.errors import InvalidError

Path = tuple[str | int, ...]
Fault = tuple[Path, str]
"""Where in the file, and why it is wrong."""
Model = TypeVar("Model", bound=BaseModel)
MOST = 10
"""Mistakes that one message names; more say nothing more."""
WORDS = {
    "missing": "ontbreekt",
    "extra_forbidden": "dit veld kennen wij niet",
    "too_short": "mag niet leeg zijn",
}


class DatesAsText(yaml.SafeLoader):
    """Leaves dates as they stand, so that one that does not exist is a mistake with a place, and no crash."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - the library declares it as a variable of the instance
        first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }


class RegimesError(InvalidError):
    """Het bestand met de regelingen klopt niet. De regelingen die golden blijven gelden."""

    code = "regelingen-kloppen-niet"


def read(text: str, model: type[Model], check: Callable[[Model], Iterable[Fault]]) -> Model:
    """The file as a checked value. Raises RegimesError that names line, place and reason."""
    try:
        root = yaml.compose(text, Loader=DatesAsText)
        data = yaml.load(text, Loader=DatesAsText)  # noqa: S506 - a SafeLoader that leaves dates alone
    except yaml.YAMLError as error:
        raise RegimesError(f"{_line_of(error)}dit is geen YAML: {getattr(error, 'problem', None) or error}") from error
    if not isinstance(data, dict) or root is None:
        raise RegimesError("regel 1: het bestand bevat geen regelingen")
    found = list(_doubled(root, ()))
    try:
        value = model.model_validate(data)
    except ValidationError as error:
        found += [(tuple(each["loc"]), _reason(each)) for each in error.errors(include_url=False)]
        raise _refused(root, found) from error
    found += check(value)
    if found:
        raise _refused(root, found)
    return value


def _refused(root: yaml.Node, found: list[Fault]) -> RegimesError:
    named = [f"regel {_line(root, path)}, {'.'.join(map(str, path))}: {reason}" for path, reason in found[:MOST]]
    more = [f"en nog {len(found) - MOST}"] if len(found) > MOST else []
    return RegimesError("; ".join([*named, *more]))


def _reason(error: Any) -> str:
    kind = error["type"]
    if kind in WORDS:
        return WORDS[kind]
    if kind == "literal_error":
        return f"{error['input']!r} kennen wij niet; kies {error['ctx']['expected']}"
    return f"{error['input']!r} klopt niet ({error['msg']})"


def _line_of(error: yaml.YAMLError) -> str:
    mark = getattr(error, "problem_mark", None)
    return f"regel {mark.line + 1}: " if mark else ""


def _line(node: yaml.Node, path: Path) -> int:
    """The line of this place, or of the nearest one around it that is there."""
    for step in path:
        inner = _inside(node, step)
        if inner is None:
            break
        node = inner
    return int(node.start_mark.line) + 1


def _inside(node: yaml.Node, step: str | int) -> yaml.Node | None:
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step]  # type: ignore[no-any-return]  # a node of the file
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((value for key, value in pairs if key.value == step), None)


def _doubled(node: yaml.Node, path: Path) -> Iterable[Fault]:
    """Keys that stand twice in one mapping: YAML would silently keep the last."""
    if isinstance(node, yaml.SequenceNode):
        for place, each in enumerate(node.value):
            yield from _doubled(each, (*path, place))
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, value in node.value:
            if key.value in seen:
                yield (*path, key.value), "staat er twee keer"
            seen.add(key.value)
            yield from _doubled(value, (*path, key.value))
