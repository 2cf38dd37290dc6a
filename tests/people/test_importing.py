"""Tables of customers: what is read of them, what they change, and what they leave alone."""

from datetime import date

import pytest

from harness.cast import Cast, utc
from upheld.desks.actions import publish_policy
from upheld.desks.models import AuditEntry, Desk
from upheld.people.actions import ImportRefused, affiliate, import_customers
from upheld.people.importing import (
    KINDS,
    Kind,
    Plan,
    SheetRefused,
    Verdict,
    plan_import,
    read_sheet,
    template_of,
)
from upheld.people.models import (
    Affiliation,
    Contact,
    Contract,
    DeskContact,
    Organization,
    OrganizationDomain,
    Partnership,
)
from upheld.policy import pack

NOW = utc("2026-03-20 10:00")
TABLES = (
    Organization,
    OrganizationDomain,
    Partnership,
    Contact,
    DeskContact,
    Affiliation,
    Contract,
    AuditEntry,
)


@pytest.fixture
def desk(cast: Cast) -> Desk:
    """A desk whose policy has plans."""
    publish_policy(cast.desk, pack("success-plans"), now=utc("2025-06-01 00:00"), by="tests")
    return cast.desk


def looked(desk: Desk, text: str | bytes) -> Plan:
    """What a table would do; nothing of it happens."""
    before = [table.objects.count() for table in TABLES]
    plan, _importing = plan_import(desk, read_sheet(_bytes(text)), NOW)
    assert [table.objects.count() for table in TABLES] == before
    return plan


def imported(desk: Desk, text: str | bytes) -> Plan:
    """The same, done: just what it was said to be. Done again it changes nothing."""
    expected = looked(desk, text)
    assert expected.problems == ()
    sheet = read_sheet(_bytes(text))
    plan = import_customers(desk, sheet, name="k.csv", by="Lena", now=NOW, seen=expected.fingerprint)
    assert plan.fingerprint == expected.fingerprint
    before = {table: list(table.objects.order_by("pk").values()) for table in TABLES}
    again = import_customers(desk, sheet, name="k.csv", by="Lena", now=NOW)
    assert {each.verdict for each in again.rows} <= {Verdict.same}
    assert {table: list(table.objects.order_by("pk").values()) for table in TABLES} == before
    return plan


def _bytes(text: str | bytes) -> bytes:
    return text.encode() if isinstance(text, str) else text


def verdicts(plan: Plan) -> list[str]:
    return [each.verdict.value for each in plan.rows]


def told(plan: Plan) -> list[tuple[int, str, str]]:
    return [(each.line, each.column, each.message) for each in plan.problems]


# The file.


@pytest.mark.parametrize(
    "data",
    [
        b"name,reference\nHarbour,K-1\n",
        "\ufeffname,reference\r\nHarbour,K-1\r\n".encode(),
        b"sep=;\nName;Reference\nHarbour;K-1\n;;\n\n",
        b"NAME\tREFERENCE\nHarbour\tK-1",
        "name\treference\r\nHarbour\tK-1\r\n".encode("utf-16"),
        b'"name";"reference"\n"Harbour";"K-1"\n',
        b"\n\nname;reference;\rHarbour;K-1;\r",
    ],
    ids=["plain", "mark", "sep-line", "tabs", "utf-16", "quoted", "old-mac"],
)
def test_a_table_is_read_however_a_program_wrote_it(data: bytes) -> None:
    [line] = read_sheet(data).lines
    assert (line.text("name"), line.text("reference")) == ("Harbour", "K-1")


def test_a_row_is_named_by_the_line_on_which_it_begins() -> None:
    sheet = read_sheet(b'name,notes\n"A\nB",x\n'.replace(b"notes", b"region") + b"\nC,y\n")
    assert [(each.number, each.text("name")) for each in sheet.lines] == [(2, "A\nB"), (5, "C")]
    assert [each.number for each in read_sheet(b"sep=,\nname\nA\n").lines] == [3]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "The first line has to name the columns"),
        (b"first,last\na,b\n", "The first line has to name the columns"),
        (b"name,colour\na,b\n", "Organizations have no column colour"),
        (b"address,name,name\na,b,c\n", "The column name is there twice"),
        (b"organization,reference,starts\na,b,2026-01-01\n", "Contracts need the column ends"),
        (b"name\nHarbour\nM\xfcller\n", "Line 3 is not UTF-8 text"),
        (b"name\n\x00\n", "no text but a file of another program"),
        (b'name\n"Harbour\nK-1\n', "The row that begins on line 2 does not end"),
        (b"name\n" + b"a\n" * 3, "more than 2 rows"),
    ],
)
def test_what_is_no_table_is_refused_with_what_to_do(data: bytes, said: str) -> None:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(data, most_rows=2)
    assert said in str(refused.value)


