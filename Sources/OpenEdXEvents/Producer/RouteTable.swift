/// The routes of a producer, checked and looked up by type (rules 26 and 27).
struct RouteTable: Sendable {
    /// A route that is enabled, ready for use.
    struct Target: Sendable {
        let topic: String
        let key: JSONKeyPath?
    }

    /// The enabled targets by type; a type whose routes are all disabled has none.
    private let targets: [EventType: [Target]]

    /// Checks the routes.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    init(
        _ routes: [Route], environment: String?, otherProblems: [ConfigurationProblem] = []
    ) throws(InvalidConfiguration) {
        var problems = otherProblems
        var targets: [EventType: [Target]] = [:]
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
                targets[route.type, default: []] += route.isEnabled ? [target] : []
            case .failure(let problem):
                problems.append(problem.inside(place))
            }
        }
        guard problems.isEmpty else { throw InvalidConfiguration(problems) }
        self.targets = targets
    }

    /// The targets of a type: `nil` if it has no route, empty if none is enabled.
    subscript(type: EventType) -> [Target]? { targets[type] }
}
