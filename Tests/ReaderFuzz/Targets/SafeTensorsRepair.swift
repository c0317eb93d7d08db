import SwiftConvNet
import TestSupport

/// Makes the parts of a safetensors file agree again, after one of them has been changed.
enum SafeTensorsRepair {
    static func file(header: [UInt8], arrays: [UInt8]) -> [UInt8] {
        withUnsafeBytes(of: UInt64(header.count).littleEndian) { Array($0) } + header + arrays
    }

    /// Sets the size of the header to that of its JSON, and most times the offsets to those that follow from types
    /// and shapes.
    static func mend(_ input: inout [UInt8], _ random: inout Randomness) {
        guard input.count > 8 else { return }
        let end = endOfObject(input) ?? input.count
        var header = Array(input[8..<end])
        var size = input.count - end
        if !random.isOne(in: 4) { size = layOut(&header) ?? size }
        let arrays = input[end...].prefix(size)
        input = file(header: header, arrays: arrays + noise(max(size - arrays.count, 0)))
    }

    /// Where the object that begins at byte 8 ends.
    private static func endOfObject(_ input: [UInt8]) -> Int? {
        var depth = 0
        var isInString = false
        var place = 8
        while place < input.count {
            switch input[place] {
            case UInt8(ascii: "\\") where isInString: place += 1
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "{") where !isInString: depth += 1
            case UInt8(ascii: "}") where !isInString:
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
            place += 1
        }
        return nil
    }

    /// Gives each array the offsets behind those of the one before; returns where the last ends, unless that is far.
    private static func layOut(_ header: inout [UInt8]) -> Int? {
        var result: [UInt8] = []
        var rest = header[...]
        var offset = 0
        while let type = field("\"dtype\":\"", until: "\"", in: rest),
            let shape = field("\"shape\":[", until: "]", in: rest),
            let offsets = field("\"data_offsets\":[", until: "]", in: rest)
        {
            let bits =
                SafeTensors.ElementType(rawValue: String(decoding: header[type], as: UTF8.self))?.bitCount
                ?? 8
            let size = header[shape].split(separator: UInt8(ascii: ",")).reduce(Double(bits) / 8) {
                product,
                digits in
                product * (Double(String(decoding: digits, as: UTF8.self)) ?? 1)
            }
            guard size.isFinite, size >= 0, Double(offset) + size < Double(Mutator.largestInput) else {
                return nil
            }
            result += header[rest.startIndex..<offsets.lowerBound]
            result += Array("\(offset),\(offset + Int(size))".utf8)
            offset += Int(size)
            // The fields of an array may stand in any order; the last of them ends it.
            rest = header[offsets.upperBound...]
            if let last = [type, shape].map(\.upperBound).max(), last > rest.startIndex {
                result += header[rest.startIndex..<last]
                rest = header[last...]
            }
        }
        header = result + rest
        return offset
    }

    private static func field(_ name: String, until end: Unicode.Scalar, in bytes: ArraySlice<UInt8>)
        -> Range<Int>?
    {
        guard let start = bytes.firstRange(of: Array(name.utf8))?.upperBound,
            let stop = bytes[start...].firstIndex(of: UInt8(ascii: end))
        else { return nil }
        return start..<stop
    }
}
