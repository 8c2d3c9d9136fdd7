"""The script of a world as XLIFF 2.0, the exchange format of translation tools.

Every text is a unit, named by its key. Characters that XML cannot hold are written as ``<cp hex="..."/>``, as XLIFF
provides. A document with a document type is refused: it could name files, or grow without end.
"""

from __future__ import annotations

import re
from xml.parsers import expat
from xml.sax.saxutils import escape

from worldkit.core.errors import InvalidScript
from worldkit.core.json_values import quote
from worldkit.interop.script import ScriptLine

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
_KEY_ESCAPE = re.compile(r"\\(\\|u[0-9a-f]{4})")


def to_xliff(lines: list[ScriptLine], *, source_language: str, language: str | None) -> str:
    """Return the script as XLIFF 2.0.

    Args:
        source_language: The language it is written in, such as ``en``.
        language: The language it is translated into; None when that is not known yet.
    """
    target = f' trgLang="{language}"' if language else ""
    parts = [
        '<?xml version="1.0" encoding="UTF-8"?>\n',
        f'<xliff xmlns="{NAMESPACE}" version="2.0" srcLang="{source_language}"{target}>\n <file id="world">\n',
    ]
    parts += [_unit(number, line, has_target=language is not None) for number, line in enumerate(lines, 1)]
    return "".join([*parts, " </file>\n</xliff>\n"])


def _unit(number: int, line: ScriptLine, *, has_target: bool) -> str:
    notes = [("read by", line.reader), *([("context", line.context)] if line.context else [])]
    note_lines = "".join(
        f'    <note category="{category}">{_escape(_NOT_XML.sub("�", note))}</note>\n' for category, note in notes
    )
    target = f"<target>{_content(line.text)}</target>" if has_target and line.text else ""
    state = ' state="translated"' if target else ""
    return (
        f'  <unit id="u{number}" name={_attribute(line.key)} xml:space="preserve">\n'
        f"   <notes>\n{note_lines}   </notes>\n"
        f"   <segment{state}><source>{_content(line.source or '')}</source>{target}</segment>\n  </unit>\n"
    )


def from_xliff(data: bytes | str) -> list[ScriptLine]:
    """Return the lines of an XLIFF 2 document; a segment without a target leaves its text as it is.

    Raises:
        InvalidScript: It is no such document; the message names the line.
    """
    reader = _UnitReader()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise InvalidScript(f"line {error.lineno}: not XML: {expat.ErrorString(error.code)}") from None
    return reader.lines


def _refuse_doctype(*_: object) -> None:
    raise InvalidScript("it has a document type (<!DOCTYPE>), which XLIFF does not use; remove it")


class _UnitReader:
    """Collects units while a document is parsed."""

    def __init__(self) -> None:
        self.lines: list[ScriptLine] = []
        self._is_root = True
        self._key: str | None = None
        self._segments: list[dict[str, list[str]]] = []
        self._texts: list[str] | None = None
        self._depth = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        namespace, _, tag = name.rpartition(" ")
        if self._is_root:
            self._is_root = False
            if (namespace, tag) != (NAMESPACE, "xliff"):
                root = f"{tag} {attributes.get('version', '')}".strip()
                raise InvalidScript(f"expected an XLIFF 2 document, got {quote(root)}; export it as XLIFF 2.0 or 2.1")
        if namespace != NAMESPACE:
            return
        if self._texts is not None:
            self._depth += 1
            if tag == "cp":
                self._texts.append(_code_point(attributes.get("hex", "")))
        elif tag == "unit":
            self._key, self._segments = _read_key(attributes.get("name", "")), []
        elif tag in ("segment", "ignorable"):
            self._segments.append({})
        elif tag in ("source", "target") and self._segments:
            self._texts = self._segments[-1].setdefault(tag, [])

    def end(self, name: str) -> None:
        namespace, _, tag = name.rpartition(" ")
        if namespace != NAMESPACE:
            return
        if self._depth:
            self._depth -= 1
        elif tag in ("source", "target"):
            self._texts = None
        elif tag == "unit" and self._key is not None:
            self.lines.append(self._line(self._key))
            self._key, self._segments = None, []

    def characters(self, text: str) -> None:
        if self._texts is not None:
            self._texts.append(text)

    def _line(self, key: str) -> ScriptLine:
        if not key:
            raise InvalidScript("a unit has no name; every unit needs the name that it was written with")
        source = "".join("".join(segment.get("source", ())) for segment in self._segments)
        text = ""
        if any("".join(segment.get("target", ())) for segment in self._segments):
            # a tool may split a text; a part that is not translated yet stays as it is
            text = "".join("".join(segment.get("target") or segment.get("source") or ()) for segment in self._segments)
        return ScriptLine(key, "", "", source, text)


def _content(text: str) -> str:
    parts, at = [], 0
    for match in _NOT_XML.finditer(text):
        parts += [_escape(text[at : match.start()]), f'<cp hex="{ord(match[0]):04X}"/>']
        at = match.end()
    return "".join([*parts, _escape(text[at:])])


def _escape(text: str) -> str:
    return escape(text, {"\r": "&#13;"})


def _attribute(key: str) -> str:
    safe = _NOT_XML.sub(lambda match: f"\\u{ord(match[0]):04x}", key.replace("\\", "\\\\"))
    return '"' + escape(safe, {'"': "&quot;", "\r": "&#13;", "\n": "&#10;", "\t": "&#9;"}) + '"'


def _read_key(name: str) -> str:
    return _KEY_ESCAPE.sub(lambda match: "\\" if match[1] == "\\" else chr(int(match[1][1:], 16)), name)


def _code_point(digits: str) -> str:
    number = int(digits, 16) if re.fullmatch(r"[0-9A-Fa-f]{1,6}", digits) else -1
    if not 0 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise InvalidScript(f'<cp hex="...">: expected a character in hexadecimal digits, got {quote(digits)}')
    return chr(number)
