"""Words of those who share threat information (STIX, MISP) and what they mean to us. Each table names its source."""

from collections.abc import Mapping

from domain.severity import Severity
from domain.tlp import Tlp
from signals.normal import Certainty

STIX_TLP: Mapping[str, Tlp] = {
    # STIX 2.1 section 7.2.1.4: the marking definitions of TLP 1.0.
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": Tlp.CLEAR,
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": Tlp.GREEN,
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": Tlp.AMBER,
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": Tlp.RED,
    # OASIS cti-stix-common-objects, extension definition TLP 2.0.
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": Tlp.CLEAR,
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": Tlp.GREEN,
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": Tlp.AMBER,
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": Tlp.AMBER_STRICT,
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": Tlp.RED,
}
STIX_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
"""OASIS cti-stix-common-objects: the extension in which a marking says `tlp_2_0`."""
STIX_TYPES = frozenset(
    # STIX 2.1 sections 4, 5, 6 and 7: every object there is.
    {
        *("attack-pattern", "campaign", "course-of-action", "grouping", "identity", "incident", "indicator"),
        *("infrastructure", "intrusion-set", "location", "malware", "malware-analysis", "note", "observed-data"),
        *("opinion", "report", "threat-actor", "tool", "vulnerability", "relationship", "sighting"),
        *("artifact", "autonomous-system", "directory", "domain-name", "email-addr", "email-message", "file"),
        *("ipv4-addr", "ipv6-addr", "mac-addr", "mutex", "network-traffic", "process", "software", "url"),
        *("user-account", "windows-registry-key", "x509-certificate"),
        *("marking-definition", "extension-definition", "language-content"),
    }
)
STIX_OBSERVABLES = frozenset({"domain-name", "ipv4-addr", "ipv6-addr", "url"})
"""STIX 2.1 section 6: objects whose `value` is something we compare. A `file` is compared by its hashes."""
STIX_INDICATOR_TYPES: Mapping[str, str] = {
    # STIX 2.1 section 10.11, indicator-type-ov; the types of RSIT lie nearest.
    "compromised": "intrusions/system-compromise",
    "anonymization": "information-gathering/scanner",
    "malicious-activity": "other/undetermined",
}
STIX_HARMLESS = "benign"
"""The same vocabulary: nothing is wrong."""
CONFIDENCE_FROM: tuple[tuple[int, Certainty], ...] = (
    # STIX 2.1 appendix A, scale None/Low/Med/High: 70 and more is high, 1 and more is low or medium.
    (70, Certainty.BEVESTIGD),
    (1, Certainty.WAARSCHIJNLIJK),
)
CAMPAIGNS = frozenset({"campaign", "intrusion-set"})
MISP_DISTRIBUTION: Mapping[str, Tlp] = {
    # MISP core format (draft-dulaunoy-misp-core-format) 2.2.1.13, `distribution`; our own reading of who that leaves.
    "0": Tlp.AMBER_STRICT,  # your organisation only
    "1": Tlp.AMBER,  # this community only
    "2": Tlp.GREEN,  # connected communities
    "3": Tlp.CLEAR,  # all communities
    "4": Tlp.AMBER_STRICT,  # a sharing group, whose members we do not know
    # 5 = as the event: no statement of its own.
}
MISP_THREAT_LEVEL: Mapping[str, Severity] = {
    # MISP core format 2.2.1.5, `threat_level_id`.
    "1": Severity.ERNSTIG,
    "2": Severity.VERSTOORD,
    "3": Severity.WAAKZAAM,
    "4": Severity.ONBEKEND,
}
MISP_OBSERVABLES = frozenset(
    # MISP core format 2.4.2.1, `type`: those that are something we compare.
    {
        *("ip-src", "ip-dst", "domain", "hostname", "url", "uri", "md5", "sha1", "sha224", "sha256", "sha384"),
        *("sha512", "ip-src|port", "ip-dst|port", "hostname|port", "domain|ip"),
        *("filename|md5", "filename|sha1", "filename|sha224", "filename|sha256", "filename|sha384", "filename|sha512"),
    }
)
MISP_KINDS: Mapping[str, str] = {
    # MISP taxonomies: CIRCL (circl:incident-classification), eCSIRT (ecsirt), Europol and ENISA words, to RSIT.
    "phishing": "fraud/phishing",
    "malware": "malicious-code/infected-system",
    "ransomware": "malicious-code/infected-system",
    "trojan": "malicious-code/infected-system",
    "worm": "malicious-code/infected-system",
    "virus": "malicious-code/infected-system",
    "botnet-drone": "malicious-code/infected-system",
    "infected-system": "malicious-code/infected-system",
    "c&c": "malicious-code/c2-server",
    "c2-server": "malicious-code/c2-server",
    "malware-configuration": "malicious-code/malware-configuration",
    "spam": "abusive-content/spam",
    "scan": "information-gathering/scanner",
    "scanner": "information-gathering/scanner",
    "sniffing": "information-gathering/sniffing",
    "social-engineering": "information-gathering/social-engineering",
    "ids-alert": "intrusion-attempts/ids-alert",
    "brute-force": "intrusion-attempts/brute-force",
    "exploit": "intrusion-attempts/exploit",
    "system-compromise": "intrusions/system-compromise",
    "compromised": "intrusions/system-compromise",
    "application-compromise": "intrusions/application-compromise",
    "defacement": "intrusions/application-compromise",
    "denial-of-service": "availability/dos",
    "dos": "availability/dos",
    "ddos": "availability/ddos",
    "sabotage": "availability/sabotage",
    "outage": "availability/outage",
    "information-leak": "information-content-security/data-leak",
    "data-leak": "information-content-security/data-leak",
    "copyright": "fraud/copyright",
    "masquerade": "fraud/masquerade",
    "vulnerability": "vulnerable/vulnerable-system",
    "vulnerable-system": "vulnerable/vulnerable-system",
}
MISP_CAMPAIGNS = (
    # MISP galaxies, in the order in which they name one wave.
    "campaign",
    "mitre-campaign",
    "threat-actor",
    "mitre-intrusion-set",
    "ransomware",
    "banker",
    "botnet",
)
MISP_SIGHTING_SEEN, MISP_SIGHTING_FALSE, MISP_SIGHTING_EXPIRED = "0", "1", "2"
"""MISP core format 2.5, `type` of a sighting."""
