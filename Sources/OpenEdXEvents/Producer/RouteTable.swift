/// The routes of a producer, checked and looked up by type (rules 26 and 27).
struct RouteTable: Sendable {
    /// A route that is enabled, ready for use.
    struct Target: Sendable {
        let topic: String
        let key: JSONKeyPath?
    }

    /// What is known of a type before any of its events.
    struct Entry: Sendable {
        let type: EventType
        /// Whether its name is on the legacy list.
        let isLegacy: Bool
        /// The enabled targets; none if all routes are disabled.
        fileprivate(set) var targets: [Target] = []
    }

    private let entries: [EventType: Entry]

    /// Checks the routes.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    init(
        _ routes: [Route], environment: String?, otherProblems: [ConfigurationProblem] = []
    ) throws(InvalidConfiguration) {
        var problems = otherProblems
        var entries: [EventType: Entry] = [:]
        var seen: Set<String> = []
        for (index, route) in routes.enumerated() {
            let place = "routes[\(index)]"
            if !seen.insert("\(route.type) \(route.topic)").inserted {
                problems.append(
                    ConfigurationProblem(.routes, place, "\(route.type) goes to “\(route.topic)” twice: keep one"))
            }
            var key: JSONKeyPath?
            if let path = route.key {
                do throws(InvalidAttribute) {
                    key = try JSONKeyPath(path)
                } catch {
                    problems.append(ConfigurationProblem(.routes, place + ".key", error.message))
                }
            }
            switch TopicName.make(route.topic, environment: environment) {
            case .success(let topic):
                let target = Target(topic: topic.full, key: key)
                let none = Entry(type: route.type, isLegacy: route.type.isLegacy)
                entries[route.type, default: none].targets += route.isEnabled ? [target] : []
            case .failure(let problem):
                problems.append(problem.inside(place))
            }
        }
        guard problems.isEmpty else { throw InvalidConfiguration(problems) }
        self.entries = entries
    }

    /// The entry of a type; `nil` if it has no route.
    subscript(type: EventType) -> Entry? { entries[type] }
}
