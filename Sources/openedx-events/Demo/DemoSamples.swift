import EventSchemas
import OpaqueKeys
import OpenEdXEvents

/// Events like those of a running site: one real sample of each kind, for many users and some courses.
struct DemoSamples {
    private let enrollment: CourseEnrollment
    private let grade: PersistentCourseGrade
    private let certificate: Certificate

    init() throws(PayloadError) {
        enrollment = try JSONReader.read(
            CourseEnrollmentCreated.self, from: PackageResources.enrollment_json
        ).enrollment
        grade = try JSONReader.read(PersistentGradeSummaryChanged.self, from: PackageResources.grade_json).grade
        certificate = try JSONReader.read(CertificateCreated.self, from: PackageResources.certificate_json).certificate
    }

    func enrollment(_ number: Int) -> CourseEnrollmentCreated {
        CourseEnrollmentCreated(
            enrollment: CourseEnrollment(
                user: user(number, like: enrollment.user), course: course(number, like: enrollment.course),
                mode: enrollment.mode, isActive: true, creationDate: enrollment.creationDate, createdBy: nil))
    }

    func grade(_ number: Int) -> PersistentGradeSummaryChanged {
        PersistentGradeSummaryChanged(
            grade: PersistentCourseGrade(
                userID: number, course: course(number, like: grade.course),
                courseEditedTimestamp: grade.courseEditedTimestamp, courseVersion: grade.courseVersion,
                gradingPolicyHash: grade.gradingPolicyHash, percentGrade: Double(number % 101) / 100,
                letterGrade: grade.letterGrade, passedTimestamp: grade.passedTimestamp))
    }

    func certificate(_ number: Int) -> CertificateCreated {
        CertificateCreated(
            certificate: Certificate(
                user: user(number, like: certificate.user), course: course(number, like: certificate.course),
                mode: certificate.mode, grade: certificate.grade, downloadURL: certificate.downloadURL,
                name: certificate.name, currentStatus: certificate.currentStatus,
                previousStatus: certificate.previousStatus))
    }

    private func user(_ number: Int, like sample: User) -> User {
        User(id: number, isActive: true, pii: sample.pii)
    }

    private func course(_ number: Int, like sample: Course) -> Course {
        Course(
            courseKey: CourseKey(sample.courseKey.text + "_\(number % 40)"), displayName: sample.displayName,
            start: sample.start, end: sample.end)
    }
}
