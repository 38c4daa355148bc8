"""One key in several headers."""

from __future__ import annotations

import pytest

from tui.model.problem import ConfigProblem
from tui.model.secret import Secret
from tui.net.auth import RepeatedTokenAuth


def test_the_same_token_in_every_header() -> None:
    auth = RepeatedTokenAuth(Secret("sesame"), "Authorization", "VendorAuthorization")
    assert auth.headers() == (
        ("Authorization", "Bearer sesame"),
        ("VendorAuthorization", "Bearer sesame"),
    )
    bare = RepeatedTokenAuth(Secret("sesame"), "X-Key", prefix="")
    assert bare.headers() == (("X-Key", "sesame"),)
    assert "sesame" not in repr(auth)


@pytest.mark.parametrize("token", ["", "a b", "ses\r\name", "schlüssel", "x" * 9000])
def test_a_token_that_no_header_can_carry_is_not_quoted(token: str) -> None:
    with pytest.raises(ConfigProblem) as caught:
        RepeatedTokenAuth(Secret(token), "Authorization", "VendorAuthorization")
    assert not token or token not in caught.value.message
