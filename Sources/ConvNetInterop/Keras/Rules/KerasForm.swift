import SwiftConvNet

/// The forms of single settings in Keras' files and in this library's.
enum KerasForm {
    /// `kernelSize` as `kernel_size`, `beta1` as `beta_1`, `l1` as `l1`.
    static func snakeCase(_ key: String) -> String {
        key.reduce(into: "") { $0 += $1.isUppercase ? "_" + $1.lowercased() : String($1) }
    }

    /// This library's form of Keras' value.
    ///
    /// - Parameters:
    ///   - like: the value that the template has.
    ///   - key: this library's name of the setting.
    static func own(_ value: JSONValue, like: JSONValue?, key: String, at place: String) throws -> JSONValue {
        let place = "\(place), \(snakeCase(key))"
        if key == "activation" || key == "function" { return try KerasActivation.own(value, at: place) }
        if key.lowercased().hasSuffix("initializer") {
            return try KerasParts.initializers.own(value, at: place)
        }
        if key.hasSuffix("Regularizer") { return try KerasParts.regularizers.own(value, at: place) }
        if key.hasSuffix("Constraint") { return try KerasParts.constraints.own(value, at: place) }
        if key == "layer" { return try KerasLayers.own(value, at: place) }
        if key == "layers" { return .list(try (value.list ?? []).map { try KerasLayers.own($0, at: place) }) }
        if key == "learningRate" {
            return value["class_name"] == .null ? value : try KerasParts.schedules.own(value, at: place)
        }
        switch like {
        case .object(let sizes):
            // Sizes along two or three axes; one number stands for all.
            let axes = ["depth", "height", "width"].filter { sizes[$0] != nil }
            guard var numbers = value.integers, numbers.count == 1 || numbers.count == axes.count else {
                throw misfit(value, "\(axes.count) sizes", at: place)
            }
            if numbers.count == 1 { numbers = Array(repeating: numbers[0], count: axes.count) }
            return .object(Dictionary(uniqueKeysWithValues: zip(axes, numbers.map { JSONValue.integer($0) })))
        case .integer:
            // Along one axis Keras writes a list of one size, and some of its integers have a point.
            guard let numbers = value.integers, numbers.count == 1 else { return value }
            return .integer(numbers[0])
        case .list:
            return value.list == nil ? .list([value]) : value
        default: return value
        }
    }

    /// Keras' form of this library's value.
    static func keras(_ value: JSONValue, key: String) throws -> JSONValue {
        if key == "activation" || key == "function" { return try KerasActivation.keras(value) }
        if key.lowercased().hasSuffix("initializer") { return try KerasParts.initializers.keras(value) }
        if key.hasSuffix("Regularizer") { return try KerasParts.regularizers.keras(value) }
        if key.hasSuffix("Constraint") { return try KerasParts.constraints.keras(value) }
        if key == "layer" { return try KerasLayers.keras(value) }
        if key == "layers" { return .list(try (value.list ?? []).map(KerasLayers.keras)) }
        if key == "learningRate" {
            // Keras takes no integer for it.
            if let number = value.number { return .number(number) }
            return try KerasParts.schedules.keras(value)
        }
        // Some of Keras' layers take no list of one axis.
        if key == "axis" || key == "axes", let list = value.list, list.count == 1 { return list[0] }
        guard case .object(let sizes) = value, sizes["width"] != nil else { return value }
        return .list(["depth", "height", "width"].compactMap { sizes[$0] })
    }

    private static func misfit(_ value: JSONValue, _ expected: String, at place: String) -> ConvNetError {
        ConvNetError(
            .format,
            "A setting has another form than expected",
            at: place,
            expected: expected,
            received: "\(value)"
        )
    }
}
