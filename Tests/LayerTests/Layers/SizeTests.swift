import Foundation
import SwiftConvNet
import Testing

@Suite("Sizes of height and width")
struct SizeTests {
    @Test("A literal of one number is both, of two is height and width")
    func literals() {
        #expect(Size2D(3, 3) == 3)
        #expect(Size2D(3, 3) == [3])
        #expect(Size2D(2, 5) == [2, 5])
        #expect("\(Size2D(2, 5))" == "[2, 5]")
    }

    @Test("A literal of one number is all three sizes, of three is depth, height and width")
    func volumes() throws {
        #expect(Size3D(3, 3, 3) == 3 && Size3D(3, 3, 3) == [3] && Size3D(1, 2, 3) == [1, 2, 3])
        let two: Size3D = [2, 2]
        #expect("\(two)" == "[2, 2]" && two != 2 && "\(Size3D(1, 2, 3))" == "[1, 2, 3]")
        let json = try JSONEncoder().encode(Size3D(1, 2, 3))
        #expect(try JSONDecoder().decode(Size3D.self, from: json) == [1, 2, 3])
    }

    @Test("A literal of another length is a size of its own, which says what it was")
    func misfits() {
        let three: Size2D = [2, 2, 2], none: Size2D = []
        #expect(three != 2 && three != none && three != [3, 3, 3])
        #expect("\(three)" == "[2, 2, 2]")
        #expect("\(none)" == "[]")
    }

    @Test("A saved size has the members height and width, whatever it was made of")
    func coding() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        let size: Size2D = [2, 5]
        let json = try encoder.encode(size)
        #expect(String(decoding: json, as: UTF8.self) == #"{"height":2,"width":5}"#)
        #expect(try JSONDecoder().decode(Size2D.self, from: json) == size)
        let padding = try encoder.encode(ZeroPadding2D(padding: [1, 2], name: "p"))
        #expect(
            String(decoding: padding, as: UTF8.self) == #"{"bottom":1,"left":2,"name":"p","right":2,"top":1}"#
        )
    }
}
