"""The tables of words: every table names its source, and what they say exists here."""

import re
from pathlib import Path

import pytest

from signals.formats import vocabulary_sharing, vocabulary_suppliers
from signals.formats.kinds import RSIT
from tests.conftest import SHARED

FOLDER = Path(vocabulary_sharing.__file__).parent
TABLE = re.compile(r"^[A-Z_]+: (?:Mapping|tuple)\[.*?^[)}]", re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("path", sorted(FOLDER.glob("vocabulary*.py")), ids=lambda path: path.stem)
def test_every_table_says_where_its_rows_come_from(path: Path) -> None:
    for table in TABLE.findall(path.read_text()):
        assert "# " in table or "for each in" in table, table[:80]


def test_kinds_are_types_of_rsit() -> None:
    said = {*vocabulary_sharing.MISP_KINDS.values(), *vocabulary_sharing.STIX_INDICATOR_TYPES.values()}
    said |= {vocabulary_suppliers.OUTAGE, vocabulary_suppliers.VULNERABLE}
    assert said <= set(RSIT.values())


@pytest.mark.shared
def test_the_examples_with_standard_markings_use_ids_that_we_know() -> None:
    written = (SHARED / "samples" / "signals" / "stix21" / "using-marking-definitions.json").read_text()
    assert any(marking in written for marking in vocabulary_sharing.STIX_TLP)
