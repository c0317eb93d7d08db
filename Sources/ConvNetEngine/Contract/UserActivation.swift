/// Any activation function of a user, as one type: what `ActivationFunction` holds.
public struct UserActivation: Sendable {
    /// The function.
    public let function: any CustomActivation

    /// Wraps a function.
    public init(_ function: some CustomActivation) { self.function = function }
}

extension UserActivation: Hashable {
    /// Whether both are of one type, and equal.
    public static func == (left: Self, right: Self) -> Bool {
        func isEqual<Function: CustomActivation>(_ function: Function) -> Bool {
            function == right.function as? Function
        }
        return isEqual(left.function)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(type(of: function)))
        function.hash(into: &hasher)
    }
}

extension UserActivation: CustomStringConvertible {
    /// The name of the function.
    public var description: String {
        (function as? ClosureActivation)?.name ?? type(of: function).kind
    }
}

extension UserActivation: Codable {
    /// Reads and writes a function with the name of its type.
    package struct Coding: Sendable {
        let decode: @Sendable (any Decoder) throws -> any CustomActivation

        package init(decode: @escaping @Sendable (any Decoder) throws -> any CustomActivation) {
            self.decode = decode
        }

        /// Where a decoder finds it.
        package static let userInfoKey = CodingUserInfoKey(rawValue: "SwiftConvNet.UserActivation.Coding")
            .unsafelyUnwrapped
    }

    private enum Keys: String, CodingKey { case kind, config }

    /// - Throws: `ConvNetError` of kind `format` if the file's reader does not know the function's type.
    public init(from decoder: any Decoder) throws {
        guard let coding = decoder.userInfo[Coding.userInfoKey] as? Coding else {
            let kind = try decoder.container(keyedBy: Keys.self).decode(String.self, forKey: .kind)
            throw ConvNetError(
                .format,
                "Unknown activation \"\(kind)\"",
                expected: "a model's file",
                remedy: "Read it by Model.load(from:customTypes:), and name the type in customTypes"
            )
        }
        function = try coding.decode(decoder)
    }

    /// - Throws: `ConvNetError` of kind `argument` if the function is made of closures.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(type(of: function).kind, forKey: .kind)
        try function.encode(to: container.superEncoder(forKey: .config))
    }
}
