import SwiftConvNet
import Testing

@Suite("Memory planning")
struct MemoryPlanTests {
    @Test("Blocks that live at the same time never overlap")
    func noOverlap() {
        var random = RandomStream(seed: 7, purpose: .user)
        for _ in 0..<200 {
            let blocks = (0..<40).map { _ in
                let first = random.integer(below: 30)
                return (
                    size: random.integer(below: 5_000), first: first, last: first + random.integer(below: 10)
                )
            }
            var planner = MemoryLayoutPlanner()
            let offsets = planner.place(blocks)
            for (i, a) in blocks.enumerated() {
                #expect(offsets[i].isMultiple(of: 64) && offsets[i] + a.size <= planner.byteCount)
                for (j, b) in blocks.enumerated() where i < j && a.first <= b.last && b.first <= a.last {
                    let apart = offsets[i] + a.size <= offsets[j] || offsets[j] + b.size <= offsets[i]
                    #expect(apart, "blocks \(a) at \(offsets[i]) and \(b) at \(offsets[j])")
                }
            }
        }
    }

    @Test("Blocks that follow each other share their place")
    func sharing() {
        var planner = MemoryLayoutPlanner()
        let offsets = planner.place((0..<10).map { (size: 6_400, first: 2 * $0, last: 2 * $0 + 1) })
        #expect(offsets.allSatisfy { $0 == 0 })
        #expect(planner.byteCount == 6_400)
    }
}
