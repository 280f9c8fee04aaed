"""Mail: the text as a report, attachments in other formats, answers of machines, archives, broken headers."""

import json
from collections.abc import Callable
from email.message import EmailMessage

import pytest

from domain.tlp import Tlp
from signals.formats.mapping import SourceMapping
from signals.normal import State
from tests.unit.signals.asking import NOON, reading, signal
from tests.unit.signals.formats.test_cap import INFO, alert
from tests.unit.signals.formats.test_intelmq import EVENT, lines
from tests.unit.signals.formats.test_shadowserver import NEW, ROW, report

OURS = "<incident-1@driehoek>"


def mail(text: str = "Het zaaksysteem doet het niet.", **headers: str) -> EmailMessage:
    made = EmailMessage()
    given = {
        "From": "Jan <jan@voorbeeld.nl>",
        "To": "meldingen@driehoek.example",
        "Subject": "Zaaksysteem uit",
        "Date": "Tue, 24 Nov 2026 10:00:00 +0100",
        "Message-ID": "<a@voorbeeld.nl>",
    }
    for name, value in {**given, **{name.replace("_", "-"): value for name, value in headers.items()}}.items():
        if value:
            made[name] = value
    if text:
        made.set_content(text)
    return made


def attach(made: EmailMessage, content: bytes, name: str, kind: str = "application/octet-stream") -> EmailMessage:
    main, _, sub = kind.partition("/")
    made.add_attachment(content, maintype=main, subtype=sub, filename=name)
    return made


def test_a_mail_is_a_report() -> None:
    found = signal(bytes(mail()))
    assert (found.format, found.title, found.text) == ("email", "Zaaksysteem uit", "Het zaaksysteem doet het niet.")
    assert (found.signal_key, found.source_key) == ("bron|<a@voorbeeld.nl>", "bron|<a@voorbeeld.nl>")
    assert (found.observed_at.hour, found.observed_original) == (9, "Tue, 24 Nov 2026 10:00:00 +0100")
    assert (found.state, found.is_noted, found.municipality) == (State.NIEUW, False, "GM0344")


def test_plain_text_goes_before_html_and_html_becomes_text() -> None:
    made = mail()
    made.add_alternative("<p>Het <b>HTML</b></p>", subtype="html")
    assert signal(bytes(made)).text == "Het zaaksysteem doet het niet."
    only = mail("")
    only.set_content("<style>x</style><p>Storing &amp; <b>uitval</b></p><script>y</script>", subtype="html")
    assert signal(bytes(only)).text == "Storing & uitval"


def test_encoded_words_and_unknown_charsets() -> None:
    raw = (
        b"From: a@b.nl\r\nDate: Tue, 24 Nov 2026 10:00:00 +0100\r\nSubject: =?utf-8?q?Caf=C3=A9_=F0=9F=94=A5?=\r\n"
        b'Content-Type: text/plain; charset="klingon"\r\n\r\ncaf\xe9\r\n'
    )
    found = signal(raw)
    assert (found.title, found.text) == ("Café 🔥", "café")


def test_a_thread_is_one_disturbance() -> None:
    reply = signal(
        bytes(mail(Message_ID="<b@voorbeeld.nl>", In_Reply_To="<a@voorbeeld.nl>", References="<a@voorbeeld.nl>"))
    )
    assert (reply.source_key, reply.signal_key, reply.is_update) == (
        "bron|<a@voorbeeld.nl>",
        "bron|<b@voorbeeld.nl>",
        True,
    )


def test_attachments_are_read_as_what_they_are_and_numbered_on() -> None:
    made = attach(mail(), alert(INFO).encode(), "waarschuwing.xml", "application/xml")
    attach(made, report(NEW, ROW, "x,y").encode(), "2026-11-24-compromised_website-nl.csv", "text/csv")
    attach(made, lines(EVENT, EVENT).encode(), "events.jsonl")
    attach(made, b"\x89PNG", "logo.png", "image/png")
    found = reading(bytes(made))
    assert found.format == "email"
    assert [each.format for each in found.signals] == ["cap", "shadowserver", "intelmq", "intelmq"]
    assert [each.raw_pointer for each in found.signals] == [1, 2, 4, 5]
    assert [each.row for each in found.refused_rows] == [3]
    assert found.signals[1].rsit == "intrusions/system-compromise"


def test_a_forwarded_mail_is_opened() -> None:
    inner = attach(mail(), alert(INFO).encode(), "a.xml", "application/xml")
    outer = mail("Zie bijlage")
    outer.add_attachment(inner)
    assert [each.format for each in reading(bytes(outer)).signals] == ["cap"]


def test_a_whole_report_in_the_text() -> None:
    assert signal(bytes(mail(json.dumps(EVENT)))).format == "intelmq"
    assert signal(bytes(mail("{ik weet niet wat dit is"))).format == "email"


@pytest.mark.parametrize("start", [b"PK\x03\x04", b"\x1f\x8b\x08", b"7z\xbc\xaf\x27\x1c", b"Rar!\x1a"])
def test_archives_are_refused_and_the_text_is_the_report(start: bytes) -> None:
    found = reading(bytes(attach(mail(), start + b"\0" * 100, "x.zip", "application/zip")))
    assert [each.format for each in found.signals] == ["email"]
    assert found.refused_rows[0].reason == "bijlage 1 is een ingepakt bestand; stuur het bestand zelf"


def test_an_attachment_that_can_not_be_read_is_a_refused_row() -> None:
    found = reading(bytes(attach(mail(), b"%PDF-1.7", "x.pdf", "application/pdf")))
    assert (len(found.signals), found.refused_rows[0].reason.startswith("bijlage 1: ")) == (1, True)
    assert found.signals[0].raw_pointer == 2
    again = reading(bytes(attach(mail(), bytes(mail()), "x.eml")))
    assert "e-mail in een e-mail" in again.refused_rows[0].reason or again.signals


