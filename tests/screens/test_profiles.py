"""`P`: the profiles listed, added, edited, checked, removed and signed in to. The store is real; the vendor is said."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import TypeVar

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widget import Widget

from tests.screens.creating import heard, press, settle
from tests.screens.keeping import (
    PROFILES,
    REFUSED,
    TOKEN,
    StoreApp,
    opened,
    save,
    served,
    type_in,
)
from tui.live.commands import Check, SaveProfile, SignIn, StartSignIn, TryProfile
from tui.live.messages import Checked, ProfilesListed, SignedIn, SignInStarted
from tui.model.problem import ConfigProblem, KeysRejected, UsageProblem
from tui.model.text import Opaque, line
from tui.providers.base import Access, Finding, Offer, Verdict
from tui.screens.pick import PickScreen
from tui.screens.profile_form import ProfileFormScreen
from tui.screens.profile_question import AllTheSameScreen, RemoveScreen
from tui.screens.profile_sign_in import SignInScreen
from tui.screens.profiles import ProfilesScreen
from tui.screens.queue import QueueScreen
from tui.screens.welcome import WelcomeScreen
from tui.terminal.hooks import rendered_text
from tui.widgets.form_state import FormState
from tui.widgets.status_line import StatusLine

T = TypeVar("T")

pytestmark = pytest.mark.anyio
SIZE = (100, 40)
CANARY = "canary-4f1b9d"
LAUNCHED = Opaque("https://auth.example.test/authorize?client=" + "c" * 150 + "&state=s1")


def shown(app: StoreApp) -> str:
    return "\n".join(rendered_text(app))


def words(app: StoreApp) -> str:
    return " ".join(shown(app).split())


def on(app: StoreApp, kind: type[object]) -> bool:
    return isinstance(app.screen, kind)


def form(app: StoreApp) -> FormState:
    screen = app.screen
    assert isinstance(screen, ProfileFormScreen | SignInScreen)
    return screen.state


def status(app: StoreApp) -> str:
    return app.screen.query_one(StatusLine).plain


def sent(app: StoreApp, kind: type[T]) -> list[T]:
    return [command for command in app.recorder.sent if isinstance(command, kind)]


async def down_to(pilot: Pilot[None], app: StoreApp, name: str) -> None:
    for _ in range(len(PROFILES)):
        screen = app.screen
        assert isinstance(screen, ProfilesScreen)
        if screen.selected is not None and screen.selected.listed.name == name:
            return
        await press(pilot, "j")
    raise AssertionError(name)


class TestList:
    async def test_all_of_the_store_with_their_state_and_no_value(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            text = words(app)
            for name in PROFILES:
                assert name in text
            assert "broken not started" in text
            assert "goto-desk sign in first" in text
            assert "seeit ok GoToAssist Seeit" in text
            assert "read-only" in text
            assert "auth_token: in the file" in text
            assert TOKEN not in text
            await down_to(pilot, app, "identity")
            assert "api_key: env TRINSIC_KEY" in words(app)
            await down_to(pilot, app, "goto-desk")
            assert "client_secret: command pass, not run" in words(app)
            await down_to(pilot, app, "broken")
            assert 'api_kee: unknown key; did you mean "api_key"?' in words(app)

    async def test_from_the_detail_and_back_where_one_was(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            assert on(app, ProfilesScreen)
            await press(pilot, "P")
            assert len(app.screen_stack) == 2, "not a second time over itself"
            await press(pilot, "escape")
            assert on(app, QueueScreen)

    async def test_a_store_that_cannot_be_read_says_so(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await press(pilot, "P")
            screen = app.screen
            assert isinstance(screen, ProfilesScreen)
            problem = ConfigProblem("profiles.toml can be read by others: chmod 600")
            app.answer(ProfilesListed(screen._ticket, problem=problem))
            await heard(pilot)
            assert "can be read by others" in words(app)

    async def test_greyed_keys_say_why(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            await press(pilot, "i")
            assert status(app) == "Twilio Proxy knows no sign-in, only keys"
            await down_to(pilot, app, "seeit")
            await press(pilot, "i")
            assert status(app) == "its keys work without a sign-in"
            await down_to(pilot, app, "broken")
            await press(pilot, "c")
            assert status(app) == "it is not started"

    async def test_read_only_is_told_of_the_run_and_of_a_profile(self) -> None:
        app = StoreApp(read_only=True)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            assert "read-only" in rendered_text(app)[0]
            assert "none: sessiontop runs with --read-only" in words(app)


class TestCheck:
    async def test_the_findings_are_shown_a_line_a_key(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            await down_to(pilot, app, "control")
            await press(pilot, "c")
            assert "Asking N-able Take Control whether the keys work" in words(app)
            (asked,) = sent(app, Check)
            assert asked.profile == "control"
            app.answer(Checked(asked.ticket, REFUSED))
            await heard(pilot)
            text = words(app)
            assert "✓ the public key can create" in text
            assert "✗ the private key was refused (403: no such key)" in text

    async def test_a_check_that_could_not_be_made(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "c")
            app.answer(Checked(sent(app, Check)[0].ticket, (), KeysRejected("refused (401)", 401)))
            await heard(pilot)
            assert "refused (401)" in words(app)


class TestForm:
    async def test_a_new_profile_is_checked_saved_and_at_work(self) -> None:
        app = StoreApp({})
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "n", "down", "enter")
            await type_in(pilot, "mine")
            await press(pilot, "tab")
            await type_in(pilot, "key")
            await save(pilot, app)
            assert on(app, ProfilesScreen)
            assert app.kept() == {"mine": {"provider": "trinsic-connect", "api_key": "key"}}
            assert [profile.name for profile in app.desk.profiles] == ["mine"]
            assert "the keys are accepted" in words(app)
            assert len(sent(app, TryProfile)) == len(sent(app, SaveProfile)) == 1

    async def test_nothing_is_asked_of_a_form_that_is_not_right(self) -> None:
        app = StoreApp({})
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "n", "enter")
            await press(pilot, "enter", "enter", "enter")
            assert sent(app, TryProfile) == []
            assert "it is missing" in words(app)

    async def test_what_the_vendor_offers_is_chosen_from_a_list(self) -> None:
        app = StoreApp({})
        offers = [
            Finding(
                Verdict.OK,
                line(f"the account has the service {name}"),
                Offer("service_sid", Opaque("KS" + digit * 32), line(name)),
            )
            for digit, name in (("1", "support"), ("2", "deliveries"))
        ]
        app.findings = offers
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "n", "enter")
            await type_in(pilot, "mine")
            await press(pilot, "tab")
            await type_in(pilot, "AC" + "0" * 32)
            await press(pilot, "tab", "tab")
            await type_in(pilot, "f" * 32)
            await save(pilot, app)
            assert on(app, PickScreen)
            assert "deliveries" in words(app)
            await press(pilot, "j", "enter")
            await served(pilot, app)
            assert app.kept()["mine"]["service_sid"] == "KS" + "2" * 32
            assert len(sent(app, TryProfile)) == 2, "the choice is tried too"

    async def test_a_failed_check_asks_and_no_is_the_default(self) -> None:
        app = StoreApp()
        app.findings = REFUSED
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            await down_to(pilot, app, "control")
            await press(pilot, "enter")
            await save(pilot, app)
            assert on(app, AllTheSameScreen)
            assert "the private key was refused (403" in words(app)
            await press(pilot, "enter")
            assert on(app, ProfileFormScreen)
            assert sent(app, SaveProfile) == []
            await save(pilot, app)
            await press(pilot, "y")
            await served(pilot, app)
            assert on(app, ProfilesScreen)
            assert len(sent(app, SaveProfile)) == 1

    async def test_an_edit_keeps_what_is_not_typed_and_its_place(self) -> None:
        app = StoreApp()
        before = app.kept()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            names = [profile.name for profile in app.desk.profiles]
            await down_to(pilot, app, "control")
            await press(pilot, "enter")
            assert "private-one" not in shown(app)
            await type_in(pilot, "-eu")
            await save(pilot, app)
            after = app.kept()
            assert list(after) == [f"{n}-eu" if n == "control" else n for n in before]
            assert after["control-eu"] == before["control"]
            assert [profile.name for profile in app.desk.profiles] == [
                "control-eu" if name == "control" else name for name in names
            ]

    async def test_a_name_that_another_took_meanwhile_keeps_the_form(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "n", "down", "enter")
            await type_in(pilot, "mine")
            await press(pilot, "tab")
            await type_in(pilot, "key")
            app.store.where.write(  # type: ignore[union-attr]
                lambda old: {"profiles": {**old["profiles"], "mine": PROFILES["seeit"]}}
            )
            await save(pilot, app)
            await press(pilot, "y")
            await served(pilot, app)
            assert on(app, ProfileFormScreen)
            assert 'there is a profile "mine" already' in words(app)
            assert not form(app).locked

    async def test_a_broken_profile_is_put_right(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            assert list(app.desk.broken) == ["broken"]
            await down_to(pilot, app, "broken")
            await press(pilot, "enter")
            screen = app.screen
            assert isinstance(screen, ProfileFormScreen)
            screen.state.go_to("api_key")
            await type_in(pilot, "key")
            screen.state.go_to("api_kee is unknown")
            await press(pilot, "right")
            await save(pilot, app)
            assert app.kept()["broken"] == {"provider": "trinsic-connect", "api_key": "key"}
            assert app.desk.problems == ()
            assert app.desk.broken == {}
            assert app.desk.profile("broken") is not None

    async def test_an_unknown_provider_is_chosen_anew(self) -> None:
        app = StoreApp({"old": {"provider": "trinsik", "api_key": "key"}})
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "enter")
            assert on(app, PickScreen)
            await press(pilot, "down", "enter")
            screen = app.screen
            assert isinstance(screen, ProfileFormScreen)

    async def test_a_run_that_writes_nothing_starts_what_is_added_read_only(self) -> None:
        app = StoreApp({}, read_only=True)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "n", "down", "enter")
            await type_in(pilot, "mine")
            await press(pilot, "tab")
            await type_in(pilot, "key")
            await save(pilot, app)
            (profile,) = app.desk.profiles
            assert profile.read_only
            assert "read_only" not in app.kept()["mine"], "which is a matter of this run"

    async def test_a_shorter_form_leaves_nothing_of_the_longer_one(self) -> None:
        app = StoreApp({})
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "n", "enter")
            await press(pilot, "enter", "tab", "tab", "tab", "tab", "tab")
            await press(pilot, "shift+tab")
            assert shown(app).count("[ Check and save ]") == 1


class TestRemove:
    async def test_the_name_has_to_be_typed(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            await down_to(pilot, app, "control")
            await press(pilot, "x")
            assert on(app, RemoveScreen)
            assert "public_key, private_key too, which are kept only here" in words(app)
            await press(pilot, "enter")
            assert on(app, RemoveScreen)
            await type_in(pilot, "control")
            await press(pilot, "enter")
            await served(pilot, app)
            assert on(app, ProfilesScreen)
            assert "control" not in app.kept()
            assert app.desk.profile("control") is None
            assert status(app).startswith("it is removed")

    async def test_the_choice_below_follows(self) -> None:
        app = StoreApp({name: PROFILES[name] for name in ("proxy-eu", "control")})
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await press(pilot, "n")
            await opened(pilot, app)
            await down_to(pilot, app, "control")
            await press(pilot, "x")
            await type_in(pilot, "control")
            await press(pilot, "enter")
            await served(pilot, app)
            await press(pilot, "escape")
            assert "control" not in words(app)

    async def test_escape_leaves_it(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app, "d", "escape")
            assert app.kept().keys() == PROFILES.keys()


class TestWelcome:
    async def test_the_first_profile_leads_to_the_queue(self) -> None:
        app = StoreApp({}, welcome=True)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await settle(pilot)
            assert on(app, WelcomeScreen)
            await press(pilot, "escape")
            assert on(app, WelcomeScreen)
            await press(pilot, "n")
            await served(pilot, app)
            assert on(app, PickScreen)
            await press(pilot, "down", "enter")
            await type_in(pilot, "mine")
            await press(pilot, "tab")
            await type_in(pilot, "key")
            await save(pilot, app)
            await press(pilot, "escape")
            await heard(pilot)
            assert on(app, QueueScreen)
            assert len(app.screen_stack) == 1

    async def test_without_one_it_stays(self) -> None:
        app = StoreApp({}, welcome=True)
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            assert "There is no profile yet." in words(app)
            await press(pilot, "escape")
            assert on(app, WelcomeScreen)


class TestSignIn:
    async def start(self, pilot: Pilot[None], app: StoreApp) -> None:
        await opened(pilot, app)
        await down_to(pilot, app, "goto-desk")
        await press(pilot, "i")
        (asked,) = sent(app, StartSignIn)
        app.answer(SignInStarted(asked.ticket, LAUNCHED))
        await heard(pilot)

    async def test_the_address_and_a_paste_that_is_not_shown(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await self.start(pilot, app)
            assert on(app, SignInScreen)
            assert LAUNCHED in shown(app).replace("\n", "").replace(" ", "")
            assert "https://example.test/landed" in words(app)
            app.post_message(events.Paste(f"https://example.test/landed?code={CANARY}"))
            await settle(pilot)
            await press(pilot, "enter", "enter")
            (asked,) = sent(app, SignIn)
            assert asked.pasted.endswith(CANARY)
            assert CANARY not in repr(asked)
            app.answer(SignedIn(asked.ticket, None, UsageProblem("that code was used before")))
            await heard(pilot)
            assert "that code was used before" in words(app)
            assert not form(app).locked
            app.post_message(events.Paste("another"))
            await settle(pilot)
            await press(pilot, "enter", "enter")
            until = app.clock.now().replace(hour=10, minute=26)
            app.answer(SignedIn(sent(app, SignIn)[1].ticket, Access(until, line("priya"), True)))
            await heard(pilot)
            assert (
                "Signed in as priya; the access token holds until 10:26 and is then renewed"
                in words(app)
            )
            assert CANARY not in shown(app)
            await press(pilot, "escape")
            assert on(app, ProfilesScreen)

    async def test_the_address_goes_to_the_clipboard_and_letters_to_the_field(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await self.start(pilot, app)
            await press(pilot, "y")
            assert "address sent to the terminal" in status(app)
            await press(pilot, "enter")
            await type_in(pilot, "yQ")
            screen = app.screen
            assert isinstance(screen, SignInScreen)
            edit = screen.state.fields[0].edit(0)
            assert edit is not None
            assert edit.text == "yQ"
            await press(pilot, "escape")
            assert on(app, SignInScreen), "first out of the field"
            await press(pilot, "escape")
            assert on(app, ProfilesScreen)

    async def test_no_address_no_field(self) -> None:
        app = StoreApp()
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            await down_to(pilot, app, "goto-desk")
            await press(pilot, "i")
            asked = sent(app, StartSignIn)[0]
            app.answer(SignInStarted(asked.ticket, None, UsageProblem("client_id is missing")))
            await heard(pilot)
            assert "client_id is missing" in words(app)
            app.post_message(events.Paste("something"))
            await settle(pilot)
            await press(pilot, "enter", "enter")
            assert sent(app, SignIn) == []

    async def test_a_saved_profile_that_needs_one_leads_there(self) -> None:
        app = StoreApp()
        app.environ["CLIENT"] = "client-secret"
        async with app.run_test(size=SIZE, notifications=True) as pilot:
            await opened(pilot, app)
            await down_to(pilot, app, "goto-desk")
            await press(pilot, "enter")
            screen = app.screen
            assert isinstance(screen, ProfileFormScreen)
            screen.state.go_to("client_secret is kept")
            await press(pilot, "v")
            screen.state.go_to("client_secret")
            await type_in(pilot, "CLIENT")
            await save(pilot, app)
            assert app.kept()["goto-desk"]["client_secret"] == {"env": "CLIENT"}
            assert on(app, SignInScreen)
            assert sent(app, StartSignIn)[0].profile == "goto-desk"


def everything(app: StoreApp, logged: str) -> str:
    """Every place where a secret could turn up, as one text."""
    widgets = [repr(one) for screen in app.screen_stack for one in screen.walk_children(Widget)]
    state = [repr(one) for one in (*app.recorder.sent, *app.answers, app.desk, *app.screen_stack)]
    return "\n".join(
        [app.export_screenshot(), shown(app), logged, *widgets, *state, repr(app.desk.log)]
    )


@pytest.mark.parametrize("provider", range(5))
async def test_no_canary_gets_out(provider: int, caplog: pytest.LogCaptureFixture) -> None:
    """A secret in every secret field, a check that fails in every way: it is nowhere but in the store."""
    caplog.set_level(logging.DEBUG)
    app = StoreApp({})
    seen: list[str] = []
    failures: list[Callable[[], None]] = [
        lambda: setattr(app, "findings", REFUSED),
        lambda: setattr(app, "findings", (Finding(Verdict.WARN, line("not known")),)),
    ]
    async with app.run_test(size=SIZE, notifications=True) as pilot:
        await opened(pilot, app, "n", *["down"] * provider, "enter")
        await type_in(pilot, "mine")
        screen = app.screen
        assert isinstance(screen, ProfileFormScreen)
        filled = 0
        for field in list(screen.state.fields):
            if field.secret:
                screen.state.go_to(field.field.name)
                app.post_message(events.Paste(CANARY))
                await settle(pilot)
                filled += 1
                seen.append(everything(app, caplog.text))
        assert filled
        for name, text in (("account_sid", "AC" + "0" * 32), ("base_url", "https://a.example")):
            if any(field.field.name == name for field in screen.state.fields):
                screen.state.go_to(name)
                app.post_message(events.Paste(text))
                await settle(pilot)
        for fail in failures:
            fail()
            if isinstance(app.screen, AllTheSameScreen):
                await press(pilot, "enter")
            if isinstance(app.screen, ProfileFormScreen):
                await save(pilot, app)
            seen.append(everything(app, caplog.text))
        await press(pilot, "escape", "escape")
        seen.append(everything(app, caplog.text))
    assert [one for one in seen if CANARY in one] == []
