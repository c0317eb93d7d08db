import SwiftConvNet

/// How one class of Keras and one type of this library stand for each other in files.
///
/// Both have the same settings under the same names but for the case of letters, `kernel_size` and `kernelSize`. So a rule is a
/// value of the type, which has the defaults and shows the form of each setting, and what differs beside that.
struct KerasRule<Value>: Sendable {
    /// Keras' name of the class.
    let className: String
    /// A value with Keras' defaults, as this library writes it: `{"config": {…}, "kind": "Conv2D"}`.
    let template: JSONValue
    /// The settings that a value may lack; the template need not have them.
    var optional: [String] = []
    /// Settings that Keras calls otherwise: ours, Keras'.
    var renamed: [String: String] = [:]
    /// Names that Keras 2 had for settings: its name, that of Keras 3.
    var formerly: [String: String] = [:]
    /// The only values that Keras' other settings may have: what is not computed here.
    var fixed: [String: [JSONValue]] = [:]
    /// Changes Keras' settings before they are read, and after they are written, where names and forms do not suffice.
    var adapt: (read: @Sendable (inout JSONValue) throws -> Void, write: @Sendable (inout JSONValue) -> Void)?

    /// The name of this library's type.
    var kind: String { template["kind"].text ?? "" }
}

extension KerasRule {
    /// The value that Keras' settings describe.
    ///
    /// - Throws: `ConvNetError` of kind `format` for a setting that is not there, not known, or not computed here.
    func value(_ config: JSONValue, in set: OpenSet<Value>, at place: String) throws -> Value {
        try set.value(fromJSON: own(config, at: place).description, at: place)
    }

    /// This library's form of Keras' settings.
    func own(_ config: JSONValue, at place: String) throws -> JSONValue {
        var config = config
        for (old, new) in formerly where config[new] == .null { config[new] = config[old] }
        try adapt?.read(&config)
        for (key, allowed) in fixed where config[key] != .null && !allowed.contains(config[key]) {
            throw ConvNetError(
                .format,
                "A setting has a value that is not supported",
                at: "\(place), \(key)",
                expected: allowed.isEmpty ? "none" : allowed.map(\.description).joined(separator: " or "),
                received: "\(config[key])"
            )
        }
        let defaults = template["config"].members
        var own = defaults
        for key in Set(defaults.keys).union(optional) {
            let theirs = config.members[kerasName(of: key)]
            guard let theirs, theirs != .null || optional.contains(key) else {
                continue
            }
            own[key] =
                theirs == .null ? nil : try KerasForm.own(theirs, like: defaults[key], key: key, at: place)
        }
        // A setting that may be left out has no default.
        for key in optional where config.members[kerasName(of: key)] == nil { own[key] = nil }
        return ["kind": .text(kind), "config": .object(own)]
    }

    /// Keras' form of a value as this library writes it.
    func keras(_ own: JSONValue, module: String) throws -> JSONValue {
        var config: [String: JSONValue] = [:]
        for (key, value) in own["config"].members {
            config[kerasName(of: key)] = try KerasForm.keras(value, key: key)
        }
        var value = JSONValue.object(config)
        adapt?.write(&value)
        return .keras(module, className, value.members)
    }

    private func kerasName(of key: String) -> String { renamed[key] ?? KerasForm.snakeCase(key) }
}

/// Rules by the names of both sides.
struct KerasRules<Value>: Sendable {
    private let byClass: [String: KerasRule<Value>]
    private let byKind: [String: KerasRule<Value>]

    /// - Parameter aliases: further names of classes that files may have.
    init(_ rules: [KerasRule<Value>], aliases: [String: String] = [:]) {
        var byClass = Dictionary(rules.map { ($0.className, $0) }) { first, _ in first }
        for (alias, name) in aliases { byClass[alias] = byClass[name] }
        self.byClass = byClass
        byKind = Dictionary(rules.map { ($0.kind, $0) }) { first, _ in first }
    }

    /// The names of the classes that are known.
    var classNames: [String] { byClass.keys.sorted() }

    /// The rule for a class of Keras.
    func rule(forClass name: String) -> KerasRule<Value>? { byClass[name] }

    /// The rule for a class of Keras.
    ///
    /// - Parameters:
    ///   - what: what the error calls it: "A loss".
    ///   - value: what the file has, which the error shows if it names no class.
    /// - Throws: `ConvNetError` of kind `format` if the class is none of those known.
    func rule(forClass name: String, _ what: String, of value: JSONValue, at place: String) throws
        -> KerasRule<Value>
    {
        if let rule = rule(forClass: name) { return rule }
        let received = name.isEmpty ? "\(value)" : name
        throw ConvNetError(.format, "\(what) is not supported", at: place, received: received)
    }

    /// The rule for a type of this library.
    func rule(forKind kind: String) -> KerasRule<Value>? { byKind[kind] }
}
