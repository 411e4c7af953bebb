"""Route matching as API Gateway's HTTP API does it.

A request that matches a route's method and whole path comes first (literal segments before variables), then greedy
routes (the longest prefix first), then `$default`. A variable takes exactly one segment that is not empty.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from local.templates import Function, Route


class Match(NamedTuple):
    """The function that answers, the key of the route that led there, and the path parameters."""

    function: Function
    key: str
    parameters: dict[str, str]


class _Leaf(NamedTuple):
    function: Function
    key: str
    names: tuple[str, ...]


class _Node:
    __slots__ = ("greedy", "here", "literal", "variable")

    def __init__(self) -> None:
        self.literal: dict[str, _Node] = {}
        self.variable: _Node | None = None
        self.here: dict[str, _Leaf] = {}
        self.greedy: dict[str, _Leaf] = {}


class Router:
    """The routes of one HTTP API."""

    def __init__(self, functions: Iterable[Function]) -> None:
        self._root = _Node()
        self._fallback: _Leaf | None = None
        for function in functions:
            for route in function.routes:
                self._add(function, route)

    def match(self, method: str, path: str) -> Match | None:
        """The route for a method and a decoded path, or None when the API has not even a `$default`."""
        segments = path.split("/")[1:]
        for leaf, values in self._whole(self._root, method, segments, 0, ()):
            return Match(leaf.function, leaf.key, dict(zip(leaf.names, values, strict=True)))
        for leaf, values in self._greedy(self._root, method, segments, 0, ()):
            return Match(leaf.function, leaf.key, dict(zip(leaf.names, values, strict=True)))
        return Match(self._fallback.function, self._fallback.key, {}) if self._fallback else None

    def _add(self, function: Function, route: Route) -> None:
        if route.path == "$default":
            self._fallback = _Leaf(function, "$default", ())
            return
        key = f"{route.method} {route.path}"
        names: list[str] = []
        node = self._root
        for segment in route.path.split("/")[1:]:
            if segment.startswith("{") and segment.endswith("+}"):
                node.greedy[route.method] = _Leaf(function, key, (*names, segment[1:-2]))
                return
            if segment.startswith("{") and segment.endswith("}"):
                names.append(segment[1:-1])
                node.variable = node.variable or _Node()
                node = node.variable
            else:
                node = node.literal.setdefault(segment, _Node())
        node.here[route.method] = _Leaf(function, key, tuple(names))

    def _whole(
        self, node: _Node, method: str, segments: list[str], at: int, values: tuple[str, ...]
    ) -> Iterator[tuple[_Leaf, tuple[str, ...]]]:
        if at == len(segments):
            leaf = node.here.get(method) or node.here.get("ANY")
            if leaf:
                yield leaf, values
            return
        segment = segments[at]
        if segment in node.literal:
            yield from self._whole(node.literal[segment], method, segments, at + 1, values)
        if node.variable and segment:
            yield from self._whole(node.variable, method, segments, at + 1, (*values, segment))

    def _greedy(
        self, node: _Node, method: str, segments: list[str], at: int, values: tuple[str, ...]
    ) -> Iterator[tuple[_Leaf, tuple[str, ...]]]:
        if at < len(segments):
            segment = segments[at]
            if segment in node.literal:
                yield from self._greedy(node.literal[segment], method, segments, at + 1, values)
            if node.variable and segment:
                yield from self._greedy(node.variable, method, segments, at + 1, (*values, segment))
            leaf = node.greedy.get(method) or node.greedy.get("ANY")
            rest = "/".join(segments[at:])
            if leaf and rest:
                yield leaf, (*values, rest)
