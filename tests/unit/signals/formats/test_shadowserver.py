"""Shadowserver: variants of the header, kinds by file and by tag, rows refused one by one, empty reports."""

import pytest

from domain.severity import Severity
from domain.tlp import Tlp
from signals.formats.kinds import SHADOWSERVER_REPORTS, SHADOWSERVER_TAGS
from signals.normal import Certainty
from tests.unit.signals.asking import NOON, reading, signal

NEW = '"timestamp","severity","ip","protocol","port","hostname","tag","asn","geo"'
OLD = "timestamp,ip,port,asn,geo,region,city,hostname,type,infection"
EVENT4 = "timestamp,protocol,src_ip,src_port,src_asn,src_geo,dst_ip,dst_port,tag"
ROW = '"2026-11-24 09:00:00","critical","192.0.2.1","tcp","443","Mail.Voorbeeld.NL","ssl;ssl-poodle","64496","NL"'


def report(header: str, *rows: str) -> str:
    return "\r\n".join((header, *rows, ""))


def test_a_row_becomes_one_signal() -> None:
    found = signal(report(NEW, ROW))
    assert (found.format, found.rsit, found.severity) == ("shadowserver", "vulnerable/weak-crypto", Severity.ERNSTIG)
    assert found.observables == ("192.0.2.1", "mail.voorbeeld.nl")
    assert (found.observed_at.hour, found.observed_original) == (9, "2026-11-24 09:00:00")
    assert (found.tlp, found.certainty, found.unknown["asn"]) == (Tlp.AMBER, Certainty.BEVESTIGD, "64496")


@pytest.mark.parametrize(
    ("header", "row", "rsit"),
    [
        (OLD, "2026-11-24 09:00:00,192.0.2.1,80,64496,NL,U,U,h.nl,tcp,sinkhole", "malicious-code/infected-system"),
        (OLD, "2026-11-24 09:00:00,192.0.2.1,80,64496,NL,U,U,,,", "vulnerable/vulnerable-system"),
        (
            EVENT4,
            "2026-11-24 09:00:00,tcp,2001:DB8::1,1,64496,NL,192.0.2.9,80,http-scan",
            "information-gathering/scanner",
        ),
        (OLD.upper(), "2026-11-24 09:00:00,192.0.2.1,80,64496,NL,U,U,,,drone", "malicious-code/infected-system"),
        ("\ufeff" + OLD, "2026-11-24T09:00:00Z,192.0.2.1,80,64496,NL,U,U,,,", "vulnerable/vulnerable-system"),
    ],
)
def test_variants_of_the_header(header: str, row: str, rsit: str) -> None:
    found = signal(report(header, row))
    assert (found.format, found.rsit, found.observed_at.hour) == ("shadowserver", rsit, 9)


@pytest.mark.parametrize(
    ("file", "rsit"),
    [
        ("2026-11-24-event4_honeypot_brute_force-nederland.csv", "intrusion-attempts/brute-force"),
        ('attachment; filename="2026-11-24-compromised_website-nl.csv"', "intrusions/system-compromise"),
        ("scan_http_vulnerable.csv", "vulnerable/vulnerable-system"),
        ("iets.csv", "vulnerable/weak-crypto"),
    ],
)
def test_the_name_of_the_file_tells_the_kind(file: str, rsit: str) -> None:
    assert signal(report(NEW, ROW), headers={"content-disposition": file}).rsit == rsit


def test_longer_names_of_reports_go_before_their_own_start() -> None:
    starts = [start for start, _ in SHADOWSERVER_REPORTS]
    assert all(not late.startswith(early) for place, early in enumerate(starts) for late in starts[place + 1 :])
    assert all("/" in kind for kind in SHADOWSERVER_TAGS.values())


def test_a_report_that_a_spreadsheet_saved_again() -> None:
    found = signal(report(NEW.replace(",", ";"), ROW.replace(";", "/").replace(",", ";")))
    assert (found.format, found.observables[0]) == ("shadowserver", "192.0.2.1")


def test_bad_rows_are_refused_one_by_one() -> None:
    found = reading(report(NEW, ROW, ROW.replace("192.0.2.1", "300.1.1.1"), '"2026-11-24"', ROW.replace("tcp", "udp")))
    assert [each.raw_pointer for each in found.signals] == [1, 4]
    assert [each.row for each in found.refused_rows] == [2, 3]
    assert "IP-adres" in found.refused_rows[0].reason
    assert "1 kolommen in plaats van 9" in found.refused_rows[1].reason


def test_a_report_without_rows_is_read_and_says_so() -> None:
    for body in (report(NEW), NEW, report(NEW, "", "")):
        found = reading(body)
        assert (found.verdict, found.signals, found.findings) == ("accepted", (), ("het rapport heeft geen rijen",))


def test_only_bad_rows_are_set_apart() -> None:
    assert reading(report(NEW, "x,y")).verdict == "quarantined"


def test_the_same_address_is_one_disturbance_on_every_day() -> None:
    other = ROW.replace("09:00:00", "10:00:00").replace("443", "8443")
    first, later = reading(report(NEW, ROW, other)).signals
    assert first.source_key == later.source_key
    assert first.signal_key != later.signal_key


def test_other_encodings_null_bytes_and_moments_that_are_none() -> None:
    row = ROW.replace("ssl;ssl-poodle", "caf\u00e9\x00").replace("2026-11-24 09:00:00", "9999-01-01 00:00:00")
    found = signal(report(NEW, row).encode("windows-1252"))
    assert (found.unknown["tag"], found.observed_at) == ("café", NOON)


def test_a_cell_that_is_too_large_is_one_refused_row() -> None:
    found = reading(report(NEW, ROW.replace("NL", "x" * 1_000_000), ROW))
    assert (len(found.signals), found.refused_rows[0].reason) == (1, "de rij is geen CSV")


@pytest.mark.parametrize(
    "header",
    ["timestamp,ip", "ip,port,tag,asn,geo", "timestamp,ip,naam,kleur,maat", "a,b,c"],
)
def test_other_files_with_columns_are_no_reports(header: str) -> None:
    found = reading(report(header, "2026-11-24,192.0.2.1"))
    assert (found.verdict, found.format) == ("quarantined", None)
    assert reading(header, hint="shadowserver").verdict == "quarantined"
