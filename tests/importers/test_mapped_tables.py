"""A table in a format of its own is read right, or quarantined with a reason, or asked about; never silently wrong.

Each case writes down the same calls in another way. What comes out is compared with what went in, to the microsecond and the nano-dollar.
"""

from __future__ import annotations

import csv
import json
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import pytest

from tests.tables import Use, Writing, delimited, facts, german, local, read, read_with, uses, workbook
from usage_analytics.importers.mapped.proposal import Wishes

TRUTH: Final = uses()
EARLY: Final = uses(12, datetime(2026, 3, 2, 9, 17, 5), timedelta(hours=19))  # no day after the 12th: day and month look alike
PLAIN: Final = Writing()
HEADER: Final = tuple(PLAIN.header)


@dataclass(frozen=True)
class Case:
    """A file; what has to be asked before it is read, the answers, and how many of its rows cannot be read."""

    content: bytes | str
    truth: Sequence[Use] = tuple(TRUTH)
    asks: frozenset[str] = frozenset()
    answers: Mapping[str, Any] = field(default_factory=dict)
    quarantined: int = 0
    why: str = ""
    name: str = "gateway.csv"
    rate: Decimal = Decimal(1)
    encoding: str = "utf-8"

    @property
    def raw(self) -> bytes:
        return self.content if isinstance(self.content, bytes) else self.content.encode(self.encoding)


CASES: dict[str, Case] = {}


def case(title: str, content: bytes | str, *, asks: str = "", **more: Any) -> None:
    assert title not in CASES
    known = {
        "zone": "UTC",
        "decimal": more.pop("decimal", "."),
        "date_order": "dmy",
        "currency": "USD",
        "rate EUR": "1.25",
        "amounts_in": "units",
    }
    answers = known | more.pop("answers", {})
    CASES[title] = Case(content, asks=frozenset(asks.split(", ")) if asks else frozenset(), answers=answers, **more)


def written(truth: Sequence[Use] = TRUTH, *, above: str = "", below: Sequence[Sequence[str]] = (), **how: Any) -> str:
    return replace(PLAIN, **how).text(truth, above=above, below=below)


def changed(change: Callable[[list[list[str]]], Any], **how: Any) -> str:
    """The plain table with some of its rows changed; `change` gets header and rows."""
    writing = replace(PLAIN, **how)
    rows = [list(writing.header), *writing.rows(TRUTH)]
    change(rows)
    return delimited(rows, writing)


def put(column: int, cell: str, row: int = 5) -> Callable[[list[list[str]]], Any]:
    """One cell with something else in it."""

    def change(rows: list[list[str]]) -> None:
        rows[row][column] = cell

    return change


def but(*rows: int) -> list[Use]:
    """The truth without these rows, counted as lines of the table below its header."""
    return [one for number, one in enumerate(TRUTH, 1) if number not in rows]


GERMAN: Final = {
    "header": ("Datum", "Modell", "Eingabe-Tokens", "Ausgabe-Tokens", "Kosten (€)"),
    "delimiter": ";",
    "amount": german,
    "count": lambda count: german(count, 0),
}
EURO: Final = Decimal("1.25")
UTC_HEADER: Final = ("Time (UTC)", *HEADER[1:])

# Encodings
case("plain", written())
for encoding in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"):
    bom = {"utf-16-le": "\ufeff", "utf-16-be": "\ufeff"}.get(encoding, "")
    case(
        f"in {encoding}",
        bom + written(header=("Timestamp", "Model", "Input tokens", "Output tokens", "Cost (USD) ü")),
        encoding=encoding,
    )
case("in utf-16 without a mark", written(), encoding="utf-16-le")

# Delimiters, quotes and newlines
case("tabs", written(delimiter="\t"), name="gateway.tsv")
case("semicolons", written(delimiter=";"))
case("pipes", written(delimiter="|"))
case("all quoted", written(quoting=csv.QUOTE_ALL))
case("windows newlines", written(newline="\r\n"))
case("old mac newlines", written(newline="\r"))
case("mixed newlines", written().replace("\n", "\r\n", 9))
case("a separator line of excel", "sep=;\n" + written(delimiter=";"))
case("a title above", written(above="Usage report\nMarch 2026\n\n"))
case("a title of several cells above", written(above="Report;Team A;2026\n;;\n", delimiter=";"))
case("an unterminated quote", changed(put(1, "opus")).replace(",opus,", ',"opus,'), truth=but(5), quarantined=1, why="quote")
case("a quoted newline in a name", changed(put(1, "two\nlines")), truth=but(5), quarantined=1, why="line break")

