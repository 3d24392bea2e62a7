"""Which new passwords are accepted, and how they are kept."""

import threading

import pytest

from ccm.auth import passwords
from ccm.domain.vocabulary import UserRole

FOCAL, ADMINISTRATOR = UserRole.FOCAL_POINT, UserRole.ADMINISTRATOR
EMOJI = "😀🐫🌍🌵🚰🧵📎🦒🪑🧮🛶🧲🪁🥁🎏🏺" * 4
WORDS = "cheval agrafe pile correcte"


def refused(password: str, role: UserRole = FOCAL, name: str = "Point focal Diffa") -> str:
    """Why it is not accepted; empty where it is."""
    return " ".join(problem.text for problem in passwords.problems(password, role, name))


@pytest.mark.parametrize(
    "password",
    [
        WORDS,
        "tortue mil puits sable",
        "chameau lampe nuage sept",
        "correct horse battery staple",
        "Xk7#pqLm29vTz",
        "  tortue mil puits sable  ",
        "tortue\tmil puits sable",
        EMOJI,
        "سلحفاة دخن بئر رمل",
        (WORDS + " ") * 4,
    ],
)
def test_long_enough_and_not_guessed_is_all_that_is_asked(password: str) -> None:
    assert refused(password) == ""


COMMON = """
    motdepasse1234 Motdepasse2024! azerty123456789 azertyuiop123 bonjour12345678 jetaime123456
    MonMotDePasse monmotdepasse1 Niamey2024!!!! niger2024niger migration2024! Secretariat@2024
    Administrateur1 tillaberi2024! 123456789012 aaaaaaaaaaaa abcdefghijkl qwertyuiop12 password1234
    Bienvenue2024! marseille13013 parisfrance12 PointFocal2024 pointfocal123 Ministre@2024
    jetaimemoncoeur moncheri12345 iloveyou1234 +22790000000 allahakbar123 mahamadou2024
    Mohamed123456 Aïchatou2024 fatouma12345 inchallah2024 agadez2024!! Février2024!!
    CadreDeConcertation janvierfevrier republiqueduniger changezmoi2024 utilisateur123
    footballclub12 realmadrid2024 M0tdep@sse2026 Azerty@2026!!
"""


@pytest.mark.parametrize("password", COMMON.split())
def test_what_is_tried_first_is_refused(password: str) -> None:
    assert "se devine trop vite" in refused(password)


def test_one_s_own_name_is_no_password() -> None:
    assert refused("Ouallamzou-Baleyara", name="Ouallamzou Baleyara")
    assert not refused("Ouallamzou-Baleyara", name="Point focal Diffa")


@pytest.mark.parametrize(
    "password",
    [
        "Point focal Diffa",
        "point focal Zinder 2026",
        "Secrétariat permanent CCM",
        "le cadre de concertation de Niamey",
    ],
)
def test_words_of_the_account_and_the_place_are_no_password(password: str) -> None:
    assert "se devine trop vite" in refused(password, name="Point focal Diffa")


@pytest.mark.parametrize(
    ("role", "least"),
    [
        (FOCAL, 12),
        (UserRole.DONOR, 12),
        (UserRole.MINISTER, 12),
        (UserRole.VALIDATOR, 15),
        (ADMINISTRATOR, 15),
    ],
)
def test_the_bounds_of_a_length(role: UserRole, least: int) -> None:
    drawn = "Xk7#pqLm29vTzQe8"
    assert f"{least - 1} caractères : {least} au moins" in refused(drawn[: least - 1], role)
    assert refused(drawn[:least], role) == ""
    longest = (drawn + WORDS) * 4
    assert refused(longest[:128], role) == ""
    assert "129 caractères : 128 au plus" in refused(longest[:129], role)


def test_a_letter_counts_once_however_it_is_composed() -> None:
    assert "11 caractères" in refused("e\u0301" * 11)
    assert "12 caractères" not in refused("é" * 12)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hashes that cost nothing."""
    hasher = passwords.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(passwords, "_HASHER", hasher)
    monkeypatch.setattr(passwords, "_NOBODYS", hasher.hash("nobody's"))


@pytest.mark.parametrize(
    ("kept", "typed", "same"),
    [
        (EMOJI, EMOJI, True),
        ("été à la mare", "e\u0301te\u0301 a\u0300 la mare", True),
        ("cheval ", "cheval", False),
        ("cheval", "Cheval", False),
        ("cheval", "chevàl", False),
        ("a\0b", "a\0c", False),
        ("x" * 100_000, "x" * 100_000, True),
        ("x" * 100_000, "x" * 99_999, False),
    ],
)
def test_nothing_of_a_password_is_changed_but_its_composition(
    quick: None, kept: str, typed: str, same: bool
) -> None:
    assert passwords.matches(passwords.hashed(kept), typed) is same


def test_without_a_hash_nothing_matches(quick: None) -> None:
    assert not passwords.matches(None, "nobody's")
    assert not passwords.matches("not a hash", "nobody's")


def test_what_is_kept_is_argon2id_of_the_least_that_is_asked() -> None:
    _, kind, _, parameters, *_ = passwords.hashed(WORDS).split("$")
    costs = {name: int(value) for name, value in (part.split("=") for part in parameters.split(","))}
    assert kind == "argon2id"
    assert (costs["m"] >= 19_456, costs["t"] >= 2, costs["p"]) == (True, True, 1)
    assert passwords.hashed(WORDS) != passwords.hashed(WORDS)


def test_no_more_than_four_hashes_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    going, most, lock = [0], [0], threading.Lock()
    meeting = threading.Barrier(4)

    class Slow:
        def verify(self, _kept: str, _password: str) -> bool:
            with lock:
                going[0] += 1
                most[0] = max(most[0], going[0])
            # Four must be inside together to get on, so that fewer at once would hang here.
            meeting.wait(timeout=20)
            with lock:
                going[0] -= 1
            return True

    monkeypatch.setattr(passwords, "_HASHER", Slow())
    threads = [threading.Thread(target=passwords.matches, args=("x", "y")) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert most[0] == 4
