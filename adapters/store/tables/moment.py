"""A moment in PostgreSQL: aware, in UTC."""

from sqlalchemy import DateTime
from sqlalchemy.types import TypeDecorator


class Moment(TypeDecorator[object]):
    """`timestamptz`."""

    impl = DateTime(timezone=True)
    cache_ok = True
