import Foundation
import TestSupport
import Testing

@Suite("mnist under limits of its process")
struct LimitTests {
    private let trained: TrainedNetwork
    private let folder: TemporaryFolder

    init() throws {
        trained = try TrainedNetwork.shared
        folder = try TemporaryFolder()
    }

    /// From where the program just starts to where it has all that it wants.
    @Test(
        "under a limit of the address space each command ends by itself, with a result or an error",
        arguments: [250_000, 400_000, 700_000, 1_000_000]
    )
    func addressSpace(kibibytes: Int) throws {
        let commands: [[String]] = [
            ["predict", "0", "--model", trained.model] + trained.options,
            ["--epochs", "1", "--batch-size", "64", "--quiet", "--output", folder.path] + trained.options,
            ["doctor"],
        ]
        for command in commands {
            let run = try MNISTProgram.shell(
                #"ulimit -v \#(kibibytes); exec "$0" "$@""#,
                arguments: command
            )
            #expect(run.code == 0 || run.code == 1, "\(command) \(run)")
            #expect(run.code == 0 || (run.output + run.errors).contains("ulimit -v"), "\(command) \(run)")
        }
    }

    @Test("a limit of a file's size ends training with an error that names it, and leaves no temporary file")
    func fileSize() throws {
        let run = try MNISTProgram.shell(
            #"ulimit -f 100; exec "$0" "$@""#,
            arguments: ["--epochs", "1", "--quiet", "--output", folder.path] + trained.options
        )
        #expect(run.code == 1)
        #expect(run.errorText.contains("ulimit -f"), "\(run)")
        #expect(try !folder.names.contains { $0.hasPrefix(".") || $0 == "mnist.safetensors" })
    }

    @Test("with few file descriptors a command ends with a result or an error", arguments: [5, 7, 9, 20])
    func descriptors(count: Int) throws {
        // Without --data it looks for a download, too.
        let run = try MNISTProgram.shell(
            #"ulimit -n \#(count); exec "$0" "$@""#,
            arguments: ["predict", "0", "--model", trained.model]
        )
        #expect(run.code == 0 || run.code == 1, "\(run)")
    }

    @Test("with stacks of 128 KiB training works")
    func stack() throws {
        let run = try MNISTProgram.shell(
            #"ulimit -s 128; exec "$0" "$@""#,
            arguments: ["--epochs", "1", "--quiet", "--output", folder.path] + trained.options
        )
        #expect(run.code == 0, "\(run)")
    }

    @Test("a reader that goes away is no failure: all files are written, and the exit code is 0")
    func closedOutput() throws {
        let run = try MNISTProgram.shell(
            #"out="$1"; shift; { "$0" --output "$out/run" "$@"; echo $? >"$out/code"; } | head -n 1"#,
            arguments: [folder.path, "--epochs", "1"] + trained.options
        )
        #expect(run.code == 0)
        #expect(try String(contentsOfFile: folder.file("code"), encoding: .utf8) == "0\n")
        #expect(!run.errorText.contains("Error"), "\(run.errorText)")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.file("run"))
        #expect(Set(names).isSuperset(of: ["mnist.safetensors", "run.json", "predictions.svg"]))
    }

    /// The folder of control groups of version 1 for processors; `nil` where there is none that this process may use.
    private static let groups: String? = {
        let path = "/sys/fs/cgroup/cpu"
        let probe = "\(path)/swiftconvnet-probe-\(getpid())"
        guard access("\(path)/cpu.cfs_quota_us", F_OK) == 0, mkdir(probe, 0o755) == 0 else { return nil }
        rmdir(probe)
        return path
    }()

    @Test(
        "half a processor, granted to a group above the own one, is one worker",
        .enabled(if: groups != nil)
    )
    func quota() throws {
        let group = "\(try #require(Self.groups))/swiftconvnet-\(getpid())"
        let run = try MNISTProgram.shell(
            #"""
            mkdir -p "$1/inner" && echo 100000 >"$1/cpu.cfs_period_us" && echo 50000 >"$1/cpu.cfs_quota_us" &&
            sh -c 'echo $$ >"$2/inner/cgroup.procs" && exec "$1" doctor' sh "$0" "$1"
            code=$?; rmdir "$1/inner" "$1"; exit $code
            """#,
            group
        )
        #expect(run.code == 0, "\(run)")
        #expect(
            run.lines.contains { $0.hasPrefix("Processors ") && $0.contains(" 1 for this process") },
            "\(run)"
        )
    }
}
