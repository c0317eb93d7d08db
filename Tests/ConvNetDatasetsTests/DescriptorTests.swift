import ConvNetDatasets
import Foundation
import SwiftConvNet
import Testing

@Suite("Downloads without file descriptors", .enabled(if: Downloader.isAvailable))
struct DescriptorTests {
    @Test("are an error that names the limit, where Foundation would end the process")
    func refused() async {
        await #expect(processExitsWith: .success) {
            let first = open("/dev/null", O_RDONLY)
            var limit = rlimit(rlim_cur: rlim_t(first) + 3, rlim_max: rlim_t(first) + 3)
            try #require(setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
            let error = #expect(throws: ConvNetError.self) {
                try Downloader().download("http://127.0.0.1:9/file", limit: 10)
            }
            #expect(error?.kind == .environment)
            #expect(error?.description.contains("ulimit -n") == true)
        }
    }
}
