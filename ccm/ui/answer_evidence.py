"""The evidence beside one answer: a file, an address, or the name of a document."""

import secrets

import streamlit as st

from ccm.commands.evidence import AddEvidence, RemoveEvidence, keep_file
from ccm.domain.vocabulary import EvidenceKind
from ccm.queries.answer_form import Piece
from ccm.ui import identity, state
from ccm.ui.answer_cells import Cells
from ccm.ui.context import Page
from ccm.ui.html import style_further

_UPLOADER = ".st-key-ccm-question-evidence [data-testid=stFileUploader]"


def show_evidence(page: Page, cells: Cells, number: int, *, proof_asked: bool) -> None:
    """Draw the question of this number: what is there already, and the three ways to add to it."""
    page.show("answer_evidence.html", number=number, proof_asked=proof_asked)
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
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(page._("Ou un lien"), key=cells.key("link"), placeholder="https://", max_chars=2000)
        add = page._("Ajouter le lien")
        st.button(add, key=cells.key("add-link"), on_click=_add_link, args=(cells, secrets.token_urlsafe(16)))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        st.text_input(page._("Ou le nom d’un document"), key=cells.key("document"), max_chars=200)
        add, gesture = page._("Ajouter le nom"), secrets.token_urlsafe(16)
        st.button(add, key=cells.key("add-document"), on_click=_add_document, args=(cells, gesture))


def _piece(page: Page, cells: Cells, piece: Piece) -> None:
    with st.container(
        horizontal=True,
        vertical_alignment="center",
        horizontal_alignment="distribute",
        key=f"ccm-piece-{piece.id}",
    ):
        page.show("piece.html", piece=piece)
        remove = cells.key(f"remove-{piece.id}")
        st.button(page._("Retirer"), key=remove, on_click=_remove, args=(cells, piece.id))


def _words(page: Page) -> dict[str, str]:
    refused = page._("Ce fichier n’est pas accepté : PDF, photo, Word ou Excel, 5 Mo au plus.")
    return {
        f"{_UPLOADER} section > span button p": page._("Ajouter un fichier"),
        f"{_UPLOADER}:has([aria-invalid=true])": refused,
    }


def _remove(cells: Cells, number: int) -> None:
    cells.attempt(lambda: cells.page.submit(RemoveEvidence(number)), "evidence")


def _add_file(page: Page, cells: Cells, turn: int) -> None:
    given = state.held(cells.key(f"file-{turn}"))
    if given is None:
        return
    who = identity.actor(page.store)
    cells.attempt(
        lambda: page.submit(keep_file(page.store, who, cells.assignment, given.name, given.getvalue())),
        "evidence",
    )
    # A new control, without the file: it has been taken, or what is wrong with it is told.
    state.hold(cells.key("turn"), turn + 1)


def _add_link(cells: Cells, gesture: str) -> None:
    url = str(state.held(cells.key("link")) or "").strip()
    command = AddEvidence(cells.assignment, EvidenceKind.LINK, url, url=url)
    if cells.attempt(lambda: cells.page.submit(command, key=gesture), "evidence"):
        state.hold(cells.key("link"), "")


def _add_document(cells: Cells, gesture: str) -> None:
    name = str(state.held(cells.key("document")) or "")
    command = AddEvidence(cells.assignment, EvidenceKind.DOCUMENT, name)
    if cells.attempt(lambda: cells.page.submit(command, key=gesture), "evidence"):
        state.hold(cells.key("document"), "")
