"""Kinds of incidents: the types of RSIT, and the words by which other formats name them; sources at the tables."""

from collections.abc import Mapping

_TYPES: Mapping[str, tuple[str, ...]] = {
    # Reference Security Incident Taxonomy, machine version 1003 of the ENISA task force (CC0).
    "abusive-content": ("spam", "harmful-speech", "violence"),
    "malicious-code": ("infected-system", "c2-server", "malware-distribution", "malware-configuration"),
    "information-gathering": ("scanner", "sniffing", "social-engineering"),
    "intrusion-attempts": ("ids-alert", "brute-force", "exploit"),
    "intrusions": (
        "privileged-account-compromise",
        "unprivileged-account-compromise",
        "application-compromise",
        "system-compromise",
        "burglary",
    ),
    "availability": ("dos", "ddos", "misconfiguration", "sabotage", "outage"),
    "information-content-security": (
        "unauthorised-information-access",
        "unauthorised-information-modification",
        "data-loss",
        "data-leak",
    ),
    "fraud": ("unauthorised-use-of-resources", "copyright", "masquerade", "phishing"),
    "vulnerable": (
        "weak-crypto",
        "ddos-amplifier",
        "potentially-unwanted-accessible",
        "information-disclosure",
        "vulnerable-system",
    ),
    "other": ("other", "undetermined"),
    "test": ("test",),
}
RSIT: Mapping[str, str] = {each: f"{kind}/{each}" for kind, types in _TYPES.items() for each in types}
"""`class/type` by type; a type belongs to one class."""
INTELMQ: Mapping[str, str] = {
    **RSIT,
    # IntelMQ 3 vocabulary: four types on purpose outside RSIT, and the American spelling it takes.
    "blacklist": "other/blacklist",
    "dga-domain": "other/dga-domain",
    "malware": "other/malware",
    "proxy": "other/proxy",
    "tor": "other/tor",
    "unauthorized-information-access": RSIT["unauthorised-information-access"],
    "unauthorized-information-modification": RSIT["unauthorised-information-modification"],
    "unauthorized-use-of-resources": RSIT["unauthorised-use-of-resources"],
}
XARF: Mapping[str, Mapping[str, str]] = {
    # XARF v4 (xarf/xarf-spec, schemas/v4/types): one row per category and type; the choice of RSIT type is ours.
    "connection": {
        "ddos": RSIT["ddos"],
        "infected_host": RSIT["infected-system"],
        "login_attack": RSIT["brute-force"],
        "port_scan": RSIT["scanner"],
        "reconnaissance": RSIT["scanner"],
        "scraping": RSIT["scanner"],
        "sql_injection": RSIT["exploit"],
        "vulnerability_scan": RSIT["scanner"],
    },
    "content": {
        "brand_infringement": RSIT["masquerade"],
        "csam": RSIT["violence"],
        "csem": RSIT["violence"],
        "exposed_data": RSIT["data-leak"],
        "fraud": RSIT["phishing"],
        "malware": RSIT["malware-distribution"],
        "phishing": RSIT["phishing"],
        "remote_compromise": RSIT["system-compromise"],
        "suspicious_registration": RSIT["masquerade"],
    },
    "copyright": {
        "copyright": RSIT["copyright"],
        "cyberlocker": RSIT["copyright"],
        "link_site": RSIT["copyright"],
        "p2p": RSIT["copyright"],
        "ugc_platform": RSIT["copyright"],
        "usenet": RSIT["copyright"],
    },
    "infrastructure": {"botnet": RSIT["infected-system"], "compromised_server": RSIT["system-compromise"]},
    "messaging": {"bulk_messaging": RSIT["spam"], "spam": RSIT["spam"]},
    "reputation": {"blocklist": RSIT["undetermined"], "threat_intelligence": RSIT["undetermined"]},
    "vulnerability": {
        "cve": RSIT["vulnerable-system"],
        "misconfiguration": RSIT["misconfiguration"],
        "open_service": RSIT["potentially-unwanted-accessible"],
    },
}
IODEF: Mapping[str, str] = {
    # RFC 7970, 3.12.5 and 3.12.1: `type` of BusinessImpact and of SystemImpact; the choice of RSIT type is ours.
    "takeover-account": RSIT["unprivileged-account-compromise"],
    "takeover-service": RSIT["application-compromise"],
    "takeover-system": RSIT["system-compromise"],
    "cps-manipulation": RSIT["sabotage"],
    "cps-damage": RSIT["sabotage"],
    "availability-data": RSIT["data-loss"],
    "availability-account": RSIT["outage"],
    "availability-service": RSIT["outage"],
    "availability-system": RSIT["outage"],
    "damaged-system": RSIT["sabotage"],
    "damaged-data": RSIT["data-loss"],
    "breach-proprietary": RSIT["unauthorised-information-access"],
    "breach-privacy": RSIT["data-leak"],
    "breach-credential": RSIT["data-leak"],
    "breach-configuration": RSIT["information-disclosure"],
    "integrity-data": RSIT["unauthorised-information-modification"],
    "integrity-configuration": RSIT["unauthorised-information-modification"],
    "integrity-hardware": RSIT["sabotage"],
    "traffic-redirection": RSIT["sniffing"],
    "monitoring-traffic": RSIT["sniffing"],
    "monitoring-host": RSIT["sniffing"],
    "degraded-reputation": RSIT["other"],
    "breach-of-service": RSIT["application-compromise"],
    # RFC 5070, 3.10.1: `type` of Impact in IODEF version 1.
    "admin": RSIT["privileged-account-compromise"],
    "dos": RSIT["dos"],
    "file": RSIT["unauthorised-information-modification"],
    "info-leak": RSIT["data-leak"],
    "misconfiguration": RSIT["misconfiguration"],
    "recon": RSIT["scanner"],
    "social-engineering": RSIT["social-engineering"],
    "user": RSIT["unprivileged-account-compromise"],
}
SHADOWSERVER_REPORTS: tuple[tuple[str, str], ...] = (
    # Start of the file name of a report (shadowserver.org, network reporting, "Filename"); the longest start first.
    ("event4_honeypot_brute_force", RSIT["brute-force"]),
    ("event4_honeypot_ddos_amp", RSIT["ddos"]),
    ("event4_honeypot_ddos", RSIT["ddos"]),
    ("event4_honeypot_darknet", RSIT["scanner"]),
    ("event4_honeypot", RSIT["scanner"]),
    ("event4_ddos_participant", RSIT["infected-system"]),
    ("event4_microsoft_sinkhole", RSIT["infected-system"]),
    ("event4_sinkhole", RSIT["infected-system"]),
    ("event4_ip_spoofer", RSIT["masquerade"]),
    ("event", RSIT["infected-system"]),
    ("compromised_account", RSIT["data-leak"]),
    ("compromised", RSIT["system-compromise"]),
    ("malware_url", RSIT["malware-distribution"]),
    ("phish_url", RSIT["phishing"]),
    ("blocklist", "other/blacklist"),
    ("sandbox", RSIT["malware-distribution"]),
    ("scan_ssl", RSIT["weak-crypto"]),
    ("scan_dns", RSIT["ddos-amplifier"]),
    ("scan_ntp", RSIT["ddos-amplifier"]),
    ("scan_ssdp", RSIT["ddos-amplifier"]),
    ("scan_chargen", RSIT["ddos-amplifier"]),
    ("scan_qotd", RSIT["ddos-amplifier"]),
    ("scan_memcached", RSIT["ddos-amplifier"]),
    ("scan_", RSIT["vulnerable-system"]),
    ("device_id", RSIT["other"]),
)
SHADOWSERVER_TAGS: Mapping[str, str] = {
    # Words in the `tag`, `infection` or `type` column of reports (shadowserver.org); the choice of RSIT type is ours.
    "sinkhole": RSIT["infected-system"],
    "sinkhole-http": RSIT["infected-system"],
    "botnet": RSIT["infected-system"],
    "drone": RSIT["infected-system"],
    "brute-force": RSIT["brute-force"],
    "ssh-brute-force": RSIT["brute-force"],
    "scanner": RSIT["scanner"],
    "http-scan": RSIT["scanner"],
    "ddos": RSIT["ddos"],
    "ddos-amplification": RSIT["ddos"],
    "amplification": RSIT["ddos-amplifier"],
    "dns": RSIT["ddos-amplifier"],
    "openresolver": RSIT["ddos-amplifier"],
    "ntp": RSIT["ddos-amplifier"],
    "ssdp": RSIT["ddos-amplifier"],
    "chargen": RSIT["ddos-amplifier"],
    "memcached": RSIT["ddos-amplifier"],
    "phishing": RSIT["phishing"],
    "malware": RSIT["malware-distribution"],
    "spam": RSIT["spam"],
    "webshell": RSIT["system-compromise"],
    "compromised": RSIT["system-compromise"],
    "hacked": RSIT["system-compromise"],
    "implant": RSIT["system-compromise"],
    "ssl-poodle": RSIT["weak-crypto"],
    "ssl-freak": RSIT["weak-crypto"],
}


def rsit_of(written: str | None) -> str | None:
    """`class/type` for a type of RSIT; what we do not know stays as it was sent."""
    return RSIT.get(written.lower(), written) if written else None