def test_a_mapping_reads_an_attachment() -> None:
    mapping = SourceMapping(kind="csv", delimiter=";", fields={"titel": ("Wat",)})
    found = signal(bytes(attach(mail(), b"Wat;X\nUitval;1\n", "lijst.csv", "text/csv")), mapping=mapping)
    assert (found.format, found.title) == ("csv", "Uitval")


def test_an_empty_report_raises_nothing() -> None:
    found = reading(bytes(attach(mail(), NEW.encode(), "leeg.csv", "text/csv")))
    assert (found.verdict, found.signals) == ("accepted", ())


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "auto-replied"},
        {"Auto_Submitted": "auto-replied; owner-email=x"},
        {"Precedence": "auto_reply"},
        {"X_Autoreply": "yes"},
        {"Message_ID": OURS},
        {"From": "Mail <MAILER-DAEMON@voorbeeld.nl>"},
        {"Auto_Submitted": "auto-generated", "In_Reply_To": OURS},
        {"X_Auto_Response_Suppress": "All", "Subject": "Automatisch antwoord: Zaaksysteem"},
        {"Precedence": "bulk", "References": OURS},
    ],
)
def test_machines_that_answer_are_noted_and_raise_nothing(headers: dict[str, str]) -> None:
    found = reading(bytes(attach(mail(**headers), alert(INFO).encode(), "a.xml", "application/xml")))
    assert [(each.format, each.is_noted) for each in found.signals] == [("email", True)]
    assert "alleen genoteerd" in found.findings[0]


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto_Submitted": "no"},
        {"Auto_Submitted": "auto-generated"},
        {"Precedence": "bulk"},
        {"Precedence": "list", "X_Auto_Response_Suppress": "All"},
        {"In_Reply_To": OURS},
        {"Subject": "Automatisch antwoord bij de balie doet het niet"},
    ],
)
def test_warning_services_and_people_who_answer_us_are_read(headers: dict[str, str]) -> None:
    assert not signal(bytes(mail(**headers))).is_noted


def test_a_delivery_report_is_noted_and_an_abuse_report_is_read() -> None:
    def multipart(kind: str) -> bytes:
        return (
            "From: postmaster@voorbeeld.nl\r\nDate: Tue, 24 Nov 2026 10:00:00 +0100\r\nSubject: x\r\n"
            f"Content-Type: multipart/report; report-type={kind}; boundary=b\r\n\r\n--b\r\n\r\ntekst\r\n--b--\r\n"
        ).encode()

    assert signal(multipart("delivery-status")).is_noted
    assert not signal(multipart("feedback-report")).is_noted


@pytest.mark.parametrize(
    ("subject", "state"),
    [
        ("OEFENING: alles uit", State.OEFENING),
        ("Re: [TEST] alles uit", State.TEST),
        ("Exercise - alles uit", State.OEFENING),
        ("Test van de sirene mislukt", State.NIEUW),
    ],
)
def test_marks_in_the_subject(subject: str, state: State) -> None:
    assert signal(bytes(mail(Subject=subject))).state is state


def test_labels_in_the_subject_or_the_text() -> None:
    assert signal(bytes(mail(Subject="[TLP:RED] lek"))).tlp is Tlp.RED
    assert signal(bytes(mail("TLP:AMBER+STRICT\nlek"))).tlp is Tlp.AMBER_STRICT
    assert signal(bytes(mail())).tlp is Tlp.AMBER


@pytest.mark.parametrize("date", ["", "gisteren", "Tue, 24 Nov 9999 10:00:00 +0100", "Tue, 24 Nov 1969 10:00:00 +0100"])
def test_a_moment_that_is_none_is_the_moment_of_receipt(date: str) -> None:
    assert signal(bytes(mail(Date=date))).observed_at == NOON


def test_without_an_id_the_content_is_it() -> None:
    first, again = (signal(bytes(mail(Message_ID="", Date=f"Tue, 24 Nov 2026 1{n}:00:00 +0100"))) for n in range(2))
    assert first.signal_key == again.signal_key


@pytest.mark.parametrize(
    "body", [b"", b"Hallo\r\n\r\nx", b"Subject: x\r\n\r\ny", b"Opmerking: x\nFrom nergens\n", b"From: \xff"]
)
def test_what_is_no_mail(body: bytes) -> None:
    assert reading(body).format is None


def test_a_mail_that_says_nothing() -> None:
    assert "geen onderwerp" in reading(bytes(mail("", Subject=""))).reasons[0]


def long_type() -> bytes:
    return b"From: a@b.nl\nDate: x\nContent-Type: text/plain; a=" + b'";' * 500_000 + b"\n\nx"


def many_parts() -> bytes:
    return b"From: a@b.nl\nDate: x\nContent-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * 5_000


def nested() -> bytes:
    body = b"From: a@b.nl\nDate: x\n"
    for level in range(3_000):
        body += b"Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (level, level)
    return body


@pytest.mark.parametrize("make", [long_type, many_parts, nested])
def test_mails_made_to_hurt_are_set_apart_soon(make: Callable[[], bytes]) -> None:
    found = reading(make())
    assert (found.verdict, found.format) == ("quarantined", "email")


def test_long_headers_and_lines_are_cut() -> None:
    raw = (
        b"From: "
        + b"a@b.nl, " * 20_000
        + b"\nDate: x\nSubject: "
        + b"=?utf-8?q?" * 50_000
        + b"\n\n"
        + b"x" * 10_000_000
    )
    found = signal(raw)
    assert (len(found.title), len(found.text)) == (300, 100_000)
