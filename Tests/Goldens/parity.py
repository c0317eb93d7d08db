"""Writes docs/keras-parity.md: every public name of Keras beside this library's, with arguments and deviations.

python parity.py [--deviations FILE] [--sources FOLDER] [--output FILE]

Keras' names, arguments and defaults come from Keras itself, this library's from its Swift files, the deviations from the file that
the tests write if SWIFTCONVNET_DEVIATIONS names it, and what no program can know from parity_notes.py. The exit code is 1 if an entry
or an argument is missing here without a reason, or if the notes name what there is not.
"""

import argparse
import contextlib
import inspect
import io
import json
import os
import re
import sys
from collections import defaultdict
from pathlib import Path
from types import ModuleType

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
with contextlib.redirect_stderr(io.StringIO()):
    import keras

import parity_notes as notes
from parity_swift import Type, read_sources

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = {f"{module}.{name}": why for module, names, why in notes.LEFT_OUT for name in names.split()}
REQUIRED = "required"


def camel(name):
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


def snake(name):
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    return re.sub(r"([a-z\d])([A-Z])", r"\1_\2", name).lower()


def plain(text):
    """A name without what spellings differ in: `KLDivergence` and `kl_divergence` are `kldivergence`."""
    return text.replace("_", "").lower()


# Keras


def public_names(module):
    """The names of a module, aliases together: [(first name, [other names], object)]; classes come before functions."""
    groups = defaultdict(list)
    for name in dir(module):
        if not name.startswith("_"):
            groups[id(getattr(module, name))].append(name)
    # The object's own name goes first; `MaxPool2D` and `relu6` follow `MaxPooling2D`.
    found = []
    for names in groups.values():
        value = getattr(module, names[0])
        own = getattr(value, "__name__", "").rpartition(".")[2]
        first = own if own in names else names[0]
        found.append((first, [name for name in names if name != first], value))
    return found


def keras_arguments(value):
    """Names and defaults of a class or function, without `self` and what catches the rest."""
    try:
        parameters = inspect.signature(value).parameters.values()
    except (TypeError, ValueError):
        return {}
    kinds = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return {entry.name: entry.default for entry in parameters if entry.kind not in kinds and entry.name != "self"}


def keras_default(value):
    """A default of Keras as a number, a word or REQUIRED; equal sizes of several axes are one."""
    if value is inspect.Parameter.empty:
        return REQUIRED
    if value is None:
        return "nil"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, (int, float)):
        return float(value)
    if isinstance(value, (list, tuple)):
        entries = [keras_default(entry) for entry in value]
        return entries[0] if entries and all(entry == entries[0] for entry in entries) else str(entries)
    return plain(str(value))


# Swift


def swift_default(text):
    """A default of Swift in the same form."""
    if text is None:
        return REQUIRED
    text = text.strip()
    if re.fullmatch(r"[\w.-]+\.\.\.[\w.-]+", text):
        # `0...255` is a pair, as Keras writes it.
        text = f"[{text.replace('...', ', ')}]"
    if re.fullmatch(r"-?[\d_.]+(e-?\d+)?", text):
        return float(text.replace("_", ""))
    if text.startswith("[") and text.endswith("]") and text not in ("[]", "[:]"):
        entries = [swift_default(entry) for entry in text[1:-1].split(",")]
        return entries[0] if all(entry == entries[0] for entry in entries) else str(entries)
    text = re.sub(r"\(\)$", "", text)
    return plain(text.strip('"').removeprefix("."))


def same_default(theirs, ours):
    if theirs == ours:
        return True
    return any({theirs, ours} == {left, right} for left, right in notes.SAME_DEFAULTS)


DECLARED = re.compile(r"\b(?:struct|class|enum|protocol|actor|typealias|func|var|let|case)\s+`?(\w+)")


