"""What each grouping counts: totals of a kind of entity, statuses, sessions, successors."""

from tests.spec.checks import check
from tests.spec.conftest import Trial

POSTGRESQL_ONE_IN = 4


def test_the_total_of_a_kind_is_over_its_assignments_and_says_what_is_unassigned(trial: Trial) -> None:
    check(
        trial,
        """
        entities
        key    kind
        NE001  region
        INS    agency
        MJ     ministry
        MF     ministry

        recommendations
        key
        R1
        R2
        R3

        assignments
        recommendation  entities
        R1              NE001,MJ
        R3              MF,INS

        reports
        answer    as_of       status       percent
        R1/NE001  2023-01-10  completed    100
        R1/MJ     2023-01-10  not_started  0
        R3/INS    2023-01-10  in_progress  60
        """,
        """
        as_of       by        key    recs  expected  unassigned  done  completion
        2023-02-01  region    total  1     1         1           1     100
        2023-02-01  region    NE001  1     1         0           1     100
        2023-02-01  ministry  total  2     2         1           0     0
        2023-02-01  ministry  !INS   -     -         -           -     -
        2023-02-01  entity    total  2     4         1           0     40
        2023-02-01  entity    INS    1     1         0           0     60
        2023-02-01  region    plan   3     4         1           0     80/3
        """,
    )


def test_by_status_an_answer_stands_where_its_state_is(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1
        R2
        R3
        R4

        assignments
        recommendation  entities
        R1              MJ,NE001
        R2              MJ
        R3              MF
        R4              MF

        reports
        answer    as_of       status       percent
        R1/MJ     2023-01-10  completed    100
        R1/NE001  2023-01-10  completed    100
        R2/MJ     2023-01-10  in_progress  40
        R3/MF     2023-01-10  dropped      -
        """,
        """
        as_of       by      key           recs  expected  completed  dropped  completion  coverage
        2023-02-01  status  completed     1     2         2          0        100         100
        2023-02-01  status  in_progress   1     1         0          0        40          100
        2023-02-01  status  not_reported  1     1         0          0        0           0
        2023-02-01  status  dropped       1     0         0          1        null        null
        2023-02-01  status  !blocked      -     -         -          -        -           -
        2023-02-01  status  total         4     4         2          1        140/3       75
        """,
    )


def test_by_status_a_recommendation_is_realised_or_dropped_as_a_whole(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1
        R2
        R3

        assignments
        recommendation  entities
        R1              MJ,MF
        R2              MJ
        R3              MF

        reports
        answer  as_of       status     percent
        R1/MJ   2023-01-10  completed  100
        R1/MF   2023-01-10  dropped    -
        R2/MJ   2023-01-10  completed  100
        R3/MF   2023-01-10  dropped    -
        """,
        """
        as_of       by      key        recs  done  out
        2023-02-01  status  completed  2     2     0
        2023-02-01  status  dropped    2     1     1
        """,
    )