# Rows and headers
case(
    "a totals row",
    written(
        below=[
            ("Total", "", str(sum(u.sent for u in TRUTH)), str(sum(u.answered for u in TRUTH)), str(sum(u.cost for u in TRUTH)))
        ]
    ),
)
case(
    "a totals row without a name",
    written(
        below=[("", "", str(sum(u.sent for u in TRUTH)), str(sum(u.answered for u in TRUTH)), str(sum(u.cost for u in TRUTH)))]
    ),
)
case("subtotals between", changed(lambda rows: rows.insert(9, ["Subtotal", "", "1", "1", "999.99"])))
case(
    "a day's total among its rows",
    changed(lambda rows: rows.insert(9, [rows[8][0], "Total", "1", "1", "999.99"])),
    quarantined=1,
    why="total",
)
case("the header twice", changed(lambda rows: rows.insert(9, list(rows[0]))))
case("the header twice in capitals", changed(lambda rows: rows.insert(9, [cell.upper() for cell in rows[0]])))
case("padded header", written(header=[f"  {name} " for name in HEADER]))
case("camel case header", written(header=("startTime", "modelName", "promptTokens", "completionTokens", "totalCostUsd")))
case("names of programs", written(header=("created_at", "model_id", "prompt_tokens", "completion_tokens", "cost_usd")))
case("reordered columns", changed(lambda rows: rows.__setitem__(slice(None), [row[::-1] for row in rows])))
case("a column more", changed(lambda rows: [row.append("eu") for row in rows] and rows[0].__setitem__(-1, "Region")))
case("a column without a name", changed(lambda rows: [row.append("x") for row in rows] and rows[0].__setitem__(-1, "")))
case("blank lines", written().replace("\n", "\n\n"))
case("empty cells behind", "".join(f"{line},,\n" for line in written().splitlines()))
case("a short row", changed(lambda rows: rows[5].pop()), truth=but(5), quarantined=1, why="fewer columns")
case("a long row", changed(lambda rows: rows[5].append("7")), truth=but(5), quarantined=1, why="more columns")
case("a column named twice", changed(lambda rows: [row.append(row[4]) for row in rows]))
case(
    "a column named twice that differs once",
    changed(lambda rows: [row.append(row[4]) for row in rows] and rows[5].__setitem__(5, "9")),
    truth=but(5),
    quarantined=1,
    why="names a column twice",
)
case("two equal rows are two calls", written([*TRUTH, TRUTH[3]]), truth=[*TRUTH, TRUTH[3]])

