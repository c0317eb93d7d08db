/// A value of JSON, as Python's `json` writes it.
package enum JSONValue: Sendable, Hashable {
    case null
    case bool(Bool)
    /// A number without a point or an exponent.
    case integer(Int)
    case number(Double)
    case text(String)
    case list([JSONValue])
    case object([String: JSONValue])
}

extension JSONValue {
    /// The member of a key; null if there is none, or the value is no object. To set null removes it.
    package subscript(key: String) -> JSONValue {
        get { members[key] ?? .null }
        set {
            var members = members
            members[key] = newValue == .null ? nil : newValue
            self = .object(members)
        }
    }

    /// The members of an object; none of another value.
    package var members: [String: JSONValue] { if case .object(let members) = self { members } else { [:] } }
    /// The elements of a list; `nil` for another value.
    package var list: [JSONValue]? { if case .list(let list) = self { list } else { nil } }
    /// The text; `nil` for another value.
    package var text: String? { if case .text(let text) = self { text } else { nil } }
    /// The truth value; `nil` for another value.
    package var bool: Bool? { if case .bool(let bool) = self { bool } else { nil } }

    /// The integer; `nil` for another value, or a number with a fraction.
    package var integer: Int? {
        switch self {
        case .integer(let number): number
        case .number(let number): Int(exactly: number)
        default: nil
        }
    }

    /// The number; `nil` for another value.
    package var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// The integers of a list, or a single one; `nil` if there is something else.
    var integers: [Int]? {
        if let integer { return [integer] }
        guard let list else { return nil }
        let integers = list.compactMap(\.integer)
        return integers.count == list.count ? integers : nil
    }

    /// All numbers in lists within lists, in order, or a single one; `nil` if there is something else.
    var flatNumbers: [Double]? {
        if let number { return [number] }
        guard let list else { return nil }
        var numbers: [Double] = []
        for element in list {
            guard let more = element.flatNumbers else { return nil }
            numbers += more
        }
        return numbers
    }

    /// An object whose key `class_name` tells what it is, and `config` its settings, as Keras writes it.
    package static func keras(_ module: String, _ className: String, _ config: [String: JSONValue])
        -> JSONValue
    {
        [
            "module": .text(module), "class_name": .text(className), "config": .object(config),
            "registered_name": .null,
        ]
    }
}

extension JSONValue: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByFloatLiteral, ExpressibleByStringLiteral, ExpressibleByArrayLiteral,
    ExpressibleByDictionaryLiteral
{
    package init(booleanLiteral value: Bool) { self = .bool(value) }
    package init(integerLiteral value: Int) { self = .integer(value) }
    package init(floatLiteral value: Double) { self = .number(value) }
    package init(stringLiteral value: String) { self = .text(value) }
    package init(arrayLiteral elements: JSONValue...) { self = .list(elements) }
    package init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

extension JSONValue: CustomStringConvertible {
    /// The value as JSON, with sorted keys.
    package var description: String {
        var text = ""
        write(to: &text)
        return text
    }

    private func write(to text: inout String) {
        func join<Elements: Sequence>(
            _ elements: Elements,
            _ marks: (String, String),
            _ write: (Elements.Element, inout String) -> Void
        ) {
            text += marks.0
            for (place, element) in elements.enumerated() {
                if place > 0 { text += ", " }
                write(element, &text)
            }
            text += marks.1
        }
        switch self {
        case .null: text += "null"
        case .bool(let bool): text += bool ? "true" : "false"
        case .integer(let number): text += "\(number)"
        case .number(let number):
            // Python's words for what JSON does not have.
            text +=
                number.isNaN
                ? "NaN" : number.isInfinite ? (number < 0 ? "-Infinity" : "Infinity") : "\(number)"
        case .text(let word): Self.write(word, to: &text)
        case .list(let list): join(list, ("[", "]")) { $0.write(to: &$1) }
        case .object(let members):
            join(members.sorted { $0.key < $1.key }, ("{", "}")) {
                Self.write($0.key, to: &$1)
                $1 += ": "
                $0.value.write(to: &$1)
            }
        }
    }

    private static func write(_ word: String, to text: inout String) {
        text += "\""
        for scalar in word.unicodeScalars {
            switch scalar {
            case "\"", "\\":
                text += "\\"
                text.unicodeScalars.append(scalar)
            case _ where scalar.value < 32:
                let digits = String(scalar.value, radix: 16)
                text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: text.unicodeScalars.append(scalar)
            }
        }
        text += "\""
    }
}
