// swift-tools-version: 6.2
import PackageDescription

/// The settings of every Swift target: Swift 6 language mode (the tools version's default) and no warnings.
let settings: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .treatAllWarnings(as: .error),
]

let package = Package(
    name: "openedx-events",
    platforms: [.macOS(.v26)],
    products: [
        .library(name: "OpenEdXEvents", targets: ["OpenEdXEvents"]),
        .library(name: "EventSchemas", targets: ["EventSchemas"]),
        .library(name: "OpaqueKeys", targets: ["OpaqueKeys"]),
        .library(name: "JSONSchema", targets: ["JSONSchema"]),
        .library(name: "SchemaAuthoring", targets: ["SchemaAuthoring"]),
        .library(name: "InMemoryTransport", targets: ["InMemoryTransport"]),
        .library(name: "KafkaTransport", targets: ["KafkaTransport"]),
        .library(name: "TransportTesting", targets: ["TransportTesting"]),
        .library(name: "EventTesting", targets: ["EventTesting"]),
        .executable(name: "openedx-events", targets: ["openedx-events"]),
    ],
    traits: [
        .trait(name: "Logging", description: "A bus observer that writes to swift-log."),
        .trait(name: "Metrics", description: "A bus observer that feeds swift-metrics."),
        .trait(name: "Tracing", description: "Producer and handler spans with swift-distributed-tracing."),
        .trait(name: "ServiceLifecycle", description: "EventConsumer is a Service of swift-service-lifecycle."),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-log.git", from: "1.7.0"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.7.0"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.3.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.6.0"),
    ],
    targets: [
        .target(
            name: "OpenEdXEvents",
            dependencies: [
                .product(name: "Logging", package: "swift-log", condition: .when(traits: ["Logging"])),
                .product(name: "Metrics", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
                .product(name: "Tracing", package: "swift-distributed-tracing", condition: .when(traits: ["Tracing"])),
                .product(
                    name: "ServiceLifecycle", package: "swift-service-lifecycle",
                    condition: .when(traits: ["ServiceLifecycle"])),
            ],
            swiftSettings: settings),
        .target(name: "OpaqueKeys", dependencies: ["OpenEdXEvents"], swiftSettings: settings),
        .target(name: "EventSchemas", dependencies: ["OpenEdXEvents", "OpaqueKeys"], swiftSettings: settings),
        .target(name: "JSONSchema", dependencies: ["OpenEdXEvents"], swiftSettings: settings),
        .target(name: "SchemaAuthoring", dependencies: ["OpenEdXEvents", "JSONSchema"], swiftSettings: settings),
        .target(name: "InMemoryTransport", dependencies: ["OpenEdXEvents"], swiftSettings: settings),
        .systemLibrary(name: "CRdKafka", providers: [.apt(["librdkafka-dev"]), .brew(["librdkafka"])]),
        .target(name: "KafkaTransport", dependencies: ["OpenEdXEvents", "CRdKafka"], swiftSettings: settings),
        .target(name: "TransportTesting", dependencies: ["OpenEdXEvents"], swiftSettings: settings),
        .target(
            name: "EventTesting", dependencies: ["OpenEdXEvents", "InMemoryTransport"], swiftSettings: settings),
        .executableTarget(
            name: "openedx-events",
            dependencies: [
                "OpenEdXEvents", "EventSchemas", "OpaqueKeys", "JSONSchema", "SchemaAuthoring", "InMemoryTransport",
                "KafkaTransport",
            ],
            resources: [
                .embedInCode("Demo/Samples/enrollment.json"), .embedInCode("Demo/Samples/grade.json"),
                .embedInCode("Demo/Samples/certificate.json"),
            ],
            swiftSettings: settings),
        .target(name: "CAllocationCounter"),
        .executableTarget(
            name: "Benchmarks",
            dependencies: [
                "OpenEdXEvents", "EventSchemas", "OpaqueKeys", "JSONSchema", "InMemoryTransport", "KafkaTransport",
                "CAllocationCounter",
                // Not linked: built beside the benchmarks, which run it.
                "rdkafka-reference",
            ],
            exclude: ["Reference"],
            swiftSettings: settings),
        .executableTarget(
            name: "rdkafka-reference", path: "Sources/Benchmarks/Reference",
            linkerSettings: [.linkedLibrary("rdkafka")]),
        .executableTarget(
            name: "FaultWorker", dependencies: ["OpenEdXEvents", "KafkaTransport"], swiftSettings: settings),
        .executableTarget(name: "Fuzzer", dependencies: ["OpenEdXEvents", "EventSchemas"], swiftSettings: settings),
        .testTarget(
            name: "OpenEdXEventsTests",
            dependencies: [
                "OpenEdXEvents", "EventSchemas", "InMemoryTransport", "TransportTesting", "EventTesting",
                "openedx-events",
                .product(name: "InMemoryLogging", package: "swift-log", condition: .when(traits: ["Logging"])),
                .product(name: "MetricsTestKit", package: "swift-metrics", condition: .when(traits: ["Metrics"])),
                .product(
                    name: "InMemoryTracing", package: "swift-distributed-tracing",
                    condition: .when(traits: ["Tracing"])),
                .product(
                    name: "ServiceLifecycleTestKit", package: "swift-service-lifecycle",
                    condition: .when(traits: ["ServiceLifecycle"])),
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(
            name: "SchemaTests",
            dependencies: [
                "OpenEdXEvents", "OpaqueKeys", "EventSchemas", "JSONSchema", "SchemaAuthoring", "InMemoryTransport",
                "openedx-events",
            ],
            resources: [.copy("Fixtures")],
            swiftSettings: settings),
        .testTarget(
            name: "KafkaTransportTests",
            dependencies: [
                "OpenEdXEvents", "EventSchemas", "InMemoryTransport", "KafkaTransport", "TransportTesting",
                "openedx-events", "FaultWorker",
            ],
            swiftSettings: settings),
    ]
)
