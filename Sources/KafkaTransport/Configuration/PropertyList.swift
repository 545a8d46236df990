import OpenEdXEvents

/// Properties on their way to librdkafka, in the order in which they were first set.
///
/// A property that is set again, under whichever of its names, is set once.
struct PropertyList {
    /// One property, and the setting that it comes from where it is none that was passed through.
    struct Entry {
        /// The name under which it was set.
        let name: String
        /// The one name that all names of the property have in common.
        let canonical: String
        let value: String
        let setting: String
    }

    /// Whose properties these are.
    enum Role {
        case producer, consumer, admin

        fileprivate func takes(_ scope: PropertyCatalogue.Entry.Scope) -> Bool {
            switch (self, scope) {
            case (_, .both), (.producer, .producer), (.consumer, .consumer): true
            case (.producer, .consumer), (.consumer, .producer), (.admin, _): false
            }
        }
    }

    let role: Role
    private(set) var entries: [Entry] = []
    private let catalogue = PropertyCatalogue.current

    init(_ role: Role) { self.role = role }

    /// The value of a property, by any of its names.
    subscript(name: String) -> String? {
        let name = catalogue.canonical(name)
        return entries.first { $0.canonical == name }?.value
    }

    /// The setting that a property comes from, for a problem; the property's own name where it is not set.
    func setting(_ name: String) -> String {
        let name = catalogue.canonical(name)
        return entries.first { $0.canonical == name }?.setting ?? name
    }

    /// Sets a property; without a value, does nothing.
    mutating func set(_ name: String, _ value: String?, from setting: String) {
        guard let value else { return }
        let entry = Entry(name: name, canonical: catalogue.canonical(name), value: value, setting: setting)
        if let index = entries.firstIndex(where: { $0.canonical == entry.canonical }) {
            entries[index] = entry
        } else {
            entries.append(entry)
        }
    }

    /// Sets the pass-through properties over what is there, but for those that only other clients know.
    ///
    /// - Returns: what is wrong with their names.
    mutating func pass(through properties: [String: String]) -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        var given: [String: String] = [:]
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
            let setting = "properties." + name
            let canonical = catalogue.canonical(name)
            if let reason = Self.reserved[canonical] ?? Self.reserved[name] {
                problems.append(ConfigurationProblem(nil, setting, reason))
            } else if let other = given.updateValue(name, forKey: canonical) {
                problems.append(
                    ConfigurationProblem(nil, setting, "is another name of “\(other)”, which is set too: keep one"))
            } else if catalogue[name].map({ role.takes($0.scope) }) ?? true {
                set(name, value, from: setting)
            }
        }
        return problems
    }

    /// The properties that cannot be passed through, with the reason. Delivery reports, commits and groups are the
    /// transport's own work, which a property would undo.
    private static let reserved: [String: String] = {
        var reserved: [String: String] = [:]
        for name in PropertyCatalogue.current.names where name.hasSuffix("_cb") {
            reserved[name] = "is a function, which the transport sets"
        }
        for name in ["opaque", "default_topic_conf", "interceptors", "ssl_engine_callback_data", "enabled_events"] {
            reserved[name] = "is no text, and is set by the transport"
        }
        for name in ["ssl_key", "ssl_certificate", "ssl_ca"] {
            reserved[name] = "is no text: pass “\(name.replacing("_", with: "."))\(".pem")” or a location"
        }
        let others = [
            "metadata.broker.list": "cannot be passed through: set bootstrap_servers",
            "statistics.interval.ms": "cannot be passed through: set statistics_interval_ms",
            "group.id": "cannot be passed through: the subscription names its group",
            "group.instance.id": "cannot be passed through: the subscription names its member",
            "auto.offset.reset": "cannot be passed through: the subscription says where it starts",
            "enable.auto.commit": "cannot be passed through: the transport commits what is finished, and nothing else",
            "enable.auto.offset.store":
                "cannot be passed through: the transport commits what is finished, and nothing else",
            "enable.partition.eof": "cannot be passed through: the transport decides it",
            "delivery.report.only.error": "cannot be passed through: the transport needs every report",
            "transactional.id": "cannot be passed through: the transport uses no transactions",
            "log.queue": "cannot be passed through: the transport decides it",
        ]
        return reserved.merging(others) { $1 }
    }()
}
