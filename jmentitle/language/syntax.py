"""The grammar of expressions: from text to untyped syntax, every piece with its span.

    expression = sum [ comparison sum | "in" "[" names "]" | "in" name | "overlaps" "[" names "]" ]
    sum        = product { ("+" | "-") product }
    product    = factor { ("*" | "/") factor }
    factor     = number [unit] | date | name | "household." name | name "(" … ")"
               | "(" expression ")" | "-" factor

INVARIANT: the parser is linear in the length of the text, and both length and depth are bounded, so
a hostile expression costs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NoReturn, assert_never

from jmentitle.language.codes import Code

MAX_LENGTH = 400
MAX_DEPTH = 24
MAX_DIGITS = 12
MAX_DECIMALS = 4

_TOKEN = re.compile(
    r"(?P<space>[\s\u3000]+)"
    r"|(?P<date>\d{4}-\d{2}-\d{2}(?![\w.]))"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign><=|>=|==|!=|[<>+\-*/()\[\],.])",
    re.ASCII,
)
# The full-width forms of ASCII lie 0xFEE0 above it; the others are what Chinese input methods type
# instead.
_FULL_WIDTH = {chr(code + 0xFEE0): chr(code) for code in range(0x21, 0x7F)} | {
    "\u3002": ".",
    "\u3001": ",",
    "\u3010": "[",
    "\u3011": "]",
    "\u2264": "<=",
    "\u2265": ">=",
    "\u2260": "!=",
    "\u00d7": "*",
    "\u00f7": "/",
}
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
_STRUCTURE = {"and": "all", "or": "any", "not": "none"}


class ExpressionError(ValueError):
    """The text is not an expression. Carries the code of the diagnostic and the span within the
    text."""

    def __init__(
        self, code: Code, message: str, start: int, length: int = 1, expected: str | None = None
    ) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
        self.start = start
        self.length = length
        self.expected = expected

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle all attributes; the args hold the message only."""
        return (
            type(self),
            (self.code, self.message, self.start, self.length, self.expected),
            self.__dict__,
        )


@dataclass(frozen=True, slots=True)
class PieceBase:
    """A piece of syntax: its start and its length in the expression, in characters."""

    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Name(PieceBase):
    text: str
    of_household: bool = False


@dataclass(frozen=True, slots=True)
class Number(PieceBase):
    digits: str
    unit: str | None


@dataclass(frozen=True, slots=True)
class DateText(PieceBase):
    text: str


@dataclass(frozen=True, slots=True)
class Call(PieceBase):
    function: str
    arguments: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Binary(PieceBase):
    sign: str
    left: Piece
    right: Piece


@dataclass(frozen=True, slots=True)
class Negate(PieceBase):
    operand: Piece


@dataclass(frozen=True, slots=True)
class Comparison(PieceBase):
    sign: str
    left: Piece
    right: Piece


@dataclass(frozen=True, slots=True)
class Among(PieceBase):
    """`left in [a, b]` (sign `in`), `left overlaps [a, b]` (sign `overlaps`)."""

    sign: str
    left: Piece
    names: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Member(PieceBase):
    """`member in set`."""

    member: Name
    container: Name


Piece = Name | Number | DateText | Call | Binary | Negate | Comparison | Among | Member


def parse(text: str) -> Piece:
    """Read one expression. Raises ExpressionError."""
    if len(text) > MAX_LENGTH:
        raise ExpressionError(
            "JM023",
            f"the expression has {len(text)} characters",
            0,
            1,
            f"at most {MAX_LENGTH}; name parts as statuses or quantities",
        )
    piece = _Parser(text).whole()
    if _height(piece) > MAX_DEPTH:
        raise ExpressionError(
            "JM023",
            "the expression is nested too deep",
            0,
            1,
            f"at most {MAX_DEPTH} levels; name parts as statuses or quantities",
        )
    return piece


def _height(piece: Piece) -> int:
    """The levels of a piece. A sum of three is two levels high: operators nest to the left."""
    height = -1
    level = [piece]
    while level:
        height += 1
        level = [inner for outer in level for inner in _inside(outer)]
    return height


def _inside(piece: Piece) -> tuple[Piece, ...]:
    match piece:
        case Binary(left=left, right=right) | Comparison(left=left, right=right):
            return left, right
        case Negate(operand=operand) | Among(left=operand):
            return (operand,)
        case Call(arguments=arguments):
            return arguments
        case Name() | Number() | DateText() | Member():
            return ()
    assert_never(piece)


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    start: int


def _tokens(text: str) -> list[_Token]:
    tokens = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            char = text[at]
            if char in _FULL_WIDTH:
                raise ExpressionError(
                    "JM021",
                    f"full-width `{char}` in an expression",
                    at,
                    1,
                    f"`{_FULL_WIDTH[char]}`",
                )
            raise ExpressionError(
                "JM020",
                f"unexpected character `{char}`",
                at,
                1,
                "names, numbers, dates and + - * / ( ) [ ] < > = ! ,",
            )
        if match.lastgroup != "space":
            tokens.append(_Token(str(match.lastgroup), match.group(), at))
        at = match.end()
    tokens.append(_Token("end", "", len(text)))
    return tokens