@pytest.mark.parametrize("kind", list(Kind))
def test_the_file_to_fill_in_is_one_that_can_be_imported(desk: Desk, kind: Kind) -> None:
    for needed in list(Kind)[: list(Kind).index(kind)]:
        imported(desk, template_of(needed))
    plan = imported(desk, template_of(kind))
    assert plan.kind is kind and verdicts(plan) == ["added", "added"]
    assert all(column.longest and column.meaning for column in KINDS[kind].columns)


# Organizations.


def test_organizations_are_added_changed_and_left_alone(desk: Desk) -> None:
    harbour = Organization.objects.create(desk=desk, name="Harbour", reference="K-1", notes="Old friends")
    table = (
        "name;reference;language;domains;partner_of\n"
        "Port;K-2;de;port.example PORT.example info@port.example.net;harbour office\n"
        "Harbour Office;K-1;;;\n"
        "Quay;;;;Port|K-1\n"
    )
    plan = imported(desk, table)
    assert verdicts(plan) == ["added", "changed", "added"]
    harbour.refresh_from_db()
    assert (harbour.name, harbour.notes, harbour.language) == ("Harbour Office", "Old friends", "")
    port = Organization.objects.get(name="Port")
    assert set(port.domains.values_list("domain", flat=True)) == {"port.example", "port.example.net"}
    pairs = set(Partnership.objects.values_list("partner__name", "customer__name"))
    assert pairs == {("Quay", "Port"), ("Quay", "Harbour Office")} | {("Port", "Harbour Office")}


def test_every_problem_of_organizations_is_told_with_line_and_column(desk: Desk) -> None:
    harbour = Organization.objects.create(desk=desk, name="Harbour", reference="K-1")
    OrganizationDomain.objects.create(desk=desk, organization=harbour, domain="harbour.example")
    table = (
        "name,reference,region,language,domains,partner_of\n"
        ",K-9,,,,\n"
        "Port,K-1,,,,\n"
        "Quay,,nowhere,,,\n"
        "Wharf,,,english,,\n"
        "Mole,,,,harbour.example,\n"
        "Pier,,,,gmail.com,\n"
        "Dock,,,,,Nobody\n"
        "Lock,,,,,Lock\n"
        "lock,,,,,\n"
        "Ship,,,,,,too,many\n"
        f"{'x' * 161},,,,,\n"
    )
    plan = looked(desk, table)
    found = {(line, column) for line, column, _message in told(plan)}
    assert found == {
        (2, "name"),
        (4, "region"),
        (5, "language"),
        (6, "domains"),
        (7, "domains"),
        (8, "partner_of"),
        (9, "partner_of"),
        (10, "name"),
        (11, ""),
        (12, "name"),
    }
    said = {line: message for line, _column, message in told(plan)}
    assert "belongs to Port" in said[6] and "Line 9 is about the same" in said[10]
    with pytest.raises(ImportRefused):
        import_customers(desk, read_sheet(table.encode()), name="k.csv", by="Lena", now=NOW)
    assert (
        Organization.objects.count() == 1
        and not AuditEntry.objects.filter(action="customers imported").exists()
    )


# Contacts.


