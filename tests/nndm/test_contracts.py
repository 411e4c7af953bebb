"""Data contracts: contract section 3.2, YAML export with ruling R5, ODCS documents (X5)."""

from __future__ import annotations

import json

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st

from souk.work import Work
from souk.yamltext import yaml_text
from tests.nndm.driver import Api, Document, exact
from tests.nndm.samples import FULL, contract, product, run_of, team

ODCS: Document = {
    "apiVersion": "v3.1.0",
    "kind": "DataContract",
    "id": "odcs",
    "name": "Orders",
    "version": "1.0.0",
    "status": "active",
    "team": {"name": "Some people", "members": []},
    "servers": [{"server": "production", "type": "s3"}, {"server": "local", "type": "local"}],
    "schema": [{"name": "orders", "properties": []}],
}
TRICKY = [
    *[
        "1.10",
        "0123",
        "yes",
        "no",
        "on",
        "off",
        "y",
        "N",
        "null",
        "~",
        "2024-01-01",
        "a: b",
        "a #b",
        "- a",
        "#",
        "1_000",
    ],
    *[
        "12:30:45",
        "190:20:30.15",
        "=",
        "<<",
        "!x",
        "&x",
        "*x",
        "%x",
        "@x",
        "`x",
        "{a}",
        "[a]",
        "|",
        ">",
        "?",
        ": ",
        "-",
    ],
    *["0x1F", "0o17", "017", "0b11", "1e3", "1E3", "1.", ".5", "+1", "-.inf", ".nan", "NaN", "true", "False", "TRUE"],
    *[
        "",
        " ",
        "  lead",
        "trail  ",
        "\n",
        "a\n",
        "\na",
        "a\n\n",
        "a\nb",
        "  a\nb",
        "a \nb",
        "a\n  b\n c",
        "a\tb",
        "\ta",
    ],
    *["a\r\nb", "\r", "a\u0085b", "a\u2028b", "a\u2029b\nc", "\ufeff", "\x00\x07\x1b\x7f", "\ufffe", "\U0001f642\nx"],
    *[
        "'",
        '"',
        "it's",
        "a'b\nc",
        "\\",
        "\\n",
        "---",
        "...",
        "--- a",
        "x" * 3000,
        "word " * 500,
        "日本語 " * 300,
        "\U0010ffff",
    ],
    *[
        "2001-12-14t21:59:43.10-05:00",
        "1.0e-09",
        "1e-9",
        "0.0",
        "---\na",
        "a\n---\nb",
        "#\na",
        "a: b\nc: d",
        "\n\n",
        " \n",
    ],
]


def again(document: Document) -> list[Document]:
    """The document after a way through YAML 1.1, by both of PyYAML's parsers."""
    text = yaml_text(document)
    return [yaml.load(text.encode(), loader) for loader in (yaml.SafeLoader, yaml.CSafeLoader)]


@pytest.mark.parametrize("value", TRICKY)
def test_r5_text_stays_text_as_value_key_and_item(value: str) -> None:
    document = {"v": value, value: 1, "deep": {"list": [value, [value], {value: value}]}}
    assert [exact(parsed) for parsed in again(document)] == [exact(document)] * 2


@pytest.mark.parametrize(
    "raw", ["1e-9", "1E22", "1.5e300", "0.1", "-0.0", "5e-324", "1e16", "123456789012345678901234567890"]
)
def test_r5_numbers_stay_numbers(raw: str) -> None:
    document = {"v": json.loads(raw), "n": [json.loads(raw)]}
    assert [exact(parsed) for parsed in again(document)] == [exact(document)] * 2


@pytest.mark.parametrize("value", ["1e3", "1E3", "1.", "0o17", "+1", "-.5", "1e-9", "y", "n", "Y", "N", "0x1F"])
def test_text_that_only_another_parser_would_misread_is_quoted_too(value: str) -> None:
    assert yaml_text({"v": value}) == f"v: '{value}'\n"


def test_numbers_are_written_so_that_a_yaml_1_1_parser_reads_numbers() -> None:
    assert yaml_text({"a": 1e-9, "b": 1e22, "c": 10}) == "a: 1.0e-09\nb: 1.0e+22\nc: 10\n"


def test_multi_line_text_is_a_block_and_letters_stay_letters() -> None:
    assert yaml_text({"usage": "Größe\nzwei\n", "z": 1, "a": "日本"}) == "usage: |\n  Größe\n  zwei\nz: 1\na: 日本\n"


text = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), max_size=40), st.sampled_from(TRICKY))
lines = st.lists(text, max_size=4).map("\n".join)
numbers = st.one_of(st.integers(-(10**25), 10**25), st.floats(allow_nan=False, allow_infinity=False))
values = st.recursive(
    st.one_of(st.none(), st.booleans(), numbers, text, lines),
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(text, inner, max_size=4)),
    max_leaves=12,
)


