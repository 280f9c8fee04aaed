"""One real-shaped document of each JSON format with a shape of its own, to mutate and to hold against each other."""

from typing import Any

from tests.unit.signals.formats import test_azure, test_csaf, test_formats, test_misp, test_statuspage, test_stix21

DOCUMENTS: dict[str, Any] = {
    "driehoek": test_formats.OURS,
    "cloudevents": test_formats.EVENT,
    "alertmanager": test_formats.GROUP,
    "statuspage": test_statuspage.about(components=[{"id": "k", "name": "Zaken"}]),
    "azure": test_azure.ALERT,
    "stix21": test_stix21.bundle(test_stix21.IDENTITY, test_stix21.INDICATOR, test_stix21.SIGHTING),
    "misp": {"Event": {**test_misp.EVENT, "Attribute": [{**test_misp.ATTRIBUTE, "Sighting": [test_misp.SIGHTING]}]}},
    "csaf": test_csaf.ADVISORY,
}
