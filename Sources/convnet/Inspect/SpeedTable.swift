import Foundation
import SwiftConvNet

/// The forward pass of each layer with its speed.
struct SpeedTable {
    struct Row {
        let name: String
        let kind: String
        let implementation: String
        let seconds: Double
        let backwardSeconds: Double?
        /// Floating-point operations per second; `nil` for a layer without weights to multiply with, or one that takes no time.
        let speed: Double?
    }

    let rows: [Row]
    /// Floating-point operations per second.
    let peak: Double

    init(_ profile: Profile, _ work: LayerWork, peak: Double) {
        self.peak = peak
        rows = profile.rows.map { row in
            let operations = row.part == .layer ? work.operations[row.name] : nil
            return Row(
                name: row.name,
                kind: row.kind,
                implementation: row.implementation,
                seconds: row.forwardSeconds,
                backwardSeconds: row.backwardSeconds,
                speed: row.forwardSeconds > 0
                    ? operations.map { $0 * Double(profile.batchSize) / row.forwardSeconds } : nil
            )
        }
    }

    /// The table for people.
    func text(why times: ImplementationTimes?) -> String {
        let total = rows.reduce(0) { $0 + $1.seconds }
        let head = ["Layer", "ms", "share", "GFLOP/s", "of peak", "implementation"]
        var lines = [head]
        for row in rows where row.seconds > 0 {
            let reason = times?.text(ofLayer: row.name).map { " (\($0))" } ?? ""
            lines.append([
                row.name, String(format: "%.3f", row.seconds * 1000),
                String(format: "%.1f %%", total > 0 ? row.seconds / total * 100 : 0),
                row.speed.map { String(format: "%.1f", $0 / 1e9) } ?? "-",
                row.speed.map { String(format: "%.0f %%", peak > 0 ? $0 / peak * 100 : 0) } ?? "-",
                (row.implementation.isEmpty ? row.kind : row.implementation) + reason,
            ])
        }
        let widths = head.indices.map { column in lines.map { $0[column].count }.max() ?? 0 }
        let text = lines.map { line in
            line.enumerated().map { column, cell in
                column == 0
                    ? cell.padded(to: widths[0])
                    : column == head.count - 1 ? cell : cell.paddedLeft(to: widths[column])
            }.joined(separator: "  ")
        }
        let sum = String(
            format: "Forward: %.3f ms; peak %.1f GFLOP/s (a product of 1024 x 1024 matrices)",
            total * 1000,
            peak / 1e9
        )
        return (text + [sum]).joined(separator: "\n")
    }
}
