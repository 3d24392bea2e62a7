"""Moved to ccm.domain.labels."""

from ccm.domain.labels import *  # noqa: F403
from ccm.domain.labels import label  # noqa: F401
from ccm.i18n import N_  # noqa: F401
