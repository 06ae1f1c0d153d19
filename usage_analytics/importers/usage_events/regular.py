"""Events that are regular are read a column at a time, at a third of the cost: whole numbers, times of one form, names without odd spaces.

What a word means (a model, an app, a way of running) is asked of `mapping.sql` once and not on every row. Of a block in which one value is
not of the plainest form, nothing is read here: the mapping then takes it row by row, and says what is wrong with which line.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any, Final

from usage_analytics.events import OBSERVATION, TOKEN_COLUMNS
from usage_analytics.importers.arrays import arrow_type
from usage_analytics.importers.usage_events.columns import KNOWN

if TYPE_CHECKING:
    import pyarrow as pa

WORDS: Final = ("app", "model", "geo", "batch", "account", "project", "run", "human_prompt", "paid_from")
COUNTS: Final = (*TOKEN_COLUMNS, "web_searches", "message_index")
MEANINGS: Final = {word: (word,) for word in WORDS} | {"model": ("model", "model_raw", "speed")}
MOST_DIGITS: Final = 15
LONGEST_NAME: Final = 200
NANOS_DIGITS: Final = 9
FIRST_YEAR, LAST_YEAR = 2000, 2199

Meaning = dict[str, Any]  # columns of an observation


class Irregular(Exception):
    """A value is not of the plainest form."""


class RegularEvents:
    """Reads regular blocks of one file. `ask` maps rows of words, numbered by `message_index`; it may leave some out."""

    def __init__(self, ask: Callable[[dict[str, list[str | None]]], Iterable[Meaning]], constants: Meaning) -> None:
        self._ask = ask
        self._constants = constants | {"is_sidechain": False, "is_copy": False, "output_is_final": True}
        self._known: dict[str, dict[str | None, Meaning]] = {word: {} for word in WORDS}

    def observed(self, table: pa.Table) -> pa.Table | None:
        """The observations of a block whose columns are named as in the format; None where they have to be read row by row."""
        import pyarrow as pa
        import pyarrow.compute as pc

        stated = {name: table[name].combine_chunks() for name in table.column_names if name in KNOWN}
        if "event_id" not in stated or any(_is_stated(stated[name]) for name in ("speed", "error") if name in stated):
            return None
        try:
            found: dict[str, Any] = {name: reader(stated[name]) for name, reader in READERS.items() if name in stated}
            _regular(pc.is_valid(found["event_id"]))
            if (nanos := found.pop("cost_usd", None)) is not None:
                kinds = pc.if_else(pc.is_valid(nanos), "billed", pa.scalar(None, pa.string()))
                found |= {"reported_cost_nanos": nanos, "reported_cost_kind": kinds.dictionary_encode()}
            found |= self._words({name: stated[name] for name in WORDS if name in stated}, table.num_rows)
        except (Irregular, pa.ArrowException):
            return None
        columns = []
        for name in OBSERVATION:
            kind = arrow_type(name, OBSERVATION)
            value, rows = self._constants.get(name), table.num_rows
            if name in found:
                columns.append(found[name])
            elif value is None:
                columns.append(pa.nulls(rows, kind))
            elif pa.types.is_string(kind):
                columns.append(pa.DictionaryArray.from_arrays(pa.repeat(pa.scalar(0, pa.int32()), rows), pa.array([value], kind)))
            else:
                columns.append(pa.repeat(pa.scalar(value, kind), rows))
        return pa.table(columns, names=list(OBSERVATION))

    def _words(self, stated: dict[str, pa.Array], rows: int) -> dict[str, pa.Array]:
        """What the words of the block mean, column by column."""
        import pyarrow as pa

        coded, fresh = {}, {}
        for name in WORDS:
            words = stated.get(name)
            codes = pa.nulls(rows, pa.string()) if words is None else words
            if not pa.types.is_string(codes.type):
                codes = codes.cast(pa.string())
            coded[name] = codes.dictionary_encode(null_encoding="encode")
            fresh[name] = [one for one in coded[name].dictionary.to_pylist() if one not in self._known[name]]
        self._learn(fresh)
        found = {}
        for name, codes in coded.items():
            known = self._known[name]
            for column in MEANINGS[name]:
                meant = [known[word][column] for word in codes.dictionary.to_pylist()]
                values = pa.array(meant, arrow_type(column, OBSERVATION))
                if values.null_count or not pa.types.is_string(values.type):
                    values = values.take(codes.indices)
                    found[column] = values.dictionary_encode() if pa.types.is_string(values.type) else values
                else:
                    found[column] = pa.DictionaryArray.from_arrays(codes.indices, values)
        return found

    def _learn(self, fresh: dict[str, list[str | None]]) -> None:
        """Ask for words that were not met before; each stands on a row with others, which have nothing to do with it."""
        count = max(map(len, fresh.values()))
        if not count:
            return
        some_app = next(iter([*fresh["app"], *self._known["app"]]))
        rows = {name: [*words, *[None] * (count - len(words))] for name, words in fresh.items()}
        rows["app"] = [*fresh["app"], *[some_app] * (count - len(fresh["app"]))]
        rows["message_index"] = [str(number) for number in range(count)]
        answers = {one["message_index"]: one for one in self._ask(rows)}
        if len(answers) < count:
            raise Irregular
        for name, words in fresh.items():
            for number, word in enumerate(words):
                self._known[name][word] = answers[number]


def _is_stated(values: pa.Array) -> bool:
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_null(values.type) or values.null_count == len(values):
        return False
    return not pa.types.is_string(values.type) or bool(pc.max(pc.binary_length(values)).as_py())


def _regular(is_so: Any) -> None:
    """Raise Irregular where a condition does not hold for every value that there is."""
    import pyarrow.compute as pc

    if not pc.all(is_so, min_count=0).as_py():
        raise Irregular


def _text(values: pa.Array) -> pa.Array:
    """The values as text, empty ones as nulls."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = values if pa.types.is_string(values.type) else values.cast(pa.string())
    if len(text) and pc.min(pc.binary_length(text)).as_py() == 0:
        text = pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)
    return text


