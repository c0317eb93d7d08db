"""Reads what Swift files declare: types, their initializers and functions, the labels and defaults of arguments, and cases."""

import re
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Argument:
    """An argument of a Swift function: `label` is None where the call has none; `default` is None where there is none."""

    label: str | None
    name: str
    default: str | None

    @property
    def spelling(self):
        return self.label or self.name


@dataclass
class Type:
    """A type with what its declaration and its extensions declare in one folder of `Sources`."""

    name: str
    folder: str
    kind: str | None = None
    initializers: list = field(default_factory=list)
    functions: dict = field(default_factory=dict)
    properties: set = field(default_factory=set)
    cases: dict = field(default_factory=dict)
    factories: dict = field(default_factory=dict)


def without_comments(text):
    """The code with comments and the content of strings blanked, except that short strings stay: they are defaults."""
    pattern = re.compile(r'//[^\n]*|/\*.*?\*/|"""(.*?)"""|"(?:\\.|[^"\\\n])*"', re.DOTALL)

    def blank(match):
        found = match.group(0)
        if found.startswith('"') and not found.startswith('"""') and not re.search(r"[(){}\\]", found):
            return found
        return '""' if found.startswith('"') else ""

    return pattern.sub(blank, text)


def closing(text, start, pair="()"):
    """The index after the bracket that closes the one at `start`."""
    depth = 0
    for index in range(start, len(text)):
        if text[index] == pair[0]:
            depth += 1
        elif text[index] == pair[1]:
            depth -= 1
            if depth == 0:
                return index + 1
    return len(text)


def parts(text):
    """What stands between the commas that no bracket encloses."""
    found, depth, current, is_quoted = [], 0, "", False
    for index, character in enumerate(text):
        if character == '"':
            is_quoted = not is_quoted
        if is_quoted:
            current += character
            continue
        if character in "([{" or character == "<" and text[index - 1] != " ":
            depth += 1
        elif character in ")]}" or character == ">" and text[index - 1] not in "- ":
            depth -= 1
        if character == "," and depth == 0:
            found.append(current)
            current = ""
        else:
            current += character
    return [part.strip() for part in [*found, current] if part.strip()]


def argument(text):
    """The argument that `label name: Type = default` declares."""
    head, _, rest = text.partition(":")
    words = [word for word in head.split() if not word.startswith("@")]
    default = None
    match = re.search(r"(?<![=!<>])=(?![=>])", rest)
    if match:
        default = " ".join(rest[match.end() :].split())
    label = words[0] if words else None
    return Argument(None if label == "_" else label, words[-1] if words else "", default)


DECLARATION = re.compile(
    r"(?P<access>\b(?:public|package|open)\s+)?(?P<static>\b(?:static|class)\s+)?(?:(?:final|indirect|mutating|nonisolated)\s+)*"
    r"\b(?P<what>struct|class|enum|protocol|actor|extension|init|func|var|let|case)\b[?!]?\s*(?P<name>`?[A-Za-z_][\w.]*`?)?"
)


def scan(text, folder, types):
    """Adds what one file declares."""
    code = without_comments(text)
    stack = []  # (type or None, depth of its body)
    depth = 0
    index = 0
    opens = None
    while index < len(code):
        character = code[index]
        if character == "{":
            depth += 1
            if opens is not None:
                stack.append((opens, depth))
                opens = None
        elif character == "}":
            if stack and stack[-1][1] == depth:
                stack.pop()
            depth -= 1
        elif character.isalpha() and (index == 0 or not re.match(r"[\w.`]", code[index - 1])):
            match = DECLARATION.match(code, index)
            inside = bool(stack) and stack[-1][1] == depth or depth == 0
            if match and inside and opens is None:
                index = declare(code, match, folder, types, stack)
                if match["what"] in ("struct", "class", "enum", "protocol", "actor", "extension"):
                    name = match["name"] or ""
                    # `extension Loss where Self == Dice` holds factories, which are no members of `Loss`.
                    head = code[match.end() : code.find("{", match.end())]
                    where = re.search(r"Self\s*==\s*([\w.]+)", head)
                    if match["what"] != "extension":
                        outer = [entry[0].name for entry in stack if entry[0]]
                        name = ".".join([*outer[-1:], name])
                    name = where[1] if where else name
                    opens = types.setdefault((name, folder), Type(name, folder))
                    if where:
                        # Its functions are factories of the type: `.dice()`.
                        opens = Type(name, folder, functions=opens.factories)
                    index = code.find("{", match.end())
                continue
            word = re.compile(r"\w+").match(code, index)
            index = word.end()
            continue
        index += 1


def declare(code, match, folder, types, stack):
    """Adds one member to the type whose body it stands in, and returns the index where scanning goes on."""
    what, owner = match["what"], stack[-1][0] if stack else None
    if owner is None:
        return match.end()
    is_public = (match["access"] or "").strip() in ("public", "open")
    if what == "init" or what == "func":
        start = code.find("(", match.start() if what == "init" else match.end())
        end = closing(code, start)
        arguments = [argument(part) for part in parts(code[start + 1 : end - 1])]
        if what == "init" and is_public and [found.spelling for found in arguments] != ["from"]:
            owner.initializers.append(arguments)
        elif what == "func" and is_public and match["name"]:
            owner.functions.setdefault(match["name"].strip("`"), []).append(arguments)
        return end
    if what == "case":
        end = re.compile(r"[}\n]").search(code, match.end()).start()
        for entry in parts(code[match.end() - len(match["name"] or "") : end]):
            name = re.match(r"`?(\w+)`?", entry)
            if name:
                rest = entry[name.end() :].strip()
                inner = parts(rest[1:-1]) if rest.startswith("(") else []
                owner.cases.setdefault(name[1], [argument(part) for part in inner])
        return end
    if what in ("var", "let"):
        owner.properties.add(match["name"])
        if match["name"] == "kind":
            kind = re.compile(r'\s*=\s*"(\w+)"').match(code, match.end())
            if kind:
                owner.kind = kind[1]
        return match.end()
    return match.end()


def read_sources(root):
    """The types of all Swift files below a folder: {(name, folder below `Sources/module`): Type}."""
    types = {}
    for path in sorted(Path(root).rglob("*.swift")):
        relative = path.relative_to(root).parts
        scan(path.read_text(), relative[1] if len(relative) > 2 else "", types)
    return types
