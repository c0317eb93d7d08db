import CPeak
import Foundation
import SwiftConvNet

extension Setting {
    /// This machine, now.
    package static func current(threads: Int) -> Setting {
        let environment = ProcessInfo.processInfo.environment
        return Setting(
            processor: processorName,
            vectorLevel: levelName,
            processorCount: ProcessInfo.processInfo.activeProcessorCount,
            threads: threads,
            memory: Double(ProcessInfo.processInfo.physicalMemory) / Double(1 << 30),
            system: ProcessInfo.processInfo.operatingSystemVersionString,
            blasVersion: OpenBLAS.version,
            blasCore: OpenBLAS.coreName,
            blasParallelModel: "\(OpenBLAS.parallelModel)",
            blasVariables: OpenBLAS.steeringVariables.compactMap { name in
                environment[name].map { "\(name)=\($0)" }
            },
            buildMode: buildMode,
            swiftVersion: swiftVersion,
            commit: commit(),
            date: Date().formatted(.iso8601),
            loadAverage: currentLoadAverage
        )
    }

    /// The mean number of processes ready to run over the last minute; 0 if the system does not say.
    package static var currentLoadAverage: Double {
        var load = [Double](repeating: 0, count: 1)
        return getloadavg(&load, 1) == 1 ? load[0] : 0
    }

    /// `release` or `debug`.
    package static var buildMode: String {
        #if DEBUG
            "debug"
        #else
            "release"
        #endif
    }

    private static var processorName: String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        func value(_ key: String) -> String? {
            text.split(separator: "\n").first { $0.hasPrefix(key) }?.split(separator: ":").last
                .map { $0.trimmingCharacters(in: .whitespaces) }
        }
        guard let name = value("model name") else { return "unknown" }
        // Virtual machines shorten names: family and model tell the generation.
        let generation = [("cpu family", "family"), ("model\t", "model")].compactMap { key, title in
            value(key).map { "\(title) \($0)" }
        }
        return generation.isEmpty ? name : "\(name) (\(generation.joined(separator: " ")))"
    }

    private static var levelName: String {
        switch Int(cp_supported_level()) {
        case CP_AVX512: "AVX-512"
        case CP_AVX2: "AVX2"
        default: "baseline"
        }
    }

    /// The compiler's version as far as conditional compilation can tell.
    private static var swiftVersion: String {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #else
            "6.2"
        #endif
    }

    /// The commit of the working tree that this was built from, with `-dirty` if there are changes; `nil` where there
    /// is no git, or no working tree any more.
    private static func commit() -> String? {
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path
        let git = Process()
        git.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        git.arguments = ["git", "-C", folder, "describe", "--always", "--dirty", "--tags"]
        let output = Pipe()
        git.standardOutput = output
        git.standardError = FileHandle.nullDevice
        guard (try? git.run()) != nil else { return nil }
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        git.waitUntilExit()
        let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
        return git.terminationStatus == 0 && !name.isEmpty ? name : nil
    }
}