def test_contacts_come_with_their_organizations(desk: Desk) -> None:
    harbour = Organization.objects.create(desk=desk, name="Harbour", reference="K-1")
    port = Organization.objects.create(desk=desk, name="Port", reference="K-2")
    table = (
        "address,name,phone,organization,main,sees_all,language\n"
        "Anna@Harbour.example,Anna Lind,+44 20 7946 0018,Harbour,,yes,\n"
        "anna@harbour.example,,,k-2,yes,,\n"
        "piet@port.example,Piet,,K-2,,,nl\n"
        "solo@else.example,,,,,,\n"
    )
    plan = imported(desk, table)
    assert plan.counts[Verdict.added] == 3
    anna = Contact.objects.get(address="anna@harbour.example")
    assert (anna.name, anna.phone_digits) == ("Anna Lind", "442079460018")
    belonging = {each.organization: (each.is_main, each.sees_all) for each in anna.affiliations.all()}
    assert belonging == {harbour: (False, True), port: (True, False)}
    assert Affiliation.objects.get(contact__address="piet@port.example").is_main
    assert DeskContact.objects.filter(desk=desk).count() == 3
    assert (
        imported(desk, "address,organization,sees_all\nanna@harbour.example,Harbour,no\n").counts[
            Verdict.changed
        ]
        == 1
    )
    entry = AuditEntry.objects.filter(action="customers imported").earliest("pk")
    assert (entry.subject, entry.data["kind"], entry.data["added"]) == ("k.csv", "contacts", 3)


def test_of_a_contact_of_another_desk_nothing_is_shown_and_nothing_overwritten(
    cast: Cast, desk: Desk, charlie: object
) -> None:
    elsewhere = Desk.objects.get(slug="other")
    theirs = Organization.objects.create(desk=elsewhere, name="Secret Bank")
    dora = Contact.objects.create(address="dora@bank.example", name="Dora Geheim", created_at=NOW)
    affiliate(dora.pk, theirs.pk, is_main=True, by="tests", now=NOW)
    table = "address,name,phone\ndora@bank.example,Dora Smith,030 1234\nnew@bank.example,Neo,\n"
    known, unknown = looked(desk, table).rows
    assert known.verdict is unknown.verdict is Verdict.added
    assert known.remarks == [] and "Geheim" not in repr(known)
    imported(desk, table)
    dora.refresh_from_db()
    assert (dora.name, dora.phone) == ("Dora Geheim", "030 1234")
    assert Affiliation.objects.get(contact=dora).organization == theirs
    # Known here now, she is told of as she is.
    [row] = looked(desk, "address,name\ndora@bank.example,Dora Smith\n").rows
    assert row.verdict is Verdict.same and "stays “Dora Geheim”" in row.remarks[0]
    # An organization of another desk is none.
    plan = looked(desk, "address,organization\nnew@bank.example,Secret Bank\n")
    assert told(plan)[0][:2] == (2, "organization")


def test_every_problem_of_contacts_is_told_with_line_and_column(desk: Desk) -> None:
    Organization.objects.create(desk=desk, name="Harbour")
    Organization.objects.create(desk=desk, name="Port")
    table = (
        "address,phone,organization,main,sees_all,language\n"
        "nobody,,,,,\n"
        "support@desk.example.com,,,,,\n"
        "a@x.example,none,,,,\n"
        "b@x.example,,Nowhere,,,\n"
        "c@x.example,,Harbour,perhaps,,\n"
        "d@x.example,,,yes,,\n"
        "e@x.example,,Harbour,yes,,\n"
        "e@x.example,,Port,yes,,\n"
        "E@x.example,,Harbour,,,\n"
        "f@x.example,,,,,klingon\n"
    )
    found = [(line, column) for line, column, _message in told(looked(desk, table))]
    assert found == [
        (2, "address"),
        (3, "address"),
        (4, "phone"),
        (5, "organization"),
        (6, "main"),
        (7, "main"),
        (9, "main"),
        (10, "address"),
        (11, "language"),
    ]


# Contracts.


