"""What is told to whoever answers, of what was done on their answers since they were last seen."""

import datetime as dt

from sqlalchemy import select

from ccm.commands import RetractReport, submit
from ccm.commands.validation import (
    AnswerContest,
    ContestReport,
    ReturnReport,
    ValidateReports,
    VerifyReport,
)
from ccm.domain.dates import utc_now
from ccm.domain.vocabulary import NewsKind
from ccm.queries.news import News, news
from ccm.store import Store
from ccm.store.models import Entity
from tests.integration.reporting import hand_in, hand_in_with_document, person


def _news(store: Store, entity: str, since: dt.datetime | None) -> list[News]:
    with store.read() as connection:
        own = connection.execute(select(Entity.id).where(Entity.key == entity)).scalars().all()
        return list(news(connection, own, since))


def test_everything_done_on_one_s_answers_is_told_the_latest_first(store: Store) -> None:
    focal, validator = person(store, "Awa", "focal_point", "NE002"), person(store, "Secrétariat", "validator")
    since = utc_now()
    wrong = hand_in(store, focal, percent="25")
    submit(store, validator, ReturnReport(wrong, "Combien ?"))
    right = hand_in_with_document(store, focal, wrong, status="completed", percent="100")
    submit(store, validator, ValidateReports((right,)))
    submit(store, validator, VerifyReport(right))
    contest = submit(store, person(store, "Bailleur", "donor"), ContestReport(right, "Rien sur place."))
    submit(store, validator, AnswerContest(contest, "Vu le 3 mai."))
    submit(store, validator, RetractReport(right, "Doublon."))
    assert [(one.kind, one.reason) for one in _news(store, "NE002", since)] == [
        (NewsKind.RETRACTED, "Doublon."),
        (NewsKind.CONTEST_ANSWERED, "Vu le 3 mai."),
        (NewsKind.CONTESTED, "Rien sur place."),
        (NewsKind.VERIFIED, ""),
        (NewsKind.VALIDATED, ""),
        (NewsKind.RETURNED, "Combien ?"),
    ]
    assert _news(store, "NE007", since) == []
    assert _news(store, "NE002", utc_now()) == []
    assert _news(store, "NE002", None) == []
