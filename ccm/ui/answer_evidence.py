"""The evidence beside one answer: a file, an address, or the name of a document."""

import secrets

import streamlit as st

from ccm.commands.evidence import keep_file
from ccm.queries.answer_form import Piece
from ccm.ui import identity, state
from ccm.ui.answer_cells import Cells
from ccm.ui.context import Page
from ccm.ui.html import style_further

_UPLOADER = ".st-key-ccm-question-evidence [data-testid=stFileUploader]"


def show_evidence(page: Page, cells: Cells, number: int, *, proof_asked: bool) -> None:
    """Draw the question of this number: what is there already, and the three ways to add to it."""
    page.show("answer_evidence.html", number=number, proof_asked=proof_asked)
    cells.draws_evidence()
    with st.container(key="ccm-pieces"):
        for piece in cells.form.evidence:
            _piece(page, cells, piece)
    style_further(words=_words(page))
    turn = state.held(cells.key("turn")) or 0
    # Of any name: what a file is stands in its content, and what is wrong with it is told in our words.
    st.file_uploader(
        page._("Un fichier : PDF, photo, Word ou Excel, 5 Mo au plus"),
        max_upload_size=5,
        key=cells.key(f"file-{turn}"),
        on_change=_add_file,
        args=(page, cells, turn),
    )
    _typed(cells, "link", page._("Ou un lien"), page._("Ajouter le lien"), most=2000, example="https://")
    _typed(cells, "document", page._("Ou le nom d’un document"), page._("Ajouter le nom"), most=200)


def _typed(cells: Cells, field: str, title: str, add: str, *, most: int, example: str | None = None) -> None:
    """A field whose text is evidence as soon as one leaves it, and the button that one looks for."""
    gesture = secrets.token_urlsafe(16)
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            title,
            key=cells.key(field),
            placeholder=example,
            max_chars=most,
            on_change=cells.add_typed,
            args=(field, gesture),
        )
        st.button(add, key=cells.key(f"add-{field}"), on_click=cells.add_typed, args=(field, gesture))


def _piece(page: Page, cells: Cells, piece: Piece) -> None:
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key=f"ccm-piece-{piece.id}",
    ):
        page.show("piece.html", piece=piece)
        remove = cells.key(f"remove-{piece.id}")
        st.button(page._("Retirer"), key=remove, on_click=cells.remove, args=(piece.id,))


def _words(page: Page) -> dict[str, str]:
    refused = page._("Ce fichier n’est pas accepté : PDF, photo, Word ou Excel, 5 Mo au plus.")
    return {
        f"{_UPLOADER} section > span button p": page._("Ajouter un fichier"),
        f"{_UPLOADER}:has([aria-invalid=true])": refused,
    }


def _add_file(page: Page, cells: Cells, turn: int) -> None:
    given = state.held(cells.key(f"file-{turn}"))
    if given is None:
        return
    who = identity.actor(page.store)
    cells.add(lambda: keep_file(page.store, who, cells.assignment, given.name, given.getvalue()))
    # A new control, without the file: it has been taken, or what is wrong with it is told.
    state.hold(cells.key("turn"), turn + 1)
