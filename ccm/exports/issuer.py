"""Who hands documents out."""

from ccm.i18n import N_

#: To be confirmed by it, as what stands above it in a brief.
SECRETARIAT = N_("Secrétariat permanent du Cadre de Concertation sur la Migration")
