import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Tables")
struct CSVTableTests {
    private func table(
        _ text: String,
        separator: CSVTable.Separator? = nil,
        decimalSeparator: CSVTable.DecimalSeparator = .point
    ) throws -> CSVTable {
        try CSVTable(bytes: Array(text.utf8), separator: separator, decimalSeparator: decimalSeparator)
    }

    private func error(_ text: String) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try table(text) }
    }

    private let flowers =
        "length,width,species\n5.1,3.5,setosa\n7,3.2,versicolor\n6.3,3.3,virginica\n5,3,setosa\n"

    @Test("Columns become inputs and classes, in the order in which they are named")
    func classes() throws {
        let table = try table(flowers)
        #expect(table.columns == ["length", "width", "species"] && table.rowCount == 4)
        let data = try table.dataset(inputs: ["width", "length"], label: "species")
        #expect(try data.images.elements == [3.5, 5.1, 3.2, 7, 3.3, 6.3, 3, 5])
        #expect(data.labels == [0, 1, 2, 0])
        #expect(try table.classNames(of: "species") == ["setosa", "versicolor", "virginica"])
        #expect(try table.dataset(label: "species").sampleShape == [2])
        // The model keeps the names, through every part of the data.
        let model = try Sequential(inputShape: [2], layers: [Dense(units: 3, activation: .softmax)])
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        try model.fit(data.shuffled(seed: 1).split(validation: 0.25).train, verbose: .silent)
        #expect(model.classNames == ["setosa", "versicolor", "virginica"])
        // A table to validate with has the classes of the one that was trained on.
        let other = try self.table("length,width,species\n1,2,virginica\n")
        let names = try table.classNames(of: "species")
        #expect(try other.labels("species", classNames: names) == [2])
        #expect(throws: ConvNetError.self) { try other.labels("species", classNames: ["setosa"]) }
        #expect("\(table)" == "table: 4 rows of length, width, species")
    }

    @Test("Columns become targets to regress on, and bits for several labels")
    func targets() throws {
        let table = try table("a,b,price,cat,dog\n1,2,3.5,1,0\n4,5,-6e2,false,TRUE\n")
        let regression = try table.dataset(inputs: ["a"], targets: ["price", "b"])
        #expect(regression.targetKind == .values([2]))
        #expect(try Tensor(shape: [2]) { try regression.readTarget(1, into: $0) }.elements == [-600, 5])
        let labels = try table.dataset(inputs: ["a", "b"], multiLabel: ["cat", "dog"])
        #expect(try Tensor(shape: [2]) { try labels.readTarget(0, into: $0) }.elements == [1, 0])
        #expect(try Tensor(shape: [2]) { try labels.readTarget(1, into: $0) }.elements == [0, 1])
        #expect(try table.dataset(inputs: ["a"]).targetKind == .none)
        for odd in ["price", "b"] {
            let error = #expect(throws: ConvNetError.self) { try table.bits([odd]) }
            #expect(error?.kind == .data)
        }
        #expect(throws: ConvNetError.self) { try table.dataset(targets: []) }
        #expect(throws: ConvNetError.self) { try table.dataset(multiLabel: []) }
        let missing = #expect(throws: ConvNetError.self) { try table.numbers(["a", "cost"]) }
        #expect(missing?.kind == .argument && missing?.received == "\"cost\"")
    }

    @Test("Quotes, line ends, separators, spaces, empty lines and the byte order mark")
    func forms() throws {
        let plain = try table("x,name\n1,a\n2,b\n")
        for text in [
            "x,name\r\n1,a\r\n2,b\r\n", "x,name\n1,a\n2,b", "\u{FEFF}x,name\n1,a\n2,b\n",
            "x;name\n1;a\n2;b\n",
            "x\tname\n1\ta\n2\tb\n", "\"x\",\"name\"\n\"1\",\"a\"\n 2 , b \n",
            "\n\nx,name\n\n1,a\n  \n2,b\n\r\n\n",
            "x,name\n\" 1 \",a\n2,\"b\" \n",
        ] {
            let other = try table(text)
            #expect(other.columns == plain.columns && other.rowCount == 2, "\(text.debugDescription)")
            #expect(try other.numbers(["x"]).elements == [1, 2])
            #expect(try other.texts("name") == ["a", "b"])
        }
        let quoted = try table(
            "x,\"the \"\"name\"\", in full\"\n1,\"two\nlines, and \"\"quotes\"\"\"\n2,\" a \"\n3,\n"
        )
        #expect(quoted.columns[1] == "the \"name\", in full")
        #expect(try quoted.texts(quoted.columns[1]) == ["two\nlines, and \"quotes\"", " a ", ""])
        #expect(try quoted.numbers(["x"]).elements == [1, 2, 3])
        // Tabs: a row of empty fields is a row.
        #expect(try table("a\tb\n\t\n").rowCount == 1)
        // The separator in the header decides, not what is in quotes.
        #expect(try table("\"a,b,c\";d\n1;2\n").separator == .semicolon)
        #expect(try table("a,b\n1,2\n", separator: .semicolon).columns == ["a,b"])
    }

    @Test("Decimal commas, where they are said")
    func decimals() throws {
        let german = "x;y\n1,5;2\n-0,25;1e3\n"
        #expect(
            try table(german, decimalSeparator: .comma).numbers(["x", "y"]).elements == [1.5, 2, -0.25, 1000]
        )
        let error = #expect(throws: ConvNetError.self) { try table(german).numbers(["x"]) }
        #expect(error?.remedy?.contains("decimalSeparator: .comma") == true)
        #expect(throws: ConvNetError.self) { try table("x,y\n1,2\n", decimalSeparator: .comma) }
    }

    @Test("Missing values and texts are refused together, the first ten by row, line and column")
    func missing() throws {
        let text = "x,y\n1,\nNA,2\n\n\"\n\",nan\n" + (0..<20).map { "\($0),inf\n" }.joined()
        let error = #expect(throws: ConvNetError.self) { try table(text).numbers(["x", "y"]) }
        #expect(error?.kind == .data)
        #expect(error?.summary == "24 fields of the table are not right")
        let received = try #require(error?.received)
        #expect(
            received.hasPrefix(
                "row 1 (line 2), \"y\": nothing; row 2 (line 3), \"x\": \"NA\"; row 3 (line 5), \"x\""
            )
        )
        #expect(received.contains("row 4 (line 7), \"y\": \"inf\""))
        #expect(received.components(separatedBy: "; ").count == 11 && received.hasSuffix("and 14 more"))
        for odd in ["0x10", "1_000", "1e999", "--1", "1 2", "true", "½"] {
            #expect(throws: ConvNetError.self) { try table("x\n\(odd)\n").numbers(["x"]) }
        }
        let names = #expect(throws: ConvNetError.self) { try table("x,y\n1,a\n2,NA\n").classNames(of: "y") }
        #expect(names?.received == "row 2 (line 3), \"y\": \"NA\"")
    }

    @Test("Classes that are integers are in the order of their numbers")
    func integers() throws {
        let table = try table("c\n10\n9\n-1\n9\n")
        #expect(try table.classNames(of: "c") == ["-1", "9", "10"])
        #expect(try table.labels("c") == [2, 1, 0, 1])
    }

    @Test("Tables that break a rule are refused, with the line")
    func broken() throws {
        #expect(error("")?.summary == "The table is empty")
        #expect(error("\n\n")?.summary == "The table is empty")
        #expect(error("a,b\n1,2\n1\n")?.location == "table, line 3")
        #expect(error("a,b\n1,2,3\n")?.received == "3")
        #expect(error("a,a\n1,2\n")?.received == "\"a\"")
        #expect(error("a,b\n\"1,2\n")?.summary == "Quotes do not end")
        #expect(error("a,b\n\"1\"2,3\n")?.summary == "Something follows the quotes of a field")
        #expect(error("<!DOCTYPE html>\n")?.received?.contains("web page") == true)
        #expect(error("a,b\n\0,1\n")?.kind == .format)
        let latin = #expect(throws: ConvNetError.self) {
            try CSVTable(bytes: Array("a\n".utf8) + [0xE4, 10])
        }
        #expect(latin?.remedy?.contains("UTF-8") == true)
        // A header that begins as a BMP file does.
        #expect(try table("BMI,age\n20,30\n").numbers(["BMI"]).elements == [20])
    }

    @Test("A table without a header has numbers for names, and one in whose place numbers stand is refused")
    func withoutHeader() throws {
        let bytes = Array("5.1,3.5,0\n7,3.2,1\n".utf8)
        let table = try CSVTable(bytes: bytes, hasHeader: false)
        #expect(table.columns == ["0", "1", "2"] && table.rowCount == 2)
        let data = try table.dataset(inputs: ["1", "0"], label: "2")
        #expect(try data.images.elements == [3.5, 5.1, 3.2, 7] && data.labels == [0, 1])
        let error = try #require(throws: ConvNetError.self) { try CSVTable(bytes: bytes) }
        #expect(error.remedy?.contains("hasHeader: false") == true, "\(error)")
        // Whole numbers are names: years, or the columns of an array.
        #expect(try self.table("0,1\n2,3\n").rowCount == 1)
        #expect(try self.table("2019;2020,5\n1;2\n", separator: .semicolon).rowCount == 1)
        #expect(throws: ConvNetError.self) {
            try self.table("2019;2020,5\n1;2\n", separator: .semicolon, decimalSeparator: .comma)
        }
        #expect(throws: ConvNetError.self) { try CSVTable(bytes: Array("1,2\n3\n".utf8), hasHeader: false) }
    }

    @Test("A file, and its limit")
    func file() throws {
        let folder = try TemporaryFolder()
        try AtomicFile.write(flowers, to: folder.file("flowers.csv"))
        let table = try CSVTable(contentsOf: folder.file("flowers.csv"))
        #expect(table.rowCount == 4 && table.path.hasSuffix("flowers.csv"))
        #expect(throws: ConvNetError.self) { try CSVTable(contentsOf: folder.file("flowers.csv"), limit: 10) }
        #expect(throws: ConvNetError.self) { try CSVTable(contentsOf: folder.file("nothing.csv")) }
    }
}
