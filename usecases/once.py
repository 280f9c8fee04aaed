"""A command with the same key has one effect: the first answer is stored and given again."""

from typing import TypeVar

from pydantic import BaseModel

from domain.parties import Actor
from usecases.ports import Transaction

Answer = TypeVar("Answer", bound=BaseModel)


def key_of(actor: Actor, key: str) -> str:
    """Keys of one person never meet those of another."""
    return f"{actor.account_id}:{key}"


async def answered(tx: Transaction, actor: Actor, key: str, shape: type[Answer]) -> Answer | None:
    """The first answer when this key was used before; None claims it for this transaction."""
    stored = await tx.answered(key_of(actor, key))
    return shape.model_validate_json(stored) if stored else None


async def remember(tx: Transaction, actor: Actor, key: str, answer: Answer) -> Answer:
    """Store the answer for this key, and give it."""
    await tx.remember(key_of(actor, key), answer.model_dump_json())
    return answer
