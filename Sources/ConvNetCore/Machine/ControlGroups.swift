import Foundation

/// What the control groups of this process grant it: the group that it is in has a say, and every group above.
///
/// Reads version 2, version 1 and both at once, wherever they are mounted: systemd's slices, Slurm's job steps,
/// containers with and without a namespace of their own.
package struct ControlGroups {
    private let read: (String) -> String?
    private let groups: [Substring: String]
    private let mounts: [Mount]

    /// A mounted hierarchy of groups.
    private struct Mount {
        /// The group that the mount point shows; `/` for the topmost one that can be seen.
        let root: String
        let point: String
        /// The controllers of version 1; `nil` for version 2, which has one hierarchy for all.
        let controllers: [Substring]?
    }

    /// From `/proc/self/cgroup`, `/proc/self/mountinfo` and the files of the groups, all read by `read`; `nil` stands
    /// for a file that cannot be read.
    package init(readingFrom read: @escaping (String) -> String?) {
        self.read = read
        var groups: [Substring: String] = [:]
        for line in read("/proc/self/cgroup")?.split(separator: "\n") ?? [] {
            // hierarchy:controllers:group, and version 2 has no controllers.
            let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard fields.count == 3 else { continue }
            for controller in fields[1].split(separator: ",", omittingEmptySubsequences: false) {
                groups[controller] = String(fields[2])
            }
        }
        self.groups = groups
        mounts = read("/proc/self/mountinfo").map(Self.mounts) ?? Self.usualMounts
    }

    /// Those of this process, now.
    package static var current: ControlGroups {
        ControlGroups { try? String(contentsOfFile: $0, encoding: .utf8) }
    }

    /// The smallest quota, in processors: `cpu.max`, or `cpu.cfs_quota_us` by `cpu.cfs_period_us`. `nil` without one.
    package var processorQuota: Double? {
        folders(of: "cpu").compactMap { folder, isUnified in
            isUnified
                ? quota(words("\(folder)/cpu.max"))
                : quota(words("\(folder)/cpu.cfs_quota_us") + words("\(folder)/cpu.cfs_period_us"))
        }.min()
    }

    /// The smallest limit of memory, in bytes: `memory.max` or `memory.limit_in_bytes`. `nil` without one.
    package var memoryLimit: Int? {
        folders(of: "memory").compactMap { folder, isUnified in
            words("\(folder)/\(isUnified ? "memory.max" : "memory.limit_in_bytes")").first.flatMap { Int($0) }
        }
        // Version 1 says "none" by the largest number of whole pages.
        .filter { $0 < 1 << 60 }.min()
    }

    /// The folders of the groups that decide on what a controller grants: the own group's, and those above it.
    private func folders(of controller: Substring) -> [(path: String, isUnified: Bool)] {
        mounts.flatMap { mount -> [(String, Bool)] in
            if let controllers = mount.controllers, !controllers.contains(controller) { return [] }
            let group = groups[mount.controllers == nil ? "" : controller] ?? "/"
            var path = mount.point
            var folders = [path]
            // A mount of a part of the hierarchy, as containers without a namespace have it, names that part.
            let root = mount.root == "/" ? "" : mount.root
            guard group == root || group.hasPrefix(root + "/") else {
                return [(path, mount.controllers == nil)]
            }
            for part in group.dropFirst(root.count).split(separator: "/") where part != ".." {
                path += "/\(part)"
                folders.append(path)
            }
            return folders.map { ($0, mount.controllers == nil) }
        }
    }

    private func words(_ path: String) -> [Substring] {
        read(path)?.split(whereSeparator: \.isWhitespace) ?? []
    }

    /// Quota and period; "max" and -1 stand for no quota.
    private func quota(_ words: [Substring]) -> Double? {
        guard words.count == 2, let quota = Double(words[0]), let period = Double(words[1]), quota > 0,
            period > 0
        else { return nil }
        return quota / period
    }

    /// proc_pid_mountinfo(5): id, parent, device, root, mount point, options, any number of fields, `-`, type, source,
    /// options of the file system.
    private static func mounts(_ text: String) -> [Mount] {
        text.split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 6, fields.count > dash + 3 else {
                return nil
            }
            let isUnified = fields[dash + 1] == "cgroup2"
            guard isUnified || fields[dash + 1] == "cgroup" else { return nil }
            return Mount(
                root: unescaped(fields[3]),
                point: unescaped(fields[4]),
                controllers: isUnified ? nil : fields[dash + 3].split(separator: ",")
            )
        }
    }

    /// Where they are on nearly every system, for processes that may not read their mounts.
    private static let usualMounts = [
        Mount(root: "/", point: "/sys/fs/cgroup", controllers: nil),
        Mount(root: "/", point: "/sys/fs/cgroup/cpu", controllers: ["cpu"]),
        Mount(root: "/", point: "/sys/fs/cgroup/memory", controllers: ["memory"]),
    ]

    /// A path with its octal escapes resolved: `\040` is a space.
    private static func unescaped(_ path: Substring) -> String {
        let parts = path.split(separator: "\\", omittingEmptySubsequences: false)
        return parts.dropFirst().reduce(String(parts[0])) { text, part in
            guard let code = UInt8(part.prefix(3), radix: 8) else { return text + "\\" + part }
            return text + String(UnicodeScalar(code)) + part.dropFirst(3)
        }
    }
}