# Numbers
case("german", written(time=local("UTC", "%d.%m.%Y %H:%M:%S"), **GERMAN), asks="zone, rate EUR", rate=EURO)
case(
    "french",
    written(
        delimiter=";",
        amount=lambda cost: german(cost).replace(".", "\u202f") + " €",
        header=("Horodatage", "Modèle", "Input tokens", "Output tokens", "Coût"),
    ),
    asks="rate EUR",
    rate=EURO,
)
case(
    "swiss",
    written(amount=lambda cost: f"CHF {cost:,.2f}".replace(",", "’"), header=(*HEADER[:4], "Cost")),
    asks="rate CHF",
    answers={"rate CHF": "1.25"},
    rate=EURO,
)
case("dollar signs and commas", written(amount=lambda cost: f"${cost:,.2f}", header=(*HEADER[:4], "Cost")))
case("counts with commas", written(count=lambda count: f"{count:,}"))
case(
    "counts with points only",
    written(count=lambda count: german(count, 0), amount=lambda cost: str(int(cost)), header=HEADER),
    truth=[replace(u, cost=Decimal(int(u.cost))) for u in TRUTH],
    asks="decimal",
    decimal=",",
)
case(
    "points for both",
    written(count=lambda count: german(count, 0)),
    truth=[u for u in TRUTH if u.sent < 1000 and u.answered < 1000],
    quarantined=sum(u.sent >= 1000 or u.answered >= 1000 for u in TRUTH),
    why="could mean two numbers",
)
case(
    "three decimals only",
    written([replace(u, cost=u.cost + Decimal("1.001")) for u in TRUTH], amount=lambda cost: f"{cost:.3f}"),
    truth=[replace(u, cost=u.cost + Decimal("1.001")) for u in TRUTH],
    asks="decimal",
    decimal=".",
)
case(
    "counts with k",
    written([replace(u, sent=u.sent // 100 * 100) for u in TRUTH], count=lambda count: f"{count / 1000:g}k"),
    truth=[replace(u, sent=u.sent // 100 * 100) for u in TRUTH],
)
case(
    "counts in thousands by name",
    written(
        header=(HEADER[0], "Model", "Input tokens (k)", "Output tokens (k)", HEADER[4]), count=lambda count: f"{count / 1000:.4f}"
    ),
)
case(
    "counts in thousands unsaid",
    written(count=lambda count: f"{count / 1000:.4f}"),
    asks="tokens_in",
    answers={"tokens_in": 1000},
)
case("cents by name", written(header=(*HEADER[:4], "Cost (cents)"), amount=lambda cost: f"{cost * 100:.0f}"), asks="")
case("micros by name", written(header=(*HEADER[:4], "cost_micros"), amount=lambda cost: f"{cost * 1_000_000:.0f}"))
case(
    "thousandths of cents by name", written(header=(*HEADER[:4], "cost_millicents"), amount=lambda cost: f"{cost * 100_000:.0f}")
)
case("a refund in parentheses", changed(put(4, "(3.00)")), truth=but(5), quarantined=1, why="negative")
case("a refund with a minus of its own", changed(put(4, "−3.00")), truth=but(5), quarantined=1, why="negative")
case("a refund with a minus behind", changed(put(4, "3.00-")), truth=but(5), quarantined=1, why="negative")
for odd in ("NaN", "inf", "1e3", "Included", "12.5%"):
    case(f"a cost of {odd}", changed(put(4, odd)), truth=but(5), quarantined=1, why="cost")
case(
    "a count of twenty digits", changed(put(2, "12345678901234567890")), truth=but(5), quarantined=1, why="larger than any count"
)
case("a count that excel rounded", changed(put(2, "1.23457E+12")), truth=but(5), quarantined=1, why="exponent")
case("a count below zero", changed(put(2, "-5")), truth=but(5), quarantined=1, why="negative")
case(
    "small costs of a program",
    written([replace(u, cost=Decimal("0.000008")) for u in TRUTH], amount=lambda cost: f"{float(cost):.0e}"),
    truth=[replace(u, cost=Decimal("0.000008")) for u in TRUTH],
)

case("nothing but refunds", written(amount=lambda cost: f"-{cost:.2f}"), truth=[], quarantined=len(TRUTH), why="negative")

# Currencies
case("euros by sign", written(amount=lambda cost: f"€{cost:.2f}", header=(*HEADER[:4], "Cost")), asks="rate EUR", rate=EURO)
case("euros by name", written(header=(*HEADER[:4], "cost_eur")), asks="rate EUR", rate=EURO)
case(
    "no currency and a decimal comma",
    written(delimiter=";", amount=german, header=(*HEADER[:4], "Cost")),
    asks="currency",
    answers={"currency": "EUR"},
    rate=EURO,
)
case(
    "a currency column",
    changed(
        lambda rows: (
            ([row.append("USD") for row in rows] and rows[0].__setitem__(-1, "Currency")) or rows[5].__setitem__(-1, "EUR")
        ),
        header=(*HEADER[:4], "Amount"),
    ),
    asks="rate EUR",
    truth=[replace(u, cost=u.cost * EURO) if n == 5 else u for n, u in enumerate(TRUTH, 1)],
)

# Times
case("with an offset", written(time=lambda at: (at + timedelta(hours=2)).isoformat(" ") + "+02:00"))
case(
    "with fractions",
    written([replace(u, at=u.at.replace(microsecond=123456)) for u in TRUTH]),
    truth=[replace(u, at=u.at.replace(microsecond=123456)) for u in TRUTH],
)
case("seconds since 1970", written(time=lambda at: str(round((at - datetime(1970, 1, 1)).total_seconds()))))
case(
    "milliseconds since 1970",
    written(time=lambda at: str(round((at - datetime(1970, 1, 1)).total_seconds() * 1000)), header=("ts", *HEADER[1:])),
)
case("no offset", written(time=lambda at: at.isoformat(" ")), asks="zone")
case("no offset but utc by name", written(time=lambda at: at.isoformat(" "), header=UTC_HEADER))
case("day first, decided by the 13th", written(time=local("UTC", "%d/%m/%Y %H:%M:%S"), header=UTC_HEADER))
case("month first, decided by the 13th", written(time=local("UTC", "%m/%d/%Y %I:%M:%S %p"), header=UTC_HEADER))
case(
    "day or month first",
    written(EARLY[:8], time=local("UTC", "%d/%m/%Y %H:%M:%S"), header=UTC_HEADER),
    truth=EARLY[:8],
    asks="date_order",
)
case(
    "month or day first",
    written(EARLY[:8], time=local("UTC", "%m/%d/%Y %H:%M:%S"), header=UTC_HEADER),
    truth=EARLY[:8],
    asks="date_order",
    answers={"date_order": "mdy"},
)
case(
    "two digits for the year",
    written(EARLY[:8], time=local("UTC", "%d.%m.%y %H:%M:%S"), header=UTC_HEADER),
    truth=EARLY[:8],
    asks="date_order",
)
case("names of months", written(time=local("UTC", "%d %b %Y %H:%M:%S"), header=UTC_HEADER))
case("english names of days", written(time=local("UTC", "%a, %d %b %Y %H:%M:%S +0000")))
case("compact times", written(time=local("UTC", "%Y%m%dT%H%M%SZ")))
case(
    "day and clock apart",
    changed(
        lambda rows: (
            [row.insert(1, row[0][11:-1]) or row.__setitem__(0, row[0][:10]) for row in rows]
            and (rows[0].__setitem__(0, "Date (UTC)"), rows[0].__setitem__(1, "Time"))
        )
    ),
)
case(
    "a time that clocks skipped",
    changed(put(0, "2026-03-29 02:30:00"), time=local("Europe/Berlin", "%Y-%m-%d %H:%M:%S")),
    asks="zone",
    answers={"zone": "Europe/Berlin"},
    truth=but(5),
    quarantined=1,
    why="does not exist",
)
case(
    "a time that clocks showed twice",
    changed(put(0, "2026-10-25 02:30:00"), time=local("Europe/Berlin", "%Y-%m-%d %H:%M:%S")),
    asks="zone",
    answers={"zone": "Europe/Berlin"},
    truth=but(5),
    quarantined=1,
    why="exists twice",
)
case(
    "a summer between",
    written(uses(24, datetime(2026, 3, 28, 20), timedelta(hours=3)), time=local("Europe/Berlin", "%Y-%m-%d %H:%M:%S")),
    truth=uses(24, datetime(2026, 3, 28, 20), timedelta(hours=3)),
    asks="zone",
    answers={"zone": "Europe/Berlin"},
)
case("a month for a day", changed(put(0, "2026-03")), truth=but(5), quarantined=1, why="time")
case("thirtieth of february", changed(put(0, "2026-02-30T00:00:00Z")), truth=but(5), quarantined=1, why="time")
case("an empty time", changed(put(0, "")), truth=but(5), quarantined=1, why="time is empty")

# Other containers
NUMBERS: Final = [[f"{u.at.isoformat()}Z", u.model, u.sent, u.answered, float(u.cost)] for u in TRUTH]
case("a json array", json.dumps([dict(zip(HEADER, row, strict=True)) for row in NUMBERS]), name="gateway.json")
case("json arrays of values", json.dumps([list(HEADER), *NUMBERS]), name="gateway.json")
case(
    "json in an envelope",
    json.dumps({"object": "list", "data": [dict(zip(HEADER, row, strict=True)) for row in NUMBERS]}),
    name="gateway.json",
)
case(
    "json objects in objects",
    json.dumps(
        [
            {"timestamp": r[0], "model": r[1], "usage": {"input_tokens": r[2], "output_tokens": r[3]}, "cost_usd": r[4]}
            for r in NUMBERS
        ]
    ),
    name="gateway.json",
)
case("json lines", "".join(json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for row in NUMBERS), name="gateway.jsonl")
case(
    "json lines with a bad one",
    "".join("{bad\n" if n == 5 else json.dumps(dict(zip(HEADER, row, strict=True))) + "\n" for n, row in enumerate(NUMBERS, 1)),
    name="gateway.jsonl",
    truth=but(5),
    quarantined=1,
    why="JSON",
)
case(
    "json with three decimals is no thousands",
    json.dumps([dict(zip(HEADER, [*row[:4], 1.234], strict=True)) for row in NUMBERS]),
    name="gateway.json",
    truth=[replace(u, cost=Decimal("1.234")) for u in TRUTH],
)
case(
    "json with nan",
    json.dumps(
        [dict(zip(HEADER, [*row[:4], float("nan") if n == 5 else row[4]], strict=True)) for n, row in enumerate(NUMBERS, 1)]
    ),
    name="gateway.json",
    truth=but(5),
    quarantined=1,
    why="cost",
)
case(
    "an excel sheet",
    workbook({"Usage": [UTC_HEADER, *([u.at, u.model, u.sent, u.answered, float(u.cost)] for u in TRUTH)]}),
    name="gateway.xlsx",
)
case(
    "an excel sheet with a title and a total",
    workbook(
        {
            "Usage": [
                ["Report"],
                [],
                UTC_HEADER,
                *([u.at, u.model, u.sent, u.answered, float(u.cost)] for u in TRUTH),
                ["Total", "", 1, 1, 1],
            ]
        }
    ),
    name="gateway.xlsx",
)
case("an excel sheet of text", workbook({"Usage": [HEADER, *PLAIN.rows(TRUTH)]}), name="gateway.xlsx")
case(
    "an excel sheet in euros",
    workbook(
        {"Usage": [(*UTC_HEADER[:4], "Cost"), *([u.at, u.model, u.sent, u.answered, float(u.cost)] for u in TRUTH)]},
        number_format="#,##0.00\\ [$€-407]",
    ),
    name="gateway.xlsx",
    asks="currency",
    answers={"currency": "EUR"},
    rate=EURO,
)
case(
    "a hidden excel sheet beside",
    workbook({"Usage": [HEADER, *PLAIN.rows(TRUTH)], "Old": [HEADER, *PLAIN.rows(TRUTH)]}, hidden=["Old"]),
    name="gateway.xlsx",
)


def test_there_are_as_many_cases_as_promised() -> None:
    assert len(CASES) >= 60


# All of them take twenty seconds; every fifth is enough for each day.
FAST: Final = [*CASES][::5]
SLOW: Final = [pytest.param(name, marks=pytest.mark.slow) for name in CASES if name not in FAST]


@pytest.mark.parametrize("name", [*FAST, *SLOW])
def test_a_table_is_read_right_or_quarantined_or_asked_about(name: str) -> None:
    one = CASES[name]
    first = read(one.raw, one.name)
    assert first.asked == one.asks - ({"rate EUR"} if "currency" in one.asks else set()), [first.asked, first.unread]
    if one.asks:
        assert first.rows == [], "what is asked about is not read before the answer"
    outcome = read_with(one.raw, one.name, one.answers)
    assert outcome.unread == []
    assert outcome.found == facts(one.truth, one.rate)
    assert outcome.rejected == one.quarantined, outcome.reasons
    if one.why:
        assert any(one.why in reason for reason in outcome.reasons), outcome.reasons


TIMES: Final[dict[str, Callable[[datetime], str]]] = {
    "iso": lambda at: f"{at.isoformat()}Z",
    "naive": lambda at: at.isoformat(" "),
    "dmy": local("UTC", "%d/%m/%Y %H:%M:%S"),
    "mdy": local("UTC", "%m/%d/%Y %I:%M:%S %p"),
    "dots": local("UTC", "%d.%m.%y %H:%M:%S"),
    "months": local("UTC", "%d-%b-%Y %H:%M:%S"),
    "epoch": lambda at: str(round((at - datetime(1970, 1, 1)).total_seconds())),
    "millis": lambda at: str(round((at - datetime(1970, 1, 1)).total_seconds() * 1000)),
}
AMOUNTS: Final[dict[str, Callable[[Decimal], str]]] = {
    "plain": lambda cost: f"{cost:.2f}",
    "four places": lambda cost: f"{cost:.4f}",
    "three places": lambda cost: f"{cost:.3f}",
    "dollars": lambda cost: f"${cost:,.2f}",
    "code": lambda cost: f"{cost:,.2f} USD",
    "german": german,
    "euros": lambda cost: f"{german(cost)} €",
    "swiss": lambda cost: f"{cost:,.2f}".replace(",", "'"),
}
COUNTS: Final[dict[str, Callable[[int], str]]] = {
    "plain": str,
    "commas": lambda count: f"{count:,}",
    "points": lambda count: german(count, 0),
    "spaces": lambda count: f"{count:,}".replace(",", "\u202f"),
}
HEADERS: Final = (
    HEADER,
    ("Date", "Model", "Prompt tokens", "Completion tokens", "Amount"),
    ("Datum", "Modell", "Eingabe-Tokens", "Ausgabe-Tokens", "Kosten"),
    ("startTime", "modelId", "inputTokens", "outputTokens", "cost"),
)
EVERYTHING: Final = {"zone": "UTC", "currency": "USD", "rate EUR": "1", "amounts_in": "units", "tokens_in": 1}


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(200))
def test_whatever_is_combined_nothing_is_silently_wrong(seed: int) -> None:
    chance = random.Random(seed)
    truth = uses(chance.choice([1, 5, 24]), datetime(2026, 3, chance.choice([2, 9]), 9, 17, 5))
    time, amount, count = (chance.choice([*known]) for known in (TIMES, AMOUNTS, COUNTS))
    delimiter = chance.choice(",;\t|")
    header = chance.choice(HEADERS)
    how = Writing(header, TIMES[time], AMOUNTS[amount], COUNTS[count], delimiter, chance.choice(["\n", "\r\n", "\r"]))
    below = [("Total", "", "1", "1", "1")] if chance.random() < 0.3 else []
    text = how.text(truth, above=chance.choice(["", "", "Report\n\n"]), below=below)
    raw = text.encode(chance.choice(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]))
    name = "gateway.csv"
    if chance.random() < 0.3:
        raw, name = workbook({"Usage": [header, *how.rows(truth), *below]}), "gateway.xlsx"
    expected = facts(truth)

    alone = read(raw, name)
    assert alone.found <= expected, "read without a question, and wrong"
    assert sum(alone.found.values()) + alone.rejected == (len(truth) if alone.rows else alone.rejected)
    answers = EVERYTHING | {
        "date_order": "mdy" if time == "mdy" else "dmy",
        "decimal": "," if amount in ("german", "euros") or (count == "points" and amount not in AMOUNTS) else ".",
    }
    outcome = read_with(raw, name, answers)
    assert outcome.unread == [], "every question has an answer"
    assert outcome.found <= expected, "read with all answers, and wrong"
    assert sum(outcome.found.values()) + outcome.rejected == len(truth)
    clear = not (count == "points" and answers["decimal"] == ".") and not (count == "commas" and answers["decimal"] == ",")
    if clear:
        assert outcome.found == expected


def test_a_table_whose_rows_fit_no_header_says_so() -> None:
    """Decimal commas among commas: every row has a cell too many."""
    outcome = read(written(amount=german).replace('"', "").encode())
    assert outcome.rows == []
    assert outcome.unread == [
        "No row of gateway.csv can be read: the line has more columns than the header. Export it again, with text in quotes."
    ]


def test_what_people_wrote_is_neither_kept_nor_shown() -> None:
    """A column of prompts in an unknown table stays where it is: not in the rows, not in what the page is told."""
    secret = "please write a poem about kanarienvogel and the sea"
    content = changed(lambda rows: [row.append(secret) for row in rows] and rows[0].__setitem__(-1, "Prompt")).encode()
    proposed = read(content, wishes=Wishes(propose=True))
    assert proposed.proposals
    assert b"kanarienvogel" not in b"".join(bytes(one.proposal) for one in proposed.done)
    outcome = read(content)
    assert outcome.found == facts(TRUTH)
    assert "kanarienvogel" not in str(outcome.rows)


def test_a_console_export_that_was_saved_as_a_sheet_or_as_json_is_read_by_its_importer() -> None:
    export = (Path(__file__).parents[1] / "fixtures" / "console" / "claude_api_cost_2026_03_01_to_2026_03_02.csv").read_text(
        "utf-8-sig"
    )
    rows = list(csv.reader(export.splitlines()))
    expected = read(export.encode(), "export.csv")
    assert expected.done[0].format == "console_cost"
    for content, name in (
        (workbook({"Sheet1": rows}), "export.xlsx"),
        (json.dumps([dict(zip(rows[0], row, strict=True)) for row in rows[1:]]).encode(), "export.json"),
        (("\ufeff" + export).encode("utf-16-le"), "export.csv"),
        (("Cost report\n\n" + export).encode(), "export.csv"),
    ):
        found = read(content, name)
        assert [one.format for one in found.done] == ["console_cost"], found.unread
        assert sorted(map(str, found.rows)) == sorted(map(str, expected.rows))
