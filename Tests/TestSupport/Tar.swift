/// An entry of a tar archive that a test makes.
public struct TarEntry: Sendable {
    public var name: String
    public var content: [UInt8]
    /// The type's letter: 0 for a file, 5 for a folder, 2 for a symbolic link, x for pax' extension.
    public var type: Character
    /// POSIX' prefix of the name.
    public var prefix: String

    public init(_ name: String, _ content: [UInt8] = [], type: Character = "0", prefix: String = "") {
        self.name = name
        self.content = content
        self.type = type
        self.prefix = prefix
    }

    /// The header, with its checksum, and the content, padded to whole blocks.
    public var blocks: [UInt8] {
        var header = [UInt8](repeating: 0, count: 512)
        func put(_ text: String, at place: Int) {
            for (offset, byte) in text.utf8.enumerated() { header[place + offset] = byte }
        }
        func octal(_ number: Int, digits: Int) -> String {
            let text = String(number, radix: 8)
            return String(repeating: "0", count: max(digits - text.count, 0)) + text
        }
        put(name, at: 0)
        put("0000644", at: 100)
        put(octal(content.count, digits: 11), at: 124)
        put(octal(0, digits: 11), at: 136)
        put(String(type), at: 156)
        put("ustar\u{0}00", at: 257)
        put(prefix, at: 345)
        Self.repairChecksum(&header, at: 0)
        return header + content + [UInt8](repeating: 0, count: (512 - content.count % 512) % 512)
    }

    /// Sets the checksum of the header that begins at `place`.
    public static func repairChecksum(_ archive: inout [UInt8], at place: Int) {
        for offset in 148..<156 { archive[place + offset] = 32 }
        let sum = archive[place..<(place + 512)].reduce(0) { $0 + Int($1) }
        let text = String(sum, radix: 8)
        let digits = Array((String(repeating: "0", count: 6 - text.count) + text).utf8)
        archive.replaceSubrange((place + 148)..<(place + 156), with: digits + [0, 32])
    }
}

/// An archive of entries, with the blocks of zeros at its end.
public func tar(_ entries: [TarEntry]) -> [UInt8] {
    entries.flatMap(\.blocks) + [UInt8](repeating: 0, count: 1024)
}
