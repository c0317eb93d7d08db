import SwiftConvNet

extension PickleReader {
    mutating func take(_ count: Int) throws -> ArraySlice<UInt8> {
        guard count <= bytes.count - offset else {
            throw failure(
                "The pickle ends too early",
                expected: "\(count) more bytes",
                received: "\(bytes.count - offset)"
            )
        }
        offset += count
        return bytes[(offset - count)..<offset]
    }

    /// A little-endian number without sign of up to 8 bytes.
    mutating func integer(_ count: Int) throws -> Int {
        let number = try take(count).reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard let number = Int(exactly: number) else {
            throw failure("The pickle has a number beyond 64 bits")
        }
        return number
    }

    /// A little-endian number with sign, and its length before it.
    mutating func long() throws -> Int {
        let count = try integer(1)
        let digits = try take(count)
        guard count <= 8 else { throw failure("The pickle has a number beyond 64 bits") }
        let negative = (digits.last ?? 0) >= 0x80
        return Int(
            truncatingIfNeeded: digits.reversed().reduce(negative ? UInt64.max : 0) { $0 << 8 | UInt64($1) }
        )
    }

    mutating func text(_ count: Int) throws -> String {
        guard let text = String(validating: try take(count), as: UTF8.self) else {
            throw failure("The pickle has a text that is no UTF-8")
        }
        return text
    }

    /// A name, up to the end of its line.
    mutating func line() throws -> String {
        guard let end = bytes[offset...].prefix(PickleLimits.name + 1).firstIndex(of: UInt8(ascii: "\n"))
        else {
            throw failure(
                "The pickle has a name without an end, or one longer than \(PickleLimits.name) bytes"
            )
        }
        let name = try text(end - offset)
        offset += 1
        return name
    }

    func global(_ module: String, _ name: String) throws -> PickleGlobal {
        guard let global = PickleGlobal(module: module, name: name) else {
            throw refusal("\(module).\(name)")
        }
        return global
    }

    func failure(_ summary: String, expected: String? = nil, received: String? = nil) -> ConvNetError {
        ConvNetError(
            .format,
            summary,
            at: "\(path), byte \(start)",
            expected: expected,
            received: received,
            remedy: PyTorchFile.conversion
        )
    }

    /// The error for what a pickle may not do here.
    func refusal(_ name: String) -> ConvNetError {
        failure(
            "The file needs Python: it holds \(name). Pickles are read as data, and nothing in them is run",
            expected:
                "dictionaries, lists, numbers, texts and tensors, as torch.save(model.state_dict(), path) writes",
            received: name
        )
    }
}
