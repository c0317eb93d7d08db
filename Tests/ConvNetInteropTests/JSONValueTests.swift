import ConvNetInterop
import SwiftConvNet
import Testing

@Suite("JSON of Keras")
struct JSONValueTests {
    private func parse(_ text: String) throws -> JSONValue {
        try JSONValue(Array(text.utf8), name: "x.json")
    }

    @Test("Values come back as they were written")
    func roundTrip() throws {
        let value: JSONValue = [
            "a": [1, -2.5, 1e-07, true, .null], "b": ["c": "quote \" backslash \\ line \n π 😀"], "d": [],
            "e": [:],
            "f": 1.0,
        ]
        #expect(try parse(value.description) == value)
    }

    @Test("Escapes, Python's words and numbers")
    func words() throws {
        #expect(try parse(#""a\u00e9\ud83d\ude00\/""#) == "aé😀/")
        #expect(try parse("[Infinity, -Infinity]") == [.number(.infinity), .number(-.infinity)])
        #expect(try parse("NaN").number?.isNaN == true)
        #expect(try parse(" 12 ").integer == 12)
        #expect(try parse("1.0").integer == 1)
        #expect(try parse("1.5").integer == nil)
    }

    @Test(
        "Broken JSON is an error with its place",
        arguments: [
            "", "{", "[1,]", "{\"a\":1,\"a\":2}", "nul", "1 2", "\"\\x\"", "\"a", "{\"a\"}", "+", "[1 2]",
            "\"\\ud8\"", "+5", "\"\\u+123\"", "\"\\ud800\"", "01", "1.", "-", "1e+",
        ]
    )
    func broken(text: String) throws {
        let error = try #require(throws: ConvNetError.self) { try parse(text) }
        #expect(error.kind == .format && error.location?.hasPrefix("x.json, byte") == true)
    }

    @Test("Nesting is limited")
    func nesting() throws {
        #expect(throws: ConvNetError.self) { try parse(String(repeating: "[", count: 100_000)) }
    }
}