def _moments(values: pa.Array) -> pa.Array:
    """Naive UTC, of times with minutes that all end in Z or none in a zone."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if values.null_count or not pa.types.is_string(values.type):
        raise Irregular
    _regular(pc.equal(pc.utf8_slice_codeunits(values, 13, 14), ":"))
    zoned = pc.ends_with(values, "Z")
    kind = pa.timestamp("us", "UTC") if pc.any(zoned).as_py() else pa.timestamp("us")
    found = values.cast(kind).cast(pa.timestamp("us"))
    if kind.tz:
        _regular(zoned)
    years = pc.min_max(pc.year(found)).as_py()
    if len(found) and not FIRST_YEAR <= years["min"] <= years["max"] <= LAST_YEAR:
        raise Irregular
    return found


def _counts(values: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    if not _is_stated(values):
        return pa.nulls(len(values), pa.int64())
    if pa.types.is_integer(values.type):
        _regular(pc.and_(pc.greater_equal(values, 0), pc.less(values, 10**MOST_DIGITS)))
        return values.cast(pa.int64())
    text = _text(values)
    _regular(pc.and_(pc.ascii_is_decimal(text), pc.less_equal(pc.binary_length(text), MOST_DIGITS)))
    return text.cast(pa.int64())


def _names(values: pa.Array) -> pa.Array:
    import pyarrow as pa
    import pyarrow.compute as pc

    text = _text(values)
    _regular(pc.less_equal(pc.binary_length(text), LONGEST_NAME))
    _regular(pc.string_is_ascii(text))
    for odd in (pc.starts_with(text, " "), pc.ends_with(text, " "), pc.match_substring(text, "\n")):
        if pc.any(odd).as_py():
            raise Irregular
    return text.cast(pa.string())


def _amounts(values: pa.Array) -> pa.Array:
    """Nano-dollars of amounts such as 0.0123 with at most nine decimals."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if not _is_stated(values):
        return pa.nulls(len(values), pa.int64())
    text = _text(values)
    digits = pc.replace_substring(text, ".", "", max_replacements=1)
    _regular(pc.ascii_is_decimal(digits))
    led_by_zero = pc.and_(pc.starts_with(text, "0"), pc.greater(pc.binary_length(text), 1))
    _regular(pc.or_(pc.invert(led_by_zero), pc.starts_with(text, "0.")))
    _regular(pc.less_equal(pc.binary_length(text), 2 * NANOS_DIGITS + 1))
    nanos = pc.multiply(text.cast(pa.decimal128(19, NANOS_DIGITS)), pa.scalar(10**NANOS_DIGITS, pa.decimal128(10, 0)))
    nanos = nanos.cast(pa.decimal128(38, 0)).cast(pa.int64())
    _regular(pc.less(nanos, 10 ** (2 * NANOS_DIGITS)))
    return nanos


READERS: Final[dict[str, Callable[[Any], Any]]] = {
    "occurred_at": _moments,
    "event_id": _names,
    "conversation_id": _names,
    "cost_usd": _amounts,
    **dict.fromkeys(COUNTS, _counts),
}
