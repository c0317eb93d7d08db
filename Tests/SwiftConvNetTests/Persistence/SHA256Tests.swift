import SwiftConvNet
import Testing

@Suite("SHA-256")
struct SHA256Tests {
    // NIST's examples of SHA-256 (FIPS 180-4, csrc.nist.gov: "Examples with Intermediate Values").
    @Test(
        "gives NIST's digests",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
            (
                "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrs"
                    + "mnopqrstnopqrstu",
                "cf5b16a778af8380036ce59e7b0492370b249b11e8f07a51afac45037afee9d1"
            ),
        ]
    )
    func digests(text: String, digest: String) {
        #expect(SHA256.hash(Array(text.utf8)).description == digest)
    }

    @Test("gives NIST's digest of a million a")
    func million() {
        #expect(
            SHA256.hash([UInt8](repeating: 0x61, count: 1_000_000)).description
                == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        )
    }

    @Test("does not depend on how the bytes are cut, at any length around the block size")
    func pieces() {
        for length in 0..<200 {
            let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 37 &+ length) }
            let whole = SHA256.hash(bytes)
            for cut in [1, 3, 55, 63, 64, 65, 130] {
                var hash = SHA256()
                for start in stride(from: 0, to: length, by: cut) {
                    hash.update(Array(bytes[start..<min(start + cut, length)]))
                    _ = hash.digest  // asking in between changes nothing
                }
                #expect(hash.digest == whole, "length \(length), pieces of \(cut)")
            }
        }
    }
}
