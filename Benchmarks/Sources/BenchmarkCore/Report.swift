import ConvNetReports
import Foundation

/// What one run of the suite has found, and where.
package struct Report: Sendable, Hashable, Codable {
    /// The machine and the builds.
    package let setting: Setting
    /// The tables.
    package var sections: [ReportSection]

    package init(setting: Setting, sections: [ReportSection]) {
        self.setting = setting
        self.sections = sections
    }

    /// The report as JSON, readable and in a fixed order.
    package func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(self) + Data("\n".utf8)
    }

    /// Reads what `json` has made.
    package init(json: Data) throws { self = try JSONDecoder().decode(Report.self, from: json) }

    /// The report as Markdown.
    ///
    /// - Parameter pictures: for sections by name, the path of a picture to show.
    package func markdown(pictures: [String: String] = [:]) -> String {
        let parts = sections.map { section in
            section.markdown
                + (pictures[section.name].map { "\n![\(section.title)](\($0))\n" } ?? "")
        }
        return (["# Benchmarks, \(setting.day)\n", setting.markdown] + parts).joined(separator: "\n")
    }

    /// The charts, one below the other.
    package var svg: String {
        BarChartGroup(sections.map(\.chart), title: "").svg(width: 860)
    }
}
