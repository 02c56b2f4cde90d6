import Testing

@testable import VarlinkKit

@Suite("JSON values and Swift types")
struct JSONCodableTests {
    struct Campaign: Codable, Equatable {
        var name: String
        var title: String?
        var version: Int
        var ratio: Double
        var tags: [String]
        var limits: [String: UInt8]
        var status: Status
        var raw: JSONValue
        var children: [Campaign]

        enum Status: String, Codable {
            case draft
            case active
        }
    }

    @Test("a value of a type comes back from its JSON form")
    func roundTrip() throws {
        let child = Campaign(
            name: "b", title: nil, version: -1, ratio: 2, tags: [], limits: [:], status: .draft, raw: nil, children: [])
        let campaign = Campaign(
            name: "a", title: "été", version: 3, ratio: 0.5, tags: ["x", "y"], limits: ["n": 255], status: .active,
            raw: ["k": [1, nil]], children: [child])
        let value = try JSONValue(encoding: campaign)
        #expect(
            value == [
                "name": "a", "title": "été", "version": 3, "ratio": 0.5, "tags": ["x", "y"], "limits": ["n": 255],
                "status": "active", "raw": ["k": [1, nil]],
                "children": [
                    [
                        "name": "b", "version": -1, "ratio": 2.0, "tags": [], "limits": [:], "status": "draft",
                        "raw": nil, "children": [],
                    ]
                ],
            ])
        #expect(try value.decoded(as: Campaign.self) == campaign)
        #expect(try JSONValue(parsing: value.serialized).decoded(as: Campaign.self) == campaign)
        #expect(try JSONValue(encoding: value) == value)
    }

    struct Inner: Decodable {
        var number: UInt8
    }
    struct Outer: Decodable {
        var list: [Inner]
    }

    @Test("what does not fit is told with its path")
    func misfits() throws {
        func path(_ value: JSONValue) -> String {
            do {
                _ = try value.decoded(as: Outer.self)
                return "fits"
            } catch let error as DecodingError {
                switch error {
                case .keyNotFound(let key, let context):
                    return (context.codingPath + [key]).map(\.stringValue).joined(separator: "/")
                case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                    return context.codingPath.map(\.stringValue).joined(separator: "/")
                @unknown default:
                    return "\(error)"
                }
            } catch {
                return "\(error)"
            }
        }
        #expect(path(["list": [["number": 255]]]) == "fits")
        #expect(path(["list": [["number": 1], ["number": 256]]]) == "list/[1]/number")
        #expect(path(["list": [["number": "1"]]]) == "list/[0]/number")
        #expect(path(["list": [["number": 1.5]]]) == "list/[0]/number")
        #expect(path(["list": [["number": nil]]]) == "list/[0]/number")
        #expect(path(["list": [[:]]]) == "list/[0]/number")
        #expect(path(["list": 1]) == "list")
        #expect(path([:]) == "list")
    }

    @Test("numbers that JSON cannot hold are refused")
    func unencodable() {
        #expect(throws: EncodingError.self) { try JSONValue(encoding: UInt64.max) }
        #expect(throws: EncodingError.self) { try JSONValue(encoding: [Double.nan]) }
    }
}
