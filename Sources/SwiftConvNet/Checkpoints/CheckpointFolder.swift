import Foundation

/// The folder of one run's checkpoints: two generations, written in turn, so that one is whole whatever happens to the
/// other. No other run writes into it at the same time: the folder is locked as long as this object lives.
final class CheckpointFolder {
    /// The names of the two files.
    static let names = ["a.checkpoint", "b.checkpoint"]
    /// The name under which a generation is written where files without names cannot be; a killed process leaves it
    /// behind there, and the next one replaces it.
    static let temporaryName = AtomicFile.temporaryPrefix + "checkpoint"

    let path: String
    private let descriptor: Int32
    /// The file that is known to be whole, and its generation.
    private var newest: (name: String, generation: UInt64)?

    /// Opens and locks a folder; makes it if it is not there.
    ///
    /// - Throws: `ConvNetError` of kind `file` if it cannot be made or written into, or another run has it.
    init(_ path: String) throws {
        self.path = path
        try Folders.make(path, as: "the folder of the checkpoints")
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw ConvNetError(
                .file,
                "Cannot open the folder of the checkpoints: \(ConvNetError.systemMessage())",
                at: path
            )
        }
        do {
            // Some network file systems cannot lock a folder; there it is the user who has to take care.
            guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK else {
                throw ConvNetError(
                    .file,
                    "Another run writes its checkpoints into the folder",
                    at: path,
                    remedy: "Wait until it has ended, or name another folder"
                )
            }
            try probe()
        } catch {
            Self.unlock(descriptor)
            throw error
        }
    }

    deinit { Self.unlock(descriptor) }

    /// Closing would not do: a program that another thread is starting has copies of all descriptors for a moment, and they
    /// hold the lock.
    private static func unlock(_ descriptor: Int32) {
        _ = flock(descriptor, LOCK_UN)
        close(descriptor)
    }

    /// Makes a file and removes it, so that a folder that cannot be written shows before anything is trained.
    private func probe() throws {
        unlinkat(descriptor, Self.temporaryName, 0)
        // A process that is killed leaves nothing behind.
        let unnamed = AtomicFile.openUnnamed(in: descriptor)
        if unnamed >= 0 {
            close(unnamed)
            return
        }
        let file = openat(
            descriptor,
            Self.temporaryName,
            O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
            mode_t(0o666)
        )
        guard file >= 0 else {
            throw ConvNetError(
                .file,
                "Cannot write into the folder of the checkpoints: \(ConvNetError.systemMessage())",
                at: path
            )
        }
        close(file)
        unlinkat(descriptor, Self.temporaryName, 0)
    }

    /// The newest checkpoint that is whole; `nil` if there is none at all. Names each that cannot be used.
    ///
    /// - Throws: `ConvNetError` of kind `format` if there are some, and none of them is whole.
    func read() throws -> (checkpoint: Checkpoint, notices: [String])? {
        var found: [(name: String, checkpoint: Checkpoint)] = []
        var failures: [(name: String, error: any Error)] = []
        for name in Self.names where isThere(name) {
            do {
                found.append((name, try Checkpoint(CheckpointFile(contentsOf: "\(path)/\(name)"))))
            } catch {
                failures.append((name, error))
            }
        }
        guard
            let best = found.max(by: { $0.checkpoint.generation < $1.checkpoint.generation })
        else {
            guard !failures.isEmpty else { return nil }
            throw ConvNetError(
                .format,
                "No checkpoint in the folder can be used",
                at: path,
                received: failures.map { "\($0.name): \($0.error)" }.joined(separator: " "),
                remedy: "Restore one from a backup, or name another folder to start from the beginning"
            )
        }
        newest = (best.name, best.checkpoint.generation)
        let notices = failures.map {
            "The checkpoint \($0.name) cannot be used; \(best.name) is used instead. \($0.error)"
        }
        return (best.checkpoint, notices)
    }

    /// Makes the folder ready for a run that starts from the beginning: removes what a run that has ended has left.
    ///
    /// - Throws: `ConvNetError` of kind `state` if there is a run that has not ended, or what may be one.
    func clear() throws {
        guard Self.names.contains(where: isThere) else { return }
        let checkpoint = try? read()?.checkpoint
        guard let checkpoint, checkpoint.state.isEnded else {
            throw ConvNetError(
                .state,
                "The folder holds checkpoints of a run that has not ended",
                at: path,
                received: checkpoint.map { "one of \($0.state.position)" } ?? "none that can be read",
                remedy:
                    "Resume that run (resume: true), name another folder, or remove its *.checkpoint files"
            )
        }
        for name in Self.names { unlinkat(descriptor, name, 0) }
        newest = nil
    }

    /// Writes the next generation, over the older one of the two.
    ///
    /// - Throws: `ConvNetError` of kind `file`; then the newest one so far is still there.
    func write(_ sections: [CheckpointSection]) throws {
        let name = Self.names.first { $0 != newest?.name } ?? Self.names[0]
        let generation = (newest?.generation ?? 0) + 1
        try CheckpointFile.write(
            sections,
            generation: generation,
            to: "\(path)/\(name)",
            temporaryName: Self.temporaryName
        )
        newest = (name, generation)
    }

    private func isThere(_ name: String) -> Bool {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0
    }
}
