"""The one type for credentials: shows itself as `***` however it is printed, formatted or logged."""

from __future__ import annotations

import hmac
from typing import Final, NoReturn

MASK: Final = "***"


class Secret:
    """A credential, or a vendor field that its documents call secret.

    `reveal` is called only in `net/auth.py`, `profiles/` and the one view that shows a fresh result;
    a test over the syntax trees holds that.
    """

    __slots__ = ("__value",)

    def __init__(self, value: str) -> None:
        self.__value = value

    def reveal(self) -> str:
        """The text itself."""
        return self.__value

    def __repr__(self) -> str:
        return MASK

    __str__ = __repr__

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)

    def __bool__(self) -> bool:
        return bool(self.__value)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        return hmac.compare_digest(_bytes(self.__value), _bytes(other.__value))

    def __hash__(self) -> int:
        return hash(self.__value)

    def __reduce__(self) -> NoReturn:
        raise TypeError("a Secret is never pickled")


def _bytes(text: str) -> bytes:
    # Half a surrogate pair would raise an error that carries the whole text.
    return text.encode("utf-8", "surrogatepass")
