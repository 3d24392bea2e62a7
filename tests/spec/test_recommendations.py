"""What a recommendation counts for: nobody named, open-ended, in support, weighted, dropped."""

from tests.spec.checks import check
from tests.spec.conftest import Trial

POSTGRESQL_ONE_IN = 4


def test_one_that_names_nobody_counts_zero_and_has_a_row(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  axis
        R1   A1
        R2   A1

        assignments
        recommendation  entities
        R1              MJ

        reports
        answer  as_of       status     percent
        R1/MJ   2023-01-10  completed  100
        """,
        """
        as_of       by              key    recs  unassigned  expected  realised  completion  coverage
        2023-02-01  axis            A1     2     1           1         100       50          100
        2023-02-01  recommendation  R2     1     1           0         null      0           null
        2023-02-01  ministry        total  1     1           1         100       100         100
        2023-02-01  ministry        MJ     1     0           1         100       100         100
        2023-02-01  axis            plan   2     1           1         100       50          100
        """,
    )


def test_a_continuous_one_stands_in_its_own_counts_only(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  nature
        R1   continuous
        R2   continuous
        R3   continuous
        R4   continuous
        R5   finite

        assignments
        recommendation  entities  due_date
        R1              MJ,MF     2022-12-01
        R2              MJ        -
        R4              MJ        -
        R5              MJ        -

        reports
        answer  as_of       status       percent
        R1/MJ   2023-01-10  in_progress  -
        R2/MJ   2022-08-10  in_progress  -
        R4/MJ   2023-01-10  dropped      -
        R5/MJ   2023-01-10  completed    100
        """,
        """
        as_of       by              key  recs  continuous  active  silent  unassigned
        2023-02-01  axis            A1   5     4           1       2       1
        2023-02-01  recommendation  R1   1     1           1       0       0
        2023-02-01  recommendation  R2   1     1           0       1       0
        2023-02-01  recommendation  R3   1     1           0       1       1
        2023-02-01  recommendation  R4   1     1           0       0       0
        2023-02-01  entity          MF   1     1           0       1       0
        2023-02-01  entity          MJ   4     3           1       1       0
        """,
    )


def test_a_continuous_one_is_in_no_other_count(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  nature
        R1   continuous
        R2   continuous

        assignments
        recommendation  entities  due_date
        R1              MJ,MF     2022-12-01
        R2              MJ        -

        reports
        answer  as_of       status       percent
        R1/MJ   2023-01-10  in_progress  -
        R2/MJ   2023-01-10  dropped      -
        """,
        """
        as_of       by      key  expected  answered  fresh  in_progress  dropped  overdue  out
        2023-02-01  axis    A1   0         0         0      0            0        0        0
        2023-02-01  entity  MJ   0         0         0      0            0        0        0
        """,
    )


def test_a_group_of_continuous_ones_has_no_percent(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  nature
        R1   continuous

        assignments
        recommendation  entities
        R1              MJ
        """,
        """
        as_of       by      key            completion  realised  coverage
        2023-02-01  axis    A1             null        null      null
        2023-02-01  entity  MJ             null        null      null
        """,
    )


def test_what_was_said_before_it_became_continuous_stays_its_state(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  nature
        R1   finite

        assignments
        recommendation  entities
        R1              MJ

        reports
        answer  as_of       status     percent
        R1/MJ   2022-12-20  completed  100

        changes
        key  field   value       effective_on
        R1   nature  continuous  2023-01-01
        """,
        """
        as_of       key  completed  done  continuous  active  silent  completion
        2022-12-31  A1   1          1     0           0       0       100
        2023-01-01  A1   0          0     1           0       0       null
        2023-03-20  A1   0          0     1           0       0       null
        2023-03-21  A1   0          0     1           0       1       null
        """,
    )


def test_support_is_shown_and_counts_nowhere(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1
        R2

        assignments
        recommendation  entities  role
        R1              MJ        responsible
        R1              MF        support
        R2              MF        support

        reports
        answer  as_of       status       percent
        R1/MJ   2023-01-10  in_progress  50
        R1/MF   2023-01-10  completed    100
        R2/MF   2023-01-10  completed    100
        """,
        """
        as_of       by              key  recs  unassigned  expected  completed  completion
        2023-02-01  recommendation  R1   1     0           1         0          50
        2023-02-01  recommendation  R2   1     1           0         0          0
        2023-02-01  axis            A1   2     1           1         0          25
        2023-02-01  entity          !MF  -     -           -         -          -
        """,
    )


def test_weights_share_out_one_recommendation_and_count_nowhere_else(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1
        R2

        assignments
        recommendation  entities  weight
        R1              MJ        3
        R1              MF        1
        R2              MF        100

        reports
        answer  as_of       status       percent
        R1/MJ   2023-01-10  completed    100
        R1/MF   2023-01-10  not_started  0
        R2/MF   2023-01-10  in_progress  50
        """,
        """
        as_of       by              key    expected  completion
        2023-02-01  recommendation  R1     2         75
        2023-02-01  axis            A1     3         62.5
        2023-02-01  entity          MF     2         25
        2023-02-01  ministry        total  3         50
        """,
    )


def test_a_dropped_answer_leaves_every_denominator(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  axis
        R1   A1
        R2   A1
        R3   A1
        R4   A2

        assignments
        recommendation  entities  due_date
        R1              MJ,MF     2022-12-01
        R2              MJ        -
        R3              MJ,MF     -
        R4              MJ        -

        reports
        answer  as_of       status       percent
        R1/MJ   2023-01-10  dropped      -
        R1/MF   2023-01-10  in_progress  50
        R2/MJ   2023-01-10  dropped      -
        R3/MJ   2023-01-10  dropped      -
        R3/MF   2023-01-10  completed    100
        R4/MJ   2023-01-10  dropped      -
        """,
        """
        as_of       by              key   expected  dropped  out  done  overdue  completion
        2023-02-01  recommendation  R1    1         1        0    0     1        50
        2023-02-01  recommendation  R2    0         1        1    0     0        null
        2023-02-01  recommendation  R3    1         1        0    1     0        100
        2023-02-01  axis            A1    2         3        1    1     1        75
        2023-02-01  axis            A2    0         1        1    0     0        null
        2023-02-01  axis            plan  2         4        2    1     1        75
        2023-02-01  entity          MJ    0         4        4    0     0        null
        2023-02-01  entity          MF    2         0        0    1     1        75
        """,
    )


def test_one_beside_two_priorities_counts_in_each_and_once_in_all(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  priorities
        R1   P1,P2
        R2   P2

        assignments
        recommendation  entities
        R1              MJ
        R2              MJ

        reports
        answer  as_of       status     percent
        R1/MJ   2023-01-10  completed  100
        """,
        """
        as_of       by        key    recs  expected  completion
        2023-02-01  priority  P1     1     1         100
        2023-02-01  priority  P2     2     2         50
        2023-02-01  priority  total  2     2         50
        """,
    )
