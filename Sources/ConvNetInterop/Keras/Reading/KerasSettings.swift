import SwiftConvNet

/// The settings of a layer of Keras that this library does not know: what `get_config` of its class has written.
public struct KerasSettings: Sendable {
    let value: JSONValue

    /// The settings as JSON.
    public var json: String { value.description }
    /// The name of the layer.
    public var name: String? { value["name"].text }

    /// An integer; `nil` if there is none of this name.
    public func integer(_ name: String) -> Int? { value[name].integer }
    /// A number; `nil` if there is none of this name.
    public func number(_ name: String) -> Double? { value[name].number }
    /// A text; `nil` if there is none of this name.
    public func text(_ name: String) -> String? { value[name].text }
    /// A truth value; `nil` if there is none of this name.
    public func bool(_ name: String) -> Bool? { value[name].bool }
    /// A list of integers; `nil` if there is none of this name.
    public func integers(_ name: String) -> [Int]? { value[name].integers }
    /// A list of numbers; `nil` if there is none of this name.
    public func numbers(_ name: String) -> [Double]? { value[name].flatNumbers }
}
