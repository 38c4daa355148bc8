"""`dataclass`, as the standard library has it, whose methods cost nothing before they are needed.

The standard one writes and compiles the source of up to eight methods for each class, about a millisecond, and most
classes of a program are not used before its first screen, or ever. Here `__init__` is compiled when the first
instance is made, and the others are shared. What comes out behaves the same: fields, defaults, comparing, hashing,
`repr`, `replace`, pattern matching, copying. There is no `order`, `unsafe_hash` or `InitVar`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from operator import attrgetter
from reprlib import recursive_repr
from typing import TYPE_CHECKING, Any, TypeVar

T = TypeVar("T")
_NOT_GIVEN = object()


if TYPE_CHECKING:
    from dataclasses import dataclass as dataclass
else:

    def dataclass(
        cls: type[T] | None = None, *, frozen: bool = False, slots: bool = False, eq: bool = True
    ) -> type[T] | Callable[[type[T]], type[T]]:
        """As `dataclasses.dataclass` with these parameters."""

        def made(cls: type[T]) -> type[T]:
            own = frozenset(cls.__dict__)
            if "__eq__" in own and cls.__dict__["__hash__"] is None:
                own -= {
                    "__hash__"
                }  # Python's own doing: a class that says what is equal is not hashed by its place
            cls = dataclasses.dataclass(init=False, repr=False, eq=False, slots=slots)(cls)
            _complete(cls, own, frozen=frozen, eq=eq)
            return cls

        return made if cls is None else made(cls)


def _complete(cls: type[Any], own: frozenset[str], *, frozen: bool, eq: bool) -> None:
    """Gives a class what its own body does not have."""
    methods: dict[str, Any] = {"__init__": _first_init(cls, frozen), "__repr__": _repr}
    if eq:
        get = _getter([field.name for field in dataclasses.fields(cls) if field.compare])
        methods["__eq__"] = _eq(get)
        methods["__hash__"] = _hash(get) if frozen else None
    if frozen:
        methods |= _guards(cls)
    for name, method in methods.items():
        if name not in own:
            setattr(cls, name, method)


def _first_init(cls: type[Any], frozen: bool) -> Callable[..., None]:
    """An `__init__` that puts the compiled one in its place."""

    def init(self: Any, *args: Any, **named: Any) -> None:
        compiled = _compiled_init(cls, frozen)
        if cls.__dict__["__init__"] is init:
            cls.__init__ = compiled
        compiled(self, *args, **named)

    return init


def _compiled_init(cls: type[Any], frozen: bool) -> Callable[..., None]:
    known: dict[str, Any] = {"_not_given": _NOT_GIVEN, "_set": object.__setattr__}
    parameters, named, body = ["self"], list[str](), list[str]()
    for field in dataclasses.fields(cls):
        name = field.name
        default, value = _default(field, known)
        if field.init:
            (named if field.kw_only else parameters).append(
                f"{name}={default}" if default else name
            )
            value = f"{value} if {name} is {default} else {name}" if value != default else name
        if value:
            body.append(f"_set(self, {name!r}, {value})" if frozen else f"self.{name} = {value}")
    if hasattr(cls, "__post_init__"):
        body.append("self.__post_init__()")
    signature = ", ".join([*parameters, *(["*", *named] if named else [])])
    exec(f"def __init__({signature}):\n " + "\n ".join(body or ["pass"]), known)
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{cls.__qualname__}.__init__"
    init.__module__ = cls.__module__
    return init


def _default(field: dataclasses.Field[Any], known: dict[str, Any]) -> tuple[str, str]:
    """What stands for a value that is not given, and what is it then; empty without a default."""
    if field.default is not dataclasses.MISSING:
        known[f"_default_{field.name}"] = field.default
        return f"_default_{field.name}", f"_default_{field.name}"
    if field.default_factory is not dataclasses.MISSING:
        known[f"_make_{field.name}"] = field.default_factory
        return "_not_given", f"_make_{field.name}()"
    return "", ""


def _getter(names: list[str]) -> Callable[[Any], Any]:
    """The values of these fields, as one that can be compared and hashed."""
    if not names:
        return lambda _: ()
    get = attrgetter(*names)
    return get if len(names) > 1 else lambda one: (get(one),)


@recursive_repr()
def _repr(self: Any) -> str:
    shown = [
        f"{field.name}={getattr(self, field.name)!r}"
        for field in dataclasses.fields(self)
        if field.repr
    ]
    return f"{self.__class__.__qualname__}({', '.join(shown)})"


def _eq(get: Callable[[Any], Any]) -> Callable[[Any, object], bool]:
    def __eq__(self: Any, other: object) -> bool:
        if other.__class__ is not self.__class__:
            return NotImplemented
        return bool(get(self) == get(other))

    return __eq__


def _hash(get: Callable[[Any], Any]) -> Callable[[Any], int]:
    def __hash__(self: Any) -> int:
        return hash(get(self))

    return __hash__


def _guards(cls: type[Any]) -> dict[str, Any]:
    """What keeps an instance as it was made, and still lets it be copied."""
    names = frozenset(field.name for field in dataclasses.fields(cls))

    def __setattr__(self: Any, name: str, value: object) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot assign to field {name!r}")
        super(cls, self).__setattr__(name, value)

    def __delattr__(self: Any, name: str) -> None:
        if type(self) is cls or name in names:
            raise dataclasses.FrozenInstanceError(f"cannot delete field {name!r}")
        super(cls, self).__delattr__(name)

    return {
        "__setattr__": __setattr__,
        "__delattr__": __delattr__,
        "__getstate__": _state,
        "__setstate__": _set_state,
    }


def _state(self: Any) -> list[Any]:
    return [getattr(self, field.name) for field in dataclasses.fields(self)]


def _set_state(self: Any, state: list[Any]) -> None:
    for field, value in zip(dataclasses.fields(self), state, strict=True):
        object.__setattr__(self, field.name, value)
