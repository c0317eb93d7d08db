import ConvNetReports
import Foundation
import Testing

@Suite struct PaletteTests {
    /// Machado, Oliveira and Fernandes, "A Physiologically-based Model for Simulation of Color Vision
    /// Deficiency" (2009), severity 1, on linear RGB.
    private static let visions: [String: [[Double]]] = [
        "normal": [[1, 0, 0], [0, 1, 0], [0, 0, 1]],
        "protanopia": [
            [0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216],
            [-0.003882, -0.048116, 1.051998],
        ],
        "deuteranopia": [
            [0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881],
        ],
        "tritanopia": [
            [1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602],
            [0.004733, 0.691367, 0.303900],
        ],
    ]

    /// The colour in Oklab (Ottosson 2020), times 100, as an eye of the given kind sees it.
    private func seen(_ color: RGBColor, by vision: [[Double]]) -> [Double] {
        let light = vision.map { row in min(max(zip(row, color.linear).reduce(0) { $0 + $1.0 * $1.1 }, 0), 1)
        }
        let toCones = [
            [0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ]
        let toLab = [
            [0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ]
        let cones = toCones.map { row in cbrt(zip(row, light).reduce(0) { $0 + $1.0 * $1.1 }) }
        return toLab.map { row in 100 * zip(row, cones).reduce(0) { $0 + $1.0 * $1.1 } }
    }

    private func distance(_ a: [Double], _ b: [Double]) -> Double {
        zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
    }

    @Test(
        arguments: [false, true],
        Array(Self.visions.keys).sorted()
    )
    func seriesCanBeToldApart(isDark: Bool, vision: String) throws {
        let matrix = try #require(Self.visions[vision])
        let colors = ThemedColor.series.map { seen(value($0, isDark: isDark), by: matrix) }
        for (index, color) in colors.enumerated() {
            for other in colors[..<index] { #expect(distance(color, other) > 7) }
        }
        let marks = [ThemedColor.right, .wrong].map { seen(value($0, isDark: isDark), by: matrix) }
        #expect(distance(marks[0], marks[1]) > 15)
    }

    @Test(arguments: [false, true])
    func contrasts(isDark: Bool) {
        let background = value(ThemedColor.background, isDark: isDark)
        for color in ThemedColor.series + [.right, .wrong, .axis] {
            #expect(value(color, isDark: isDark).contrast(with: background) >= 3, "\(color.name)")
        }
        for color in [ThemedColor.ink, .muted] {
            #expect(value(color, isDark: isDark).contrast(with: background) >= 4.5, "\(color.name)")
        }
        for full in [ThemedColor.right, .wrong] {
            for step in 0...HeatColor.steps {
                let heat = HeatColor(full, share: Double(step) / Double(HeatColor.steps))
                #expect(
                    value(heat.ink, isDark: isDark).contrast(with: value(heat.fill, isDark: isDark)) >= 4.5
                )
            }
        }
    }

    /// The value of a colour on a light or a dark background.
    private func value(_ color: ThemedColor, isDark: Bool) -> RGBColor { isDark ? color.dark : color.light }

    @Test func knownContrasts() {
        #expect(abs(RGBColor(0x000000).contrast(with: RGBColor(0xFFFFFF)) - 21) < 1e-9)
        #expect(abs(RGBColor(0x777777).contrast(with: RGBColor(0xFFFFFF)) - 4.48) < 0.005)
        #expect(RGBColor(0x0A0B0C).hex == "#0a0b0c")
        #expect(RGBColor(0x000000).mixed(with: RGBColor(0xFFFFFF), share: 0.5).hex == "#808080")
    }
}
