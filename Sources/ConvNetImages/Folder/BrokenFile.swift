import SwiftConvNet

/// A file of a dataset that cannot be read as a picture, and why.
public struct BrokenFile: Sendable, Hashable {
    /// The file.
    public let path: String
    /// What is wrong with it.
    public let error: ConvNetError
}

extension BrokenFile {
    /// The error that names broken files together; `nil` if there are none.
    ///
    /// - Parameter count: how many files were looked at.
    static func error(_ files: [BrokenFile], of count: Int) -> ConvNetError? {
        guard let first = files.first else { return nil }
        // What the machine or the build lacks is said once, and is no fault of the files.
        if let lack = files.first(where: { $0.error.kind == .environment }) { return lack.error }
        let remedy = "Mend or remove them, or skip them by ImageFolder.Options(onBroken: .skip)"
        guard files.count > 1 else {
            return ConvNetError(
                .data,
                first.error.summary,
                at: first.error.location ?? first.path,
                expected: first.error.expected,
                received: first.error.received,
                remedy: first.error.remedy ?? remedy
            )
        }
        let shown = 20
        let lines = files.prefix(shown).map { file in
            let received = file.error.received.map { ", received \($0)" } ?? ""
            return "\(file.error.location ?? file.path): \(file.error.summary)\(received)"
        }
        return ConvNetError(
            .data,
            "\(files.count) of \(count) files are no pictures that can be read",
            at: "ImageFolder",
            received: lines.joined(separator: "; ")
                + (files.count > shown ? "; and \(files.count - shown) more" : ""),
            remedy: remedy
        )
    }

    /// The files among `paths` that cannot be read, in their order.
    ///
    /// - Parameter check: reads one, and throws if it is broken.
    static func find(
        in paths: [String],
        _ check: @escaping @Sendable (String) throws -> Void
    ) -> [BrokenFile] {
        let job = FileCheck(paths: paths, check: check)
        WorkerPool(workerCount: min(availableProcessorCount(), max(paths.count / FileCheck.share, 1)))
            .dispatch(job, units: job.unitCount)
        return job.broken.withLock { broken in
            broken.sorted { $0.key < $1.key }.map { BrokenFile(path: paths[$0.key], error: $0.value) }
        }
    }
}

/// Looks at many files by several threads.
private final class FileCheck: WorkerJob, Sendable {
    /// Files that a thread looks at before it asks for more.
    static let share = 16

    let paths: [String]
    let check: @Sendable (String) throws -> Void
    let broken = Lock<[Int: ConvNetError]>([:])
    /// A pool takes no more than 2^20 units.
    private let size: Int

    init(paths: [String], check: @escaping @Sendable (String) throws -> Void) {
        self.paths = paths
        self.check = check
        size = max(Self.share, paths.count >> 19)
    }

    var unitCount: Int { (paths.count + size - 1) / size }

    func perform(unit: Int, worker: Int) {
        for place in (unit * size)..<min((unit + 1) * size, paths.count) {
            do {
                try check(paths[place])
            } catch let error as ConvNetError {
                broken.withLock { $0[place] = error }
            } catch {
                broken.withLock { $0[place] = ConvNetError(.file, "\(error)", at: paths[place]) }
            }
        }
    }
}

extension Picture {
    /// What the beginning of a file says, of which no more is read than is needed.
    ///
    /// - Parameter form: what is to be decoded. Default: colours.
    static func header(ofFile path: String, form: PixelForm = .color(.rgb), limits: ImageLimits) throws
        -> Header
    {
        let file = try FileBytes(path: path)
        // Beyond the usual headers of cameras. BMP and Netpbm files say at their beginning how long they must be.
        let usual = 1 << 16
        if file.count > usual, file.count <= limits.fileBytes {
            let prefix = try file.read(0..<usual)
            let kind = FileKind(firstBytes: prefix)
            if kind == .png || kind == .jpeg,
                let header = try? header(prefix, name: path, form: form, limits: limits)
            {
                return header
            }
        }
        let bytes = try FileContents.read(path, limit: limits.fileBytes)
        return try header(bytes, name: path, form: form, limits: limits)
    }
}
