"""What the headers and the subject of a mail say about it: sent by a machine, a test, a label of TLP."""

import re
from collections.abc import Mapping
from email.message import EmailMessage

from domain.tlp import Tlp
from signals.formats.vocabulary import tlp_of
from signals.normal import State

OURS = "@driehoek>"
"""How the message ids of our own mails end."""
ANSWERING = ("X-Autoreply", "X-Autorespond", "X-AutoReply-From", "X-Auto-Reply")
REPORTS = ("delivery-status", "disposition-notification")
"""`multipart/report` of these kinds tells about a mail; a feedback report tells about abuse, and is read."""
ABSENT = re.compile(
    r"^\s*(?:automatisch antwoord|automatic reply|auto(?:matic)?[- ]?reply|autoreply|out of (?:the )?office|"
    r"afwezig(?:heid)?|niet aanwezig|undeliverable|undelivered mail|delivery status notification|"
    r"mail delivery (?:failed|subsystem)|onbestelbaar)\b",
    re.IGNORECASE,
)
MARK = re.compile(
    r"^\s*(?:(?:re|fw|fwd|antw|betr|doorst)\s*:\s*)*\[?\s*(oefening|exercise|test)\s*[\]:!-]", re.IGNORECASE
)
MARKS: Mapping[str, State] = {"oefening": State.OEFENING, "exercise": State.OEFENING, "test": State.TEST}
LABEL = re.compile(r"\bTLP:\s?(red|amber\+strict|amber|green|clear|white)\b", re.IGNORECASE)
SEARCHED = 20_000


def automatic(message: EmailMessage) -> str | None:
    """Why this mail is no report of a person or a warning service; None when it may be one."""
    if OURS in _said(message, "Message-ID"):
        return "dit is onze eigen e-mail die terugkwam; alleen genoteerd"
    if _is_failure(message):
        return "dit is een bericht over het bezorgen van e-mail; alleen genoteerd"
    if _is_answer(message):
        return "dit is een automatisch antwoord; alleen genoteerd"
    return None


def _is_failure(message: EmailMessage) -> bool:
    sender = _said(message, "From").lower()
    about = message.get_content_type() == "multipart/report" and str(message.get_param("report-type", "")).lower()
    return "mailer-daemon@" in sender or about in REPORTS


def _is_answer(message: EmailMessage) -> bool:
    submitted = _said(message, "Auto-Submitted").lower().partition(";")[0].strip()
    precedence = _said(message, "Precedence").lower().strip()
    if submitted == "auto-replied" or precedence == "auto_reply" or any(_said(message, each) for each in ANSWERING):
        return True
    weak = (
        submitted not in ("", "no")
        or precedence in ("bulk", "junk", "list")
        or _said(message, "X-Auto-Response-Suppress")
    )
    answers_us = OURS in _said(message, "In-Reply-To") or OURS in _said(message, "References")
    return bool(weak) and (answers_us or ABSENT.match(_said(message, "Subject")) is not None)


def _said(message: EmailMessage, name: str) -> str:
    """A header as it stands there, without decoding; cut, because only its start can be a mark."""
    return next((str(value)[:2000] for each, value in message.raw_items() if each.lower() == name.lower()), "")


def state_in(subject: str) -> State:
    """A test or an exercise, when the subject begins with that word as a mark."""
    found = MARK.match(subject)
    return MARKS[found.group(1).lower()] if found else State.NIEUW


def tlp_in(text: str) -> Tlp:
    """The first label of TLP in a text; AMBER when there is none."""
    found = LABEL.search(text[:SEARCHED])
    return tlp_of(found.group(1) if found else None)
