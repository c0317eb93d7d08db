import ConvNetInterop
import Testing

@Suite struct WireWriterTests {
    /// The examples of protobuf's documentation ("Encoding").
    @Test func fieldsAreAsProtobufSays() {
        var writer = WireWriter()
        writer.integer(1, 150)
        #expect(writer.bytes == [0x08, 0x96, 0x01])
        writer = WireWriter()
        writer.text(2, "testing")
        #expect(writer.bytes == [0x12, 0x07, 0x74, 0x65, 0x73, 0x74, 0x69, 0x6E, 0x67])
        writer = WireWriter()
        writer.message(3) { $0.integer(1, 150) }
        #expect(writer.bytes == [0x1A, 0x03, 0x08, 0x96, 0x01])
        writer = WireWriter()
        writer.integers(6, [3, 270, 86_942])
        #expect(writer.bytes == [0x32, 0x06, 0x03, 0x8E, 0x02, 0x9E, 0xA7, 0x05])
        writer = WireWriter()
        writer.integer(1, -2)
        #expect(writer.bytes == [0x08, 0xFE] + [UInt8](repeating: 0xFF, count: 8) + [0x01])
        writer = WireWriter()
        writer.float(1, 1)
        #expect(writer.bytes == [0x0D, 0, 0, 0x80, 0x3F])
    }

    /// Large contents are kept apart until the end; their place is that of the call.
    @Test(arguments: [0, 1, 4095, 4096, 100_000]) func contentsOfAnySizeStayInTheirPlace(_ size: Int) {
        let content = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        var flat = WireWriter(), nested = WireWriter()
        flat.integer(1, 7)
        flat.content(2, content)
        flat.integer(3, 9)
        nested.message(4) { outer in
            outer.message(5) { inner in
                inner.integer(1, 7)
                inner.content(2, content)
                inner.integer(3, 9)
            }
        }
        var expected = WireWriter()
        var middle = WireWriter()
        middle.content(5, flat.bytes)
        expected.content(4, middle.bytes)
        #expect(nested.bytes == expected.bytes)
        #expect(nested.count == nested.bytes.count)
    }
}
