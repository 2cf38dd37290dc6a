"""Whether a policy document may be published."""

from upheld.policy.compilation import compile_document
from upheld.policy.content import digest_of
from upheld.policy.examples import run_examples
from upheld.policy.holiday_dates import with_dates
from upheld.policy.loading import DRAFT_YEARS, plain, read_document
from upheld.policy.problems import PolicyError, Report
from upheld.policy.soundness import findings_of


def check(text: str, name: str = "policy.yaml") -> Report:
    """Read a document, look for doubtful clauses and run its examples; never raises PolicyError."""
    try:
        reading, document = read_document(text, name)
        dated = with_dates(document, DRAFT_YEARS, reading)
    except PolicyError as error:
        return Report(tuple(error.problems), (), 0, None)
    policy = compile_document(dated, digest_of(plain(dated)))
    failures = run_examples(policy, document, reading)
    findings = findings_of(document, reading.problem)
    return Report(tuple(failures), tuple(findings), len(document.examples), policy)
