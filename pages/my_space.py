"""Mon espace: what is due from the person who is signed in."""

from ccm import ui
from ccm.ui.my_space import show_my_space

show_my_space(ui.page())
