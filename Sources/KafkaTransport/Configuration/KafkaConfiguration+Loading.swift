public import OpenEdXEvents

extension KafkaConfiguration {
    /// Puts a configuration together: the defaults, over them a file, over that the environment.
    ///
    /// The result is a value: what code sets on it stands over both. All settings, their variables and what they allow are
    /// listed in the operator's guide.
    ///
    /// - Parameters:
    ///   - file: The path of a JSON file; without one, `OPENEDX_EVENTS_KAFKA_CONFIG` may name it.
    ///   - environment: The variables of the process. Those that begin with `OPENEDX_EVENTS_KAFKA_` are used, and one of
    ///     them that is not known is a problem.
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong. That no broker is named is no problem yet: code
    ///   may name one.
    public static func load(
        file: String? = nil, environment: [String: String]
    ) throws(InvalidConfiguration) -> KafkaConfiguration {
        var loader = ConfigurationLoader()
        if let path = file ?? environment[KafkaSetting.fileVariable] { loader.read(file: path) }
        loader.read(environment)
        let (configuration, problems) = loader.draft.finished()
        var all = loader.problems + problems
        // What the pieces make together is looked at only where each piece is right.
        if all.isEmpty { all = configuration.addressProblems(allowsNone: true) + configuration.valueProblems() }
        guard all.isEmpty else { throw InvalidConfiguration(all) }
        return configuration
    }
}

/// Reads settings into a draft, and keeps what is wrong with them.
struct ConfigurationLoader {
    private(set) var draft = ConfigurationDraft()
    private(set) var problems: [ConfigurationProblem] = []

    private static let settings = Dictionary(uniqueKeysWithValues: KafkaSetting.all.map { ($0.path, $0) })

    // MARK: - File

    /// Reads a JSON file.
    mutating func read(file path: String) {
        let bytes: [UInt8]
        do throws(TextFile.Failure) {
            bytes = try TextFile.read(path, limit: 1 << 20)
        } catch {
            return report("", path, "cannot be read: \(error.reason)")
        }
        read(bytes, named: path)
    }

    /// Reads a JSON document.
    mutating func read(_ bytes: [UInt8], named name: String) {
        do throws(PayloadError) {
            guard case .object(let members) = try JSONReader.read(ConfigurationNode.self, from: bytes) else {
                return report("", name, "must hold one JSON object with the settings")
            }
            read(members, below: "", in: name + ": ")
        } catch {
            let place = error.offset.map { " in line \(bytes.prefix($0).count { $0 == 10 } + 1)" } ?? ""
            report("", name, "is not JSON\(place): \(error.message)")
        }
    }

    private mutating func read(
        _ members: [(name: String, value: ConfigurationNode)], below parent: String, in file: String
    ) {
        let names = Set(members.map(\.name))
        for (name, node) in members {
            let path = parent + name
            if let setting = Self.settings[path] {
                read(node, of: setting, in: file)
            } else if path == "properties" {
                readProperties(node, in: file)
            } else if let setting = secretOfFile(path) {
                if names.contains(String(name.dropLast(Self.fileSuffix.count))) {
                    report(file, path, "is set, and so is the secret itself: keep one of the two")
                } else if case .text(let text) = node {
                    readSecret(from: text, of: setting, as: file + path)
                } else {
                    report(file, path, "\(node.kind) is not possible: allowed is the path of a file")
                }
            } else if Self.settings.keys.contains(where: { $0.hasPrefix(path + ".") }) {
                guard case .object(let inner) = node else {
                    report(file, path, "\(node.kind) is not possible: it is an object of settings")
                    continue
                }
                read(inner, below: path + ".", in: file)
            } else {
                report(file, path, "is no setting" + hint(name, below: parent))
            }
        }
    }

    private mutating func read(_ node: ConfigurationNode, of setting: KafkaSetting, in file: String) {
        guard let value = setting.value(of: node) else {
            let given: String
            switch (node, setting.kind) {
            case (_, .secret): given = "the value given (not shown)"
            case (.text(let text), .choice), (.text(let text), .flag), (.text(let text), .number):
                given = PropertyList.shown(text, of: setting.property)
            case (.number(let text), _): given = PropertyList.shown(text, of: setting.property)
            default: given = node.kind
            }
            return report(file, setting.path, "\(given) is not possible: allowed is \(setting.kind.allowed)")
        }
        setting.apply(&draft, value)
    }

