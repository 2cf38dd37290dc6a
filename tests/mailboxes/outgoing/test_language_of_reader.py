"""Letters come in the reader's own language, else in that of their organization, else in the desk's."""

from harness.cast import LONG_AGO, Cast
from upheld.mailboxes.outgoing.facts import gather
from upheld.notices.models import Notice, NoticeKind
from upheld.people.actions import add_domain, add_organization, affiliate, change_contact
from upheld.people.particulars import ContactParticulars, OrganizationParticulars

BY = {"by": "tests", "now": LONG_AGO}


def test_the_nearest_that_says_so_decides(cast: Cast) -> None:
    cast.writes("2026-03-20 09:00")
    notice = Notice.objects.get(kind=NoticeKind.ACKNOWLEDGEMENT)

    def language() -> str:
        return gather(notice).language

    assert language() == "en"
    mills = add_organization(cast.desk, OrganizationParticulars("River Mills", language="de"), **BY)
    add_domain(mills.pk, "school.example.org", **BY)
    assert language() == "de"
    harbour = add_organization(cast.desk, OrganizationParticulars("Harbour Office", language="fr"), **BY)
    affiliate(cast.amina.pk, harbour.pk, **BY)
    assert language() == "fr"
    change_contact(cast.amina.pk, ContactParticulars(name="Amina", language="it"), desk=cast.desk, **BY)
    assert language() == "it"
    change_contact(cast.amina.pk, ContactParticulars(name="Amina", language="fi"), desk=cast.desk, **BY)
    assert language() == "en", "a language in which nobody wrote letters"
