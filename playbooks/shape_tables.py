"""What the CACAO 2.0 schemas of OASIS demand of every part of a playbook, in rules of our own.

Read as Draft 7, as those schemas say themselves: names they do not know are free. Vocabularies are open there, so any
text will do.
"""

import re
from collections.abc import Mapping

from playbooks.shapes import Entries, Fields, Items, Never, Number, Rule, Text, Truth

UUID = r"[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[1-5][0-9a-fA-F]{3}-[89abAB][0-9a-fA-F]{3}-[0-9a-fA-F]{12}"
TEXT, TRUTH = Text(), Truth()
IDENTIFIER = Text(pattern=re.compile(rf"\A[a-z][a-z0-9-]+[a-z0-9]--{UUID}\Z"))
MOMENT = Text(
    pattern=re.compile(
        r"\A[0-9]{4}-(0[1-9]|1[012])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9]:([0-5][0-9]|60)(\.[0-9]+)?Z\Z"
    )
)
PERCENTAGE = Number(0, 100)
TEXTS, SOME_TEXTS = Items(TEXT), Items(TEXT, 1)
ANY_OBJECT = Fields({})
REFERENCE = Fields(
    dict.fromkeys(("name", "description", "source", "url", "external_id", "reference_id"), TEXT), ("name",)
)
SOME_REFERENCES = Items(REFERENCE, 1)