class Library:
    """This library's public interface, as far as it is compared."""

    def __init__(self, sources):
        self.types = read_sources(sources)
        self.names = {name for path in Path(sources).rglob("*.swift") for name in DECLARED.findall(path.read_text())}

    def declares(self, text):
        """Whether the first name of each piece of code in a text is declared."""
        found = [name for code in re.findall(r"`([^`]+)`", text) for name in re.findall(r"\w+", code)[:1]]
        return all(name in self.names or name in notes.SWIFT_NAMES for name in found)

    def of(self, module, name):
        """The type that is called as Keras calls it, or whose `kind` is that."""
        name = notes.COUNTERPARTS.get(module, {}).get(name, name)
        folders = notes.MODULES[module]
        found = [entry for (_, folder), entry in self.types.items() if folder in folders]
        by_kind = [entry for entry in found if entry.kind == name]
        by_name = [entry for entry in found if entry.name == name and (entry.kind or entry.initializers)]
        return next(iter([*by_kind, *by_name]), None)

    def entry(self, module, name):
        """How an entry is written here, and the argument lists that it has; None for what is not here."""
        if module == "metrics" and name in notes.LOSS_METRICS:
            # Losses are metrics by a factory: `.meanSquaredError()`.
            factories = self.types.get(("LossMetric", "Metrics"), Type("", "")).factories
            own = next((own for own in factories if plain(own) == plain(name)), None)
            return (f"`.{own}()`", factories[own]) if own else (None, [])
        if module == "applications":
            for (_, folder), entry in self.types.items():
                functions = {**entry.functions, **entry.factories}
                own = next((own for own in functions if folder == "Applications" and plain(own) == plain(name)), None)
                if own:
                    return f"`{entry.name}.{own}`", functions[own]
        found = self.of(module, name)
        return (f"`{found.name}`", found.initializers) if found else (None, [])

    def activation(self, name):
        """The case or function of `ActivationFunction` that is called as Keras' function, with its arguments."""
        entries = [entry for (own, _), entry in self.types.items() if own == "ActivationFunction"]
        forms = []
        found = None
        for entry in entries:
            for own, arguments in entry.cases.items():
                if plain(own) == plain(name):
                    found, forms = own, [*forms, arguments]
            for own, functions in entry.functions.items():
                if plain(own) == plain(name):
                    found, forms = own, [*forms, *functions]
        return found, forms

    def members(self, *names):
        """The functions and properties of types: {name: [arguments]}."""
        found = defaultdict(list)
        for (own, _), entry in self.types.items():
            if own in names:
                for name, functions in entry.functions.items():
                    found[name] += functions
                for name in entry.properties:
                    found[name] += []
        return found


# Comparing


class Comparison:
    """What differs between the arguments of an entry: texts for the table, and names without a reason."""

    def __init__(self, module, name, theirs, forms):
        self.texts, self.holes = [], []
        candidates = [self.compare(module, name, theirs, form) for form in forms] or [self.compare(module, name, theirs, [])]
        # The form that has most of Keras' arguments, and then the one whose defaults agree best.
        self.texts, self.holes, _ = min(candidates, key=lambda found: (found[2], len(found[1]), len(found[0])))

    def compare(self, module, name, theirs, form):
        spellings = {**notes.SPELLINGS, **notes.MODULE_SPELLINGS.get(module, {})}
        reasons, renamed = defaultdict(list), defaultdict(list)
        ours = {entry.spelling: entry for entry in form}
        ours |= {entry.name: entry for entry in form if entry.label is None}
        used, order, texts, holes, missing = set(), [], [], [], 0
        for argument, default in theirs.items():
            spelled = next((text for text in (camel(argument), *spellings.get(argument, "").split()) if text in ours), None)
            if spelled is None:
                reason = self.reason(module, name, argument)
                missing += 1
                if reason is None:
                    texts.append(f"`{argument}` is missing")
                    holes.append(argument)
                elif reason:
                    reasons[reason].append(argument)
                continue
            used.add(ours[spelled].name)
            if argument != "name":
                order.append(form.index(ours[spelled]))
            if spelled != camel(argument):
                renamed[f"`{spelled}`" if ours[spelled].label else f"`{spelled}`, without its label"].append(f"`{argument}`")
            left, right = keras_default(default), swift_default(ours[spelled].default)
            if argument not in notes.DEFAULTS_APART.get(module, ()) and not same_default(left, right):
                texts.append(self.defaults(argument, default, ours[spelled].default))
        own = [entry.spelling for entry in form if entry.name not in used and entry.spelling not in notes.OWN_ARGUMENTS]
        for reason, arguments in reasons.items():
            is_name = reason[:2].isalpha() and reason[:2].isupper()
            first = reason[0] if is_name else reason[0].lower()
            names = ", ".join(f"`{argument}`" for argument in arguments)
            texts.append(f"no {names}: {first}{reason[1:].removesuffix('.')}")
        texts = [*(f"{', '.join(names)}: {label}" for label, names in renamed.items()), *texts]
        if order != sorted(order) and module not in notes.OTHER_ORDER:
            texts.append("in another order")
        if own:
            texts.append("here also " + ", ".join(f"`{label}`" for label in own))
        return texts, holes, missing

    @staticmethod
    def defaults(argument, theirs, ours):
        left = "required" if theirs is inspect.Parameter.empty else f"`{theirs!r}`".replace("'", '"')
        return f"default of `{argument}`: {left}, here {'required' if ours is None else f'`{ours}`'}"

    @staticmethod
    def reason(module, name, argument):
        """Why an argument is not there; empty if the page says so elsewhere; None for no reason."""
        for key in (f"{module}.{name}.{argument}", f"{module}.*.{argument}"):
            if key in notes.ARGUMENTS:
                return notes.ARGUMENTS[key]
        if argument in notes.MODULE_ARGUMENTS.get(module, ()):
            return ""
        if argument in notes.GLOBAL_ARGUMENTS and module in notes.GLOBAL_SCOPES.get(argument, {module}):
            return ""
        return None


