"""JSON objects out of a file that may be larger than memory."""

from __future__ import annotations

import io
import json
import random
from typing import Any

import pytest

from usage_analytics.importers import json_objects
from usage_analytics.importers.json_objects import keys, objects


def found(text: str | bytes, **options: Any) -> list[Any]:
    content = text.encode() if isinstance(text, str) else text
    return [None if one is None else json.loads(one) for one in objects(io.BytesIO(content), **options)]


@pytest.mark.parametrize("indent", [None, 1])
@pytest.mark.parametrize("chunk", [1, 7, 1 << 20])
def test_every_object_of_an_array_is_found_whatever_its_strings_hold(
    monkeypatch: pytest.MonkeyPatch, indent: int | None, chunk: int
) -> None:
    monkeypatch.setattr(json_objects, "_CHUNK", chunk)
    chance = random.Random(1)
    odd = ['"', "\\", "{", "}]", '\\"', "[", "ä\n", "", "\\\\"]
    values = [{"a": "".join(chance.choices(odd, k=9)), "b": [{"c": chance.choice(odd)}], "d": {}} for _ in range(40)]
    assert found(json.dumps(values, indent=indent)) == values
    assert found(json.dumps(values[0], indent=indent)) == values[:1]
    assert found("\n".join(map(json.dumps, values))) == values


def test_an_object_that_is_cut_off_is_none() -> None:
    assert found('[{"a": 1}, {"a": "two') == [{"a": 1}, None]
    assert found('[{"a": 1}, {"a": 2') == [{"a": 1}, None]
    assert found("") == []


def test_an_object_that_is_too_large_costs_itself_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_objects, "_CHUNK", 64)
    values = [{"a": 1}, {"a": ["x" * 20] * 40}, {"a": 3}]
    assert found(json.dumps(values), largest=300) == [{"a": 1}, None, {"a": 3}]


def test_a_string_without_an_end_ends_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_objects, "_CHUNK", 64)
    assert found('[{"a": 1}, {"a": "' + "x" * 900, largest=300) == [{"a": 1}, None]


def test_the_names_of_the_first_object_are_seen_at_its_own_level_only() -> None:
    assert keys(b'[{"uuid": "x", "inner": {"deep": 1}, "list": [{"deeper": "a:b"}]}, {"second": 1}]') == {"uuid", "inner", "list"}
    assert keys(b'\xef\xbb\xbf {"one": "two", "three": "f') == {"one", "three"}
    assert keys(b"date,model") == keys(b"") == keys(b"[1, 2]") == frozenset()