def _id(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\A{kind}--{UUID}\Z")


EXTENSIONS = Entries([(_id("extension-definition"), ANY_OBJECT)], 1)
VARIABLE = Fields(
    {
        "type": TEXT,
        "description": TEXT,
        "value": Text(or_null=True),
        "constant": TRUTH,
        "external": TRUTH,
    },
    ("type",),
)
VARIABLE_NAME = re.compile(r"\A__[a-zA-Z_][a-zA-Z0-9_-]{0,199}__\Z")
VARIABLES = Entries([(VARIABLE_NAME, VARIABLE)])
COMMAND = Fields(
    {
        "type": TEXT,
        "description": TEXT,
        "version": TEXT,
        "playbook_activity": TEXT,
        "external_references": Items(REFERENCE),
    },
    ("type",),
)
REGIONS = (
    "africa eastern-africa middle-africa northern-africa southern-africa western-africa americas caribbean "
    "central-america latin-america-caribbean northern-america south-america asia central-asia eastern-asia "
    "southern-asia south-eastern-asia western-asia europe eastern-europe northern-europe southern-europe "
    "western-europe oceania antarctica australia-new-zealand melanesia micronesia polynesia"
)
LOCATION = Fields(
    {
        "region": Text(tuple(REGIONS.split())),
        **dict.fromkeys(
            (
                "name",
                "description",
                "building_details",
                "network_details",
                "country",
                "administrative_area",
                "city",
                "street_address",
                "postal_code",
                "latitude",
                "longitude",
                "precision",
            ),
            TEXT,
        ),
    }
)
_LABEL = Entries([(re.compile(r"\A[a-zA-Z0-9_-]{0,250}\Z"), TEXT)])
CONTACT = Fields({"email": _LABEL, "phone": _LABEL, "contact_details": TEXT})
_OCTET = r"25[0-5]|2[0-4][0-9]|[01]?[0-9][0-9]?"


def _address(vlan: Rule) -> Rule:
    patterns = {
        "url": r"[()?:/@%._+~#=a-zA-Z0-9]{2}\.[a-z]{2,6}\b",
        "l2mac": r"\A[a-fA-F0-9]{2}(:[a-fA-F0-9]{2}){5}\Z",
        "ipv4": rf"\b({_OCTET})(\.({_OCTET})){{3}}\Z",
        "ipv6": r"::|([0-9a-fA-F]{1,4}:){7}[0-9a-fA-F]|fe80:%[0-9a-zA-Z]",
    }
    rules = {name: Items(Text(pattern=re.compile(each))) for name, each in patterns.items()}
    return Fields({**rules, "vlan": Items(vlan), "dname": TEXTS})


def _agent(kind: str, more: Mapping[str, Rule], *required: str) -> tuple[re.Pattern[str], Rule]:
    shared: dict[str, Rule] = {
        "type": Text((kind,)),
        "name": TEXT,
        "description": TEXT,
        "location": LOCATION,
        "agent_target_extensions": EXTENSIONS,
    }
    return _id(kind), Fields({**shared, **more}, ("type", "name", *required))


_CATEGORY = {"category": SOME_TEXTS}
_WHOLE_VLAN, _ANY_VLAN = Number(0, 4095), Number(0, 4095, whole=False)


def _reached_at(vlan: Rule) -> dict[str, Rule]:
    return {"address": _address(vlan), "authentication_info": IDENTIFIER, **_CATEGORY}


AGENT_RULES = (
    _agent("group", {"contact": CONTACT}),
    _agent("individual", {"contact": CONTACT}),
    _agent("organization", {"contact": CONTACT}),
    _agent("location", {"logical": SOME_TEXTS}),
    _agent("sector", {"sector": TEXT}, "sector"),
    _agent("security-category", _CATEGORY, "category"),
    _agent("http-api", {**_reached_at(_WHOLE_VLAN), "port": TEXT}, "address"),
    _agent("ssh", {**_reached_at(_WHOLE_VLAN), "port": TEXT}, "address"),
    _agent("linux", {**_reached_at(_ANY_VLAN), "port": TEXT}, "address"),
    _agent("net-address", _reached_at(_ANY_VLAN), "address"),
)
AGENTS = Entries(AGENT_RULES, 1)


def _login(kind: str, names: tuple[str, ...], *required: str) -> tuple[re.Pattern[str], Rule]:
    rules: dict[str, Rule] = {
        "type": Text((kind,)),
        "name": TEXT,
        "description": TEXT,
        "authentication_info_extensions": EXTENSIONS,
        "kms": TRUTH,
        "kms_key_identifier": TEXT,
        **dict.fromkeys(names, TEXT),
    }
    return _id(kind), Fields(rules, ("type", *required))


LOGINS = Entries(
    [
        _login("http-basic", ("user_id", "password")),
        _login("oauth2", ("oauth_header", "token"), "oauth_header", "token"),
        _login("user-auth", ("username", "password")),
    ],
    1,
)


def _marking(kind: str, more: Mapping[str, Rule], *required: str) -> tuple[re.Pattern[str], Rule]:
    shared: dict[str, Rule] = {
        "type": Text((kind,)),
        "id": IDENTIFIER,
        "name": TEXT,
        "description": TEXT,
        "created_by": IDENTIFIER,
        "created": MOMENT,
        "revoked": TRUTH,
        "valid_from": MOMENT,
        "valid_until": MOMENT,
        "labels": SOME_TEXTS,
        "external_references": SOME_REFERENCES,
        "marking_extensions": EXTENSIONS,
    }
    return _id(kind), Fields({**shared, **more}, ("type", "id", "created_by", "created", *required))


_IEP_TEXTS = (
    "name",
    "description",
    "tlp",
    "encrypt_in_transit",
    "permitted_actions",
    "affected_party_notifications",
    "attribution",
    "unmodified_resale",
)
_IEP: dict[str, Rule] = {
    **dict.fromkeys(_IEP_TEXTS, TEXT),
    "iep_version": Number(),
    "start_date": MOMENT,
    "end_date": Text(pattern=MOMENT.pattern, or_null=True),
    "external_references": Never(),  # a list of objects by one rule and of texts by the other
}
TLP_LEVELS = ("TLP:RED", "TLP:AMBER", "TLP:AMBER+STRICT", "TLP:GREEN", "TLP:CLEAR")
MARKINGS = Entries(
    [
        _marking("marking-tlp", {"tlpv2_level": Text(TLP_LEVELS)}, "tlpv2_level"),
        _marking("marking-iep", _IEP, *_IEP),
        _marking("marking-statement", {"statement": TEXT}, "statement"),
    ]
)
EXTENSION = Fields(
    {
        "type": Text(("extension-definition",)),
        "created_by": IDENTIFIER,
        "external_references": Items(REFERENCE),
        **dict.fromkeys(("name", "description", "schema", "version"), TEXT),
    },
    ("type", "name", "created_by", "schema", "version"),
)
SIGNATURE = Fields(
    {
        "type": Text(("jss",)),
        "id": IDENTIFIER,
        "created_by": IDENTIFIER,
        "created": MOMENT,
        "modified": MOMENT,
        "revoked": TRUTH,
        "valid_from": MOMENT,
        "valid_until": MOMENT,
        "related_to": IDENTIFIER,
        "related_version": MOMENT,
        "public_cert_chain": SOME_TEXTS,
        **dict.fromkeys(
            ("signee", "hash_algorithm", "algorithm", "public_key", "cert_url", "thumbprint", "value"), TEXT
        ),
    },
    (
        "type",
        "id",
        "created",
        "modified",
        "signee",
        "related_to",
        "related_version",
        "hash_algorithm",
        "algorithm",
        "value",
    ),
    exactly_one_of=("public_key", "public_cert_chain", "cert_url", "thumbprint"),
)
SIGNATURE.inner["signature"] = SIGNATURE
