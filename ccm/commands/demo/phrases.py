"""Invented sentences: what the demonstration's entities say of their work.

Every subject is feminine and singular and starts with « la » or « l' », so that each template agrees with it.
"""

from random import Random

from ccm.domain.vocabulary import BlockedCause, Status

#: What each recommendation of the 7th session is about, in a few words.
SUBJECTS = {
    "CCM7-G-01": "la révision des textes du CCM",
    "CCM7-G-02": "la formation des trois ministères chargés des axes",
    "CCM7-G-03": "la recherche de financement pour le bâtiment",
    "CCM7-G-04": "l'analyse des cadres de concertation",
    "CCM7-G-05": "la tenue des réunions du CRCM et du GTM",
    "CCM7-G-06": "la mise en place de l'observatoire régional",
    "CCM7-A1-01": "la liste des études sur la diaspora",
    "CCM7-A1-02": "la mobilisation des partenaires pour la cartographie",
    "CCM7-A1-03": "la sensibilisation de la diaspora à l'investissement",
    "CCM7-A1-04": "la formation des élus et des leaders d'opinion",
    "CCM7-A1-05": "la baisse des coûts de transfert de fonds",
    "CCM7-A1-06": "la préparation du forum sur la petite irrigation",
    "CCM7-A1-07": "la diffusion des mécanismes de certification",
    "CCM7-A1-08": "la base de données des compétences",
    "CCM7-A1-09": "la mise en relation des migrants qualifiés et des jeunes",
    "CCM7-A1-10": "la prise en compte de la migration dans les plans",
    "CCM7-A1-11": "la promotion des activités génératrices de revenus",
    "CCM7-A1-12": "la création du centre incubateur",
    "CCM7-A2-01": "l'information des migrants",
    "CCM7-A2-02": "la coordination des services de protection",
    "CCM7-A2-03": "l'orientation des femmes et des enfants migrants",
    "CCM7-A2-04": "la protection transfrontalière des enfants",
    "CCM7-A2-05": "l'adoption du plan d'action national",
    "CCM7-A2-06": "la formation sur la gouvernance de la migration",
    "CCM7-A2-07": "la formation des cadres de concertation sur la paix",
    "CCM7-A2-08": "la sensibilisation à la coexistence pacifique",
    "CCM7-A2-09": "l'organisation d'activités socio-culturelles",
    "CCM7-A2-10": "la base de données des personnes formées",
    "CCM7-A2-11": "la présence de la question migratoire dans les clusters",
    "CCM7-A2-12": "la mise à niveau des services sociaux",
    "CCM7-A2-13": "l'harmonisation des textes communautaires et nationaux",
    "CCM7-A2-14": "la formation des acteurs d'application",
    "CCM7-A2-15": "la vulgarisation des textes communautaires",
    "CCM7-A3-01": "la cartographie des axes de contournement",
    "CCM7-A3-02": "la sensibilisation aux dangers des axes de contournement",
    "CCM7-A3-03": "la surveillance par drones",
    "CCM7-A3-04": "l'organisation de patrouilles mixtes",
    "CCM7-A3-05": "l'ouverture de services sociaux de base",
    "CCM7-A3-06": "l'amélioration de l'accès à l'eau",
    "CCM7-A3-07": "la concertation avec les pays voisins",
    "CCM7-A3-08": "la prise en charge des refoulés",
    "CCM7-A3-09": "la modernisation de l'état civil",
    "CCM7-A3-14": "l'exploitation des outils de collecte",
    "CCM7-A3-15": "la base de données sur la migration",
}

