"""Which report is the state of an answer at a date, as known at an instant."""

from tests.spec.checks import check
from tests.spec.conftest import Trial

POSTGRESQL_ONE_IN = 4


def test_the_latest_date_wins_then_the_latest_validation_then_the_latest_row(trial: Trial) -> None:
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
        R1              MJ
        R2              MJ
        R3              MJ

        reports
        answer  as_of       status       percent  validated_at
        R1/MJ   2023-01-20  in_progress  60       2023-01-21
        R1/MJ   2023-01-10  in_progress  30       2023-01-25
        R2/MJ   2023-01-10  in_progress  70       2023-01-12T08:00:00.000001+00:00
        R2/MJ   2023-01-10  in_progress  40       2023-01-12T08:00:00+00:00
        R3/MJ   2023-01-10  in_progress  10       2023-01-12
        R3/MJ   2023-01-10  in_progress  20       2023-01-12
        """,
        """
        as_of       by              key  completion
        2023-02-01  recommendation  R1   60
        2023-01-19  recommendation  R1   30
        2023-02-01  recommendation  R2   70
        2023-02-01  recommendation  R3   20
        """,
    )


def test_a_report_counts_from_the_instant_it_is_validated(trial: Trial) -> None:
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
        answer  as_of       status     percent  submitted_at  validated_at
        R1/MJ   2023-01-10  completed  100      2023-01-11    2023-02-01T10:00:00.000001+00:00
        """,
        """
        as_of       known_at                          key  answered  completion  coverage
        2023-01-09  -                                 A1   0         0           0
        2023-01-10  -                                 A1   1         100         100
        2023-01-10  2023-02-01T10:00:00+00:00         A1   0         0           0
        2023-01-10  2023-02-01T10:00:00.000001+00:00  A1   1         100         100
        2023-01-10  2023-02-01T11:00:00.000001+01:00  A1   1         100         100
        """,
    )


def test_a_retracted_report_is_ignored_from_its_retraction_on(trial: Trial) -> None:
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
        answer  as_of       status       percent  validated_at  retracted_at
        R1/MJ   2022-12-01  in_progress  20       2022-12-02    -
        R1/MJ   2023-01-10  in_progress  60       2023-01-11    2023-02-01T10:00:00+00:00
        """,
        """
        as_of       known_at                          key  completion
        2023-01-10  2023-01-31                        A1   60
        2023-01-10  2023-02-01T09:59:59.999999+00:00  A1   60
        2023-01-10  2023-02-01T10:00:00+00:00         A1   20
        2023-01-10  -                                 A1   20
        2023-03-01  -                                 A1   20
        """,
    )


def test_what_is_answered_is_fresh_for_ninety_days(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1

        assignments
        recommendation  entities
        R1              MJ,MF,MT

        reports
        answer  as_of       status       percent
        R1/MJ   2023-01-01  completed    100
        R1/MF   2022-12-31  in_progress  10
        R1/MT   2023-01-01  dropped      -
        """,
        """
        as_of       key  expected  answered  fresh
        2023-03-31  A1   2         2         2
        2023-04-01  A1   2         2         1
        2023-04-02  A1   2         2         0
        """,
    )


def test_provisional_figures_let_submitted_reports_stand_in_the_same_order(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key
        R1
        R2

        assignments
        recommendation  entities
        R1              MJ
        R2              MJ

        reports
        answer  as_of       status       percent  state      submitted_at  validated_at  returned_at
        R1/MJ   2023-01-10  in_progress  30       validated  2023-01-11    2023-01-12    -
        R1/MJ   2023-01-20  in_progress  80       submitted  2023-01-21    -             -
        R2/MJ   2023-01-10  in_progress  40       submitted  2023-01-11    -             -
        R2/MJ   2023-01-10  in_progress  50       validated  2023-01-09    2023-01-10    -
        R2/MJ   2023-01-25  in_progress  90       returned   2023-01-26    -             2023-01-28
        """,
        """
        as_of       known_at    mode         by              key  completion
        2023-02-01  -           -            recommendation  R1   30
        2023-02-01  -           provisional  recommendation  R1   80
        2023-02-01  2023-01-20  provisional  recommendation  R1   30
        2023-01-19  -           provisional  recommendation  R1   30
        2023-02-01  2023-01-11  provisional  recommendation  R1   30
        2023-02-01  2023-01-11  -            recommendation  R1   0
        2023-02-01  -           provisional  recommendation  R2   40
        2023-02-01  -           -            recommendation  R2   50
        """,
    )


def test_a_returned_report_never_counts(trial: Trial) -> None:
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
        answer  as_of       status       percent  submitted_at  returned_at
        R1/MJ   2023-01-25  in_progress  90       2023-01-26    2023-01-28
        """,
        """
        as_of       known_at    mode         key  answered
        2023-02-01  -           -            A1   0
        2023-02-01  -           provisional  A1   0
        2023-02-01  2023-01-27  provisional  A1   0
        """,
    )


def test_overdue_looks_at_the_due_date_and_the_official_state(trial: Trial) -> None:
    check(
        trial,
        """
        recommendations
        key  axis  nature
        R1   A1    finite
        R2   A2    continuous

        assignments
        recommendation  entities           role         due_date
        R1              MJ,MF,MT,NE001,MS  responsible  2023-01-31
        R1              NE002              support      2023-01-31
        R2              MJ                 responsible  2023-01-31

        reports
        answer    as_of       status       percent  state
        R1/MJ     2023-01-20  completed    100      validated
        R1/MF     2023-01-20  dropped      -        validated
        R1/MT     2023-01-20  blocked      0        validated
        R1/NE001  2023-01-20  in_progress  99       validated
        R1/MS     2023-01-20  completed    100      submitted
        """,
        """
        as_of       by        key    expected  overdue
        2023-01-31  axis      A1     4         0
        2023-02-01  axis      A1     4         3
        2023-02-01  axis      A2     0         0
        2023-02-01  axis      plan   4         3
        2023-02-01  region    total  1         1
        2023-02-01  ministry  MT     1         1
        2023-02-01  ministry  MJ     1         0
        """,
    )
