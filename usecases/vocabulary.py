"""The words that acts may use, from the dated configuration: parties of a municipality, regimes, playbooks."""

from collections.abc import Sequence

from domain.checks import Vocabulary
from domain.parties import Party, party_of
from domain.reference.municipalities import Municipality
from usecases.context import Rules


def parties(rules: Rules, municipality: str) -> frozenset[str]:
    """Organisation ids of the cyberdriehoek of this municipality, itself included."""
    return frozenset(organisation.id for organisation in rules.reference.parties_of(municipality).all)


def vocabulary(rules: Rules, municipality: str) -> Vocabulary:
    """Words for commands on an incident of this municipality."""
    return Vocabulary(
        regimes=rules.regimes.regime_ids(),
        obligations=rules.regimes.obligation_ids(),
        organisations=parties(rules, municipality),
        playbooks=rules.catalogue.keys(),
        in_force=rules.regimes.in_force(),
        referenced=rules.regimes.referenced(),
    )


def municipalities_of(rules: Rules, organisation: str) -> Sequence[str]:
    """Codes of the municipalities that an organisation works in, in order."""
    party, code = party_of(organisation), organisation.partition(":")[2]
    if party is Party.GEMEENTE:
        return (code,)
    everywhere = rules.reference.municipalities.values()
    return tuple(sorted(one.code for one in everywhere if code == _code(one, party)))


def regions_of(rules: Rules, organisation: str) -> Sequence[str]:
    """Codes of the safety regions that a police unit, prosecution office or region works in, in order."""
    codes = municipalities_of(rules, organisation)
    return sorted({rules.reference.municipality(code).safety_region_code for code in codes})


def _code(one: Municipality, party: Party) -> str | None:
    if party is Party.VEILIGHEIDSREGIO:
        return one.safety_region_code
    if party is Party.OM:
        return one.court_district_code
    return one.police_unit_code if party is Party.POLITIE else None
