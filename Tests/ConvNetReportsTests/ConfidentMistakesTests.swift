import ConvNetReports
import Foundation
import SwiftConvNet
import TestSupport
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

@Suite("Confident mistakes and heat maps")
struct ConfidentMistakesTests {
    private let probabilities = Result {
        try Tensor([[0.9, 0.1], [0.2, 0.8], [0.6, 0.4], [0.1, 0.9], [0.75, 0.25]])
    }

    // Wrong are samples 0 (0.9), 2 (0.6), 3 (0.9); of equals the first comes first.
    @Test func orderByHand() throws {
        let mistakes = try ConfidentMistakes(probabilities: probabilities.get(), labels: [1, 1, 1, 0, 0])
        #expect(mistakes.count == 3 && mistakes.sampleCount == 5)
        #expect(mistakes.mistakes.map(\.sample) == [0, 3, 2])
        #expect(
            mistakes.mistakes.map(\.label) == [1, 0, 1] && mistakes.mistakes.map(\.predicted) == [0, 1, 0]
        )
        let confidences: [Float] = mistakes.mistakes.map { Float($0.confidence) }
        let others: [Float] = mistakes.mistakes.map { Float($0.labelProbability) }
        #expect(confidences == [0.9, 0.9, 0.6] && others == [0.1, 0.1, 0.4])
        let two = try ConfidentMistakes(
            probabilities: probabilities.get(),
            labels: [1, 1, 1, 0, 0],
            limit: 2
        )
        #expect(two.count == 3 && two.mistakes.map(\.sample) == [0, 3])
    }

    @Test func pictures() throws {
        let mistakes = try ConfidentMistakes(
            probabilities: probabilities.get(),
            labels: [1, 1, 1, 0, 0],
            classNames: ["cat", "dog"]
        )
        let images = try Tensor(shape: [5, 2, 3, 1]) { index in Float(index[0]) * 51 }
        let data = try ArrayDataset(.values(images), nil)
        let pictures = try mistakes.pictures(of: data, valueRange: 0...255)
        #expect(
            pictures.map(\.caption) == [
                "cat\n90.0 % #0\nis dog", "dog\n90.0 % #3\nis cat", "cat\n60.0 % #2\nis dog",
            ]
        )
        let first: [UInt8] = pictures.map { $0.image.bytes[0] }
        #expect(first == [0, 153, 102])
        #expect(pictures.allSatisfy { $0.mark == .wrong && $0.image.width == 3 && $0.image.height == 2 })
        let svg = try mistakes.grid(of: data).svg()
        #expect(XMLParser(data: Data(svg.utf8)).parse())
        #expect(svg.components(separatedBy: "<image ").count == 4)
        // A dataset without such samples, and a range that is none.
        let few = try ArrayDataset(.values(images.sliced(0..<2)), nil)
        #expect(throws: ConvNetError.self) { try mistakes.pictures(of: few) }
        #expect(throws: ConvNetError.self) { try mistakes.pictures(of: data, valueRange: 1...1) }
        #expect(throws: ConvNetError.self) {
            try ConfidentMistakes(
                probabilities: probabilities.get(),
                labels: [1, 1, 1, 0, 0],
                classNames: ["cat"]
            )
        }
        #expect(throws: ConvNetError.self) {
            try ConfidentMistakes(probabilities: Tensor([[3, 1]]), labels: [0])
        }
    }

    // The ends and the middle of "inferno", as matplotlib has them.
    @Test func colors() throws {
        let map = try HeatMap(Tensor([[-1, 0], [2, 4]]))
        #expect(map.shares == [0, 0, 0.5, 1] && map.width == 2 && map.height == 2)
        #expect(map.image.bytes == [0, 0, 4, 0, 0, 4, 186, 54, 85, 252, 255, 164])
        // Of a gradient the largest absolute value over the channels counts.
        let gradient = try HeatMap(Tensor([[[-2, 1], [0, 0.5]]]))
        #expect(gradient.shares == [1, 0.25])
        #expect(try HeatMap(Tensor(zeros: [2, 2])).shares == [0, 0, 0, 0])
    }

    @Test("over a picture it is enlarged by bilinear interpolation, and leaves what is 0 as it is")
    func overlay() throws {
        let map = try HeatMap(Tensor([[0, 1]]))
        let picture = try Bitmap(unitValues: Array(repeating: 0.4, count: 8), width: 4, height: 2)
        let over = map.over(picture, opacity: 1)
        #expect(over.width == 4 && over.height == 2 && over.channels == 3)
        // Shares 0, 1/4, 3/4 and 1 along the row: the middles of the pixels lie at -1/4, 1/4, 3/4 and 5/4.
        #expect(Array(over.bytes[0..<3]) == [102, 102, 102])
        #expect(Array(over.bytes[9..<12]) == [252, 255, 164])
        // A quarter: the colour of (85, 15, 109), by half.
        #expect(Array(over.bytes[3..<6]) == [94, 59, 106])
        #expect(over.bytes[0..<12] == over.bytes[12..<24])
        #expect(map.over(picture, opacity: 0).bytes == Array(repeating: 102, count: 24))
        #expect(ImageGrid(title: "", images: [CaptionedImage(over, caption: "x")]).png().count > 100)
    }

    @Test func refusals() throws {
        for shape in [[4], [0, 2], [1, 2, 3, 4], [4097, 1]] {
            let error = #expect(throws: ConvNetError.self) { try HeatMap(Tensor(zeros: Shape(shape))) }
            #expect(error?.kind == .shape)
        }
        let error = #expect(throws: ConvNetError.self) { try HeatMap(Tensor([[.nan, 1]])) }
        #expect(error?.kind == .data)
    }
}
