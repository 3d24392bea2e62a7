"""Texts of invented sessions: put together from parts, each one saying that it is invented."""

from dataclasses import dataclass
from random import Random

MARK = "[démonstration]"
_VERBS = (
    "Renforcer",
    "Organiser",
    "Financer",
    "Évaluer",
    "Étendre",
    "Relancer",
    "Coordonner",
    "Assurer",
    "Documenter",
    "Préparer",
)
_SUBJECTS = (
    "la formation",
    "la sensibilisation",
    "l'information",
    "la mobilisation",
    "l'orientation",
    "l'insertion économique",
    "la protection",
    "la participation",
    "la prise en charge",
    "l'assistance juridique",
)
_PEOPLE = (
    "des migrants de retour",
    "des communautés d'accueil",
    "des agents des postes frontaliers",
    "des jeunes porteurs de projets",
    "des femmes migrantes",
    "des enfants en mobilité",
    "des élus locaux",
    "des associations de la diaspora",
    "des services sociaux",
    "des réfugiés et demandeurs d'asile",
    "des transporteurs",
    "des observatoires régionaux",
)
_PLACES = (
    "dans les communes frontalières",
    "en zone rurale",
    "dans les chefs-lieux de région",
    "sur les axes de passage",
    "dans les centres d'accueil",
    "autour des marchés à bétail",
    "dans les zones agricoles irriguées",
    "avec les radios communautaires",
)


@dataclass(frozen=True)
class Invention:
    """An invented text and, for the notes, what it is about in a few words."""

    text: str
    subject: str


def recommendation(rng: Random, session: int, number: int) -> Invention:
    """An invented strategy; the numbers keep any two apart."""
    subject = f"{rng.choice(_SUBJECTS)} {rng.choice(_PEOPLE)}"
    text = (
        f"{MARK} {rng.choice(_VERBS)} {subject} {rng.choice(_PLACES)} (texte inventé nº {session}.{number})"
    )
    return Invention(text, subject)


def challenge(rng: Random, number: int) -> str:
    """An invented challenge."""
    return f"{MARK} Défi inventé nº {number} : {rng.choice(_SUBJECTS)} {rng.choice(_PEOPLE)}"


def priority(rng: Random, number: int) -> str:
    """An invented priority."""
    return f"{MARK} Priorité inventée nº {number} : {rng.choice(_SUBJECTS)} {rng.choice(_PLACES)}"