class Row:
    """A line of a table."""

    def __init__(self, key, aliases, ours, comparison, deviation, note, state):
        self.key, self.aliases, self.ours, self.deviation, self.state = key, aliases, ours, deviation, state
        self.differences = "; ".join(comparison.texts) if comparison else ""
        self.holes = comparison.holes if comparison else []
        self.note = note

    @property
    def text(self):
        name = self.key.rpartition(".")[2]
        names = f"`{name}`" + "".join(f", `{alias}`" for alias in self.aliases)
        cells = [names, self.ours or "–", self.differences, self.deviation, self.note]
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


HERE, OUT, HOLE = "here", "left out", "hole"


class Report:
    def __init__(self, library, deviations):
        self.library, self.deviations = library, deviations
        self.tables = {}
        for module in notes.MODULES:
            self.tables[module] = self.module(module)
        self.tables["models"] = self.models()
        self.tables["utils"] = self.listed("utils", keras.utils, notes.UTILITIES)
        self.tables["datasets"] = self.listed("datasets", keras.datasets, notes.DATA_SETS)
        self.tables["keras"] = self.listed("keras", keras, notes.REST)

    def module(self, path):
        module = keras
        for part in path.split("."):
            module = getattr(module, part)
        entries = public_names(module)
        classes = {plain(first) for first, _, value in entries if inspect.isclass(value)}
        rows = []
        for first, aliases, value in entries:
            if first in notes.PLUMBING or isinstance(value, ModuleType) and f"{path}.{first}" not in LEFT_OUT:
                continue
            # The function form of a class: the introduction explains it.
            if not inspect.isclass(value) and path in ("layers", "losses", "metrics") and first == first.lower():
                continue
            # `he_normal` is `HeNormal` itself.
            aliases = [alias for alias in aliases if plain(alias) != plain(first) and plain(alias) not in classes]
            rows.append(self.row(path, first, aliases, value))
        return sorted(rows, key=lambda row: row.key.lower())

    def row(self, module, name, aliases, value):
        key = f"{module}.{name}"
        note = notes.NOTES.get(key, "")
        arguments = keras_arguments(value)
        if module == "activations":
            case, forms = self.library.activation(name)
            ours = f"`.{case}`" if case else None
        else:
            ours, forms = self.library.entry(module, name)
        if notes.SPELLED.get(key):
            ours, spelled = notes.SPELLED[key]
            note = " ".join(text for text in (spelled, note) if text)
            if inspect.isclass(value) and not forms:
                arguments = {}
            if value is keras.layers.Input or module == "initializers":
                forms = forms or [[]]
        if ours is None:
            why = LEFT_OUT.get(key)
            return Row(key, aliases, None, None, "", why or "**a hole**", OUT if why else HOLE)
        compared = None if key in notes.SPELLED and not forms else Comparison(module, name, arguments, forms)
        return Row(key, aliases, ours, compared, self.deviation(key), note, HERE)

    def deviation(self, key):
        found = self.deviations.get(plain(key))
        if found:
            return f"{max(found):.1e}"
        if not self.deviations or not self.has_numbers(key):
            return ""
        return notes.WITHOUT_NUMBERS.get(key, "no golden")

    @staticmethod
    def has_numbers(key):
        return key.rpartition(".")[0] not in ("initializers", "callbacks", "models")

    def models(self):
        """Members of models that Keras itself declares, and the functions of `keras.models`."""
        members = {}
        for owner in (keras.Model, keras.Sequential):
            for name in dir(owner):
                source = next((base for base in owner.__mro__ if name in base.__dict__), None)
                if not name.startswith("_") and source and source.__module__.startswith("keras."):
                    members[name] = getattr(owner, name)
        for name in dir(keras.models):
            if not name.startswith("_"):
                members[name] = getattr(keras.models, name)
        ours = self.library.members("Model", "Sequential")
        rows = []
        for name, value in sorted(members.items(), key=lambda pair: pair[0].lower()):
            key = f"models.{name}"
            if name not in notes.MODEL_MEMBERS:
                rows.append(Row(key, [], None, None, "", "**a hole**", HOLE))
                continue
            own, note = notes.MODEL_MEMBERS[name]
            note = " ".join(text for text in (note, notes.NOTES.get(key, "")) if text)
            forms = ours.get((own or "").partition("(")[0], [])
            # Where the name is the same, the arguments are compared; elsewhere they are other ones.
            compared = None
            if own and forms and own == camel(name) and callable(value):
                compared = Comparison("models", name, keras_arguments(value), forms)
            rows.append(Row(key, [], f"`{own}`" if own else None, compared, "", note, HERE if own else OUT))
        return rows

    def listed(self, module, namespace, table):
        """A module whose counterparts `parity_notes.py` lists one by one."""
        rows = []
        for name, aliases, _ in public_names(namespace):
            if name in notes.PLUMBING or module == "keras" and (name in notes.TITLES or name in ("src", "models")):
                continue
            own, note = table.get(name, (None, "**a hole**"))
            state = HOLE if name not in table else HERE if own else OUT
            aliases = [alias for alias in aliases if plain(alias) != plain(name)]
            rows.append(Row(f"{module}.{name}", aliases, own, None, "", note, state))
        return sorted(rows, key=lambda row: row.key.lower())

    @property
    def rows(self):
        return [row for rows in self.tables.values() for row in rows]

    @property
    def holes(self):
        return [row for row in self.rows if row.state == HOLE]

    @property
    def stale(self):
        """What parity_notes.py says of names that Keras does not have, or of ours that are not declared."""
        known = {row.key for row in self.rows}
        noted = {*notes.NOTES, *notes.SPELLED, *LEFT_OUT, *notes.WITHOUT_NUMBERS}
        noted |= {f"models.{name}" for name in notes.MODEL_MEMBERS} | {f"utils.{name}" for name in notes.UTILITIES}
        noted |= {f"datasets.{name}" for name in notes.DATA_SETS} | {f"keras.{name}" for name in notes.REST}
        gone = {row.key for row in self.rows if row.ours and not self.library.declares(row.ours)}
        return sorted(noted - known | gone)

    @property
    def argument_holes(self):
        return [(row, argument) for row in self.rows for argument in row.holes]

    def markdown(self):
        lines = [
            "# Keras' names, and this library's",
            "",
            "<!-- Written by Tests/Goldens/parity.py; CONTRIBUTING.md has the command. Do not edit. -->",
            "",
            f"Every public name of Keras {keras.version()} for building, training and using networks, with the name here, the "
            "arguments that differ, and the largest deviation that the tests have seen. What differs on purpose has its reason in "
            "[keras-differences.md](keras-differences.md).",
            "",
            "- **Names.** Types have Keras' names. Arguments have Keras' names in Swift's spelling (`kernel_size` is `kernelSize`), "
            "Keras' order and Keras' defaults. A table lists an argument only if something about it differs. `Conv2D(32, 3)` compiles, "
            "too: the first arguments of common layers need no labels.",
            "- **Deviations.** The largest difference from Keras' values, as a share of the tensor's largest value (of 0.01 for "
            "layers, if all values are smaller; of 1 for input gradients of normalisation layers): outputs, input gradients, parameter "
            "gradients and updated state of a layer, value and gradient of an activation or a loss, variables after each step of an "
            "optimizer, outputs of an application. [Tests/Goldens](../Tests/Goldens) has Keras' values, most of them computed in float64. The tests fail above "
            "1e-5 (1e-4 for applications). An empty cell has nothing to compare; \"random\" means that both libraries draw numbers of their own, and tests "
            "look at their distribution; \"no golden\" means that a comparison is missing. [keras-sweep.md](keras-sweep.md) has the same for thousands of random "
            "settings of every layer.",
            "- **–** in the second column: not here. The last column says why.",
            f"- {notes.PLUMBING_NOTE}",
            "",
            "## Arguments that are the same everywhere",
            "",
            "These are explained here, and not in the tables.",
            "",
            "| Keras' argument | here |",
            "|---|---|",
        ]
        lines += [f"| `{name}` | {text} |" for name, text in notes.GLOBAL_ARGUMENTS.items()]
        lines += ["", "## Holes", "", *self.hole_lines(), "", "## In numbers", ""]
        lines += ["| | Keras' names | here | left out | holes |", "|---|---|---|---|---|"]
        for module, rows in self.tables.items():
            counts = [sum(row.state == state for row in rows) for state in (HERE, OUT, HOLE)]
            lines.append(f"| [{notes.TITLES[module]}](#{self.anchor(module)}) | {len(rows)} | " + " | ".join(map(str, counts)) + " |")
        for module, rows in self.tables.items():
            lines += ["", f"## {notes.TITLES[module]}", ""]
            if module in notes.INTRODUCTIONS:
                lines += [notes.INTRODUCTIONS[module], ""]
            lines += ["| Keras | here | arguments that differ | largest deviation | note |", "|---|---|---|---|---|"]
            lines += [row.text for row in rows]
        return "\n".join(lines) + "\n"

    @staticmethod
    def anchor(module):
        return notes.TITLES[module].lower().replace(" ", "-").replace("'", "")

    def hole_lines(self):
        lines = []
        if self.holes:
            lines += [f"{len(self.holes)} of Keras' names are missing here without a reason:", ""]
            for module in self.tables:
                names = [f"`{row.key.rpartition('.')[2]}`" for row in self.tables[module] if row.state == HOLE]
                if names:
                    lines.append(f"- {notes.TITLES[module]} ({len(names)}): {', '.join(names)}")
        else:
            lines.append("No name is missing without a reason.")
        lines.append("")
        if self.argument_holes:
            lines += [f"{len(self.argument_holes)} arguments are missing without a reason:", ""]
            for module in self.tables:
                names = [
                    f"`{row.key.rpartition('.')[2]}({argument})`" for row in self.tables[module] for argument in row.holes
                ]
                if names:
                    lines.append(f"- {notes.TITLES[module]} ({len(names)}): {', '.join(names)}")
        else:
            lines.append("No argument is missing without a reason.")
        without = [f"`{row.key.rpartition('.')[2]}`" for row in self.rows if row.deviation == "no golden"]
        if without:
            lines += ["", f"{len(without)} entries have no golden: {', '.join(without)}."]
        return lines