_NOT_STARTED = (
    "Rien n'est encore engagé pour {subject}.",
    "{Subject} n'est pas inscrite au programme de travail du trimestre.",
    "Une personne est désignée pour {subject} ; le travail n'a pas commencé.",
    "{Subject} attend une première réunion des services concernés.",
    "Le calendrier de {subject} reste à fixer.",
    "Aucune activité ce trimestre pour {subject}.",
)
_LAUNCHED = (
    "Les termes de référence de {subject} sont rédigés.",
    "Une première réunion sur {subject} a réuni {n} personnes.",
    "{Subject} est lancée : le plan de travail est adopté.",
    "{planned} communes sont retenues pour {subject}.",
    "Une équipe de {n} personnes prépare {subject}.",
    "Les besoins sont recensés dans {planned} communes pour {subject}.",
)
_HALF_WAY = (
    "{Subject} est à mi-chemin : {done} communes sur {planned} sont couvertes.",
    "La moitié du programme est tenue pour {subject}.",
    "{Subject} avance : {done} séances de travail sur {planned} ont eu lieu.",
    "Un bilan d'étape de {subject} est remis au gouvernorat.",
    "{done} services sur {planned} participent à {subject} ; les autres suivent au prochain trimestre.",
    "Le matériel est reçu et {n} agents travaillent à {subject}.",
)
_NEARLY_DONE = (
    "{Subject} est presque faite : {done} communes sur {planned} sont couvertes.",
    "Le document final de {subject} est en relecture.",
    "{Subject} est exécutée aux trois quarts ; la restitution est prévue.",
    "Il reste à valider {subject} en atelier.",
    "{done} activités sur {planned} sont terminées pour {subject}.",
)
_COMPLETED = (
    "{Subject} est achevée ; le rapport est déposé.",
    "Tout est fait pour {subject} : {planned} activités sur {planned}, toutes documentées.",
    "{Subject} est terminée et la restitution a eu lieu.",
    "Le procès-verbal qui clôt {subject} est signé.",
    "{Subject} est menée à bien ; {n} personnes y ont pris part.",
)
_CONTINUOUS = (
    "{Subject} se poursuit : {n} activités ce trimestre.",
    "{Subject} a lieu chaque mois ; le dernier compte rendu est disponible.",
    "L'effort est maintenu pour {subject}, avec {n} agents.",
    "Un point sur {subject} est fait à chaque réunion trimestrielle.",
)
_NEVER_BEGUN = (
    "{Subject} attend une décision avant de pouvoir commencer.",
    "Rien n'a pu commencer pour {subject}.",
    "L'équipe est prête à commencer {subject}.",
)
_BLOCKED = (
    "{Subject} est arrêtée en attendant une décision.",
    "Ce qui pouvait être fait l'est ; {subject} ne peut pas aller plus loin.",
    "L'équipe est prête à reprendre {subject}.",
)

#: Why work stops, by cause, with the entity that can lift it (None: it is not known).
BLOCKED_REASONS: dict[BlockedCause | None, tuple[str, str | None]] = {
    BlockedCause.LEGAL_TEXT: ("Le texte d'application attendu n'est pas encore signé.", "MJ"),
    BlockedCause.FUNDING: ("Le financement annoncé n'est pas mobilisé.", "MF"),
    BlockedCause.COORDINATION: ("La répartition des tâches entre les services reste à convenir.", "MI-D"),
    BlockedCause.SECURITY: ("Les communes visées ne sont pas accessibles en sécurité.", "MI-D"),
    BlockedCause.CAPACITY: ("Le service n'a plus d'agent formé à ce travail.", "MAT-DC"),
    BlockedCause.OTHER: ("Le local prévu est occupé par un autre service.", None),
    None: ("Le travail est suspendu ; la raison est en cours de vérification.", None),
}
_CYCLE = (
    BlockedCause.LEGAL_TEXT,
    BlockedCause.FUNDING,
    BlockedCause.COORDINATION,
    BlockedCause.LEGAL_TEXT,
    BlockedCause.SECURITY,
    BlockedCause.CAPACITY,
    BlockedCause.FUNDING,
    BlockedCause.LEGAL_TEXT,
    BlockedCause.OTHER,
    None,
)
OVERTAKEN = "Sans objet : {subject} relève désormais d'un autre programme, déjà en cours."
ABANDONED = "Abandonné : {subject} ne sera pas menée ; les moyens vont à une autre activité."


def cause(turn: int) -> BlockedCause | None:
    """The cause of the blockage number `turn`: each one comes round."""
    return _CYCLE[turn % len(_CYCLE)]


def note(rng: Random, subject: str, status: Status, percent: int | None) -> str:
    """A sentence that fits the status and the step: what it counts is the share that the step says."""
    template = rng.choice(_bank(status, percent))
    planned = _planned(subject)
    return template.format(
        subject=subject,
        Subject=capital(subject),
        n=rng.randrange(6, 40),
        planned=planned,
        done=planned * (percent or 0) // 100,
    )


def _planned(subject: str) -> int:
    """How much is to be done of a subject: the same in all its reports, and parted by every step."""
    return 4 * (2 + len(subject) % 8)


def capital(text: str) -> str:
    """The same with a capital first letter."""
    return text[0].upper() + text[1:]


def _bank(status: Status, percent: int | None) -> tuple[str, ...]:
    if status is Status.IN_PROGRESS:
        if percent is None:
            return _CONTINUOUS
        return _LAUNCHED if percent < 40 else _HALF_WAY if percent < 65 else _NEARLY_DONE
    if status is Status.BLOCKED:
        return _NEVER_BEGUN if percent == 0 else _BLOCKED
    return _COMPLETED if status is Status.COMPLETED else _NOT_STARTED
