"""Roles, weights, due dates, ends, places: append-only rows, in force at a date, known at an instant."""

from tests.spec.checks import check
from tests.spec.conftest import Trial

POSTGRESQL_ONE_IN = 4


def test_the_latest_effect_holds_then_the_latest_recording_then_the_latest_row(trial: Trial) -> None:
    # With MJ at 100 and MF at 0, a weight w of MJ shows as 100 w / (w + 1).
    check(
        trial,
        """
        recommendations
        key
        R1

        assignments
        recommendation  entities
        R1              MJ,MF

        reports
        answer  as_of       status     percent
        R1/MJ   2022-11-01  completed  100

        changes
        key    field   value  effective_on  recorded_at
        R1/MJ  weight  3      2023-01-01    2023-01-05
        R1/MJ  weight  4      2023-01-01    2023-01-06
        R1/MJ  weight  9      2023-01-01    2023-01-06
        R1/MJ  weight  2      2022-12-01    2023-03-01
        """,
        """
        as_of       known_at    key  completion
        2022-11-30  -           A1   50
        2022-12-15  2023-02-01  A1   50
        2022-12-15  -           A1   200/3
        2023-01-15  2023-01-04  A1   50
        2023-01-15  2023-01-05  A1   75
        2023-01-15  2023-01-06  A1   90
        2023-01-15  -           A1   90
        """,
    )


def test_the_first_load_is_effective_on_the_political_date(trial: Trial) -> None:
    # What takes effect before that day stands below the first load; from that day on, above it.
    check(
        trial,
        """
        recommendations
        key
        R1
        R2
        R3

        assignments
        recommendation  entities  due_date
        R1              MJ        -
        R2              MJ        2022-10-01
        R3              MJ        -

        changes
        key    field     value       effective_on
        R1/MJ  role      support     2022-08-04
        R2/MJ  due_date  2023-10-01  2022-08-04
        R3     nature    continuous  2022-08-04
        R3/MJ  role      support     2022-08-05
        """,
        """
        as_of       by              key  expected  unassigned  overdue  continuous
        2022-11-01  recommendation  R1   1         0           0        0
        2022-11-01  recommendation  R2   1         0           1        0
        2022-11-01  recommendation  R3   0         1           0        0
        """,
    )


def test_an_assignment_counts_until_it_ends(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1

        assignments
        recommendation  entities
        R1              MJ

        reports
        answer  as_of       status     percent
        R1/MJ   2022-11-01  completed  100

        changes
        key    field  value  effective_on  recorded_at
        R1/MJ  end    true   2023-01-01    2023-01-10
        R1/MJ  end    false  2023-02-01    2023-02-01
        """,
        """
        as_of       known_at    by      key  expected  unassigned  completion
        2022-12-31  -           axis    A1   1         0           100
        2023-01-01  -           axis    A1   0         1           0
        2023-01-01  2023-01-09  axis    A1   1         0           100
        2023-01-01  -           entity  !MJ  -         -           -
        2023-02-01  -           axis    A1   1         0           100
        """,
    )


def test_a_new_assignment_counts_from_its_effective_day(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1
        R2

        assignments
        recommendation  entities  began
        R1              MJ        -
        R1              MF        later
        R2              MF        later

        reports
        answer  as_of       status       percent
        R1/MJ   2022-12-01  completed    100
        R1/MF   2022-12-01  in_progress  10

        changes
        key    field   value        effective_on  recorded_at
        R1/MF  role    responsible  2023-01-01    2023-01-05
        R1/MF  weight  2            2023-01-01    2023-01-05
        R2/MF  role    support      2023-01-01    2023-01-05
        R2/MF  role    responsible  2023-02-01    2023-02-01
        """,
        """
        as_of       known_at    by              key  expected  unassigned  completion
        2022-12-31  -           recommendation  R1   1         0           100
        2023-01-01  -           recommendation  R1   2         0           40
        2023-01-01  2023-01-04  recommendation  R1   1         0           100
        2023-01-31  -           recommendation  R2   0         1           0
        2023-02-01  -           recommendation  R2   1         0           0
        """,
    )


