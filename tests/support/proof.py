"""`make proof`: the same tests at the sizes that the requirements give, too long for every change."""

import os

#: Whether this run is the long one.
PROOF = os.environ.get("CCM_PROOF") == "1"