class _Parser:
    def __init__(self, text: str) -> None:
        self.text = text
        self.tokens = _tokens(text)
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> _Token:
        return self.tokens[self.at]

    def whole(self) -> Piece:
        piece = self.expression()
        if self.token.kind != "end":
            self.wrong("an operator or the end of the expression")
        return piece

    def wrong(self, expected: str) -> NoReturn:
        token = self.token
        if token.text in _STRUCTURE:
            key = _STRUCTURE[token.text]
            raise ExpressionError(
                "JM038",
                f"`{token.text}` inside an expression",
                token.start,
                len(token.text),
                f"a list under `{key}:`",
            )
        unexpected = f"`{token.text}`" if token.text else "end of the expression"
        raise ExpressionError(
            "JM022", f"unexpected {unexpected}", token.start, max(1, len(token.text)), expected
        )

    def accept(self, *texts: str) -> _Token | None:
        token = self.token
        if token.kind in ("sign", "name") and token.text in texts:
            self.at += 1
            return token
        return None

    def need(self, text: str) -> _Token:
        token = self.accept(text)
        if token is None:
            self.wrong(f"`{text}`")
        return token

    def length_from(self, start: int) -> int:
        last = self.tokens[self.at - 1]
        return last.start + len(last.text) - start

    def expression(self) -> Piece:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ExpressionError(
                "JM023",
                "the expression is nested too deep",
                self.token.start,
                1,
                f"at most {MAX_DEPTH} levels",
            )
        start = self.token.start
        left = self.sum()
        result = left
        if token := self.accept(*_COMPARISONS):
            right = self.sum()
            result = Comparison(start, self.length_from(start), token.text, left, right)
        elif self.accept("in"):
            if self.token.text == "[":
                result = Among(start, 0, "in", left, self.names())
            else:
                container = self.name()
                if not isinstance(left, Name):
                    raise ExpressionError(
                        "JM022",
                        "`in` with a name needs a member before it",
                        left.start,
                        left.length,
                        "`member in set`",
                    )
                result = Member(start, 0, left, container)
        elif self.accept("overlaps"):
            result = Among(start, 0, "overlaps", left, self.names())
        self.depth -= 1
        if isinstance(result, Among):
            return Among(start, self.length_from(start), result.sign, result.left, result.names)
        if isinstance(result, Member):
            return Member(start, self.length_from(start), result.member, result.container)
        return result

    def names(self) -> tuple[Name, ...]:
        self.need("[")
        names = [self.name()]
        while self.accept(","):
            names.append(self.name())
        self.need("]")
        return tuple(names)

    def name(self) -> Name:
        token = self.token
        if token.kind != "name" or token.text in _STRUCTURE:
            self.wrong("a name")
        self.at += 1
        if token.text == "household" and self.accept("."):
            inner = self.token
            if inner.kind != "name":
                self.wrong("a name of the household")
            self.at += 1
            return Name(token.start, self.length_from(token.start), inner.text, True)
        return Name(token.start, len(token.text), token.text)

    def sum(self) -> Piece:
        start = self.token.start
        left = self.product()
        while token := self.accept("+", "-"):
            right = self.product()
            left = Binary(start, self.length_from(start), token.text, left, right)
        return left

    def product(self) -> Piece:
        start = self.token.start
        left = self.factor()
        while token := self.accept("*", "/"):
            right = self.factor()
            left = Binary(start, self.length_from(start), token.text, left, right)
        return left

    def factor(self) -> Piece:
        token = self.token
        if token.kind == "number":
            return self.number()
        if token.kind == "date":
            self.at += 1
            return DateText(token.start, len(token.text), token.text)
        if self.accept("-"):
            self.depth += 1
            if self.depth > MAX_DEPTH:
                raise ExpressionError(
                    "JM023",
                    "the expression is nested too deep",
                    token.start,
                    1,
                    f"at most {MAX_DEPTH} levels",
                )
            operand = self.factor()
            self.depth -= 1
            return Negate(token.start, self.length_from(token.start), operand)
        if self.accept("("):
            inner = self.expression()
            self.need(")")
            return inner
        if token.kind != "name" or token.text in _STRUCTURE:
            self.wrong("a name, a number, a date or `(`")
        name = self.name()
        if not name.of_household and self.accept("("):
            arguments = [self.expression()]
            while self.accept(","):
                arguments.append(self.expression())
            self.need(")")
            return Call(name.start, self.length_from(name.start), name.text, tuple(arguments))
        return name

    def number(self) -> Piece:
        token = self.token
        self.at += 1
        whole, _, decimals = token.text.partition(".")
        if len(whole) > MAX_DIGITS or len(decimals) > MAX_DECIMALS:
            raise ExpressionError(
                "JM024",
                "the number is too long",
                token.start,
                len(token.text),
                f"at most {MAX_DIGITS} digits and {MAX_DECIMALS} decimal places",
            )
        unit = self.unit()
        return Number(token.start, self.length_from(token.start), token.text, unit)

    def unit(self) -> str | None:
        """A unit directly after a number: `CNY/month`, `year`. `in` and `overlaps` are not
        units."""
        token = self.token
        if token.kind != "name" or token.text in ("in", "overlaps", *_STRUCTURE):
            return None
        self.at += 1
        parts = [token.text]
        while self.token.text == "/" and self.tokens[self.at + 1].kind == "name":
            self.at += 1
            parts.append(self.token.text)
            self.at += 1
        return "/".join(parts)
