"""Buttons that change something: one gesture, one command, and what became of it told where one looks."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import streamlit as st

from ccm.auth.confirmation import ConfirmationNeeded
from ccm.commands import Command
from ccm.domain.errors import CcmError, Conflict, Invalid, NotFound, Problem
from ccm.i18n import translator
from ccm.ui import state
from ccm.ui.context import Page
from ccm.ui.fields import hold_problems, mend, take_problems
from ccm.ui.plain import plain_label
from ccm.ui.unsent import keep_in_sight, show_unsent

#: What is said once a command is carried out: a sentence, or one made of its result.
Done = str | Callable[[Any], str]


@dataclass(frozen=True)
class Form:
    """A form's fields by the column whose problems they show, the controls to clear, and its weight.

    A form that has a `name` draws under each field what is wrong with it (`take_problems`).
    """

    fields: Mapping[str, str] = field(default_factory=dict)
    clears: tuple[str, ...] = ()
    primary: bool = False
    name: str = ""


def button(
    page: Page,
    label: str,
    key: str,
    make: Callable[[], Command[Any]],
    done: str,
    *,
    primary: bool = False,
    clears: tuple[str, ...] = (),
) -> None:
    """A button that carries out the command `make` builds when it is pressed.

    Its gesture is numbered when it is drawn: pressed twice before the next drawing, it acts once. `told`
    says what became of it. What was typed in the controls `clears` names goes only once it is kept.
    """
    st.button(
        label,
        key=key,
        type="primary" if primary else "secondary",
        on_click=_act,
        args=(page, make, done, secrets.token_urlsafe(16), clears),
    )


def prose(page: Page, label: str, key: str) -> None:
    """A text to be typed, which `button` clears; under it, what was wrong with it.

    What was typed stays in sight where the sign-in is over as one leaves the field.
    """

    def leave() -> None:
        if page.is_over:
            _keep((key,))

    st.text_area(label, key=key, max_chars=_LONGEST, on_change=leave)
    for problem in take_problems(key).values():
        mend(page, problem)


def form_button(
    page: Page,
    label: str,
    make: Callable[[], Command[Any]],
    done: Done,
    form: Form,
    then: Callable[[], None] | None = None,
) -> None:
    """The button of a form: `make` builds the command from what its controls hold when it is pressed.

    What was typed stays where the command is refused, and goes once it is kept; `then` follows it.
    """
    gesture = secrets.token_urlsafe(16)

    def act() -> None:
        if carry_out(page, make, done, gesture, form) is not None:
            state.empty(*form.clears)
            if then:
                then()

    st.form_submit_button(label, type="primary" if form.primary else "secondary", on_click=act)


def carry_out(
    page: Page,
    make: Callable[[], Command[Any]],
    done: Done,
    gesture: str | None = None,
    form: Form | None = None,
    typed: tuple[str, ...] = (),
) -> Any:
    """Submit a command and note what became of it for `told`; its result, or True, or None where refused.

    A problem is told with the field of the `form` that it stands in. `typed` are the controls that may go
    with what somebody else dealt with first: their text does not. With a sign-in that is over go the form's
    too: neither does theirs.
    """
    form = form or Form()
    try:
        result = page.submit(make(), key=gesture)
    except CcmError as error:
        confirming = isinstance(error, ConfirmationNeeded)
        lines = _lines(error, page, form)
        note(*lines, done=False, href=page.confirm if confirming else None)
        if isinstance(error, Conflict | NotFound):
            _keep(typed)
        elif page.is_over:
            _keep((*typed, *form.clears))
        return None
    note(done if isinstance(done, str) else done(result), done=True)
    return True if result is None else result


def _lines(error: CcmError, page: Page, form: Form) -> tuple[str, ...]:
    """What is said of an error at the head of the page, one line each; of a form with a name, beside it."""
    if not isinstance(error, Invalid):
        return (said(error, page.locale),)
    beside = [problem for problem in error.problems if form.name and problem.column in form.fields]
    # The first of each field: what follows may come of it.
    hold_problems(form.name, {p.column or "": sentence(p, page.locale) for p in reversed(beside)})
    left = [_placed(problem, page.locale, form.fields) for problem in error.problems if problem not in beside]
    if beside:
        left.insert(0, page._("Rien n’a été changé : voyez ce qui est à reprendre."))
    return tuple(left)


def note(*lines: str, done: bool, href: str | None = None) -> None:
    """Keep what became of a gesture until `told` says it, one line each."""
    state.hold(_TOLD, (lines, done, href))


def told(page: Page) -> None:
    """What became of the last gesture, said once: at the head of the page, and where one is looking."""
    # The place is there whether or not there is something to say: else all below it would be drawn anew, and
    # what the reader had unfolded be folded again.
    place, kept = st.container(), state.held(_TOLD)
    if kept:
        with place:
            page.show("told.html", lines=kept[0], done=kept[1], href=kept[2])
        # One line: Streamlit folds a longer one behind a word of its own.
        st.toast(plain_label(kept[0][0]))
        state.forget(_TOLD)
    if page.actor.signed_in:
        # Whose sign-in is over has been shown it with the way in.
        show_unsent(page.locale)


def said(error: CcmError, locale: str) -> str:
    """An error in the reader's language: its sentence, or one for each problem, without its column's code."""
    if isinstance(error, Invalid):
        return " ".join(sentence(problem, locale) for problem in error.problems)
    message = translator(locale).gettext(error.message)
    return message % error.values if error.values else message


def _placed(problem: Problem, locale: str, fields: Mapping[str, str]) -> str:
    """A problem after the label of its field, where it has one."""
    told, title = sentence(problem, locale), fields.get(problem.column or "")
    return title + translator(locale).gettext(" : ") + told[:1].lower() + told[1:] if title else told


def sentence(problem: Problem, locale: str) -> str:
    """A problem as one sentence, without the code of its column."""
    text = problem.said(translator(locale))
    return text[:1].upper() + text[1:] + "." * (not text.endswith("."))


_TOLD = "ccm-told"
#: The columns of texts that a gesture asks for.
_PROSE = {"reason": "", "answer": ""}
_LONGEST = 10_000


def _act(
    page: Page, make: Callable[[], Command[Any]], done: str, gesture: str, clears: tuple[str, ...]
) -> None:
    # A text that is asked for stands last among what goes: what is wrong with it is told under it.
    form = Form(fields=_PROSE, name=clears[-1]) if clears else None
    if carry_out(page, make, done, gesture, form, typed=clears) is not None:
        state.empty(*clears)


def _keep(controls: tuple[str, ...]) -> None:
    """Keep what was typed in these controls in sight until whoever typed it has done with it."""
    typed = [text for key in controls if isinstance(text := state.held(key), str) and text.strip()]
    keep_in_sight(*(("", text) for text in typed))