    private mutating func readProperties(_ node: ConfigurationNode, in file: String) {
        guard case .object(let members) = node else {
            return report(
                file, "properties", "\(node.kind) is not possible: it is an object of librdkafka's properties")
        }
        for (name, node) in members {
            switch node {
            case .text(let text), .number(let text): draft.configuration.properties[name] = text
            case .flag(let flag): draft.configuration.properties[name] = String(flag)
            default:
                report(
                    file, "properties." + name,
                    "\(node.kind) is not possible: allowed is a text, a number, true or false")
            }
        }
    }

    private func hint(_ name: String, below parent: String) -> String {
        let siblings = Self.settings.keys.filter { $0.hasPrefix(parent) }.flatMap { path in
            let rest = path.dropFirst(parent.count)
            let first = String(rest.prefix { $0 != "." })
            return Self.settings[path]?.kind == .secret && first == rest ? [first, first + Self.fileSuffix] : [first]
        }
        let candidates = Set(siblings + (parent.isEmpty ? ["properties"] : [])).sorted()
        if let closest = Suggestion.closest(to: name, among: candidates) { return "; did you mean “\(closest)”?" }
        return ": there are " + candidates.joined(separator: ", ")
    }

    // MARK: - Environment

    /// Reads the variables that are meant for it.
    mutating func read(_ environment: [String: String]) {
        let variables = Dictionary(uniqueKeysWithValues: KafkaSetting.all.map { ($0.variable, $0) })
        for (name, text) in environment.sorted(by: { $0.key < $1.key }) where name.hasPrefix("OPENEDX_EVENTS_") {
            guard name.hasPrefix(KafkaSetting.prefix) else {
                // Others may use this prefix too; only what was plainly meant for this is pointed out.
                let meant = KafkaSetting.prefix + name.dropFirst("OPENEDX_EVENTS_".count)
                if variables[meant] != nil { report("", name, "is not known; did you mean “\(meant)”?") }
                continue
            }
            if let setting = variables[name] {
                read(text, of: setting)
            } else if name.hasPrefix(KafkaSetting.propertyPrefix) {
                readProperty(text, variable: name)
            } else if name.hasSuffix("_FILE"), let setting = variables[String(name.dropLast(5))],
                setting.kind == .secret
            {
                if environment[setting.variable] != nil {
                    report("", name, "is set, and so is \(setting.variable): keep one of the two")
                } else {
                    readSecret(from: text, of: setting, as: name)
                }
            } else if name != KafkaSetting.fileVariable {
                let known = variables.keys + [KafkaSetting.fileVariable]
                let closest = Suggestion.closest(to: name, among: known.sorted())
                report("", name, "is not known" + (closest.map { "; did you mean “\($0)”?" } ?? ""))
            }
        }
    }

    private mutating func read(_ text: String, of setting: KafkaSetting) {
        guard let value = setting.value(of: text) else {
            let given = setting.kind == .secret ? "an empty value" : PropertyList.shown(text, of: setting.property)
            return report("", setting.variable, "\(given) is not possible: allowed is \(setting.kind.allowed)")
        }
        setting.apply(&draft, value)
    }

    private mutating func readProperty(_ text: String, variable: String) {
        let suffix = variable.dropFirst(KafkaSetting.propertyPrefix.count)
        let names = PropertyCatalogue.current.names
        func spelled(_ name: String) -> String { name.replacing(".", with: "_").uppercased() }
        guard let name = names.first(where: { spelled($0) == suffix }) else {
            let closest = Suggestion.closest(to: String(suffix), among: names.map(spelled))
            let hint = closest.map { "; did you mean “\(KafkaSetting.propertyPrefix)\($0)”?" } ?? ""
            return report("", variable, "is no property of librdkafka \(PropertyCatalogue.version)\(hint)")
        }
        draft.configuration.properties[name] = text
    }

    // MARK: - Secrets

    private static let fileSuffix = "_file"

    private func secretOfFile(_ path: String) -> KafkaSetting? {
        guard path.hasSuffix(Self.fileSuffix) else { return nil }
        return Self.settings[String(path.dropLast(Self.fileSuffix.count))].flatMap { $0.kind == .secret ? $0 : nil }
    }

    private mutating func readSecret(from path: String, of setting: KafkaSetting, as name: String) {
        do throws(TextFile.Failure) {
            setting.apply(&draft, .secret(try TextFile.secret(path)))
        } catch {
            report("", name, "“\(path)” cannot be used: \(error.reason)")
        }
    }

    private mutating func report(_ file: String, _ setting: String, _ message: String) {
        problems.append(ConfigurationProblem(nil, file + setting, message))
    }
}