def test_by_status_continuous_recommendations_stand_nowhere(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  nature
        R1   finite
        R2   continuous

        assignments
        recommendation  entities
        R1              MJ
        R2              MJ,MF

        reports
        answer  as_of       status       percent
        R1/MJ   2023-01-10  in_progress  40
        R2/MJ   2023-01-10  in_progress  -
        """,
        """
        as_of       by      key            recs  continuous
        2023-02-01  status  in_progress    1     0
        2023-02-01  status  !not_reported  -     -
        2023-02-01  status  total          2     1
        """,
    )


def test_by_donor_there_is_no_row_and_the_total_is_the_plan(trial: Trial) -> None:
    check(
        trial,
        "recommendations\nkey\nR1",
        """
        as_of       by     key    recs
        2023-02-01  donor  total  1
        2023-02-01  donor  plan   1
        """,
    )


SUCCESSION = """
    recommendations
    key
    R1
    R2

    assignments
    recommendation  entities
    R1              MJ,MF
    R2              MJ

    reports
    answer  as_of       status     percent
    R1/MJ   2022-11-01  completed  100
"""


def test_a_merger_brings_the_answers_of_both_to_the_successor(trial: Trial) -> None:
    check(
        trial,
        SUCCESSION
        + """
    successions
    predecessor  successor  effective_on  recorded_at
    MJ           MX         2023-01-01    2023-01-10
    MF           MX         2023-01-01    2023-01-10
        """,
        """
        as_of       known_at    by        key    recs  expected  done  completion
        2022-12-31  -           ministry  MJ     2     2         1     50
        2022-12-31  -           ministry  !MX    -     -         -     -
        2023-01-01  -           ministry  MX     2     3         0     100/3
        2023-01-01  -           ministry  !MJ    -     -         -     -
        2023-01-01  -           ministry  total  2     3         0     100/3
        2023-01-01  2023-01-09  ministry  MJ     2     2         1     50
        """,
    )


def test_a_split_says_of_each_assignment_where_it_went(trial: Trial) -> None:
    check(
        trial,
        SUCCESSION
        + """
    successions
    predecessor  successor  effective_on  assignment
    MJ           MY         2023-01-01    R1/MJ
    MJ           MX         2023-01-01    -
        """,
        """
        as_of       by        key  recs  completion
        2023-01-01  ministry  MY   1     100
        2023-01-01  ministry  MX   1     0
        2023-01-01  ministry  MF   1     0
        2023-01-01  ministry  !MJ  -     -
        """,
    )


def test_a_successor_has_successors(trial: Trial) -> None:
    check(
        trial,
        """
        entities
        key  kind
        MY   ministry
        MX   ministry
        INS  agency
        """
        + "\n"
        + SUCCESSION
        + """
    successions
    predecessor  successor  effective_on  assignment
    MJ           MX         2023-01-01    R1/MJ
    MX           MY         2023-02-01    R1/MJ
    MJ           INS        2023-03-01    -
        """,
        """
        as_of       by        key   recs  completion
        2023-01-31  ministry  MX    1     100
        2023-01-31  ministry  MJ    1     0
        2023-02-01  ministry  MY    1     100
        2023-02-01  ministry  !MX   -     -
        2023-03-01  entity    INS   1     0
        2023-03-01  ministry  !INS  -     -
        """,
    )


def test_a_succession_is_corrected_by_a_later_row(trial: Trial) -> None:
    check(
        trial,
        """
        entities
        key  kind
        MX   ministry
        MY   ministry
        """
        + "\n"
        + SUCCESSION
        + """
    successions
    predecessor  successor  effective_on  recorded_at
    MJ           MX         2023-01-01    2023-01-01
    MJ           MY         2023-01-01    2023-01-05
        """,
        """
        as_of       known_at    by        key  recs
        2023-01-01  2023-01-04  ministry  MX   2
        2023-01-01  -           ministry  MY   2
        2023-01-01  -           ministry  !MX  -
        """,
    )


def test_a_succession_undone_gives_the_answers_back_from_its_day_on(trial: Trial) -> None:
    check(
        trial,
        """
        entities
        key  kind
        MX   ministry
        MY   ministry
        """
        + "\n"
        + SUCCESSION
        + """
    successions
    predecessor  successor  effective_on  recorded_at  assignment
    MJ           MX         2023-01-01    2023-01-01   -
    MJ           MY         2023-01-01    2023-01-01   R1/MJ
    MJ           MJ         2023-02-01    2023-01-05   R1/MJ
    MJ           MJ         2023-03-01    2023-01-05   -
        """,
        """
        as_of       known_at    by        key  recs
        2023-01-31  -           ministry  MX   1
        2023-01-31  -           ministry  MY   1
        2023-02-01  -           ministry  MX   2
        2023-02-01  -           ministry  !MY  -
        2023-02-28  -           ministry  MX   2
        2023-03-01  -           ministry  MJ   2
        2023-03-01  -           ministry  !MX  -
        2023-03-01  2023-01-04  ministry  MX   1
        2023-03-01  2023-01-04  ministry  !MJ  -
        """,
    )


def test_what_an_entity_is_compared_with_is_the_state_then_of_the_lines_it_holds_now(trial: Trial) -> None:
    check(
        trial,
        """
        entities
        key  kind
        MX   ministry
        MY   ministry

        recommendations
        key
        R1
        R2
        R3

        assignments
        recommendation  entities
        R1              MJ,MX
        R2              MJ
        R3              MF

        reports
        answer  as_of       status       percent
        R1/MJ   2022-11-01  in_progress  20
        R2/MJ   2022-11-01  in_progress  60
        R3/MF   2022-11-01  in_progress  70
        R1/MJ   2023-02-01  in_progress  50

        successions
        predecessor  successor  effective_on  recorded_at  assignment
        MJ           MX         2023-01-01    2023-01-10   -
        MJ           MY         2023-01-01    2023-01-10   R2/MJ
        """,
        """
        as_of       held_on     known_at    by        key  recs  expected  completion
        2022-12-01  -           -           ministry  MJ   2     2         40
        2022-12-01  -           -           ministry  MX   1     1         0
        2022-12-01  2022-12-31  -           ministry  MJ   2     2         40
        2022-12-01  2023-03-01  -           ministry  MX   1     2         10
        2022-12-01  2023-03-01  -           ministry  MY   1     1         60
        2022-12-01  2023-03-01  -           ministry  MF   1     1         70
        2022-12-01  2023-03-01  -           ministry  !MJ  -     -         -
        2022-12-01  2023-03-01  2023-01-05  ministry  MJ   2     2         40
        2023-03-01  -           -           ministry  MX   1     2         25
        2023-03-01  -           -           ministry  MY   1     1         60
        """,
    )