@settings(max_examples=150)
@given(st.dictionaries(text, values, max_size=4))
@example({"a": {"b": []}, "c": {}, "d": [[], {}], "e": None})
def test_r5_any_json_survives_yaml(document: Document) -> None:
    assert [exact(parsed) for parsed in again(document)] == [exact(document)] * 2


def test_3_2_the_yaml_export_is_the_document(api: Api) -> None:
    document = FULL["datacontracts"] | {"custom": {value: value for value in TRICKY}}
    api.made("datacontracts", document)
    answer = api.call("GET", "/api/datacontracts/full/datacontract.yaml", accept="application/yaml")
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/yaml")
    assert exact(yaml.safe_load(answer.body)) == exact(document)


def test_the_yaml_of_an_unknown_contract_is_404(api: Api) -> None:
    answer = api.call("GET", "/api/datacontracts/nobody/datacontract.yaml")
    assert answer.detail == "Could not find data contract by id 'nobody'"


def test_a_contract_called_datacontract_yaml_has_one_too(api: Api) -> None:
    api.made("datacontracts", contract("datacontract.yaml"))
    answer = api.call("GET", "/api/datacontracts/datacontract.yaml/datacontract.yaml")
    assert yaml.safe_load(answer.body) == contract("datacontract.yaml")


@pytest.mark.parametrize(
    "more",
    [
        {"quality": {}},
        {"examples": [{"type": "json", "data": [{"a": 1}]}]},
        {"servers": {"x": {"type": "local"}, "empty": None}},
        {"models": {"a.b": None, "c": {"fields": {"t": {"type": "time"}, "v": {"type": "variant"}}}}},
        {"definitions": {"nameless": {"type": "json"}}},
        {"terms": {"usage": ["not", "text"]}},
    ],
)
def test_3_2_what_real_documents_hold_is_not_checked_deeper(api: Api, more: Document) -> None:
    document = contract("c", **more)
    api.made("datacontracts", document)
    assert api.shown("datacontracts", "c") == document


def test_x5_an_odcs_contract_is_kept_as_it_is(api: Api) -> None:
    api.made("datacontracts", ODCS)
    assert exact(api.shown("datacontracts", "odcs")) == exact(ODCS)
    assert ODCS in api.listed("datacontracts")
    text = api.call("GET", "/api/datacontracts/odcs/datacontract.yaml").text
    assert yaml.safe_load(text) == ODCS


def test_x5_an_odcs_contract_has_servers_and_takes_test_results(api: Api) -> None:
    api.made("datacontracts", ODCS)
    assert api.call("POST", "/api/test-results", run_of("odcs", server="local")).status == 200
    assert api.call("POST", "/api/test-results", run_of("odcs", server="elsewhere")).status == 422
    assert api.call("POST", "/api/test-results", run_of("odcs", server=None)).status == 422


@pytest.mark.parametrize("wrong", [{"id": None}, {"id": "other"}, {"servers": {}}, {"apiVersion": ""}])
def test_x5_an_odcs_contract_needs_its_id(api: Api, wrong: Document) -> None:
    assert api.put("datacontracts", ODCS | wrong, "odcs").status == 422


def test_x5_a_bitol_product_is_kept_as_it_is(api: Api) -> None:
    document: Document = {
        "apiVersion": "v1.0.0",
        "kind": "DataProduct",
        "id": "odps",
        "name": "Customers",
        "description": {"purpose": "p", "usage": None},
        "team": {"name": "Some people"},
        "outputPorts": [
            {"name": "raw", "version": "1.0.0", "contractId": "c1"},
            {"name": "raw", "version": "2.0.0", "contractId": "c2"},
            {"name": "raw", "version": "2.0.0"},
            {"id": "own", "name": "raw"},
        ],
    }
    assert sorted(api.news(lambda: api.made("dataproducts", document))) == [
        "DataProductCreated odps",
        "OutputPortCreated odps/own",
        "OutputPortCreated odps/raw",
        "OutputPortCreated odps/raw#2",
        "OutputPortCreated odps/raw@2.0.0",
    ]
    assert exact(api.shown("dataproducts", "odps")) == exact(document)
    api.made("datacontracts", contract("c2"))
    assert api.delete("datacontracts", "c2").status == 422
    assert api.news(lambda: api.made("dataproducts", document)) == ["DataProductUpdated odps"]


def test_d1_a_contract_named_before_it_exists_counts(api: Api) -> None:
    api.made("dataproducts", product("p", {"id": "o", "name": "O", "dataContractId": "later"}))
    api.made("datacontracts", contract("later"))
    assert api.delete("datacontracts", "later").status == 422


def test_a_team_of_a_bitol_document_becomes_its_owner_where_it_exists(api: Api) -> None:
    api.made("teams", team("Some people"))
    api.made("datacontracts", ODCS)
    assert Work(api.store).get("contract", ODCS["id"]).body["card"]["owner"] == "Some people"
