"""Words for the codes in cards and facts, in the language of the reader: register, reference data, law, playbooks."""

import asyncio
from collections.abc import Collection, Iterable, Mapping

from dashboards.catalogue import catalogue
from dashboards.models import RegimeForm
from domain.duties.regimes import Regime
from domain.register import Register
from usecases.context import Rules
from usecases.ports import Registers


class Naming:
    """Names come from dated configuration, and per municipality from its register."""

    def __init__(self, rules: Rules, registers: Registers) -> None:
        self._rules = rules
        self._registers = registers

    async def names(self, municipalities: Collection[str], language: str) -> Mapping[str, str]:
        """Everything that may stand in a picture of these municipalities."""
        registers = await asyncio.gather(*(self._registers.register(code) for code in municipalities))
        found = dict(self._fixed(language))
        for code in municipalities:
            parties = self._rules.reference.parties_of(code)
            found[code] = self._rules.reference.municipality(code).name
            found |= {party.id: party.name for party in parties.all}
        for register in registers:
            found |= of_register(register)
        return found

    def regimes(self, regime_ids: Iterable[str], language: str) -> tuple[RegimeForm, ...]:
        """The regimes as a person decides about them."""
        return tuple(_form(self._rules.regimes.regime(each), language) for each in dict.fromkeys(regime_ids))

    def playbooks(self, language: str) -> Mapping[str, tuple[str, str]]:
        """The catalogue: name of each playbook, and what it is for."""
        say = catalogue(language).gettext
        return {each.id: (say(each.name), say(each.description or "")) for each in self._rules.catalogue.values()}

    def _fixed(self, language: str) -> Iterable[tuple[str, str]]:
        for regime in self._rules.regimes.regimes:
            yield regime.id, regime.label[language]
            for obligation in regime.obligations:
                yield obligation.id, obligation.label[language]
        for moment, words in self._rules.regimes.moments.items():
            yield moment, words[language]
        for playbook in self._rules.catalogue.values():
            yield playbook.id, catalogue(language).gettext(playbook.name)


def of_register(register: Register) -> dict[str, str]:
    """Services and suppliers by code."""
    suppliers = {each.code: each.name for each in register.suppliers.values()}
    return suppliers | {each.code: each.name for each in register.services.values()}


def _form(regime: Regime, language: str) -> RegimeForm:
    return RegimeForm(
        id=regime.id,
        name=regime.label[language],
        question=regime.question[language],
        awareness=regime.awareness[language],
        grounds=tuple((ground.id, ground.label[language]) for ground in regime.grounds),
    )
