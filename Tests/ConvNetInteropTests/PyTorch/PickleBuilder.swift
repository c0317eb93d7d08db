import ConvNetInterop

/// Makes pickles, and `.pt` files of them.
struct PickleBuilder {
    private(set) var bytes: [UInt8] = [0x80, 2]

    mutating func add(_ more: [UInt8]) { bytes += more }
    mutating func add(_ text: String) { bytes += Array(text.utf8) }

    /// A text of less than 256 bytes.
    mutating func text(_ text: String) {
        bytes += [0x58, UInt8(text.utf8.count), 0, 0, 0] + Array(text.utf8)
    }

    /// A number of 32 bits.
    mutating func integer(_ number: Int32) {
        bytes.append(0x4A)
        bytes += withUnsafeBytes(of: number.littleEndian) { Array($0) }
    }

    /// A tuple of numbers.
    mutating func tuple(_ numbers: [Int32]) {
        add("(")
        for number in numbers { integer(number) }
        add("t")
    }

    /// A tensor of a storage `data/0`.
    mutating func tensor(
        _ storage: String = "FloatStorage",
        count: Int32,
        offset: Int32,
        sizes: [Int32],
        strides: [Int32]
    ) {
        add("ctorch._utils\n_rebuild_tensor_v2\n((")
        text("storage")
        add("ctorch\n\(storage)\n")
        text("0")
        text("cpu")
        integer(count)
        add("tQ")
        integer(offset)
        tuple(sizes)
        tuple(strides)
        add([0x89])
        add("ccollections\nOrderedDict\n)RtR")
    }

    /// The pickle of a dictionary with one tensor.
    static func dictionary(_ value: (inout PickleBuilder) -> Void) -> [UInt8] {
        var builder = PickleBuilder()
        builder.add("}")
        builder.text("w")
        value(&builder)
        builder.add("s.")
        return builder.bytes
    }

    /// A `.pt` file of a pickle and one storage of as many bytes.
    static func archive(_ pickle: [UInt8], storage: [UInt8] = [], order: String = "little") throws -> [UInt8]
    {
        try ZipWriter.archive([
            ("a/data.pkl", pickle), ("a/byteorder", Array(order.utf8)), ("a/data/0", storage),
        ])
    }
}
