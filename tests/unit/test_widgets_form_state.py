"""A form while it is filled in: what Enter does, what is told when, what is handed over."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tui.model.form import FieldKind, Form, FormField, Given
from tui.model.secret import Secret
from tui.model.text import Clean, line
from tui.providers.forms import examine
from tui.providers.registry import SPECS
from tui.widgets.form_fields import Choice, YesNo, rule
from tui.widgets.form_lines import layout
from tui.widgets.form_state import Entered, FormState, Start
from tui.widgets.glyphs import ASCII, UNICODE

CANARY = "s3cret-canary"


def field(name: str, kind: FieldKind = FieldKind.TEXT, **facts: object) -> FormField:
    return FormField(name, name.capitalize(), kind, "a thing", "the test", **facts)  # type: ignore[arg-type]


def state(*fields: FormField, start: Start | None = None) -> FormState:
    form = Form("A form", "make a thing", fields)

    def faults(given: Given) -> Mapping[str, Clean]:
        return examine(form, given).faults

    return FormState(fields, faults, start)


def at(made: FormState) -> str:
    return made.current.field.name if made.current is not None else "button"


def text(made: FormState, width: int = 80, *, ascii_only: bool = False) -> str:
    glyphs = ASCII if ascii_only else UNICODE
    lines = layout(made, width, line("Create"), glyphs).lines
    return "\n".join("".join(run.text for run in one) for one in lines)


NAME, MAIL = field("name", limit=5), field("mail", FieldKind.EMAIL)
NEEDED = field("needed", required=True)


class TestEnter:
    def test_a_complete_form_opens_on_the_button_and_one_enter_sends_it(self) -> None:
        made = state(NAME, MAIL)
        assert at(made) == "button"
        assert made.enter() is Entered.SEND

    def test_a_form_without_fields_is_complete(self) -> None:
        assert state().enter() is Entered.SEND

    def test_a_form_that_needs_something_opens_there(self) -> None:
        made = state(NAME, NEEDED)
        assert at(made) == "needed"
        assert made.fault(made.fields[1]) is None, "nobody has had a chance to fill it in yet"
        assert made.enter() is Entered.FAULTY
        assert made.complaint == "Needed is needed"

    def test_typing_on_the_button_goes_into_the_first_field(self) -> None:
        made = state(NAME, MAIL)
        made.insert("A")
        assert (at(made), made.given()["name"]) == ("name", "A")

    def test_in_a_field_enter_leads_to_the_button_and_sends_nothing(self) -> None:
        made = state(NAME, MAIL)
        made.insert("Ana")
        assert made.enter() is Entered.MOVED
        assert at(made) == "button"
        assert made.enter() is Entered.SEND

    def test_a_faulty_field_is_not_left_by_enter(self) -> None:
        made = state(NAME, MAIL)
        made.go_to("mail")
        made.insert("ana@")
        assert made.enter() is Entered.FAULTY
        assert at(made) == "mail"
        assert "is not an e-mail address" in str(made.complaint)

    def test_enter_leads_to_the_next_field_that_something_is_wrong_with(self) -> None:
        made = state(NAME, MAIL, NEEDED)
        made.go_to("name")
        assert made.enter() is Entered.MOVED
        assert at(made) == "needed"

    def test_the_button_of_a_faulty_form_leads_to_the_fault(self) -> None:
        made = state(NAME, NEEDED)
        made.go_to_end(button=True)
        assert made.enter() is Entered.FAULTY
        assert at(made) == "needed"
        assert made.fault(made.fields[1]) is not None

    def test_an_unbracketed_paste_with_line_breaks_never_sends(self) -> None:
        made = state(NAME, MAIL)
        for char in "Ana\rBob\rCy\r":
            entered = made.enter() if char == "\r" else None
            assert entered is not Entered.SEND
            if char != "\r":
                made.insert(char)
        assert made.given()["name"] == "AnaBobCy"

    def test_a_locked_form_sends_and_changes_nothing(self) -> None:
        made = state(NAME)
        assert made.enter() is Entered.SEND
        made.locked = True
        assert made.enter() is Entered.MOVED
        assert not made.insert("x")
        made.start_over()
        assert made.given() == {"name": ""}

    def test_a_draft_does_not_open_on_the_button(self) -> None:
        made = state(NAME, MAIL)
        made.insert("Ana")
        made.enter()
        made.leave()
        assert at(made) == "name"
        assert made.given()["name"] == "Ana"


class TestMoving:
    def test_round_and_round(self) -> None:
        made = state(NAME, MAIL)
        seen = []
        for _ in range(4):
            made.move(1)
            seen.append(at(made))
        assert seen == ["name", "mail", "button", "name"]
        made.move(-1)
        assert at(made) == "button"

    def test_every_participant_is_a_place(self) -> None:
        made = state(field("people", FieldKind.PARTICIPANTS, limit=2), NAME)
        made.move(1)
        made.insert("+14155551212=Ana")
        made.move(1)
        assert (at(made), made.entry) == ("people", 1)
        made.insert("+14155551213")
        assert made.given()["people"] == ["+14155551212=Ana", "+14155551213"]
        made.move(1)
        assert at(made) == "name"

    def test_a_long_list_always_has_one_empty_line_more(self) -> None:
        made = state(field("people", FieldKind.PARTICIPANTS, limit=5))
        made.move(1)
        for number in range(5):
            assert made.fields[0].entries == number + 1
            made.insert(f"messenger:{number}")
            made.move(1)
        assert made.fields[0].entries == 5
        assert at(made) == "button"

    def test_up_and_down_go_through_a_long_text_first(self) -> None:
        made = state(NAME, field("problem", FieldKind.LONG_TEXT))
        made.go_to("problem")
        made.paste("one\ntwo")
        made.move_row(-1, 40)
        assert at(made) == "problem"
        made.move_row(-1, 40)
        assert at(made) == "name"


class TestChoosing:
    MODE = field("mode", FieldKind.CHOICE, choices=("voice", "video", "message"), default="voice")

    def chosen(self, *keys: str, of: FormField | None = None) -> object:
        made = state(of or self.MODE)
        made.go_to_end(button=False)
        for key in keys:
            if not made.press(key):
                made.insert(key)
        return made.given()[(of or self.MODE).name]

    @pytest.mark.parametrize(
        ("keys", "word"),
        [
            ((), "voice"),
            (("right",), "video"),
            (("left",), "message"),
            (("m",), "message"),
            (("v",), "video"),
            (("v", "v"), "voice"),
            ((" ",), "video"),
            (("z",), "voice"),
            (("end",), "message"),
            (("backspace",), "voice"),
        ],
    )
    def test_by_arrows_and_letters(self, keys: tuple[str, ...], word: str) -> None:
        assert self.chosen(*keys) == word

    @pytest.mark.parametrize(
        ("keys", "word"),
        [
            ((), ""),
            ((" ",), "yes"),
            ((" ", " "), "no"),
            ((" ", " ", " "), ""),
            (("n",), "no"),
            (("y", "backspace"), ""),
        ],
    )
    def test_yes_no_and_neither(self, keys: tuple[str, ...], word: str) -> None:
        assert self.chosen(*keys, of=field("flag", FieldKind.YES_NO)) == word

    def test_where_a_default_is_declared_it_is_one_of_the_two(self) -> None:
        flag = field("flag", FieldKind.YES_NO, default=True)
        made = state(flag)
        assert isinstance(made.fields[0], YesNo)
        assert made.fields[0].options == ("yes", "no")
        assert made.given() == {"flag": "yes"}

    def test_a_paste_chooses_nothing(self) -> None:
        made = state(self.MODE)
        made.go_to("mode")
        assert not made.paste("message")
        assert isinstance(made.fields[0], Choice)
        assert made.fields[0].chosen == "voice"


class TestTold:
    def test_over_the_limit_is_told_as_it_is_typed(self) -> None:
        made = state(NAME)
        made.insert("Annie")
        assert made.fault(made.fields[0]) is None
        assert "5/5" in text(made)
        made.insert("e")
        assert "6/5" in text(made)
        assert "has 6 characters; at most 5 are taken" in text(made)

    def test_a_fault_stands_right_below_its_field(self) -> None:
        made = state(NAME, MAIL)
        made.go_to("mail")
        made.insert("ana@")
        rows = text(made).split("\n")
        here = next(number for number, row in enumerate(rows) if "Mail" in row)
        assert rows[here + 1].strip().startswith("is not an e-mail address")

    def test_the_field_that_a_refusal_names_is_marked_until_it_is_changed(self) -> None:
        made = state(NAME)
        made.marked = "name"
        assert "refusal names this field" in text(made)
        made.insert("x")
        assert "refusal" not in text(made)

    def test_the_rule_names_every_limit(self) -> None:
        assert rule(field("x", limit=9, required=True)) == "a thing; needed; at most 9 characters"
        assert rule(field("x", FieldKind.DURATION, minimum=60, maximum=5400)) == (
            "a thing; from 1m to 1h30m"
        )
        assert rule(field("x", FieldKind.INTEGER, minimum=1)) == "a thing; at least 1"

    @pytest.mark.parametrize("width", [58, 80, 120])
    @pytest.mark.parametrize("provider", SPECS)
    def test_every_line_of_every_form_fills_the_width(self, provider: str, width: int) -> None:
        form = SPECS[provider].create
        assert form is not None
        made = FormState(form.fields, lambda given: examine(form, given).faults)
        for ascii_only in (False, True):
            for row in text(made, width, ascii_only=ascii_only).split("\n"):
                assert len(row) == width
        assert text(made, width, ascii_only=True).isascii()


class TestSecret:
    KEY = field("key", FieldKind.SECRET, required=True)

    def filled(self) -> FormState:
        made = state(self.KEY)
        made.paste(CANARY)
        return made

    def test_it_is_masked_and_goes_out_as_a_secret(self) -> None:
        made = self.filled()
        assert CANARY not in text(made)
        assert "•" * len(CANARY) in text(made)
        assert made.given() == {"key": Secret(CANARY)}

    def test_its_value_is_in_no_repr_and_no_fault(self) -> None:
        made = self.filled()
        for thing in (made, made.given(), made.fields, vars(made.fields[0]), made.faults):
            assert CANARY not in repr(thing)
            assert CANARY not in str(thing)

    def test_an_empty_one_that_is_needed_is_a_fault(self) -> None:
        made = state(self.KEY)
        assert made.faults["key"] == "key is needed"
        assert self.filled().faults == {}

    def test_a_secret_where_none_belongs_is_refused(self) -> None:
        form = Form("A form", "x", (NAME,))
        assert examine(form, {"name": Secret("x")}).faults["name"] == "name is no secret"

    def test_a_checked_secret_stays_one(self) -> None:
        form = Form("A form", "x", (self.KEY,))
        assert examine(form, {"key": Secret(CANARY)}).values == {"key": Secret(CANARY)}
        assert examine(form, {"key": CANARY}).values == {"key": Secret(CANARY)}
        assert CANARY not in repr(examine(form, {"key": CANARY}))


class TestStart:
    def test_defaults_of_the_user_go_before_the_declared_ones(self) -> None:
        mode = field("mode", FieldKind.CHOICE, choices=("a", "b"), default="a")
        people = field("people", FieldKind.PARTICIPANTS, limit=2)
        made = state(NAME, mode, people, start={"mode": "b", "people": ["messenger:1"]})
        assert made.given() == {"name": "", "mode": "b", "people": ["messenger:1"]}
        before = made.touched
        made.go_to("name")
        made.insert("x")
        assert (before, made.touched) == (False, True)
        made.start_over()
        assert made.given() == {"name": "", "mode": "b", "people": ["messenger:1"]}

    def test_a_default_that_is_not_right_is_where_the_form_opens(self) -> None:
        made = state(NAME, MAIL, start={"mail": "nonsense"})
        assert at(made) == "mail"
