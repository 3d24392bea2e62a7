"""When a recommendation is followed: from the political meeting of its session until it is withdrawn."""

from tests.spec.checks import check
from tests.spec.conftest import Trial


def test_before_the_political_meeting_there_is_nothing(trial: Trial) -> None:
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
        R1/MJ   2022-08-01  completed  100
        """,
        """
        as_of       by    key   recs  expected  completion  realised  coverage
        2022-08-04  axis  !A1   -     -         -           -         -
        2022-08-04  axis  plan  0     0         null        null      null
        2022-08-05  axis  A1    1     1         100         100       100
        """,
    )


def test_one_is_followed_until_it_is_withdrawn(trial: Trial) -> None:
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

        changes
        key  field      value  effective_on  recorded_at
        R1   withdrawn  true   2023-01-01    2023-02-01
        R2   withdrawn  true   2022-08-01    2022-08-01
        R2   withdrawn  false  2023-03-01    2023-03-01
        """,
        """
        as_of       known_at    by              key   recs  expected
        2022-12-31  -           recommendation  R1    1     1
        2023-01-01  -           recommendation  !R1   -     -
        2023-01-01  2023-01-31  recommendation  R1    1     1
        2023-01-01  -           axis            plan  0     0
        2022-08-05  -           recommendation  !R2   -     -
        2023-03-01  -           recommendation  R2    1     0
        """,
    )
