"""Who fills a role: the closest, the holder before the deputies, whoever can be reached - and never nobody."""

from itertools import groupby

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from upheld.rules.role_holding import Case, Holding, who_fills

LENA, PAULA, BOB, ADA = 1, 2, 3, 4
MANAGER = Holding(LENA)
TABLETS = Holding(PAULA, product="tablets")
ABBEY = Holding(BOB, organization="7")
DEPUTY = Holding(ADA, rank=1)
OFFICE = Holding(LENA, calendar="office")


@pytest.mark.parametrize(
    ("story", "holdings", "case", "who"),
    [
        ("nobody fills it", [], Case(), ()),
        ("one fills it for all", [MANAGER], Case(product="tablets"), (LENA,)),
        ("for the product before for all", [MANAGER, TABLETS], Case(product="tablets"), (PAULA,)),
        ("another product is none of theirs", [MANAGER, TABLETS], Case(product="laptops"), (LENA,)),
        ("only for another product", [TABLETS], Case(product="laptops"), ()),
        ("for the organization before for all", [MANAGER, ABBEY], Case(organization="7"), (BOB,)),
        (
            "for both before for one",
            [TABLETS, ABBEY, Holding(ADA, product="tablets", organization="7")],
            Case(product="tablets", organization="7"),
            (ADA,),
        ),
        ("equally close, side by side", [TABLETS, ABBEY], Case("tablets", "", "7"), (PAULA, BOB)),
        ("two holders, side by side", [MANAGER, Holding(BOB)], Case(), (LENA, BOB)),
        ("the holder before the deputy", [MANAGER, DEPUTY], Case(), (LENA,)),
        ("the deputy while the holder is away", [MANAGER, DEPUTY], Case(absent=frozenset({LENA})), (ADA,)),
        ("the deputy at night", [OFFICE, DEPUTY], Case(closed=frozenset({"office"})), (ADA,)),
        ("the holder by day", [OFFICE, DEPUTY], Case(closed=frozenset({"saturday"})), (LENA,)),
        (
            "one of two holders is away",
            [MANAGER, Holding(BOB), DEPUTY],
            Case(absent=frozenset({LENA})),
            (BOB,),
        ),
        (
            "the second deputy, where the first is away too",
            [MANAGER, DEPUTY, Holding(BOB, rank=2)],
            Case(absent=frozenset({LENA, ADA})),
            (BOB,),
        ),
        (
            "who fills it for all, where the closest is away and has no deputy",
            [MANAGER, TABLETS],
            Case(product="tablets", absent=frozenset({PAULA})),
            (LENA,),
        ),
        ("nobody can be reached", [MANAGER, DEPUTY], Case(absent=frozenset({LENA, ADA})), (LENA,)),
        (
            "nobody can be reached: the closest gets it",
            [MANAGER, TABLETS],
            Case(product="tablets", absent=frozenset({LENA, PAULA})),
            (PAULA,),
        ),
        ("deputies alone", [Holding(BOB, rank=3), DEPUTY], Case(), (ADA,)),
    ],
)
def test_who_fills_a_role(story: str, holdings: list[Holding], case: Case, who: tuple[int, ...]) -> None:
    assert who_fills(holdings, case) == who, story


NAMES = st.sampled_from(["", "a", "b"])
HOLDINGS = st.lists(
    st.builds(
        Holding,
        agent_id=st.integers(1, 4),
        product=NAMES,
        region=NAMES,
        organization=NAMES,
        rank=st.integers(0, 2),
        calendar=st.sampled_from(["", "office", "forgotten"]),
    ),
    max_size=6,
)
CASES = st.builds(
    Case,
    product=NAMES,
    region=NAMES,
    organization=NAMES,
    absent=st.frozensets(st.integers(1, 4)),
    closed=st.frozensets(st.just("office")),
)


def by_walking_the_line(holdings: list[Holding], case: Case) -> tuple[int, ...]:
    """The oracle: stand everybody in line, and walk along it until a group has somebody to talk to."""
    named = ("product", "region", "organization")
    line = [
        each
        for each in holdings
        if all(getattr(each, name) == "" or getattr(each, name) == getattr(case, name) for name in named)
    ]

    def place(each: Holding) -> tuple[int, int]:
        return sum(getattr(each, name) == "" for name in named), each.rank

    groups = [list(group) for _, group in groupby(sorted(line, key=place), key=place)]
    for group in groups:
        there = {
            each.agent_id
            for each in group
            if each.agent_id not in case.absent and not (each.calendar and each.calendar in case.closed)
        }
        if there:
            return tuple(sorted(there))
    return tuple(sorted({each.agent_id for each in groups[0]})) if groups else ()


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOLDINGS, CASES)
def test_it_is_the_first_group_in_line_that_has_somebody_to_talk_to(
    holdings: list[Holding], case: Case
) -> None:
    assert who_fills(holdings, case) == by_walking_the_line(holdings, case)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(HOLDINGS, CASES)
def test_an_absence_never_makes_a_message_vanish(holdings: list[Holding], case: Case) -> None:
    everybody_there = Case(case.product, case.region, case.organization)
    assert bool(who_fills(holdings, case)) == bool(who_fills(holdings, everybody_there))
