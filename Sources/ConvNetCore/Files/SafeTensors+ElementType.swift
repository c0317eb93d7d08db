extension SafeTensors {
    /// What the elements of an array are. `Tensor` holds `float32`; the others can be listed and read as bytes.
    ///
    /// The names are those of the format, the order that of its reference implementation, by which arrays are
    /// sorted in files.
    public enum ElementType: String, Sendable, Hashable, CaseIterable {
        /// One byte, 0 or 1.
        case bool = "BOOL"
        /// 4 bits.
        case float4 = "F4"
        /// 6 bits, 3 of them mantissa.
        case float6E2M3 = "F6_E2M3"
        /// 6 bits, 2 of them mantissa.
        case float6E3M2 = "F6_E3M2"
        /// 8 bits without sign.
        case uint8 = "U8"
        /// 8 bits with sign.
        case int8 = "I8"
        /// 8 bits, 2 of them mantissa.
        case float8E5M2 = "F8_E5M2"
        /// 8 bits, 3 of them mantissa.
        case float8E4M3 = "F8_E4M3"
        /// 8 bits, all exponent.
        case float8E8M0 = "F8_E8M0"
        /// 8 bits, 3 of them mantissa, without infinity and negative zero.
        case float8E4M3FNUZ = "F8_E4M3FNUZ"
        /// 8 bits, 2 of them mantissa, without infinity and negative zero.
        case float8E5M2FNUZ = "F8_E5M2FNUZ"
        /// 16 bits with sign.
        case int16 = "I16"
        /// 16 bits without sign.
        case uint16 = "U16"
        /// IEEE half precision.
        case float16 = "F16"
        /// The upper half of a `float32`.
        case bfloat16 = "BF16"
        /// 32 bits with sign.
        case int32 = "I32"
        /// 32 bits without sign.
        case uint32 = "U32"
        /// IEEE single precision: `Float`.
        case float32 = "F32"
        /// Two `float32`, the real part first.
        case complex64 = "C64"
        /// IEEE double precision: `Double`.
        case float64 = "F64"
        /// 64 bits with sign.
        case int64 = "I64"
        /// 64 bits without sign.
        case uint64 = "U64"

        /// The size of one element.
        public var bitCount: Int {
            switch self {
            case .float4: 4
            case .float6E2M3, .float6E3M2: 6
            case .bool, .uint8, .int8, .float8E5M2, .float8E4M3, .float8E8M0, .float8E4M3FNUZ,
                .float8E5M2FNUZ:
                8
            case .int16, .uint16, .float16, .bfloat16: 16
            case .int32, .uint32, .float32: 32
            case .complex64, .float64, .int64, .uint64: 64
            }
        }
    }
}
