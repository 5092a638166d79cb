import Foundation
import Records
import Testing

/// The Keras example on drawn images in its own format: dropout, one logit, a short last batch, and a
/// training that is interrupted.
@Suite("The Keras example, small", .serialized)
struct KerasTests {
    private static let spec = """
        dataset: horses_or_humans
        backbone: keras_cnn
        initialization: keras
        optimizer: {name: rmsprop, convention: keras, learning_rate: 1e-3}
        gc: gc
        epochs: 8
        batch_size: 16
        drop_last: false
        threads: 2
        """

    private func folder() throws -> Program.Folder {
        let folder = try Program.Folder()
        let drawn = try Program.run(
            ["data", "synthesize", "horses_or_humans", "--output", "Data", "--images", "36"],
            in: folder.url)
        #expect(drawn.code == 0, "\(drawn.error)")
        _ = try folder.write(Self.spec, to: "keras.spec")
        return folder
    }

    private static let arguments = [
        "run", "keras.spec", "--data", "horses_or_humans=Data/horses_or_humans",
    ]

    private struct Trained {
        let digest: String?
        let losses: [Double]

        init(in folder: Program.Folder) throws {
            let store = try Store.openReadOnly(
                path: folder.url.appendingPathComponent("Results/gc-bench.sqlite").path)
            let record = try #require(try store.jobs().first)
            digest = record.attempt?.weightsDigest
            losses = try store.measurements(of: record.job.id)
                .filter { $0.metric == "train_loss" }.sorted { $0.step < $1.step }.map(\.value)
        }
    }

    /// The drawn classes are two shapes on any background: memorizing 36 of them through dropout,
    /// flips and rotations takes longer, but a network that does not learn stays at ln 2 or above.
    @Test("It learns, and interrupted in the middle it ends with the same bits")
    func learnsAndResumes() throws {
        let undisturbed = try folder()
        let run = try Program.run(Self.arguments, in: undisturbed.url)
        #expect(run.code == 0, "\(run.error)")
        let whole = try Trained(in: undisturbed)
        #expect(whole.losses.count == 8 && whole.losses.allSatisfy(\.isFinite))
        #expect((whole.losses.last ?? 1) < 0.69, "\(whole.losses)")

        let disturbed = try folder()
        let running = try Program.start(Self.arguments, in: disturbed.url)
        let deadline = Date(timeIntervalSinceNow: 120)
        while !running.errorSoFar.contains("epoch 1"), Date() < deadline { usleep(20_000) }
        kill(running.process.processIdentifier, SIGINT)
        #expect(running.finish().code == 130)
        let next = try Program.run(Self.arguments, in: disturbed.url)
        #expect(next.code == 0 && next.error.contains("goes on from step"), "\(next.error)")
        let resumed = try Trained(in: disturbed)
        #expect(whole.digest != nil && resumed.digest == whole.digest)
        #expect(resumed.losses == whole.losses)
    }
}
