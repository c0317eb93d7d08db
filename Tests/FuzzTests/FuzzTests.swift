import Foundation
import TestSupport
import Testing

/// Broken files, in a process of their own, for a crash would end these tests; `docs/design/fuzzing.md`.
@Suite("Broken files")
struct FuzzTests {
    /// How many files each reader gets; times ten, or any factor, with `SWIFTCONVNET_FUZZ`.
    static let counts: [(String, Int)] = {
        var counts = [
            ("idx", 40_000), ("gzip", 20_000), ("pgm", 20_000), ("safetensors", 40_000), ("model", 8_000),
            ("csv", 1_000), ("checkpoint", 8_000), ("bmp", 20_000), ("ppm", 20_000),
            ("list", 1_000), ("npy", 20_000), ("table", 20_000), ("tar", 20_000),
            ("onnx", 4_000),
        ]
        #if Images
            counts += [("png", 20_000), ("jpeg", 20_000)]
        #endif
        #if Zip
            counts += [("npz", 10_000), ("pytorch", 10_000)]
        #endif
        #if HDF5
            counts.append(("hdf5", 10_000))
        #endif
        #if HDF5 && Zip
            counts.append(("keras", 2_000))
        #endif
        return counts
    }()

    @Test("are read or refused, in time and with little memory", arguments: counts)
    func campaign(reader: String, count: Int) throws {
        let factor = ProcessInfo.processInfo.environment["SWIFTCONVNET_FUZZ"].flatMap(Int.init) ?? 1
        let folder = try TemporaryFolder()
        let run = try BuiltProgram("reader-fuzz").run(
            [reader, "--count", "\(count * factor)", "--progress", folder.file("number")],
            environment: ["SWIFT_BACKTRACE": "enable=no"],
            timeout: Double(3600 * factor)
        )
        let number = (try? Data(contentsOf: URL(fileURLWithPath: folder.file("number")))) ?? Data()
        let place = number.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        #expect(
            run.code == 0,
            """
            \(run.errors.suffix(500))
            Again: swift run -c release reader-fuzz \(reader) --first \(place) --count 1
            """
        )
        // Some are read and some are not: mutations reach what is behind the checks, and the checks.
        let words = run.output.split(separator: " ")
        let numbers = words.compactMap { Int($0) }
        #expect(
            numbers.count >= 2 && numbers[0] >= count / 50 && (reader == "csv" || numbers[1] >= count / 50)
        )
        print(run.output, terminator: "")
    }
}
