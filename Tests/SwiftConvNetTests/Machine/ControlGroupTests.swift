import SwiftConvNet
import Testing

/// The files of `/proc` and `/sys`, as machines have them.
@Suite("Control groups")
struct ControlGroupTests {
    /// Version 2 alone, mounted at the usual place.
    private static let unified =
        "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:4 - cgroup2 cgroup2 rw,nsdelegate\n"
    /// Version 1 as Debian 10 and CentOS 7 mount it; `cpu` shares its hierarchy.
    private static let separate =
        """
        33 32 0:28 / /sys/fs/cgroup/cpu,cpuacct rw,nosuid shared:9 - cgroup cgroup rw,cpu,cpuacct
        34 32 0:29 / /sys/fs/cgroup/memory rw,nosuid shared:10 - cgroup cgroup rw,memory
        36 32 0:31 / /sys/fs/cgroup/cpuset rw,nosuid shared:11 - cgroup cgroup rw,cpuset

        """

    private func groups(_ files: [String: String]) -> ControlGroups { ControlGroups { files[$0] } }

    /// The files of a machine, and what it grants.
    struct Machine: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let files: [String: String]
        var quota: Double?
        var memory: Int?
    }

    static let machines = [
        Machine(testDescription: "nothing can be read", files: [:]),
        Machine(
            testDescription: "systemd, version 2: the slice above has the smaller quota",
            files: [
                "/proc/self/mountinfo": "22 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw\n" + unified,
                "/proc/self/cgroup": "0::/system.slice/training.slice/run.service\n",
                "/sys/fs/cgroup/system.slice/cpu.max": "max 100000\n",
                "/sys/fs/cgroup/system.slice/training.slice/cpu.max": "50000 100000\n",
                "/sys/fs/cgroup/system.slice/training.slice/run.service/cpu.max": "150000 100000\n",
                "/sys/fs/cgroup/system.slice/memory.max": "max\n",
                "/sys/fs/cgroup/system.slice/training.slice/run.service/memory.max": "268435456\n",
            ],
            quota: 0.5,
            memory: 268_435_456
        ),
        Machine(
            testDescription: "version 2 without limits",
            files: [
                "/proc/self/mountinfo": unified, "/proc/self/cgroup": "0::/user.slice\n",
                "/sys/fs/cgroup/user.slice/cpu.max": "max 100000\n",
                "/sys/fs/cgroup/user.slice/memory.max": "max\n",
            ]
        ),
        Machine(
            testDescription: "systemd, version 1",
            files: [
                "/proc/self/mountinfo": separate,
                "/proc/self/cgroup":
                    "4:memory:/system.slice/run.service\n3:cpu,cpuacct:/system.slice/run.service\n1:name=systemd:/x\n",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "-1\n",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
                "/sys/fs/cgroup/cpu,cpuacct/system.slice/run.service/cpu.cfs_quota_us": "50000\n",
                "/sys/fs/cgroup/cpu,cpuacct/system.slice/run.service/cpu.cfs_period_us": "100000\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
                "/sys/fs/cgroup/memory/system.slice/memory.limit_in_bytes": "1073741824\n",
            ],
            quota: 0.5,
            memory: 1 << 30
        ),
        Machine(
            testDescription: "a Slurm job step, version 1: the job has the limit, the step none",
            files: [
                "/proc/self/mountinfo": separate,
                "/proc/self/cgroup":
                    "3:cpu,cpuacct:/slurm/uid_1000/job_42/step_0\n4:memory:/slurm/uid_1000/job_42/step_0/task_0\n",
                "/sys/fs/cgroup/cpu,cpuacct/slurm/uid_1000/job_42/cpu.cfs_quota_us": "300000\n",
                "/sys/fs/cgroup/cpu,cpuacct/slurm/uid_1000/job_42/cpu.cfs_period_us": "200000\n",
                "/sys/fs/cgroup/memory/slurm/uid_1000/job_42/memory.limit_in_bytes": "2147483648\n",
                "/sys/fs/cgroup/memory/slurm/uid_1000/job_42/step_0/task_0/memory.limit_in_bytes":
                    "9223372036854771712\n",
            ],
            quota: 1.5,
            memory: 2 << 30
        ),
        Machine(
            testDescription: "a container with a namespace of its own: its group is the root",
            files: [
                "/proc/self/mountinfo": unified, "/proc/self/cgroup": "0::/\n",
                "/sys/fs/cgroup/cpu.max": "25000 50000\n", "/sys/fs/cgroup/memory.max": "536870912\n",
            ],
            quota: 0.5,
            memory: 512 << 20
        ),
        Machine(
            testDescription:
                "a container without one, version 1: the mount shows its group, the process names the host's",
            files: [
                "/proc/self/mountinfo":
                    "40 39 0:28 /docker/0a1b /sys/fs/cgroup/cpu,cpuacct ro - cgroup cgroup rw,cpu,cpuacct\n"
                    + "41 39 0:29 /docker/0a1b /sys/fs/cgroup/memory ro - cgroup cgroup rw,memory\n",
                "/proc/self/cgroup": "3:cpu,cpuacct:/docker/0a1b/inner\n4:memory:/docker/0a1b\n",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us": "200000\n",
                "/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us": "100000\n",
                "/sys/fs/cgroup/cpu,cpuacct/inner/cpu.cfs_quota_us": "100000\n",
                "/sys/fs/cgroup/cpu,cpuacct/inner/cpu.cfs_period_us": "100000\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes": "104857600\n",
            ],
            quota: 1,
            memory: 104_857_600
        ),
        Machine(
            testDescription: "a process that has been moved out of its namespace: what the mount shows",
            files: [
                "/proc/self/mountinfo": "40 39 0:28 /docker/0a1b /sys/fs/cgroup rw - cgroup2 cgroup rw\n",
                "/proc/self/cgroup": "0::/docker/other\n", "/sys/fs/cgroup/cpu.max": "100000 100000\n",
            ],
            quota: 1
        ),
        Machine(
            testDescription: "both versions at once: version 2 without controllers, version 1 with them",
            files: [
                "/proc/self/mountinfo":
                    "50 49 0:40 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n" + separate,
                "/proc/self/cgroup": "3:cpu,cpuacct:/t\n4:memory:/\n0::/t\n",
                "/sys/fs/cgroup/cpu,cpuacct/t/cpu.cfs_quota_us": "50000\n",
                "/sys/fs/cgroup/cpu,cpuacct/t/cpu.cfs_period_us": "100000\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes": "9223372036854771712\n",
            ],
            quota: 0.5
        ),
        Machine(
            testDescription: "a mount point with a space in its name, and a group with a colon",
            files: [
                "/proc/self/mountinfo": #"30 23 0:26 / /mnt/control\040groups rw - cgroup2 none rw"#,
                "/proc/self/cgroup": "0::/a:b\n", "/mnt/control groups/a:b/cpu.max": "75000 100000\n",
            ],
            quota: 0.75
        ),
        Machine(
            testDescription: "mounts that cannot be read: the usual ones",
            files: [
                "/proc/self/cgroup": "0::/t\n", "/sys/fs/cgroup/t/cpu.max": "150000 100000\n",
                "/sys/fs/cgroup/memory/memory.limit_in_bytes": "104857600\n",
            ],
            quota: 1.5,
            memory: 104_857_600
        ),
        Machine(
            testDescription: "files that are not what they should be",
            files: [
                "/proc/self/mountinfo": "broken\n- - - -\n" + unified,
                "/proc/self/cgroup": "0\n:::\n0::/a/../b",
                "/sys/fs/cgroup/cpu.max": "0 100000\n", "/sys/fs/cgroup/a/cpu.max": "100000\n",
                "/sys/fs/cgroup/memory.max": "much\n",
            ]
        ),
    ]

    @Test("the smallest limit from the own group up", arguments: machines)
    func limits(machine: Machine) {
        let groups = groups(machine.files)
        #expect(groups.processorQuota == machine.quota)
        #expect(groups.memoryLimit == machine.memory)
    }
}
