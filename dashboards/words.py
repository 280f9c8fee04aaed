"""Dutch words for the values of the domain. `N_` marks them for translation; templates translate them."""

from collections.abc import Mapping

from domain.parties import Function, Party
from domain.severity import Severity
from domain.status import Lane, MunicipalRole, Status
from domain.tasks import TaskState


def N_(message: str) -> str:  # noqa: N802 - the name that gettext tools look for
    """Mark a message for the catalogue; it is translated where it is shown."""
    return message


STATUS: Mapping[str, str] = {
    Status.TE_DUIDEN: N_("Te duiden"),
    Status.BEVESTIGD: N_("Bevestigd"),
    Status.CRISIS: N_("Crisis"),
    Status.ONTWRICHTING: N_("Ontwrichting"),
    Status.AFGESLOTEN: N_("Afgesloten"),
    Status.SAMENGEVOEGD: N_("Samengevoegd"),
}
SEVERITY: Mapping[str, str] = {
    Severity.ONBEKEND: N_("Ernst onbekend"),
    Severity.NORMAAL: N_("Normaal"),
    Severity.WAAKZAAM: N_("Waakzaam"),
    Severity.VERSTOORD: N_("Verstoord"),
    Severity.ERNSTIG: N_("Ernstig verstoord"),
}
SEVERITY_ICON: Mapping[str, str] = {
    Severity.ONBEKEND: "circle-dashed",
    Severity.NORMAAL: "circle",
    Severity.WAAKZAAM: "info",
    Severity.VERSTOORD: "triangle-alert",
    Severity.ERNSTIG: "diamond",
}
ROLE: Mapping[str, str] = {
    MunicipalRole.SLACHTOFFER: N_("Slachtoffer"),
    MunicipalRole.BETROKKENE: N_("Betrokkene"),
}
LANE: Mapping[str, str] = {
    Lane.BRON: N_("Bronlijn"),
    Lane.EFFECT: N_("Effectlijn"),
}
PARTY: Mapping[str, str] = {
    Party.GEMEENTE: N_("Gemeente"),
    Party.POLITIE: N_("Politie"),
    Party.OM: N_("Openbaar Ministerie"),
    Party.VEILIGHEIDSREGIO: N_("Veiligheidsregio"),
    Party.IBD: "IBD",
    Party.NCSC: "NCSC",
    Party.LEVERANCIER: N_("Leverancier"),
}
FUNCTION: Mapping[str, str] = {
    Function.CISO: "CISO",
    Function.FG: N_("functionaris gegevensbescherming"),
    Function.BURGEMEESTER: N_("burgemeester"),
    Function.GEMEENTESECRETARIS: N_("gemeentesecretaris"),
    Function.OOV: N_("adviseur openbare orde en veiligheid"),
    Function.COMMUNICATIE: N_("communicatieadviseur"),
    Function.PROCESEIGENAAR: N_("proceseigenaar"),
    Function.COORDINATOR: N_("coördinator veiligheidsregio"),
    Function.POLITIE: N_("teamchef politie"),
    Function.OFFICIER: N_("officier van justitie"),
    Function.BEHEERDER: N_("beheerder"),
    Function.OEFENLEIDER: N_("oefenleider"),
    Function.RESPONSCEL: N_("responscel"),
    Function.WAARNEMER: N_("waarnemer"),
    Function.SYSTEEM: N_("het systeem"),
}
TASK: Mapping[str, str] = {
    TaskState.TE_DOEN: N_("Te doen"),
    TaskState.GEZIEN: N_("Gezien"),
    TaskState.KLAAR: N_("Klaar"),
    TaskState.MISLUKT: N_("Mislukt"),
    TaskState.KAN_NIET: N_("Kan niet"),
    TaskState.OVERGESLAGEN: N_("Overgeslagen"),
    TaskState.VERVALT: N_("Vervalt"),
}
TASK_ICON: Mapping[str, str] = {
    TaskState.TE_DOEN: "circle",
    TaskState.GEZIEN: "eye",
    TaskState.KLAAR: "circle-check",
    TaskState.MISLUKT: "circle-x",
    TaskState.KAN_NIET: "ban",
    TaskState.OVERGESLAGEN: "skip-forward",
    TaskState.VERVALT: "circle-dashed",
}
YES_NO: Mapping[str, str] = {"ja": N_("Ja"), "nee": N_("Nee"), "onbekend": N_("Weet ik niet")}
EFFECT: Mapping[str, str] = {
    "112": N_("112 en meldkamer"),
    "water": N_("Water"),
    "verkeer": N_("Verkeer"),
    "zorg": N_("Zorg"),
    "openbare-orde": N_("Openbare orde"),
    "nee": N_("Nee"),
    "onbekend": N_("Weet ik niet"),
}
OUTCOME: Mapping[str, str] = {
    "ja": N_("Ja, melden is verplicht"),
    "nee": N_("Nee, niet meldplichtig"),
    "vrijwillig": N_("Vrijwillig melden"),
    "bijna-incident": N_("Bijna-incident"),
}
LOG_KIND: Mapping[str, str] = {
    "feit": N_("Feit"),
    "besluit": N_("Besluit"),
    "actie": N_("Actie"),
    "bericht": N_("Bericht"),
    "systeem": N_("Systeem"),
}
DUTY_STATE: Mapping[str, str] = {
    "niet-beoordeeld": N_("Nog niet beoordeeld"),
    "loopt": N_("Loopt"),
    "te-laat": N_("Te laat"),
    "ingediend": N_("Ingediend"),
    "te-laat-ingediend": N_("Te laat ingediend"),
    "niet-van-toepassing": N_("Niet van toepassing"),
    "wacht": N_("Nog niet nodig"),
}
MODE: Mapping[str, str] = {"live": N_("ECHT INCIDENT"), "oefening": N_("OEFENING")}
MENU: Mapping[str, str] = {
    "incidenten": N_("Incidenten"),
    "melden": N_("Melden"),
    "taken": N_("Mijn taken"),
    "burgemeester": N_("Crisisbeeld"),
    "regio": N_("Regio"),
    "partner": N_("Overzicht"),
    "register": N_("Register"),
    "quarantaine": N_("Quarantaine"),
    "grootboek": N_("Grootboek"),
    "accounts": N_("Accounts"),
    "bronnen": N_("Bronnen"),
}
DONE: Mapping[str, str] = {
    "status": N_("De status is gewijzigd."),
    "ernst": N_("De ernst is bepaald."),
    "rol": N_("De rol van de gemeente is bepaald."),
    "lijn": N_("De lijn heeft een eigenaar."),
    "kennisname": N_("Het moment van kennisname is vastgelegd. De termijnen lopen."),
    "significantie": N_("Het besluit over melden is vastgelegd."),
    "ingediend": N_("Vastgelegd dat de melding is ingediend."),
    "samenvoegen": N_("Het besluit over samenvoegen is vastgelegd."),
    "draaiboek": N_("Het draaiboek is gestart. De taken staan klaar bij de partijen."),
    "logboek": N_("De regel staat in het logboek."),
    "gezien": N_("Gezien gemeld."),
    "klaar": N_("Taak afgerond."),
    "overgeslagen": N_("Taak overgeslagen. De reden staat in het logboek."),
    "kan-niet": N_("Doorgegeven dat dit niet kan. De reden staat in het logboek."),
    "register": N_("Het register is gewijzigd."),
    "opnieuw": N_("Het bericht wordt opnieuw gelezen."),
    "account": N_("De wijziging is opgeslagen."),
    "wachtwoord": N_("Uw wachtwoord is opgeslagen. Log nu in."),
    "uit": N_("U bent uitgelogd."),
}
TASK_ANSWER: Mapping[str, str] = {
    "klaar": N_("klaar"),
    "mislukt": N_("mislukt"),
    "overgeslagen": N_("overgeslagen"),
    "kan-niet": N_("kan niet"),
    "verlopen": N_("niet op tijd beantwoord"),
}
SIGNAL_STATE: Mapping[str, str] = {
    "nieuw": N_("Nieuw"),
    "opgelost": N_("Opgelost"),
    "test": N_("Testsignaal"),
    "oefening": N_("Oefensignaal"),
    "onderhoud": N_("Onderhoud"),
}
REGISTER_KIND: Mapping[str, str] = {
    "dienst": N_("Dienst"),
    "leverancier": N_("Leverancier"),
    "object": N_("Configuratie-item"),
}
PART: Mapping[str, str] = {
    "database": N_("Database (het logboek)"),
    "kafka": N_("Berichtenstroom"),
    "intake": N_("Lezen van signalen"),
    "stream": N_("Levend beeld"),
    "relay": N_("Doorgeven van gebeurtenissen"),
    "sweep": N_("Bewaken van termijnen"),
    "deliver": N_("Verzenden van berichten"),
}
ALARM: Mapping[str, str] = {
    "alarm:sweep": N_("Niemand bewaakt nu de termijnen. Let zelf op de klok en waarschuw de beheerder."),
    "alarm:picture": N_("Het levende beeld staat stil. De pagina’s lezen nu uit het logboek. Waarschuw de beheerder."),
    "alarm:lost": N_(
        "Er zijn signalen weggegooid voordat iemand ze las. "
        "Vraag de bronnen om ze opnieuw te sturen en waarschuw de beheerder."
    ),
    "alarm:ledger": N_("De balansen in het grootboek kloppen niet. Waarschuw de beheerder; meld incidenten zelf."),
    "alarm:clock": N_(
        "De klok van deze machine loopt verkeerd. Termijnen kunnen te vroeg of te laat staan. Waarschuw de beheerder."
    ),
    "alarm:relay-too-large": N_(
        "Een bericht was te groot en is niet doorgegeven. Het logboek is volledig. Waarschuw de beheerder."
    ),
    "alarm:relay-unreadable": N_(
        "Deze versie kan een feit niet lezen. "
        "Het logboek is volledig. Waarschuw de beheerder: een nieuwe versie is nodig."
    ),
}
"""What is wrong and what to do, by the name under which a process raises it."""
OTHER_ALARM = N_("Er is een storing die hier geen naam heeft. Waarschuw de beheerder en noem deze code:")
