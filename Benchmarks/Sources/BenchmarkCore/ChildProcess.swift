import Foundation
import SwiftConvNet

/// A program that runs beside this one, with pipes to its standard input and from its standard output.
package final class ChildProcess {
    /// How a program has ended.
    package struct End: Sendable, Hashable {
        /// The exit code, or minus the number of the signal that ended it.
        package let code: Int32
        /// The most memory that it had at once, in bytes, by `wait4`. Linux counts in what the process had before
        /// it became the program, that is the memory of the one that started it: ask a small one.
        package let peakBytes: Int
    }

    package let id: pid_t
    private let input: Int32
    private let output: Int32
    private var pending: [UInt8] = []
    private var end: End?

    /// Starts a program.
    ///
    /// - Parameters:
    ///   - program: its path, or its name to be found in `PATH`.
    ///   - environment: all of its environment.
    ///   - errors: the file for what it prints to standard error; `nil` for ours.
    /// - Throws: `ConvNetError` of kind `environment` if it cannot be started.
    package init(
        _ program: String,
        _ arguments: [String],
        environment: [String: String] = ProcessInfo.processInfo.environment,
        errors: String? = nil
    ) throws {
        var toChild: [Int32] = [0, 0], fromChild: [Int32] = [0, 0]
        guard pipe(&toChild) == 0 else { throw Self.failure(program, errno) }
        guard pipe(&fromChild) == 0 else {
            toChild.forEach { close($0) }
            throw Self.failure(program, errno)
        }
        // Closed in every program that is started later, so that one's end is not kept from another.
        for end in toChild + fromChild { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, toChild[0], STDIN_FILENO)
        posix_spawn_file_actions_adddup2(&actions, fromChild[1], STDOUT_FILENO)
        if let errors {
            posix_spawn_file_actions_addopen(
                &actions,
                STDERR_FILENO,
                errors,
                O_WRONLY | O_CREAT | O_TRUNC,
                0o644
            )
        }
        var words = ([program] + arguments).map { strdup($0) } + [nil]
        var variables = environment.map { strdup("\($0)=\($1)") } + [nil]
        defer { (words + variables).forEach { free($0) } }
        var id = pid_t()
        let code = posix_spawnp(&id, program, &actions, nil, &words, &variables)
        close(toChild[0])
        close(fromChild[1])
        guard code == 0 else {
            close(toChild[1])
            close(fromChild[0])
            throw Self.failure(program, code)
        }
        self.id = id
        input = toChild[1]
        output = fromChild[0]
    }

    deinit {
        close(input)
        close(output)
        if end == nil {
            kill(id, SIGKILL)
            var status: Int32 = 0
            waitpid(id, &status, 0)
        }
    }

    private static func failure(_ program: String, _ code: Int32) -> ConvNetError {
        ConvNetError(
            .environment,
            "Cannot start a program: \(String(cString: strerror(code)))",
            at: program
        )
    }

    /// Sends a line to the program.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if it does not listen any more.
    package func send(_ line: String) throws {
        let bytes = Array((line + "\n").utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes { write(input, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw ConvNetError(.environment, "A program does not listen any more", at: "process \(id)")
            }
            sent += count
        }
    }

    /// The next line that the program prints; `nil` at the end of its output.
    ///
    /// - Throws: `ConvNetError` of kind `environment` if it says nothing for so long.
    package func nextLine(within seconds: Double = 600) throws -> String? {
        let deadline = ContinuousClock().now + .seconds(seconds)
        while true {
            if let place = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeSubrange(...place) }
                return String(decoding: pending[..<place], as: UTF8.self)
            }
            let left = ContinuousClock().now.duration(to: deadline).components.seconds
            var event = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
            let ready = poll(&event, 1, Int32(max(left, 0)) * 1000 + 1)
            if ready < 0, errno == EINTR { continue }
            guard ready > 0 else {
                throw ConvNetError(
                    .environment,
                    "A program has said nothing for \(Int(seconds)) s",
                    at: "process \(id)"
                )
            }
            var chunk = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(output, &chunk, chunk.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                defer { pending = [] }
                return pending.isEmpty ? nil : String(decoding: pending, as: UTF8.self)
            }
            pending += chunk[..<count]
        }
    }

    /// The most memory that the program had at once so far, in bytes (`VmHWM`); `nil` if it has ended.
    package var peakBytes: Int? {
        let text = (try? String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
        return line?.split(separator: " ").dropFirst().first.flatMap { Int($0) }.map { $0 << 10 }
    }

    /// Waits until the program has ended.
    package func wait() -> End {
        if let end { return end }
        var status: Int32 = 0
        var usage = rusage()
        while wait4(id, &status, 0, &usage) < 0, errno == EINTR {}
        let signal = status & 0x7F
        let found = End(code: signal == 0 ? status >> 8 & 0xFF : -signal, peakBytes: usage.ru_maxrss << 10)
        end = found
        return found
    }
}
