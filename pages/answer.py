"""One answer: the form of a focal point, or of the Secretariat on an entity's behalf."""

from ccm import ui
from ccm.ui.answer_form import show_answer_form

show_answer_form(ui.page())
