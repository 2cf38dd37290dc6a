"""Whether a policy document may be published, and what is worth a thought."""

from upheld.policy.compilation import compile_document
from upheld.policy.content import digest_of
from upheld.policy.examples import run_examples
from upheld.policy.loading import DRAFT_YEARS, plain, read_sound
from upheld.policy.page import Page
from upheld.policy.problems import PolicyError, Report, in_order
from upheld.policy.soundness import findings_of
from upheld.policy.soundness.assumptions import assumptions, settle
from upheld.policy.soundness.citations import all_citations


def check(
    text: str,
    name: str = "policy.yaml",
    *,
    page: str | None = None,
    filled_roles: frozenset[str] | None = None,
) -> Report:
    """Read a document, look for doubtful clauses and run its examples; never raises PolicyError.

    `page` is the text of the source page; the one that the document holds, when left out. `filled_roles` are the
    roles that somebody on a desk fills, where a desk is asked.
    """
    try:
        sound = read_sound(text, name, DRAFT_YEARS, thorough=True)
    except PolicyError as error:
        return Report(tuple(error.problems), (), 0, None)
    reading, document = sound.reading, sound.document
    policy = compile_document(sound.dated, digest_of(plain(sound.dated)))
    examples = run_examples(policy, document, reading)
    source = _page(page if page is not None else document.source.text)
    remarks = [*sound.remarks, *findings_of(document, sound.trials, source, filled_roles)]
    idle = {remark.path for remark in remarks if remark.code == "never-decides"}
    remarks += examples.remarks(document, idle)
    settled = settle(document, reading, remarks, _skipped(source, filled_roles))
    return Report(
        problems=tuple(examples.failures),
        findings=tuple(in_order(settled.findings)),
        examples_run=len(document.examples),
        policy=policy,
        accepted=tuple(settled.accepted),
        assumptions=tuple(assumptions(document, reading)),
        citations=None if source is None else source.citations(all_citations(document)),
    )


def _page(text: str) -> Page | None:
    return Page(text) if text.strip() else None


def _skipped(page: Page | None, filled_roles: frozenset[str] | None) -> set[str]:
    """Return the codes that cannot be found this time, so that accepting them is not in vain."""
    skipped = set()
    if page is None:
        skipped.add("citation-not-found")
    if filled_roles is None:
        skipped.add("unfilled-role")
    return skipped