def test_contracts_are_added_changed_and_left_alone(desk: Desk) -> None:
    harbour = Organization.objects.create(desk=desk, name="Harbour", reference="K-1")
    table = (
        "organization;reference;plan;starts;ends;incidents;technical contacts\n"
        "K-1;C-1;Premium Success Plan;2026-01-01;31.12.2026;10;anna@harbour.example, piet@port.example\n"
        "harbour;C-2;;2027-01-01;2027-12-31;;\n"
    )
    assert verdicts(imported(desk, table)) == ["added", "added"]
    first = Contract.objects.get(reference="C-1")
    assert (first.organization, first.plan, first.incidents) == (harbour, "premium", 10)
    assert (first.starts_on, first.ends_on) == (date(2026, 1, 1), date(2026, 12, 31))
    assert first.technical_contacts.count() == 2
    changed = "organization,reference,starts,ends,incidents,technical_contacts\n"
    changed += "K-1,C-1,2026-01-01,2027-01-31,unlimited,anna@harbour.example\n"
    [row] = imported(desk, changed).rows
    assert {(each.column, each.before, each.after) for each in row.details} == {
        ("ends", "2026-12-31", "2027-01-31"),
        ("incidents", "10", "unlimited"),
        ("technical_contacts", "anna@harbour.example piet@port.example", "anna@harbour.example"),
    }
    assert "It overlaps C-2 for the same product" in row.remarks[0] and "C-1 governs" in row.remarks[0]
    first.refresh_from_db()
    assert (first.plan, first.incidents) == ("premium", None)
    entry = AuditEntry.objects.filter(action="customers imported").latest("pk")
    assert entry.data["contracts"] == [first.pk]


def test_every_problem_of_contracts_is_told_with_line_and_column(desk: Desk) -> None:
    harbour = Organization.objects.create(desk=desk, name="Harbour")
    Organization.objects.create(desk=desk, name="Port")
    days = {"starts_on": date(2026, 1, 1), "ends_on": date(2026, 2, 1)}
    Contract.objects.create(desk=desk, organization=harbour, reference="C-1", **days)
    table = (
        "organization,reference,product,plan,starts,ends,incidents,technical_contacts\n"
        "Nobody,A,,,2026-01-01,2026-12-31,,\n"
        "Port,C-1,,,2026-01-01,2026-12-31,,\n"
        "Port,B,boats,,2026-01-01,2026-12-31,,\n"
        "Port,C,,platinum,2026-01-01,2026-12-31,,\n"
        "Port,D,,,01/02/2026,2026-12-31,,\n"
        "Port,E,,,2026-02-30,2026-12-31,,\n"
        "Port,F,,,2026-01-02,2026-01-01,,\n"
        "Port,G,,,2026-01-01,2026-12-31,many,\n"
        "Port,H,,,2026-01-01,2026-12-31,,nobody\n"
        "Port,I,,,2026-01-01,,,\n"
        "Port,K,,,2026-01-01,2026-12-31,,\n"
        "Port,K,,,2026-01-01,2026-12-31,,\n"
    )
    plan = looked(desk, table)
    assert [(line, column) for line, column, _message in told(plan)] == [
        (2, "organization"),
        (3, "reference"),
        (4, "product"),
        (5, "plan"),
        (6, "starts"),
        (7, "starts"),
        (8, "ends"),
        (9, "incidents"),
        (10, "technical_contacts"),
        (11, "ends"),
        (13, "reference"),
    ]
    said = {line: message for line, _column, message in told(plan)}
    assert "basic, premium" in said[5] and "2026-01-31 or 31.01.2026" in said[6]


# All or nothing.


def test_what_begins_like_a_formula_is_data(desk: Desk) -> None:
    imported(desk, 'name,reference\n"=HYPERLINK(""http://x.example"")",+1\n@SUM(1),-2\n')
    names = set(Organization.objects.values_list("name", "reference"))
    assert names == {('=HYPERLINK("http://x.example")', "+1"), ("@SUM(1)", "-2")}


def test_another_plan_than_the_one_that_was_seen_is_not_carried_out(desk: Desk) -> None:
    text = "name,language\nHarbour,de\n"
    seen = looked(desk, text).fingerprint
    Organization.objects.create(desk=desk, name="Harbour", language="en")
    with pytest.raises(ImportRefused) as refused:
        import_customers(desk, read_sheet(text.encode()), name="k", by="Lena", now=NOW, seen=seen)
    assert refused.value.plan is not None and refused.value.plan.rows[0].verdict is Verdict.changed
    assert Organization.objects.get(name="Harbour").language == "en"


def test_progress_is_told_for_every_row_and_what_is_written(desk: Desk) -> None:
    steps: list[int] = []
    text = "name\n" + "".join(f"Organization {number}\n" for number in range(1_200))
    import_customers(desk, read_sheet(text.encode()), name="k", by="L", now=NOW, advance=steps.append)
    assert steps[:1_200] == [1] * 1_200 and steps[1_200:] == [500, 500, 200]
    assert Organization.objects.count() == 1_200
