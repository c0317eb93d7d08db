/// What the elements of a tensor of an ONNX file are: `TensorProto.DataType`.
enum ONNXType: Int, Codable, Sendable, Hashable {
    case float = 1, uint8, int8, uint16, int16, int32, int64, string, bool, float16, double, uint32, uint64
    case complex64, complex128, bfloat16
    case float8E4M3FN, float8E4M3FNUZ, float8E5M2, float8E5M2FNUZ
    case uint4, int4, float4E2M1, float8E8M0

    /// Whether elements are numbers with a fraction, which this library keeps as float32.
    var isFloat: Bool {
        switch self {
        case .float, .float16, .double, .bfloat16: true
        default: false
        }
    }

    /// Whether elements are whole numbers.
    var isInteger: Bool {
        switch self {
        case .uint8, .int8, .uint16, .int16, .int32, .int64, .uint32, .uint64, .uint4, .int4: true
        default: false
        }
    }

    /// Whether this library computes with such elements.
    var isSupported: Bool { isFloat || isInteger || self == .bool }

    /// The smallest and largest whole number, as far as a `Double` knows them.
    var limits: ClosedRange<Double> {
        switch self {
        case .uint8: 0...255
        case .int8: -128...127
        case .uint16: 0...65_535
        case .int16: -32_768...32_767
        case .int32: Double(Int32.min)...Double(Int32.max)
        case .uint32: 0...Double(UInt32.max)
        case .uint64: 0...Double(UInt64.max)
        case .uint4: 0...15
        case .int4: -8...7
        default: Double(Int64.min)...Double(Int64.max)
        }
    }

    /// The name as ONNX' documentation has it.
    var name: String { "\(self)" }
}
