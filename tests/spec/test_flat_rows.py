"""The flat rows of `export raw` hold what is in force now, by the rule that figures follow."""

import datetime as dt

from tests.spec.conftest import Trial
from tests.support.plan_builder import fill, raw_rows

PLAN = """
recommendations
key
R1
R2

assignments
recommendation  entities  due_date
R1              MJ        2022-12-31
R1              MF        -
R2              MJ        -

changes
key    field      value       effective_on  recorded_at
R1     nature     continuous  2022-08-04    2023-01-01
R1     place      A2/DA2      2022-08-04    2023-01-01
R1/MJ  role       support     2022-08-04    2023-01-01
R1/MJ  weight     7           2022-08-04    2023-01-01
R1/MJ  due_date   -           2022-08-04    2023-01-01
R1/MF  weight     7           2022-08-05    2023-01-01
R1/MF  due_date   2023-06-30  2022-09-01    2023-01-01
R1/MF  due_date   2023-07-31  2022-08-04    2023-02-01
R2     nature     continuous  2022-08-05    2023-01-01
R2     withdrawn  true        2023-08-04    2023-01-01
R2/MJ  end        true        2023-08-04    2023-01-01
"""


def test_what_takes_effect_before_the_political_date_stands_below_the_first_load(trial: Trial) -> None:
    with trial() as transaction:
        fill(transaction, PLAN)
        raw = raw_rows(transaction.connection, dt.date(2024, 1, 1))
    recommendations = {row["key"]: row for row in raw["recommendations"]}
    assignments = {f"{row['recommendation']}/{row['entity']}": row for row in raw["assignments"]}
    terms = {key: (row["role"], row["weight"], row["due_date"]) for key, row in assignments.items()}
    natures = {key: (row["nature"], row["axis"], row["withdrawn"]) for key, row in recommendations.items()}
    assert natures == {"R1": ("finite", "A1", False), "R2": ("continuous", "A1", True)}
    assert terms == {
        "R1/MJ": ("responsible", 1, "2022-12-31"),
        "R1/MF": ("responsible", 7, "2023-06-30"),
        "R2/MJ": ("responsible", 1, None),
    }
    assert assignments["R2/MJ"]["ended"] is True
