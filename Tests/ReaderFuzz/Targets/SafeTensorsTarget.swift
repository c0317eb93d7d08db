import SwiftConvNet
import TestSupport

/// Safetensors files, with arrays of every type.
struct SafeTensorsTarget: FuzzTarget {
    static let name = "safetensors"

    let seeds = [
        Self.file("{}", noise(0)),
        Self.file(#"{"a":{"dtype":"F32","shape":[2,3],"data_offsets":[0,24]}}"#, noise(24)),
        Self.file(
            #"{"__metadata__":{"k":"v","ü":"\u00e9\n\ud83d\ude00"},"a":{"dtype":"U8","shape":[],"data_offsets":[0,1]},"#
                + #""b/c":{"dtype":"F32","shape":[0,7],"data_offsets":[1,1]},"#
                + #""d":{"data_offsets":[1,9],"shape":[1,1,1],"dtype":"I64"}}   "#,
            noise(9)
        ),
        Self.file(#"{"f4":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}"#, noise(2)),
    ]
    let words =
        SafeTensors.ElementType.allCases.map { "\"\($0.rawValue)\"" } + [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u0000", "\\ud800", "[[[[[[[[", "{\"a\":",
            "\"__metadata__\":",
            "\"dtype\":", "\"shape\":", "\"data_offsets\":", "null", "true", " ", "\u{FEFF}",
            #""a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"#,
            #""../../a":{"dtype":"U8","shape":[],"#,
        ]

    func repair(_ input: inout [UInt8], _ random: inout Randomness) {
        SafeTensorsRepair.mend(&input, &random)
    }

    func read(_ input: [UInt8]) throws {
        let file = try SafeTensors(bytes: input)
        for entry in file.entries {
            try require((8...input.count).contains(entry.byteRange.lowerBound), "arrays lie within the file")
            try require((8...input.count).contains(entry.byteRange.upperBound), "arrays lie within the file")
            let bytes = try file.bytes(named: entry.name)
            try require(bytes.count == entry.byteRange.count, "an array is read whole")
            if entry.type == .float32 {
                let tensor = try file.tensor(named: entry.name)
                try require(tensor.shape == entry.shape, "a tensor has the shape of its array")
            }
        }
    }

    /// A file with a header and bytes of arrays.
    static func file(_ header: String, _ arrays: [UInt8]) -> [UInt8] {
        SafeTensorsRepair.file(header: Array(header.utf8), arrays: arrays)
    }
}