def test_a_recommendation_moved_to_another_axis_counts_there_from_that_day(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  axis  challenge
        R1   A1    D1
        R2   A1    D1

        changes
        key  field  value  effective_on  recorded_at
        R1   place  G/D9   2023-01-01    2023-01-10
        """,
        """
        as_of       known_at    by         key  recs
        2022-12-31  -           axis       A1   2
        2022-12-31  -           axis       !G   -
        2023-01-01  -           axis       A1   1
        2023-01-01  -           axis       G    1
        2023-01-01  -           challenge  D9   1
        2023-01-01  2023-01-09  axis       A1   2
        2023-01-01  -           axis       plan 2
        """,
    )


def test_a_cleared_due_date_gives_way_to_the_next_session(trial: Trial) -> None:
    check(
        trial,
        """
        sessions
        number  political_date
        7       2022-08-05
        8       -

        recommendations
        key
        R1

        assignments
        recommendation  entities  due_date
        R1              MJ        2022-12-31

        changes
        key    field           value       effective_on  recorded_at
        R1/MJ  due_date        -           2023-01-10    2023-01-10
        8      political_date  2023-03-01  2023-02-01    2023-02-01
        """,
        """
        as_of       known_at    key  overdue
        2022-12-31  -           A1   0
        2023-01-01  -           A1   1
        2023-01-10  2023-01-09  A1   1
        2023-01-10  -           A1   0
        2023-03-01  -           A1   0
        2023-03-02  -           A1   1
        2023-03-02  2023-01-31  A1   0
        """,
    )


def test_without_a_due_date_an_answer_is_due_at_the_next_session(trial: Trial) -> None:
    # Its date may be known late: it counts from the day it takes effect, and from the instant it is recorded.
    check(
        trial,
        """
        sessions
        number  political_date
        7       2022-08-05
        8       -
        9       -

        recommendations
        key  session
        R1   7
        R2   8

        assignments
        recommendation  entities
        R1              MJ
        R2              MJ

        changes
        key  field           value       effective_on  recorded_at
        8    political_date  2023-01-01  2023-02-01    2023-02-10
        8    political_date  2023-03-01  2023-03-01    2023-03-01
        9    political_date  2023-06-01  2023-05-01    2023-05-01
        """,
        """
        as_of       known_at    by              key  overdue
        2023-01-31  -           recommendation  R1   0
        2023-02-01  -           recommendation  R1   1
        2023-02-01  2023-02-09  recommendation  R1   0
        2023-03-01  -           recommendation  R1   0
        2023-03-02  -           recommendation  R1   1
        2023-03-02  -           recommendation  R2   0
        2023-06-02  -           recommendation  R2   1
        2023-06-02  2023-04-30  recommendation  R2   0
        """,
    )


def test_the_next_session_is_the_one_after_whatever_is_known_of_later_ones(trial: Trial) -> None:
    check(
        trial,
        """
        sessions
        number  political_date
        7       2022-08-05
        8       -
        9       -

        recommendations
        key
        R1

        assignments
        recommendation  entities
        R1              MJ

        changes
        key  field           value       effective_on
        9    political_date  2023-01-01  2022-12-01
        """,
        """
        as_of       key  overdue
        2023-02-01  A1   0
        """,
    )


def test_a_political_meeting_that_is_put_off_puts_off_the_follow_up(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1

        changes
        key  field           value       effective_on  recorded_at
        7    political_date  2022-09-01  2022-08-04    2022-08-20
        """,
        """
        as_of       known_at    key   recs
        2022-08-05  2022-08-19  plan  1
        2022-08-05  -           plan  0
        2022-08-31  -           plan  0
        2022-09-01  -           plan  1
        """,
    )
