import Foundation
import SwiftConvNet

extension ImageFolder {
    /// The largest list that is read, in bytes.
    private static let listLimit = 1 << 30

    /// Pictures that a list names, a line for each: a path, or a path and a class with a comma between them.
    ///
    /// ```
    /// photos/1.jpg,cat
    /// "photos/2, the second.jpg",dog
    /// ```
    ///
    /// Classes that are all whole numbers are numbers of classes, unless `classNames` has them as names; others are names, which are
    /// numbered in their order. Empty lines count for nothing.
    ///
    /// - Parameters:
    ///   - list: the file: text in UTF-8, fields with a comma or a quotation mark between quotation marks.
    ///   - folder: what its paths are relative to. Default: the folder that the list is in.
    ///   - hasHeader: whether the first line has the names of the columns. Default `false`.
    ///   - labelMode: what a class is for the model; `nil` for no targets. Default `.int`; lists of paths alone have none.
    ///   - classNames: the names of the classes, in the order of their numbers. Default: those of the list.
    ///   - colorMode: the channels of the pictures. Default `.rgb`.
    ///   - imageSize: the height and width that they get. Default 256.
    ///   - shuffle: whether they are put in random order. Default `true`.
    ///   - seed: from which the order is made. Default 0.
    ///   - validationSplit: the share of the pictures that validate. Default: none.
    ///   - subset: which part this dataset has, with `validationSplit`.
    ///   - interpolation: how pictures get their size. Default `.bilinear`.
    ///   - cropToAspectRatio: whether pictures are cropped to the aspect ratio of `imageSize`, and not stretched.
    ///   - padToAspectRatio: whether zeros are added for it.
    ///   - options: limits, checks, broken files.
    /// - Throws: `ConvNetError` of kind `file` if the list cannot be read; of kind `format`, with the line, if it is broken; as the
    ///   initializer of a folder.
    public init(
        list: String,
        in folder: String? = nil,
        hasHeader: Bool = false,
        labelMode: LabelMode? = .int,
        classNames: [String]? = nil,
        colorMode: ColorMode = .rgb,
        imageSize: Size2D = 256,
        shuffle: Bool = true,
        seed: UInt32 = 0,
        validationSplit: Double? = nil,
        subset: Part? = nil,
        interpolation: Interpolation = .bilinear,
        cropToAspectRatio: Bool = false,
        padToAspectRatio: Bool = false,
        options: Options = Options()
    ) throws {
        let bytes = try FileContents.read(list, limit: Self.listLimit)
        let rows = try PictureList(bytes, name: list, hasHeader: hasHeader)
        let folder = folder ?? PathParts.folder(of: list)
        var content = Content(
            paths: rows.paths.map { $0.hasPrefix("/") ? $0 : PathParts.path(of: $0, in: folder) },
            name: list
        )
        if labelMode != nil, !rows.labels.isEmpty {
            (content.labels, content.classNames) = try rows.classes(named: classNames)
        }
        try self.init(
            content,
            labelMode: content.labels == nil ? nil : labelMode,
            selection: Selection(shuffle: shuffle, seed: seed, split: validationSplit, part: subset),
            reader: PictureReader(
                colorMode: colorMode,
                size: imageSize,
                interpolation: interpolation,
                crop: cropToAspectRatio,
                pad: padToAspectRatio,
                limits: options.limits,
                decodesScaled: options.decodesScaled
            ),
            options: options
        )
    }
}

/// The lines of a list of pictures.
struct PictureList {
    private(set) var paths: [String] = []
    /// As many as paths, or none.
    private(set) var labels: [String] = []
    private let name: String
    /// The line of each path, counted from 1.
    private var lines: [Int] = []

    /// - Throws: `ConvNetError` of kind `format`, with the line.
    init(_ bytes: [UInt8], name: String, hasHeader: Bool) throws {
        self.name = name
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = bytes.starts(with: mark) ? bytes.dropFirst(3) : bytes[...]
        var isHeader = hasHeader
        var width: Int?
        for (number, line) in text.split(separator: 10, omittingEmptySubsequences: false).enumerated() {
            let line = line.last == 13 ? line.dropLast() : line
            guard !line.isEmpty else { continue }
            if isHeader {
                isHeader = false
                continue
            }
            let fields = try Self.fields(line, at: "\(name), line \(number + 1)")
            guard fields.count <= 2, width == nil || width == fields.count, !fields[0].isEmpty else {
                throw ConvNetError(
                    .format,
                    "A line of the list is not like the others",
                    at: "\(name), line \(number + 1)",
                    expected: width == 2
                        ? "a path and a class" : width == 1 ? "a path" : "a path, or a path and a class",
                    received: fields[0].isEmpty ? "no path" : "\(fields.count) fields"
                )
            }
            width = fields.count
            paths.append(fields[0])
            if fields.count == 2 { labels.append(fields[1]) }
            lines.append(number + 1)
        }
    }

    /// The numbers of the classes, and their names.
    func classes(named names: [String]?) throws -> ([Int32], [String]) {
        let numbers = labels.compactMap { Int32($0) }
        let areNames = names.map { Set($0).isSuperset(of: labels) } ?? false
        if !areNames, numbers.count == labels.count, let largest = numbers.max() {
            // Without names there is one for each number up to the largest; a list of classes is no place for millions.
            let classes = 0..<Int32(names?.count ?? 1 << 20)
            if let odd = numbers.firstIndex(where: { !classes.contains($0) }) {
                throw unknown(odd, expected: "0 to \(classes.upperBound - 1)")
            }
            return (numbers, names ?? (0...largest).map { "\($0)" })
        }
        let names = names ?? Set(labels).sorted(by: FolderIndex.precedes)
        let places = Dictionary(names.enumerated().map { ($1, Int32($0)) }) { first, _ in first }
        let classes = try labels.enumerated().map { place, label in
            guard let number = places[label] else {
                throw unknown(place, expected: names.prefix(20).joined(separator: ", "))
            }
            return number
        }
        return (classes, names)
    }

    private func unknown(_ place: Int, expected: String) -> ConvNetError {
        ConvNetError(
            .format,
            "The list names a class that there is not",
            at: "\(name), line \(lines[place])",
            expected: expected,
            received: labels[place]
        )
    }

    /// The fields of a line (RFC 4180), without the white space around those that are not between quotation marks.
    private static func fields(_ line: ArraySlice<UInt8>, at place: String) throws -> [String] {
        let quote = UInt8(ascii: "\""), comma = UInt8(ascii: ",")
        var fields: [String] = []
        var rest = line
        while true {
            if rest.first == quote {
                var field: [UInt8] = []
                var isClosed = false
                rest = rest.dropFirst()
                while let next = rest.firstIndex(of: quote) {
                    field += rest[..<next]
                    rest = rest[(next + 1)...]
                    isClosed = rest.first != quote
                    if isClosed { break }
                    field.append(quote)
                    rest = rest.dropFirst()
                }
                guard isClosed, rest.isEmpty || rest.first == comma else {
                    throw ConvNetError(
                        .format,
                        "A quotation mark is not closed, or something follows it",
                        at: place,
                        expected: "a comma or the end of the line behind the second quotation mark"
                    )
                }
                fields.append(String(decoding: field, as: UTF8.self))
            } else {
                let end = rest.firstIndex(of: comma) ?? rest.endIndex
                let text = String(decoding: rest[..<end], as: UTF8.self)
                fields.append(text.trimmingCharacters(in: .whitespaces))
                rest = rest[end...]
            }
            guard rest.first == comma else { return fields }
            rest = rest.dropFirst()
        }
    }
}
