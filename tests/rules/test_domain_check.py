"""What our own mail server says of a sender's domain, and what others only claim."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from upheld.rules.domain_check import DomainCheck, check_domain

PASSED, FAILED, UNKNOWN = DomainCheck.passed, DomainCheck.failed, DomainCheck.unknown
EDGE = "mx.desk.example.com"
AMINA = "amina@school.example.org"


def check(*results: str, checked_by: str = EDGE, sender: str = AMINA) -> DomainCheck:
    return check_domain(results, checked_by, sender)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("dmarc=pass", PASSED),
        ("dmarc=pass header.from=school.example.org", PASSED),
        ("dmarc=pass header.from=example.org", PASSED),
        ("dmarc=fail", FAILED),
        ("dmarc=none", UNKNOWN),
        ("dmarc=temperror", UNKNOWN),
        ("none", UNKNOWN),
        ("", UNKNOWN),
        # a signature or a path of the sender's domain, or of one above it
        ("dkim=pass header.d=school.example.org", PASSED),
        ("dkim=pass header.d=example.org", PASSED),
        ("dkim=pass header.i=@school.example.org", PASSED),
        ("dkim=pass header.i=robot@example.org", PASSED),
        ("spf=pass smtp.mailfrom=school.example.org", PASSED),
        ("spf=pass smtp.mailfrom=bounces@example.org", PASSED),
        ("DKIM=Pass Header.D=School.Example.ORG.", PASSED),
        # of another
        ("dkim=pass header.d=evil.example", UNKNOWN),
        ("dkim=pass header.d=mail.school.example.org", UNKNOWN),
        ("dkim=pass header.d=org", UNKNOWN),
        ("dkim=pass header.d=xample.org", UNKNOWN),
        ("dkim=pass header.d=myschool.example.org", UNKNOWN),
        ("dkim=pass header.d=evil.example header.i=@school.example.org", UNKNOWN),
        ("dkim=pass", UNKNOWN),
        ("spf=pass smtp.helo=school.example.org", UNKNOWN),
        ("spf=pass smtp.mailfrom=evil.example", UNKNOWN),
        ("spf=pass smtp.mailfrom=school.example.org@evil.example", UNKNOWN),
        ("dmarc=pass header.from=evil.example", UNKNOWN),
        # both fail, or only one
        ("dkim=fail header.d=school.example.org; spf=fail smtp.mailfrom=school.example.org", FAILED),
        ("dkim=fail; spf=softfail", UNKNOWN),
        ("dkim=fail; spf=none", UNKNOWN),
        ("dkim=fail", UNKNOWN),
        ("spf=fail", UNKNOWN),
        ("dkim=fail; dkim=pass header.d=school.example.org; spf=fail", PASSED),
        ("dkim=fail; dkim=pass header.d=list.example; spf=fail", UNKNOWN),
        # DMARC has the last word, and a contradiction is no pass
        ("dmarc=fail; dkim=pass header.d=school.example.org", FAILED),
        ("dmarc=pass; spf=fail; dkim=fail", PASSED),
        ("dmarc=pass; dmarc=fail", FAILED),
        # odd but legal
        ("dmarc = pass (p=none dis=none) header.from = school.example.org", PASSED),
        ("dkim/1=pass (good; signature) header.d=school.example.org", PASSED),
        ('dkim=pass reason="2048-bit; key" header . d = school.example.org', PASSED),
        ('spf=pass smtp.mailfrom="amina y"@school.example.org', PASSED),
        ("(dmarc=fail) dmarc=pass", PASSED),
        ("spf=fail (a (nested \\) one) dmarc=pass) ; dkim=fail", FAILED),
        # words of a stranger that the server quoted
        ('spf=fail smtp.mailfrom="a; dmarc=pass; b"@evil.example', UNKNOWN),
        ("spf=fail (sent by dmarc=pass) smtp.mailfrom=x@evil.example", UNKNOWN),
        ('dmarc="pass"', UNKNOWN),
        ('"dmarc"=pass', UNKNOWN),
        ("x-dmarc=pass", UNKNOWN),
        ("=pass; dmarc; dmarc==; ===", UNKNOWN),
    ],
)
def test_what_the_server_says(said: str, found: DomainCheck) -> None:
    assert check(f"{EDGE}; {said}") is found


@pytest.mark.parametrize(
    "begin",
    [
        f"{EDGE};",
        f"{EDGE.upper()};",
        f'"{EDGE}";',
        f"{EDGE} 1;",
        f" (the edge) {EDGE} (version) 1 ;",
        f"\t{EDGE}\r\n ;",
    ],
)
def test_the_servers_name_in_any_spelling(begin: str) -> None:
    assert check(f"{begin} dmarc=pass") is PASSED


@pytest.mark.parametrize(
    "claimed",
    [
        "mx.evil.example; dmarc=pass",
        f"x{EDGE}; dmarc=pass",
        f"{EDGE}.evil.example; dmarc=pass",
        f"mx.evil.example {EDGE}; dmarc=pass",
        f"(x); {EDGE}; dmarc=pass",
        f"mx.evil.example ({EDGE}); dmarc=pass",
        f"dmarc=pass; {EDGE}",
        f"; {EDGE}; dmarc=pass",
        "dmarc=pass",
        f"{EDGE} dmarc=pass",
        f"({EDGE}; dmarc=pass",
        f'"{EDGE}; dmarc=pass',
        "",
    ],
)
def test_what_others_claim_changes_nothing(claimed: str) -> None:
    assert check(claimed) is UNKNOWN
    assert check(claimed, f"{EDGE}; dmarc=fail") is FAILED
    assert check(f"{EDGE}; dmarc=fail", claimed) is FAILED


def test_only_the_topmost_of_the_server_counts() -> None:
    assert check("mx.elsewhere.example; dmarc=fail", f"{EDGE}; dmarc=pass", f"{EDGE}; dmarc=fail") is PASSED
    assert check(f"{EDGE}; none", f"{EDGE}; dmarc=pass") is UNKNOWN


@pytest.mark.parametrize("checked_by", ["", "   "])
@pytest.mark.parametrize("said", [f"{EDGE}; dmarc=pass", "; dmarc=pass", " ; dmarc=fail", '""; dmarc=pass'])
def test_where_nobody_is_believed_nothing_is_known(checked_by: str, said: str) -> None:
    assert check(said, checked_by=checked_by) is UNKNOWN


@pytest.mark.parametrize("sender", ["", "nobody", "@", "a@", "a@" + "x" * 300])
def test_nothing_is_known_of_no_domain(sender: str) -> None:
    found = check(f"{EDGE}; dkim=pass header.d=; spf=pass smtp.mailfrom=", sender=sender)
    assert found is UNKNOWN


def test_a_domain_in_another_script_is_the_same_domain() -> None:
    said = f"{EDGE}; dkim=pass header.d=xn--bcher-kva.example"
    assert check(said, sender="kunde@bücher.example") is PASSED
    assert check(f"{EDGE}; dkim=pass header.d=bücher.example", sender="k@xn--bcher-kva.example") is PASSED


@given(st.lists(st.text(alphabet='adm=;()"\\ ./rcpksf\n\x00é', max_size=200), max_size=4))
def test_no_text_raises(texts: list[str]) -> None:
    check(*texts, *(f"{EDGE};{text}" for text in texts))


@pytest.mark.parametrize("piece", ["(", ")", '"', ";", "=", "a=b;", "a=b c.d=e ", "\\", "(\\)", '"\\"', "x"])
def test_the_time_grows_with_the_length_and_no_faster(piece: str) -> None:
    def seconds(length: int) -> float:
        text = f"{EDGE};" + (piece * length)[:length]
        begun = time.process_time()
        for _ in range(3):
            check(text)
        return time.process_time() - begun

    assert min(seconds(9_000) for _ in range(3)) < 50 * max(min(seconds(900) for _ in range(3)), 0.001)


def test_nobody_reads_a_header_without_end() -> None:
    assert check(f"{EDGE};{' ' * 20_000}dmarc=pass") is UNKNOWN
    assert check(f"{EDGE}; dmarc=pass;{' ' * 10_000_000}") is PASSED
