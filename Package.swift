// swift-tools-version:6.2
import PackageDescription

// What each target may import is the architecture: see docs/architecture.md, held by Tests/ArchitectureTests.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("ExistentialAny"),
    .treatAllWarnings(as: .error),
]

func library(_ name: String, _ dependencies: [Target.Dependency] = [], resources: [Resource] = []) -> Target {
    .target(name: name, dependencies: dependencies, resources: resources, swiftSettings: settings)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(name: name, dependencies: dependencies, exclude: [], swiftSettings: settings)
}

let yams: Target.Dependency = .product(name: "Yams", package: "Yams")

let package = Package(
    name: "campaignd",
    dependencies: [
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
    ],
    targets: [
        .systemLibrary(name: "CSystemd", pkgConfig: "libsystemd", providers: [.apt(["libsystemd-dev"])]),
        library("SystemdKit", ["CSystemd"]),
        library("StrictYAML", [yams]),
        .executableTarget(
            name: "SystemdProbe", dependencies: ["SystemdKit"], path: "Tests/Support/SystemdProbe", swiftSettings: settings),
        tests("StrictYAMLTests", ["StrictYAML"]),
        tests("SystemdKitTests", ["SystemdKit", "SystemdProbe"]),
    ],
    swiftLanguageModes: [.v6]
)
