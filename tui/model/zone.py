"""The operator's own time zone, with its changes of summer time: only for showing times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo


class LocalZone(tzinfo):
    """What the machine says (TZ, /etc/localtime), asked anew for each time: a program may stay open for months."""

    def fromutc(self, dt: datetime) -> datetime:
        return dt.replace(tzinfo=UTC).astimezone().replace(tzinfo=self)

    def utcoffset(self, dt: datetime | None) -> timedelta | None:
        return None if dt is None else _local(dt).utcoffset()

    def tzname(self, dt: datetime | None) -> str | None:
        return None if dt is None else _local(dt).tzname()

    def dst(self, dt: datetime | None) -> timedelta | None:
        return None


def _local(dt: datetime) -> datetime:
    return dt.replace(tzinfo=None).astimezone()