def read_deviations(path):
    """The deviations of each entry: {"layers.conv2d": [1.2e-7, …]}."""
    found = defaultdict(list)
    if path is None:
        return found
    functions = sorted((name for name in dir(keras.activations) if not name.startswith("_")), key=len, reverse=True)
    for line in Path(path).read_text().splitlines():
        entry = json.loads(line)
        family, name, deviation = entry["family"], entry["name"], entry["deviation"]
        if family == "regularization":
            keys = notes.REGULARIZATION_CASES.get(name, [])
        elif family == "activations":
            # A golden's name begins with the function's: `leaky_relu_0.3`.
            own = next((function for function in functions if name.startswith(function)), name)
            keys = [f"activations.{own}"]
        elif family == "schedules":
            keys = [f"optimizers.schedules.{name}"]
        else:
            keys = [f"{family}.{name}"]
        for key in keys:
            found[plain(key)].append(deviation)
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--deviations", help="the file that the tests have written")
    parser.add_argument("--sources", default=ROOT / "Sources")
    parser.add_argument("--output", default=ROOT / "docs" / "keras-parity.md", type=Path)
    arguments = parser.parse_args()
    report = Report(Library(arguments.sources), read_deviations(arguments.deviations))
    arguments.output.write_text(report.markdown())
    print(f"{len(report.rows)} names, {len(report.holes)} holes, {len(report.argument_holes)} arguments without a reason")
    for key in report.stale:
        print(f"parity_notes.py: {key} is not in Keras, or its counterpart is not declared here")
    return 1 if report.holes or report.argument_holes or report.stale else 0


if __name__ == "__main__":
    sys.exit(main())
